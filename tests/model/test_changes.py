"""Changes: one path syntax, checked like a file; what goes, and what stays so that arms pair."""

from __future__ import annotations

from pathlib import Path

import pytest

from exocosm import Add, ModelError, Set, Without
from exocosm.model import BoundaryChange, Event, Model, Phase, load

HERE = Path(__file__).parent
SMALL = (HERE / "small.yaml").read_text()


@pytest.fixture(scope="module")
def small() -> Model:
    return Model.from_yaml(SMALL)


def test_set_a_value(small: Model) -> None:
    changed = small.change(Set("tissue.cell_types.tumour.release.tumour", "31 particle/h"))
    assert changed.tissue.cell_types["tumour"].release["tumour"] == pytest.approx(31 / 60)
    assert small.tissue.cell_types["tumour"].release["tumour"] == pytest.approx(62 / 60)


@pytest.mark.parametrize("path", ["tissue.cells[0].spacing", "tissue.cells.0.spacing"])
def test_set_in_a_list(small: Model, path: str) -> None:
    assert small.change(Set.parse(f"{path} = 20 um")).tissue.cells[0].spacing == 20


def test_set_what_the_file_left_out(small: Model) -> None:
    changed = small.change(Set("tissue.cell_types.macrophage.mechanics.repulsion", "10 um/min"))
    assert changed.tissue.cell_types["macrophage"].mechanics.repulsion == 10


def test_set_a_mapping_with_its_source(small: Model) -> None:
    value = "{value: 0.05, assumed: a guess, range: [0.01, 0.2]}"
    efficiency = small.change(Set("tissue.cell_types.tumour.uptake.tumour.efficiency", value))
    uptake = efficiency.tissue.cell_types["tumour"].uptake["tumour"]
    assert uptake.efficiency is not None
    assert (uptake.efficiency.low, uptake.efficiency.high) == (0.01, 0.2)


def test_set_a_typed_part(small: Model) -> None:
    phase = Phase(name="live", duration={"fixed": "18 h"}, divides=True)
    changed = small.change(Set("tissue.cell_types.tumour.cycle.phases[0]", phase))
    cycle = changed.tissue.cell_types["tumour"].cycle
    assert cycle is not None
    assert cycle.phases[0] == phase


def test_without_a_vesicle_population_keeps_the_species(small: Model) -> None:
    changed = small.change(Without("vesicles:tumour"))
    assert "tumour" in changed.species.vesicles
    assert changed.species.vesicles["tumour"].manifest
    assert not changed.tissue.cell_types["tumour"].release


def test_without_a_cargo(small: Model) -> None:
    changed = small.change(Without("cargo:miR-21-5p"))
    assert changed.species.vesicles["tumour"].copies("miR-21-5p") == 0
    assert "miR-21-5p" in changed.species.cargos


@pytest.mark.parametrize("part", ["release", "uptake", "cycle", "apoptosis", "necrosis"])
def test_without_a_part_of_a_cell_type(part: str) -> None:
    changed = load("tumour-nodule").change(Without(f"{part}:tumour"))
    assert not getattr(changed.tissue.cell_types["tumour"], part)


@pytest.mark.parametrize(("name", "stops"), [("tumour", {"tumour"}), ("miR-210", {"tumour", "T-cell"})])
def test_without_loading_of_a_cargo_or_in_a_cell_type(name: str, stops: set[str]) -> None:
    loading = {
        "formation": "5 particle/h", "vesicles_per_body": "9 particle", "docking": "1 1/h",
        "loading": {"miR-210": "1e-5 1/particle"},
    }  # fmt: skip
    rule = {
        "cell_type": "tumour", "signal": "oxygen", "response": "increases", "saturation": "1e-3 1/particle",
        "behaviour": "miR-210 loading into exosome", "half_max": "9 mmHg", "hill_power": 2,
    }  # fmt: skip
    model = load(HERE / "vesicles.yaml").change(
        Set("tissue.cell_types.T-cell.genesis", {"exosome": loading}),
        Set("tissue.cell_types.T-cell.pools", {"miR-210": {"initial": "10 copies"}}),
        Set("tissue.rules", [rule]),
    )
    changed = model.change(Without(f"loading:{name}"))
    for cell_type, part in changed.tissue.cell_types.items():
        assert (part.genesis["exosome"].loading["miR-210"] == 0) == (cell_type in stops)
    assert not changed.tissue.rules
    assert changed.tissue.cell_types["tumour"].pools == model.tissue.cell_types["tumour"].pools


