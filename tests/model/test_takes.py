"""`takes`: a scenario made of pieces of the library is the one that says the same by hand."""

from __future__ import annotations

import contextlib
import copy
import random
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from exocosm import ModelError, library
from exocosm.model import Model, load
from exocosm.model.loading import takes
from exocosm.model.reading import read_file
from exocosm.model.taken_report import taken_report

REST = """
tissue:
  geometry: {size: [100 um, 100 um, 100 um], voxel: 20 um}
  medium: {temperature: 37 degC, viscosity: 0.7 mPa*s, tortuosity: 1.6, minimum_extracellular_fraction: 0.2}
  steps: {tick: 0.5 min, mechanics: 0.5 min, phenotype: 6 min}
"""
HEAD = "format: exocosm/1\nname: mine\nduration: 2 h\n"
SOME = "takes: {cells: [macrophage], substrates: [TGF-beta], vesicles: [HCC-exosomes], cargos: [miR-21-5p]}\n"


def scenario(text: str, file: str = "mine.yaml") -> Model:
    return Model.from_yaml(HEAD + text, file=file)


def test_a_taken_scenario_is_the_one_written_by_hand() -> None:
    """The hand: the pieces' own plain data, with what this scenario has picked out by name."""
    names = {"species": {"substrates": "TGF-beta", "vesicles": "HCC-exosomes", "cargos": "miR-21-5p"}}
    species = {
        kind: {name: _piece(kind, name)["species"][kind][name]} for kind, name in names["species"].items()
    }
    cargo, cell = _piece("cargos", "miR-21-5p"), _piece("cells", "macrophage")
    species["vesicles"]["HCC-exosomes"] |= cargo["species"]["vesicles"]["HCC-exosomes"]
    given = species["cargos"]["miR-21-5p"]
    given["assay_doses"] = {"macrophage": given["assay_doses"]["macrophage"]}
    body = cell["tissue"]["cell_types"]["macrophage"]
    gone = ("genesis", "exchange")
    hand = {key: value for key, value in body.items() if key not in gone}
    hand["motility"] = {key: value for key, value in body["motility"].items() if key != "chemotaxis"}
    hand["uptake"] = {"HCC-exosomes": body["uptake"]["HCC-exosomes"]}
    hand["pools"] = cargo["tissue"]["cell_types"]["macrophage"]["pools"]
    kept = ("TGF-beta-to-M2", "TGF-beta-from-M1", "M2-makes-TGF-beta", "miR-21-5p-to-M2")
    rules = [rule for piece in (cell, cargo) for rule in piece["tissue"]["rules"] if rule["name"] in kept]
    model = scenario(SOME + REST)
    by_hand = load_data(species, {"macrophage": hand}, rules)
    assert by_hand.species == model.species
    assert by_hand.tissue.rules == model.tissue.rules
    taken, written = model.tissue.cell_types["macrophage"], by_hand.tissue.cell_types["macrophage"]
    empty = {name for name in type(taken).model_fields if not getattr(taken, name)}
    assert all(not getattr(written, name) for name in empty)
    assert all(getattr(taken, name) == getattr(written, name) for name in set(hand) - {"motility"})
    assert taken.motility.speed == written.motility.speed
    assert not taken.motility.chemotaxis


def _piece(kind: str, name: str) -> dict:
    return read_file(library.piece_path(kind, name)).data


def load_data(species: dict, cells: dict, rules: list) -> Model:
    from exocosm.model.loading import from_tree
    from exocosm.model.reading import Tree, read_text

    data = read_text(HEAD + REST, file="hand").data
    data["species"] = species
    data["tissue"] |= {"cell_types": cells, "rules": rules}
    return from_tree(Tree(data, "hand"))


def test_a_model_writes_itself_out_whole() -> None:
    model = scenario(SOME + REST)
    text = model.to_yaml()
    assert "takes" not in text
    assert Model.from_yaml(text) == model


