"""`extends`: a scenario says only what differs; errors point into the file that holds the fault."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from exocosm import ModelError
from exocosm.model import load

HERE = Path(__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(HERE / "small.yaml", tmp_path)
    return tmp_path


def write(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_mappings_merge_and_the_rest_is_replaced(folder: Path) -> None:
    model = load(write(folder, "extends: small.yaml\ntissue: {medium: {tortuosity: 2}}\nevents: []\n"))
    assert model.tissue.medium is not None
    assert model.tissue.medium.tortuosity == 2
    assert model.tissue.medium.temperature == pytest.approx(310.15)
    assert not model.events


def test_another_source_replaces_the_old_one(folder: Path) -> None:
    manifest = "manifest: {miR-21-5p: {value: 1 copy/particle, derived: one each}}"
    text = f"extends: small.yaml\nspecies: {{vesicles: {{tumour: {{{manifest}}}}}}}\n"
    assert load(write(folder, text)).species.vesicles["tumour"].manifest["miR-21-5p"] == 1


def test_another_place_replaces_the_old_one(folder: Path) -> None:
    region = "region: {box: {low: [0 um, 0 um, 0 um], high: [9 um, 9 um, 9 um]}}"
    model = load(
        write(
            folder, f"extends: small.yaml\ntissue:\n  cells:\n  - type: tumour\n    {region}\n    count: 1\n"
        )
    )
    assert model.tissue.cells[0].count == 1


def test_a_shipped_scenario_can_be_extended(folder: Path) -> None:
    model = load(write(folder, "extends: tumour-nodule\nname: short\nduration: 2 h\n"))
    assert (model.name, model.duration) == ("short", 120)


def test_a_fault_is_found_in_the_file_that_holds_it(folder: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load(write(folder, "extends: small.yaml\ntissue:\n  medium:\n    tortuosity: 0.5\n"))
    assert (Path(caught.value.file or "").name, caught.value.line) == ("mine.yaml", 4)
    text = (folder / "small.yaml").read_text().replace("tortuosity: 1.6", "tortuosity: 0.6")
    write(folder, text, "small.yaml")
    with pytest.raises(ModelError) as caught:
        load(write(folder, "extends: small.yaml\nduration: 3 h\nevents: []\n"))
    assert (Path(caught.value.file or "").name, caught.value.line) == ("small.yaml", 28)


def test_circles_and_missing_bases_are_refused(folder: Path) -> None:
    write(folder, "extends: b.yaml\n", "a.yaml")
    write(folder, "extends: a.yaml\n", "b.yaml")
    with pytest.raises(ModelError, match="extend each other"):
        load(folder / "a.yaml")
    with pytest.raises(ModelError) as caught:
        load(write(folder, "extends: hcc-nodul\n"))
    assert caught.value.nearest == "hcc-nodule"


def test_a_table_is_found_beside_the_file_that_names_it(folder: Path) -> None:
    (folder / "cells.csv").write_text("type,x,y,z\ntumour,10,10,10\nmacrophage,30,10,10\n")
    tissue = "tissue:\n  cells:\n  - region: {csv: cells.csv}\n"
    write(folder, f"extends: small.yaml\n{tissue}", "with-table.yaml")
    (folder / "below").mkdir()
    model = load(write(folder / "below", "extends: ../with-table.yaml\nduration: 1 day\n"))
    region = model.tissue.cells[0].region
    assert region.rows() == [(10, 10, 10, "tumour"), (30, 10, 10, "macrophage")]
    assert type(model).from_yaml(model.to_yaml()) == model


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("x,y,z\n1,2,3\n", "the table has the wrong columns"),
        ("x,y,z,type\n1,two,3,tumour\n", "a row of the table is no cell"),
        ("x,y,z,type\n1,nan,3,tumour\n", "a row of the table is no cell"),
        ("x,y,z,type\n1,2,3\n", "a row of the table is no cell"),
        ("x,y,z,type\n1,2,3,tumor\n", "unknown cell type"),
        ("x,y,z,type\n1,2,300,tumour\n", "cells lie outside the tissue"),
    ],
)
def test_a_broken_table_is_refused(folder: Path, table: str, problem: str) -> None:
    (folder / "cells.csv").write_text(table)
    with pytest.raises(ModelError, match=problem):
        load(write(folder, "extends: small.yaml\ntissue:\n  cells:\n  - region: {csv: cells.csv}\n"))


def test_a_region_that_marks_no_voxel_is_refused(folder: Path) -> None:
    region = "region: {sphere: {center: [900 um, 50 um, 50 um], radius: 20 um}}"
    text = f"extends: small.yaml\ntissue:\n  held:\n  - species: oxygen\n    {region}\n    value: 3 mmHg\n"
    with pytest.raises(ModelError, match="the region marks no voxel") as caught:
        load(write(folder, text))
    assert (caught.value.line, caught.value.place) == (5, "tissue.held[0].region")


RULE = (
    "  - {{name: {name}, cell_type: tumour, signal: {signal}, response: increases, behaviour: tumour uptake,"
    " saturation: 0.5, half_max: {half_max}, hill_power: {power}}}\n"
)
PRESSED = RULE.format(name="pressed", signal="pressure", half_max="1", power=2)
FED = RULE.format(name="fed", signal="oxygen", half_max="9 mmHg", power=2)


def test_rules_are_merged_by_name(folder: Path) -> None:
    text = (folder / "small.yaml").read_text()
    write(folder, text.replace("  cells:\n", f"  rules:\n{PRESSED}{FED}  cells:\n", 1), "base.yaml")
    again = RULE.format(name="fed", signal="oxygen", half_max="30 mmHg", power=4)
    nameless = RULE.format(name="x", signal="volume", half_max="900 um^3", power=1).replace("name: x, ", "")
    model = load(write(folder, f"extends: base.yaml\ntissue:\n  rules:\n{nameless}{again}"))
    rules = model.tissue.rules
    assert [(rule.name, rule.signal) for rule in rules] == [
        ("pressed", "pressure"),
        ("fed", "oxygen"),
        (None, "volume"),
    ]
    assert (rules[1].half_max, rules[1].hill_power) == (30, 4)
    table = '  - table: "tumour,volume,decreases,apoptosis,0,900,2,0"\n'
    with pytest.raises(ModelError, match="lack the mechanism") as caught:
        load(write(folder, f"extends: base.yaml\ntissue:\n  rules:\n{again}{table}"))
    assert (Path(caught.value.file or "").name, caught.value.line) == ("mine.yaml", 5)


def test_a_fault_in_a_merged_rule_is_found_where_it_stands(folder: Path) -> None:
    text = (folder / "small.yaml").read_text()
    write(folder, text.replace("  cells:\n", f"  rules:\n{PRESSED}{FED}  cells:\n", 1), "base.yaml")
    with pytest.raises(ModelError) as caught:
        load(write(folder, f"extends: base.yaml\ntissue:\n  rules:\n{FED.replace('9 mmHg', '9 um')}"))
    assert (Path(caught.value.file or "").name, caught.value.line) == ("mine.yaml", 4)
    with pytest.raises(ModelError, match="two rules have one name") as caught:
        load(write(folder, f"extends: base.yaml\ntissue:\n  rules:\n{FED}{FED}"))
    assert (Path(caught.value.file or "").name, caught.value.line) == ("mine.yaml", 5)
