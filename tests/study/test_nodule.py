"""`hcc-nodule` itself: the same bits for threads, splits and restarts, closed books, and what its arms do.

Arms of a pair see the same random numbers, so that an arm that did nothing would change nothing at all: then
a difference is exactly 0, and the false-alarm rate of a bound on it is 0. Bounds on numbers drawn by chance
say their rate. Seeds are fixed.
"""

from __future__ import annotations

import numpy as np
import pytest

from exocosm.coupling import restore, start
from exocosm.ground.errors import RunError
from exocosm.model import Set, Without, load
from exocosm.results import resume, run
from exocosm.study import compare

SEEDS = (1, 2)
UNTIL = "24 h"


@pytest.fixture(scope="module")
def literature(tmp_path_factory):
    model = load("hcc-nodule")
    arms = {name: model.arm(name) for name in ("no-tumour-vesicles", "no-PD-L1-on-vesicles", "anti-PD-1")}
    arms["no-attack"] = (Without("attack:CD8"),)
    return compare(
        model, arms, until=UNTIL, seeds=SEEDS, out=tmp_path_factory.mktemp("nodule") / "literature"
    )


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    model = load("hcc-nodule-rich")
    arms = {"no-tumour-vesicles": model.arm("no-tumour-vesicles")}
    return compare(model, arms, until=UNTIL, seeds=(1,), out=tmp_path_factory.mktemp("nodule") / "rich")


def ends(made, label: str, column: str) -> list[float]:
    return [float(run.summary[column].iloc[-1]) for run in made.runs[label]]


def differences(made, label: str, column: str) -> list[float]:
    pairs = zip(ends(made, label, column), ends(made, "baseline", column), strict=True)
    return [after - before for after, before in pairs]


def test_the_same_bits_for_threads_and_after_a_restart():
    model = load("hcc-nodule")
    whole, other = start(model, seed=3, threads=1), start(model, seed=3, threads=2)
    ticks = round(60 / whole.tick_length)
    whole.advance(ticks)
    other.advance(37)
    again = restore(model, other.checkpoint(), threads=2)
    again.advance(ticks - 37)
    assert whole.digest() == again.digest()


def test_a_run_folder_goes_on_bit_for_bit(tmp_path):
    model = load("hcc-nodule")
    whole = run(model, "40 min", seed=4, out=tmp_path / "whole")
    run(model, "18 min", seed=4, out=tmp_path / "part")
    assert resume(tmp_path / "part", "40 min").digest == whole.digest


@pytest.mark.slow
def test_it_is_a_nodule_in_liver_tissue_of_the_promised_size(literature):
    made = literature.runs["baseline"][0]
    first, last = made.summary.iloc[0], made.summary.iloc[-1]
    kinds = ("tumour", "hepatocyte", "macrophage", "stellate", "CD8")
    assert sum(first[f"cells.{kind}.live"] for kind in kinds) >= 3000
    assert 30.0 < last["oxygen.at.hepatocyte"] < 40.0  # prog-P063: 30 to 40 mmHg in liver
    assert last["oxygen.min"] < last["oxygen.at.tumour"] < last["oxygen.at.hepatocyte"]
    assert (made.ledger["imbalance"] < 1e-9).all()


@pytest.mark.slow
def test_t_cells_arrive_gather_and_wear_out(literature):
    for made in literature.runs["baseline"]:
        first, last = made.summary.iloc[0], made.summary.iloc[-1]
        assert last["cells.CD8.immigrated"] > 4  # a Poisson number with a mean above 25: chance below 1e-6
        assert last["cells.CD8.attacking"] > 0.3
        assert last["state.exhaustion.CD8"] > 0.1
        assert last["density.CD8.core"] > first["density.CD8.core"]


@pytest.mark.slow
def test_t_cells_kill(literature):
    """Without attack some 70 tumour cells fewer die of about 190, 0.4 for each T cell and day."""
    assert max(differences(literature, "no-attack", "cells.tumour.died")) < -30
    assert min(differences(literature, "no-attack", "cells.tumour.live")) > 20


@pytest.mark.slow
def test_blockade_of_pd_1_spares_t_cells_which_then_kill_more(literature):
    """Exhaustion rises by a fiftieth of its rate; by 24 h some 15 tumour cells more have died."""
    for change, before in zip(
        differences(literature, "anti-PD-1", "state.exhaustion.CD8"),
        ends(literature, "baseline", "state.exhaustion.CD8"),
        strict=True,
    ):
        assert change < -0.9 * before
    assert sum(differences(literature, "anti-PD-1", "cells.tumour.died")) > 5


