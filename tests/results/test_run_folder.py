"""What a run leaves, and that leaving it changes nothing."""

from __future__ import annotations

import json
from dataclasses import replace

import anndata
import numpy as np
import pytest
import xarray
from hypothesis import given, settings
from hypothesis import strategies as st
from stand_in import StandInModel, StandInSimulation

from exocosm.ground.errors import RunError
from exocosm.results import Run, run


def test_a_run_leaves_all_parts_of_its_records(model, tmp_path):
    made = run(model, out=tmp_path / "run", seed=7, label="baseline")
    assert (made.status, made.label, made.seed, made.time_h) == ("complete", "baseline", 7, 12.0)
    assert list(made.summary.index) == [float(hour) for hour in range(13)]
    assert made.cell_times == (0.0, 3.0, 6.0, 9.0, 12.0)
    assert list(made.fields.time.values) == [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0]
    assert list(made.ledger.columns[:3]) == ["species", "kind", "unit"]
    assert made.model.to_yaml() == model.to_yaml()
    assert {"model.yaml", "resolved.yaml", "run.json", "index.jsonl"} <= {p.name for p in made.path.iterdir()}
    assert made.info["versions"]["numpy"] == np.__version__


def test_a_run_keeps_what_its_grid_cannot_tell(model, tmp_path, monkeypatch):
    monkeypatch.setattr(StandInSimulation, "warnings", lambda self: ["tumour: voxels are too wide"])
    made = run(model, "1 h", out=tmp_path / "run", seed=7)
    assert made.info["warnings"] == Run.open(made.path).info["warnings"] == ["tumour: voxels are too wide"]


def test_what_is_read_back_is_what_was_in_the_state(model, tmp_path):
    made = run(model, out=tmp_path / "run", seed=3)
    simulation = StandInSimulation(model, 3)
    simulation.advance(120)
    cells = made.cells(12.0)
    assert np.array_equal(cells.obsm["spatial"], simulation.position)
    assert list(cells.obs["type"][:2]) == ["tumour", "macrophage"]
    assert [int(name, 16) for name in cells.obs_names] == simulation.key.tolist()
    assert np.array_equal(made.fields["oxygen"][-1].values, simulation.oxygen)
    assert made.fields["oxygen"].attrs["units"] == "mmHg"
    assert made.summary["oxygen.mean"].iloc[-1] == simulation.oxygen.mean()
    assert made.digest == simulation.digest()


def test_the_ecosystem_opens_the_files_without_exocosm(model, tmp_path):
    made = run(model, out=tmp_path / "run")
    fields = xarray.open_zarr(made.path / "fields.zarr")
    assert dict(fields.sizes) == {"time": 7, "x": 4, "y": 3, "z": 2}
    assert fields.x.attrs["units"] == "µm"
    assert float(fields.x[0]) == 10.0
    assert not np.isnan(fields["oxygen"].values).any()
    cells = anndata.read_h5ad(made.path / "cells" / "120.h5ad")
    assert cells.obs["type"].dtype == "category"


@settings(max_examples=5, deadline=None)
@given(every=st.dictionaries(st.sampled_from(["summary", "cells", "fields"]), st.integers(1, 40)))
def test_what_is_recorded_does_not_change_the_state(tmp_path_factory, every):
    folder = tmp_path_factory.mktemp("recording")
    model = StandInModel(duration=240.0)
    chosen = replace(model, every=tuple((kind, 6.0 * ticks) for kind, ticks in every.items()))
    digests = {run(one, out=folder / name).digest for name, one in (("all", model), ("chosen", chosen))}
    assert len(digests) == 1


def test_an_observer_sees_the_run_at_its_interval(model, tmp_path):
    class Watch:
        every = 90.0

        def __init__(self):
            self.times = []

        def observe(self, simulation):
            self.times.append(simulation.time)

    watch = Watch()
    observed = run(model, out=tmp_path / "observed", observers=[watch])
    assert watch.times == [90.0 * i for i in range(9)]
    assert observed.digest == run(model, out=tmp_path / "plain").digest


def test_until_between_records_still_ends_with_a_full_record(model, tmp_path):
    made = run(model, "7.5 h", out=tmp_path / "run")
    assert made.summary.index[-1] == made.cell_times[-1] == made.fields.time.values[-1] == 7.5


def test_until_off_the_ticks_names_the_nearest(model, tmp_path):
    with pytest.raises(RunError, match="no whole number of ticks of 6 min; nearest: 6 or 12 min"):
        run(model, 7.0, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_missing_time_lists_the_recorded_ones(model, tmp_path):
    made = run(model, out=tmp_path / "run")
    with pytest.raises(RunError, match=r"no cells were recorded at 5 h; recorded at \(h\): 0, 3, 6, 9, 12"):
        made.cells(5)


def test_parts_left_out_of_the_record_are_empty_not_errors(tmp_path):
    made = run(StandInModel(duration=60.0, every=()), out=tmp_path / "run")
    assert made.summary.empty
    assert made.cell_times == ()
    assert not made.fields.data_vars
    assert made.last_checkpoint().tick == 10


def test_a_run_can_be_read_while_it_is_written(model, tmp_path):
    seen = []

    class Reader:
        every = 240.0

        def observe(self, simulation):
            reading = Run.open(tmp_path / "run")
            seen.append(
                (reading.status, len(reading.summary), len(reading.fields.time), reading.cells().n_obs)
            )

    run(model, out=tmp_path / "run", observers=[Reader()])
    assert [entry[:3] for entry in seen] == [
        ("unfinished", 1, 1),
        ("unfinished", 5, 3),
        ("unfinished", 9, 5),
        ("unfinished", 13, 7),
    ]


def test_every_index_line_is_one_json_object(model, tmp_path):
    made = run(model, "1 h", out=tmp_path / "run")
    lines = (made.path / "index.jsonl").read_text().splitlines()
    assert [json.loads(line)["tick"] for line in lines] == [0, 10, 10]