def test_a_rule_is_taken_out_by_its_name() -> None:
    model = load(HERE / "vesicles.yaml")
    with pytest.raises(ModelError, match="no rule of this model has a name") as caught:
        model.change(Without("rule:exhaustion"))
    assert caught.value.wanted == "a `name` in each rule that is to be taken out, or rules:TYPE"
    named = model.change(Set("tissue.rules[0].name", "exhaustion"))
    assert not named.change(Without("rule:exhaustion")).tissue.rules


def test_without_cells_leaves_their_places_empty(small: Model) -> None:
    placement = small.change(Without("cells:macrophage"), Without("cells:macrophage")).tissue.cells[0]
    assert placement.omit == ("macrophage",)
    assert placement.mixture == small.tissue.cells[0].mixture


def test_without_a_path(small: Model) -> None:
    assert small.change(Without("tissue.cell_types.tumour.cycle")).tissue.cell_types["tumour"].cycle is None
    assert not small.change(Without("events[0]")).events


def test_add_an_event(small: Model) -> None:
    event = Event(at="6 h", boundary=BoundaryChange(species="oxygen", face="x_low", value="no-flux"))
    assert small.change(Add(event)).events[-1] == event


def test_changes_are_made_in_order(small: Model) -> None:
    path = "duration"
    assert small.change(Set(path, "30 h"), Set(path, "20 h")).duration == 1200


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            Without("vesicle:tumour"),
            "change 'without vesicle:tumour': unknown kind of target\n"
            "  found:  vesicle\n"
            "  wanted: one of: apoptosis, attack, binding, budding, capillaries, capture, cargo, cells, "
            "chemotaxis, cycle, docking, doses, enzyme, escape, fate, flow, formation, genesis, "
            "immigration, loading, lysosome, matrix, motility, necrosis, phagocytosis, pool, receptor, "
            "recycling, release, rule, rules, state, surface, transformations, uptake, vesicles, vessels\n"
            "  did you mean: vesicles",
        ),
        (
            Without("uptake:macrophages"),
            "change 'without uptake:macrophages': unknown cell type\n"
            "  found:  macrophages\n"
            "  wanted: one of: macrophage, tumour\n"
            "  did you mean: macrophage",
        ),
        (
            Without("loading:macrophages"),
            "change 'without loading:macrophages': unknown cargo or cell type\n"
            "  found:  macrophages\n"
            "  wanted: one of: macrophage, miR-21-5p, tumour\n"
            "  did you mean: macrophage",
        ),
        (
            Set("tissue.cells[3].count", "4"),
            "change 'tissue.cells[3].count=4': there is no such item\n"
            "  at:     tissue.cells[3]\n"
            "  found:  3\n"
            "  wanted: a number below 1",
        ),
        (
            Set("duration.hours", "4"),
            "change 'duration.hours=4': this has no parts\n"
            "  at:     duration\n"
            "  found:  24 h\n"
            "  wanted: a path to a value of the model",
        ),
        (
            Set("tissue.steps.tick", "1 um"),
            "model with tissue.steps.tick=1 um: the unit 'um' is not one of a time\n"
            "  at:     tissue.steps.tick\n"
            "  found:  1 um\n"
            '  wanted: a time, such as "6 min", above 0',
        ),
    ],
)
def test_a_wrong_change_says_what_is_right(small: Model, change: Set | Without, message: str) -> None:
    with pytest.raises(ModelError) as caught:
        small.change(change)
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ["duration", "=4", "a..b=3", "duration=", "a[x]=3"])
def test_what_is_no_setting_is_refused(text: str) -> None:
    with pytest.raises(ModelError):
        Set.parse(text)