@pytest.mark.slow
def test_with_the_manifest_of_the_literature_the_vesicles_of_the_tumour_are_a_null(literature):
    """A microRNA in a hundred vesicles comes to less than a copy a day, where a thousand are needed."""
    assert max(ends(literature, "baseline", "cargo.miR-21-5p.per_cell_per_day.macrophage")) < 1.0
    for arm in ("no-tumour-vesicles", "no-PD-L1-on-vesicles"):
        for column in ("state.M2.macrophage", "state.activation.stellate", "state.exhaustion.CD8"):
            assert max(map(abs, differences(literature, arm, column))) < 0.01, (arm, column)
    assert ends(literature, "no-PD-L1-on-vesicles", "occupancy.PD-1.CD8") == [0.0] * len(SEEDS)
    assert min(ends(literature, "no-PD-L1-on-vesicles", "vesicles.tumour.released")) > 0


@pytest.mark.slow
def test_rich_senders_turn_macrophages_and_stroma(rich):
    """Without them M2 and activation are lower by many times the 1e-5 of the literature's manifest."""
    assert max(differences(rich, "no-tumour-vesicles", "state.M2.macrophage")) < -0.02
    assert max(differences(rich, "no-tumour-vesicles", "state.activation.stellate")) < -0.02
    assert max(differences(rich, "no-tumour-vesicles", "collagen.mean")) < 0.0
    assert min(ends(rich, "baseline", "occupancy.PD-1.CD8")) > 0.005
    assert ends(rich, "no-tumour-vesicles", "occupancy.PD-1.CD8") == [0.0]


@pytest.mark.slow
def test_blocked_release_sets_nothing_free_and_fills_the_senders(literature):
    """Bodies end by lysosomes alone: (0.24 + 0.56) / 0.56 = 1.43 times as many in the steady state.

    After 10 h what both were before oxygen held formation is gone to exp(-0.56 * 10) = 0.4 %, and 10,000
    bodies in each arm scatter by 1 %: 5 % is more than three standard errors of the ratio.
    """
    simulation = start(load("hcc-nodule").variant("release-blocked"), seed=1)
    simulation.advance(round(10 * 60 / simulation.tick_length))
    blocked, free = simulation.summary(), literature.runs["baseline"][0].summary.loc[10.0]
    assert blocked["vesicles.tumour.released"] == 0.0
    ratio = blocked["vesicles.tumour.bodies"] / free["vesicles.tumour.bodies"]
    assert ratio == pytest.approx(0.8 / 0.56, rel=0.05)


def test_an_unknown_primary_outcome_is_refused_with_the_nearest_name(tmp_path):
    model = load("two-cells").change(Set("primary_outcome", "cells.tumor.live"))
    with pytest.raises(RunError, match=r"did you mean cells\.tumour\.live"):
        run(model, "1 h", out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_without_oxygen_in_blood_cells_starve_at_the_rate_of_necrosis():
    """Live cells fall as exp(-rate * time); five standard errors: a false alarm in 2 million."""
    oxygen = "tissue.capillaries.sinusoids.exchange.oxygen"
    model = load("hcc-nodule").change(Set(f"{oxygen}.blood", "0 mmHg"), Set(f"{oxygen}.outlet", "0 mmHg"))
    simulation = start(model, seed=1)
    before = simulation.summary()["cells.hepatocyte.live"]
    simulation.advance(round(120 / simulation.tick_length))
    row = simulation.summary()
    left = np.exp(-float(model.tissue.cell_types["hepatocyte"].necrosis.rate) * 120)
    scatter = np.sqrt(left * (1 - left) / before)
    assert row["cells.hepatocyte.live"] / before == pytest.approx(left, abs=5 * scatter)
    cells = simulation.state.cells
    mine = cells.view("type") == list(model.tissue.cell_types).index("hepatocyte")
    volume, live = cells.total_volume()[mine], cells.view("life")[mine] == 0
    assert row["viable_fraction.hepatocyte"] == pytest.approx(volume[live].sum() / volume.sum())
    assert row["necrotic_fraction.hepatocyte"] == pytest.approx(volume[~live].sum() / volume.sum())
    assert row["necrotic_fraction.tumour"] > 0.1