def test_what_the_scenario_says_lies_over_what_it_takes() -> None:
    over = REST.replace("tissue:\n", "tissue:\n  cell_types: {macrophage: {states: {M2: {initial: 0.5}}}}\n")
    model = scenario(SOME + over)
    state = model.tissue.cell_types["macrophage"].states["M2"]
    assert (state.initial, state.fall.source.id) == (0.5, "imm-IP162")


def test_a_rule_of_the_scenario_replaces_the_one_of_its_name() -> None:
    rule = """  rules:
  - name: miR-21-5p-to-M2
    cell_type: macrophage
    signal: miR-21-5p inside
    response: increases
    behaviour: rise of M2
    saturation: {evidence: imm-IP161}
    half_max: 5 copies
    hill_power: 1
"""
    rules = {rule.name: rule for rule in scenario(SOME + REST + rule).tissue.rules}
    assert rules["miR-21-5p-to-M2"].half_max == 5


def test_a_piece_may_have_another_name() -> None:
    taken = (
        "takes: {cells: [{tumour: HCC}, CD8], substrates: [IFN-gamma], vesicles: [{mine: HCC-exosomes}]}\n"
    )
    model = scenario(taken + REST)
    assert set(model.tissue.cell_types) == {"tumour", "CD8"}
    assert set(model.tissue.cell_types["CD8"].attack.targets) == {"tumour"}
    assert set(model.tissue.cell_types["tumour"].genesis) == {"mine"}
    words = {rule.signal for rule in model.tissue.rules} | {rule.behaviour for rule in model.tissue.rules}
    assert {"contact with tumour", "attack tumour", "mine formation"} <= words
    assert not any("HCC" in said for said in words)


def test_what_speaks_of_nothing_here_is_left_out_and_told() -> None:
    text = HEAD + SOME + REST
    path = Path("mine.yaml")
    from exocosm.model.extending import extended
    from exocosm.model.reading import read_text
    from exocosm.model.taking import taken

    left = taken(extended(read_text(text, file=str(path)))).left_out
    places = {part.place: part.name for part in left}
    assert places["tissue.rules.IL-10-to-M2"] == "IL-10"
    assert places["tissue.cell_types.macrophage.genesis.macrophage-exosomes"] == "macrophage-exosomes"
    assert places["tissue.cell_types.stellate"] == "stellate"


def test_a_death_that_is_held_by_a_ramp_falls_with_it() -> None:
    """Without oxygen nobody knows where cells starve: they do not, rather than everywhere."""
    model = scenario("takes: {cells: [HCC]}\n" + REST)
    assert model.tissue.cell_types["HCC"].necrosis is None
    assert model.tissue.cell_types["HCC"].apoptosis is not None
    assert model.tissue.cell_types["HCC"].cycle.phases[0].modulated_by is None


def test_an_attack_without_targets_falls_with_its_rules() -> None:
    model = scenario("takes: {cells: [CD8], substrates: [IFN-gamma]}\n" + REST)
    assert model.tissue.cell_types["CD8"].attack is None
    assert not any("attack" in f"{rule.signal} {rule.behaviour}" for rule in model.tissue.rules)


def test_a_piece_brings_those_without_which_it_does_nothing() -> None:
    model = scenario("takes: {cells: [NK], vesicles: [HCC-exosomes], cargos: [circUHRF1]}\n" + REST)
    assert set(model.species.cargos) == {"circUHRF1", "miR-449c-5p", "TIM-3"}


def test_all_can_be_taken_and_only_rules_on_unstated_stiffness_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "all.yaml"
    boundary = REST.replace("tissue:\n", "tissue:\n  boundaries: {oxygen: {all: 35 mmHg}}\n")
    path.write_text(HEAD + "takes: {cells: all, substrates: all, vesicles: all, cargos: all}\n" + boundary)
    model = load(path)
    assert {(left.kind, left.name) for left in takes(path).left_out} == {("parts", "stiffness")}
    assert len(model.tissue.cell_types) >= 12
    assert Model.from_yaml(model.to_yaml()) == model


