"""Cells of files as the start: labels to types, all losses told, and hostile files refused."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from exocosm import ModelError
from exocosm.model import Model, load
from exocosm.model.parts import anndata_file
from exocosm.model.starts import starts_report

SMALL = (Path(__file__).parent / "small.yaml").read_text()
OLD = """  - mixture: {tumour: 0.9, macrophage: 0.1}
    region:
      sphere: {center: [100 um, 100 um, 50 um], radius: 40 um}
    spacing: 16 um
"""
LINE = SMALL[: SMALL.index(OLD)].count("\n") + 1
LABELS = ["HCC", "HCC", "Kupffer", "debris", "doublet", "HCC", "HCC", ""]
PLACES = [
    (10, 20, 30),
    (30, 20, 30),
    (50, 60, 70),
    (1, 1, 1),
    (2, 2, 2),
    (300, 20, 30),
    (10, 20, 30),
    (9, 9, 9),
]
TYPES = "label,type\nHCC,tumour\nKupffer,macrophage\ndebris,\n"


def section(
    path: Path,
    labels: list[str] = LABELS,
    places: Any = PLACES,
    label: str = "cell_type",
    categorical: bool = True,
) -> Path:
    """An AnnData file as anndata writes it."""
    import anndata
    import pandas

    named = [text or None for text in labels]
    column = pandas.Categorical(named) if categorical else np.array(labels, dtype=object)
    obs = pandas.DataFrame(
        {label: column}, index=pandas.Index([str(i) for i in range(len(labels))], dtype=object)
    )
    made = anndata.AnnData(obs=obs, obsm={"spatial": np.array(places, float)})
    made.write_h5ad(path)
    return path


def text_with(region: str) -> str:
    assert OLD in SMALL
    return SMALL.replace(OLD, f"  - region: {region}\n")


def model_of(folder: Path, region: str, types: str | None = TYPES) -> Model:
    if types is not None:
        (folder / "types.csv").write_text(types)
    (folder / "model.yaml").write_text(text_with(region))
    return load(folder / "model.yaml")


def rows(model: Model) -> list[tuple[Any, ...]]:
    return model.tissue.cells[0].region.rows()


@pytest.mark.parametrize("categorical", [True, False])
def test_labels_become_types_and_every_loss_is_told(tmp_path: Path, categorical: bool) -> None:
    section(tmp_path / "cells.h5ad", categorical=categorical)
    model = model_of(tmp_path, "{h5ad: cells.h5ad, types: types.csv}")
    assert rows(model) == [(10, 20, 30, "tumour"), (30, 20, 30, "tumour"), (50, 60, 70, "macrophage")]
    assert starts_report(model) == [
        "tissue.cells[0]: cells.h5ad: 8 cells; left out 1 debris: so types.csv says; "
        "left out 1 doublet: types.csv does not know the label; left out 1 cells: they have no label; "
        "left out 1 tumour: another cell is at the same place; left out 1 tumour: outside the block; "
        "3 start: 2 tumour, 1 macrophage"
    ]
    again = Model.from_yaml(model.to_yaml())
    assert again == model
    assert starts_report(again) == starts_report(model)


def test_a_csv_with_labels_gives_the_same_cells(tmp_path: Path) -> None:
    section(tmp_path / "cells.h5ad")
    lines = [f"{x},{label},{z},{y},a remark" for label, (x, y, z) in zip(LABELS, PLACES, strict=True)]
    (tmp_path / "cells.csv").write_text("x,kind,z,y,more\n" + "\n".join(lines) + "\n")
    from_csv = model_of(tmp_path, "{csv: cells.csv, label: kind, types: types.csv}")
    from_h5ad = model_of(tmp_path, "{h5ad: cells.h5ad, types: types.csv}")
    assert rows(from_csv) == rows(from_h5ad)
    assert starts_report(from_csv)[0].replace("cells.csv", "cells.h5ad") == starts_report(from_h5ad)[0]


def test_a_flat_section_is_scaled_shifted_and_given_a_height(tmp_path: Path) -> None:
    section(tmp_path / "cells.h5ad", ["HCC"] * 3, [(100, 0), (200, 50), (300, 80)])
    region = "{h5ad: cells.h5ad, types: types.csv, z: 50 um, scale: 0.5 um, shift: [-40 um, 10 um, 0 um]}"
    assert rows(model_of(tmp_path, region)) == [
        (10, 10, 50, "tumour"), (60, 35, 50, "tumour"), (110, 50, 50, "tumour")
    ]  # fmt: skip


def test_labels_may_be_the_types_themselves(tmp_path: Path) -> None:
    section(tmp_path / "cells.h5ad", ["tumour", "macrophage"], [(1, 2, 3), (4, 5, 6)], label="type")
    model = model_of(tmp_path, "{h5ad: cells.h5ad, label: type}", None)
    assert [row[3] for row in rows(model)] == ["tumour", "macrophage"]


def test_a_smaller_block_leaves_out_more(tmp_path: Path) -> None:
    section(tmp_path / "cells.h5ad")
    model = model_of(tmp_path, "{h5ad: cells.h5ad, types: types.csv}")
    from exocosm.model import Set

    smaller = model.change(Set("tissue.geometry.size", ["40 um", "200 um", "100 um"]))
    assert len(rows(smaller)) == 2
    assert starts_report(smaller)[0].endswith("left out 1 macrophage: outside the block; 2 start: 2 tumour")


def test_a_file_replaces_a_region_that_is_extended(tmp_path: Path) -> None:
    section(tmp_path / "cells.h5ad")
    model_of(tmp_path, "{h5ad: cells.h5ad, types: types.csv}")
    (tmp_path / "child.yaml").write_text("extends: model.yaml\nname: child\n")
    assert rows(load(tmp_path / "child.yaml")) == rows(load(tmp_path / "model.yaml"))


def test_places_of_events_are_read_and_trimmed_too(tmp_path: Path) -> None:
    section(tmp_path / "cells.h5ad")
    (tmp_path / "types.csv").write_text(TYPES)
    event = "- at: 6 h\n  add: {region: {h5ad: cells.h5ad, types: types.csv}}\n"
    (tmp_path / "model.yaml").write_text(SMALL.replace("events:\n", "events:\n" + event))
    model = load(tmp_path / "model.yaml")
    assert len(model.events[0].add.region.rows()) == 3
    assert starts_report(model)[0].startswith("events[0].add: cells.h5ad: 8 cells")


FAULTS = {
    "two files": ("{h5ad: cells.h5ad, csv: cells.csv}", "cells come from one file", "csv"),
    "no file": ("{h5ad: none.h5ad, types: types.csv}", "there is no such file", "h5ad"),
    "no types file": ("{h5ad: cells.h5ad, types: none.csv}", r"cannot be read \(No such file", "types"),
    "unknown key": ("{h5ad: cells.h5ad, tipes: types.csv}", "unknown name", "tipes"),
    "unknown column": ("{h5ad: cells.h5ad, label: celltype}", "unknown column of obs", "label"),
    "path as a column": ("{h5ad: cells.h5ad, label: ../obs/cell_type}", "unknown column of obs", "label"),
    "unknown array": ("{h5ad: cells.h5ad, spatial: X_umap}", "unknown array of obsm", "spatial"),
    "labels that are no types": ("{h5ad: cells.h5ad}", "unknown cell type", ""),
    "scale without a unit": ("{h5ad: cells.h5ad, scale: 2}", "this number has no unit", "scale"),
    "scale of zero": ("{h5ad: cells.h5ad, scale: 0 um}", "above 0", "scale"),
    "shift of two": ("{h5ad: cells.h5ad, shift: [1 um, 2 um]}", "wrong form", "shift"),
    "text as a file": ("{h5ad: types.csv, label: type}", "the file cannot be read", "h5ad"),
    "all elsewhere": (
        "{h5ad: cells.h5ad, types: types.csv, shift: [1 m, 0 um, 0 um]}",
        *("all cells lie outside the tissue", ""),
    ),
    "a table that is none": ("{csv: types.csv, types: types.csv}", "wrong columns", "csv"),
    "alone": ("{h5ad: none.h5ad}", "there is no such file", "h5ad"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_says_where(tmp_path: Path, name: str) -> None:
    region, problem, key = FAULTS[name]
    section(tmp_path / "cells.h5ad")
    (tmp_path / "cells.csv").write_text("x,y,z,type\n1,2,3,tumour\n")
    with pytest.raises(ModelError, match=problem) as caught:
        model_of(tmp_path, region)
    assert caught.value.place == f"tissue.cells[0].region{'.' * bool(key)}{key}"
    assert caught.value.line == LINE


@pytest.mark.parametrize(
    "types",
    ["", "label\n", "label,type,more\n", "label,type\nHCC,tumour\nHCC,macrophage\n", "label,type\n,tumour\n",
     "label,type\nHCC,tumour,1,2\n", "label,type\nHCC,tumor\n", "label,type\nhcc,tumour\n",
     "label,type\n" + "x" * 300 + ",tumour\n"],
)  # fmt: skip
def test_a_table_of_types_must_be_one(tmp_path: Path, types: str) -> None:
    section(tmp_path / "cells.h5ad")
    with pytest.raises(ModelError, match=rf"model\.yaml, line {LINE}"):
        model_of(tmp_path, "{h5ad: cells.h5ad, types: types.csv}", types)


def hostile(path: Path, write: Any) -> Path:
    section(path)
    with h5py.File(path, "r+") as file:
        write(file)
    return path


def _external_link(file: h5py.File) -> None:
    del file["obsm"]["spatial"]
    file["obsm"]["spatial"] = h5py.ExternalLink("/etc/passwd", "/x")


def _soft_link(file: h5py.File) -> None:
    del file["obs"]["cell_type"]
    file["obs"]["cell_type"] = h5py.SoftLink("/obs/cell_type")


def _storage_elsewhere(file: h5py.File) -> None:
    del file["obsm"]["spatial"]
    file["obsm"].create_dataset("spatial", (8, 3), "u1", external=[("/etc/passwd", 0, 24)])


def _huge(file: h5py.File) -> None:
    del file["obsm"]["spatial"]
    file["obsm"].create_dataset("spatial", (10**12, 3), "f8", chunks=(1000, 3))


def _bomb(file: h5py.File) -> None:
    del file["obsm"]["spatial"]
    file["obsm"].create_dataset(
        "spatial", (8, 3), "f8", maxshape=(None, 3), chunks=(10**8, 3), compression="gzip"
    )


def _of_objects(file: h5py.File) -> None:
    del file["obsm"]["spatial"]
    file["obsm"].create_dataset("spatial", (8, 3), h5py.ref_dtype)


def _long_labels(file: h5py.File) -> None:
    del file["obs"]["cell_type"]
    file["obs"].create_dataset("cell_type", data=["x" * 10**6] * 8, dtype=h5py.string_dtype())


def _codes_beyond(file: h5py.File) -> None:
    file["obs"]["cell_type"]["codes"][0] = 100


def _fewer_labels(file: h5py.File) -> None:
    codes = file["obs"]["cell_type"]["codes"][:5]
    del file["obs"]["cell_type"]["codes"]
    file["obs"]["cell_type"]["codes"] = codes


def _no_places(file: h5py.File) -> None:
    del file["obsm"]


def _four_columns(file: h5py.File) -> None:
    del file["obsm"]["spatial"]
    file["obsm"]["spatial"] = np.zeros((8, 4))


@pytest.mark.parametrize(
    "write",
    [_external_link, _soft_link, _storage_elsewhere, _huge, _bomb, _of_objects, _long_labels, _codes_beyond,
     _fewer_labels, _no_places, _four_columns],
    ids=lambda write: write.__name__,
)  # fmt: skip
def test_a_hostile_file_is_refused(tmp_path: Path, write: Any) -> None:
    hostile(tmp_path / "cells.h5ad", write)
    with pytest.raises(ModelError, match=rf"model\.yaml, line {LINE}"):
        model_of(tmp_path, "{h5ad: cells.h5ad, types: types.csv}")


def test_damaged_bytes_end_in_a_plain_error(tmp_path: Path) -> None:
    whole = section(tmp_path / "cells.h5ad").read_bytes()
    random = np.random.default_rng(5)
    for _ in range(40):
        damaged = bytearray(whole[: random.integers(100, len(whole))])
        for place in random.integers(0, len(damaged), 40):
            damaged[place] = random.integers(0, 256)
        (tmp_path / "cells.h5ad").write_bytes(bytes(damaged))
        with contextlib.suppress(ModelError):
            model_of(tmp_path, "{h5ad: cells.h5ad, types: types.csv}")


def test_a_pipe_is_no_table(tmp_path: Path) -> None:
    section(tmp_path / "cells.h5ad")
    os.mkfifo(tmp_path / "types.csv")
    with pytest.raises(ModelError, match="it is no file"):
        model_of(tmp_path, "{h5ad: cells.h5ad, types: types.csv}", None)


def test_too_many_cells_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anndata_file, "MOST_CELLS", 7)
    section(tmp_path / "cells.h5ad")
    with pytest.raises(ModelError, match="these are too many cells"):
        model_of(tmp_path, "{h5ad: cells.h5ad, types: types.csv}")


def test_many_unknown_labels_are_told_in_short(tmp_path: Path) -> None:
    labels = [f"cluster {i}" for i in range(100)] + ["HCC"]
    section(tmp_path / "cells.h5ad", labels, [(i, 1, 1) for i in range(101)])
    told = starts_report(model_of(tmp_path, "{h5ad: cells.h5ad, types: types.csv}"))[0]
    assert "; left out 80 cells of 80 more labels; 1 start: 1 tumour" in told


def test_reading_a_section_loads_no_anndata(tmp_path: Path) -> None:
    section(tmp_path / "cells.h5ad")
    model_of(tmp_path, "{h5ad: cells.h5ad, types: types.csv}")
    file = str(tmp_path / "model.yaml")
    code = f"import sys; from exocosm.model import load; load({file!r}); print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not {"anndata", "pandas"} & set(out.split())


def test_a_table_with_notes_is_read_as_it_was_written(tmp_path: Path) -> None:
    section(tmp_path / "cells.h5ad")
    model = model_of(tmp_path, "{h5ad: cells.h5ad, types: types.csv}")
    table = model.tissue.cells[0].region.table
    assert list(csv.reader(io.StringIO(table)))[:2] == [
        ["x", "y", "z", "type"],
        ["10", "20", "30", "tumour"],
    ]
    assert json.dumps(model.to_yaml())
