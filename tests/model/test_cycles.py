"""Cycles as data: shipped models, changes of them, what extends them, and their evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from exocosm import ModelError, library
from exocosm.model import Cycle, Model, Set, Without, load, sources

HERE = Path(__file__).parent
STARTS = HERE / "starts.yaml"
TUMOUR = "tissue.cell_types.tumour.cycle"


def cycle(model: Model, kind: str = "tumour") -> Cycle:
    found = model.tissue.cell_types[kind].cycle
    assert found is not None
    return found


@pytest.mark.parametrize("name", library.cycle_names())
def test_a_shipped_model_stands_on_the_source_code_of_the_simulator(name: str) -> None:
    model = load(STARTS).change(Set(TUMOUR, {"model": name}))
    numbers = [origin for origin in sources(model) if origin.path.startswith(TUMOUR)]
    assert len(numbers) == len(cycle(model).phases)
    for origin in numbers:
        row = library.evidence(origin.basis)
        assert row.table == "simulators"
        assert row.where.startswith("core/PhysiCell_standard_models.cpp line ")
    assert sum(phase.divides for phase in cycle(model).phases) == 1
    assert sum(phase.doubles_volume for phase in cycle(model).phases) == 1
    assert Model.from_yaml(model.to_yaml()) == model


def test_what_is_said_of_a_phase_replaces_what_the_model_says() -> None:
    changed = cycle(load(STARTS))
    shipped = Cycle(model="ki67-advanced")
    assert [phase.name for phase in changed.phases] == ["Ki67-", "Ki67+premitotic", "Ki67+postmitotic"]
    assert float(changed.phases[0].law.rate) == pytest.approx(0.1 / 60)
    assert changed.phases[1:] == shipped.phases[1:]
    exits = Cycle(model="ki67-basic", phases={"Ki67+": {"exits": {"Ki67-": "1 1/h", "Ki67+": "3 1/h"}}})
    assert exits.phases[1].duration is None
    assert exits.phases[1].divides


def test_a_path_leads_to_a_phase_of_a_shipped_model() -> None:
    model = load(STARTS).change(Set(f"{TUMOUR}.phases[1].duration.fixed", "10 h"))
    assert float(cycle(model).phases[1].law.mean) == 600
    shared = model.change(Set(f"{TUMOUR}.phases[2].next", "{Ki67-: 0.5, Ki67+premitotic: 0.5}"))
    assert cycle(shared).phases[2].next == {"Ki67-": 0.5, "Ki67+premitotic": 0.5}


@pytest.mark.parametrize(
    ("base", "over", "names"),
    [
        ("hepatocyte", "{model: live}", ["live"]),
        ("tumour", "{model: live}", ["live"]),
        ("tumour", "{phases: [{name: a, duration: {fixed: 9 h}}]}", ["a"]),
        ("hepatocyte", "{phases: [{name: a, duration: {fixed: 9 h}}]}", ["a"]),
        ("tumour", "{start: first}", ["Ki67-", "Ki67+premitotic", "Ki67+postmitotic"]),
    ],
)
def test_a_scenario_that_extends_may_name_another_cycle(
    tmp_path: Path, base: str, over: str, names: list[str]
) -> None:
    text = STARTS.read_text().replace("exit from cycle phase G0", "cycle entry")
    (tmp_path / "starts.yaml").write_text(text.replace("saturation: 0.1 1/h", "saturation: 1 1/h"))
    (tmp_path / "child.yaml").write_text(
        f"extends: starts.yaml\ntissue: {{cell_types: {{{base}: {{cycle: {over}}}}}}}\n"
    )
    model = load(tmp_path / "child.yaml")
    assert [phase.name for phase in cycle(model, base).phases] == names


def test_a_phase_changed_in_a_scenario_that_extends(tmp_path: Path) -> None:
    (tmp_path / "starts.yaml").write_text(STARTS.read_text())
    change = "{phases: {Ki67+premitotic: {duration: {fixed: 9 h}}}}"
    (tmp_path / "child.yaml").write_text(
        f"extends: starts.yaml\ntissue: {{cell_types: {{tumour: {{cycle: {change}}}}}}}\n"
    )
    model = load(tmp_path / "child.yaml")
    assert float(cycle(model).phases[0].law.rate) == pytest.approx(0.1 / 60)
    assert float(cycle(model).phases[1].law.mean) == 540
    assert cycle(model).start == "asynchronous"


def test_rules_on_phases_go_with_the_cycle() -> None:
    model = load(STARTS)
    assert len(model.tissue.rules) == 1
    assert not model.change(Without("cycle:hepatocyte")).tissue.rules
    assert model.change(Without("cycle:tumour")).tissue.rules


def test_one_name_in_two_types_is_the_phase_of_each() -> None:
    rule = {
        "signal": "oxygen", "response": "increases", "saturation": "9 1/h", "half_max": "20 mmHg",
        "hill_power": 4, "behaviour": "exit from cycle phase S",
    }  # fmt: skip
    phases = [{"name": "S", "duration": {"fixed": "9 h"}}]
    rules = [rule | {"cell_type": kind} for kind in ("hepatocyte", "tumour")]
    model = load(STARTS).change(Set(TUMOUR, {"phases": phases}), Set("tissue.rules", rules))
    from exocosm.model.grammar import rules_of

    assert [read.behaviour.name for read in rules_of(model)] == [
        "exit from cycle phase 2", "exit from cycle phase 0"
    ]  # fmt: skip


def test_a_base_value_of_exits_is_their_sum() -> None:
    rule = {
        "signal": "oxygen", "response": "decreases", "saturation": "0 1/h", "half_max": "20 mmHg",
        "hill_power": 4, "behaviour": "exit from cycle phase G1", "cell_type": "hepatocyte",
    }  # fmt: skip
    from exocosm.model.grammar import rules_of

    model = load(STARTS).change(Set("tissue.rules", [rule]))
    assert float(rules_of(model)[0].base) == pytest.approx(0.12 / 60)


def test_a_cycle_in_python_needs_a_known_model() -> None:
    with pytest.raises(ModelError, match="unknown cycle model") as caught:
        Cycle(model="ki67_basic")
    assert caught.value.nearest == "ki67-basic"