def test_rules_on_stiffness_hold_where_a_scenario_says_how_stiff_fibres_are() -> None:
    assert takes("hcc-microenvironment").left_out == []
    rules = {rule.name for rule in load("hcc-microenvironment").tissue.rules if rule.signal == "stiffness"}
    assert rules == {"stiffness-raises-formation", "stiffness-activates"}


@pytest.mark.parametrize("kind", library.PIECES)
def test_each_piece_can_be_taken_alone(kind: str) -> None:
    boundary = REST.replace("tissue:\n", "tissue:\n  boundaries: {oxygen: {all: 35 mmHg}}\n")
    for name in library.piece_names(kind):
        rest = boundary if name == "oxygen" else REST
        scenario(f"takes: {{{kind}: [{name}]}}\n" + rest)


def test_names_of_rules_are_those_of_one_piece() -> None:
    names = [
        rule["name"]
        for kind in library.PIECES
        for name in library.piece_names(kind)
        for rule in _piece(kind, name).get("tissue", {}).get("rules", [])
    ]
    assert len(names) == len(set(names))


def test_a_scenario_extends_one_that_takes(tmp_path: Path) -> None:
    """What both take is taken together, so that what the base left out for want of a thing comes in."""
    (tmp_path / "base.yaml").write_text(HEAD + SOME + REST)
    (tmp_path / "more.yaml").write_text("extends: base.yaml\nname: more\ntakes: {substrates: [IL-10]}\n")
    base, more = load(tmp_path / "base.yaml"), load(tmp_path / "more.yaml")
    added = {rule.name for rule in more.tissue.rules} - {rule.name for rule in base.tissue.rules}
    assert added == {"IL-10-to-M2", "IL-10-from-M1", "M2-makes-IL-10", "HCC-exosomes-make-IL-10"}


def test_a_piece_beside_the_scenario(tmp_path: Path) -> None:
    mine = "tissue: {cell_types: {mast: {volume: {total: 9 um^3}, uptake: {mine: {efficiency: 0.1}}}}}\n"
    (tmp_path / "mast.yaml").write_text(mine)
    (tmp_path / "mine.yaml").write_text(HEAD + "takes: {cells: [mast.yaml]}\n" + REST)
    assert not load(tmp_path / "mine.yaml").tissue.cell_types["mast"].uptake


def test_the_report_counts_or_lists(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD + SOME + REST)
    short, long = taken_report(takes(path)), taken_report(takes(path), verbose=True)
    assert any("IL-10 4" in line for line in short)
    assert len(long) > len(short)
    path.write_text(HEAD + REST)
    assert taken_report(takes(path)) == []


def test_a_fault_in_a_piece_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "mast.yaml").write_text("tissue:\n  cell_types:\n    mast:\n      volume: {total: 5 um}\n")
    (tmp_path / "mine.yaml").write_text(HEAD + "takes: {cells: [mast.yaml]}\n" + REST)
    with pytest.raises(ModelError) as caught:
        load(tmp_path / "mine.yaml")
    assert (Path(caught.value.file).name, caught.value.line) == ("mast.yaml", 4)


MALFORMED = {
    "takes: [HCC]": ("this has the wrong form", "takes", "a list of 1", None),
    "takes: {cell: [HCC]}": ("unknown kind of piece", "takes.cell", "cell", "cells"),
    "takes: {cells: [HC]}": ("the library has no such cell type", "takes.cells[0]", "HC", "HCC"),
    "takes: {cells: HCC}": ("this has the wrong form", "takes.cells", "HCC", None),
    "takes: {cells: [3]}": ("this has the wrong form", "takes.cells[0]", "3", None),
    "takes: {cells: [HCC, HCC]}": ("this is taken twice", "takes.cells[1]", "HCC", None),
    "takes: {cells: {tumour: HCC, liver: HCC}}": ("this is taken twice", "takes.cells.liver", "HCC", None),
    "takes: {cells: {tumour: HC}}": ("the library has no such cell type", "takes.cells.tumour", "HC", "HCC"),
    "takes: {substrates: [TGF-b]}": (
        "the library has no such substrate",
        "takes.substrates[0]",
        "TGF-b",
        "TGF-beta",
    ),
    "takes: {vesicles: [HCC]}": (
        "the library has no such vesicle population",
        "takes.vesicles[0]",
        "HCC",
        None,
    ),
    "takes: {cargos: [miR-21]}": ("the library has no such cargo", "takes.cargos[0]", "miR-21", "miR-21-5p"),
    "takes: {cells: [[HCC]]}": ("this has the wrong form", "takes.cells[0]", "a list of 1", None),
    "takes: {cells: [../HCC.yaml]}": (
        "the library has no such cell type",
        "takes.cells[0]",
        "../HCC.yaml",
        None,
    ),
}


@pytest.mark.parametrize("line", MALFORMED)
def test_a_fault_is_said_in_full(line: str) -> None:
    problem, place, found, near = MALFORMED[line]
    with pytest.raises(ModelError) as caught:
        scenario(line + "\n" + REST)
    error = caught.value
    assert (error.problem, error.place, error.found, error.line) == (problem, place, found, 4)
    assert error.wanted
    if near:
        assert error.nearest == near


BROKEN = {
    "- 1": "a mapping of names",
    "species: 3": "a mapping of names",
    "tissue: {cell_types: [mast]}": "a mapping of names",
    "tissue: {cell_types: {mast: 3}}": "a mapping of names",
    "tissue: {cell_types: {mast: {states: 3}}}": "a mapping of names",
    "tissue: {rules: 3}": "a list",
    "tissue: {rules: [3]}": "a mapping of names",
    "tissue: {rules: [{csv: rules.csv}]}": "a rule of a piece names its cell_type, signal and behaviour",
    "cells: {mast: {}}": "one of: description, species, takes, tissue, title",
    "takes: {cargos: [miR-21]}": "one of: ",
    "takes: 3": "a mapping with: ",
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_piece_that_is_none_is_refused_with_its_file(text: str, tmp_path: Path) -> None:
    (tmp_path / "mast.yaml").write_text("# mine\n" + text + "\n")
    (tmp_path / "mine.yaml").write_text(HEAD + "takes: {cells: [mast.yaml]}\n" + REST)
    with pytest.raises(ModelError) as caught:
        load(tmp_path / "mine.yaml")
    assert (Path(caught.value.file).name, caught.value.line) == ("mast.yaml", 2)
    assert (caught.value.wanted or "").startswith(BROKEN[text])


JUNK = (5, "x", [], ["x"], {}, {"x": 1}, None, True)


def test_no_junk_in_a_piece_ends_in_anything_but_a_fault(tmp_path: Path) -> None:
    """A part of a piece, drawn at random, is replaced by something that has no place there."""
    draw = random.Random(7)
    (tmp_path / "mine.yaml").write_text(
        HEAD + SOME.replace("[macrophage]", "[mine2.yaml]").replace("[miR-21-5p]", "[YWHAZ, PD-L1]") + REST
    )
    whole = YAML(typ="safe").load(library.piece_path("cells", "CD8"))
    for _ in range(60):
        data = copy.deepcopy(whole)
        _spoil(data, draw)
        with (tmp_path / "mine2.yaml").open("w") as file:
            YAML(typ="safe").dump(data, file)
        with contextlib.suppress(ModelError):
            load(tmp_path / "mine.yaml")


def _spoil(data: Any, draw: random.Random) -> None:
    while True:
        key = draw.choice(list(data) if isinstance(data, dict) else range(len(data)))
        inner = data[key]
        if not isinstance(inner, dict | list) or not inner or draw.random() < 0.3:
            data[key] = draw.choice(JUNK)
            return
        data = inner
