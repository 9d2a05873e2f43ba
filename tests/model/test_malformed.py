"""Every fault gets one error: file, line, place, what was found, what is wanted, the nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from exocosm import ModelError
from exocosm.model import Model, load

HERE = Path(__file__).parent
SMALL = (HERE / "small.yaml").read_text()
CORPORA = {
    "small.yaml": "malformed.yaml",
    "vesicles.yaml": "malformed_vesicles.yaml",
    "contacts.yaml": "malformed_contacts.yaml",
    "vessels.yaml": "malformed_vessels.yaml",
    "motion.yaml": "malformed_motion.yaml",
    "starts.yaml": "malformed_starts.yaml",
    "recorded.yaml": "malformed_recorded.yaml",
}
CASES = {
    f"{file}-{name}": (file, case)
    for file, corpus in CORPORA.items()
    for name, case in YAML(typ="safe").load(HERE / corpus).items()
}


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_said_in_full(name: str) -> None:
    file, case = CASES[name]
    text = (HERE / file).read_text()
    assert case["replace"] in text
    with pytest.raises(ModelError) as caught:
        Model.from_yaml(text.replace(case["replace"], case["by"], 1), file=file)
    assert str(caught.value) == case["message"].rstrip("\n")


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 200


@pytest.mark.parametrize("file", CORPORA)
def test_an_untouched_scenario_has_no_fault(file: str) -> None:
    model = load(HERE / file)
    assert Model.from_yaml(model.to_yaml()) == model


def test_a_quasi_steady_field_needs_a_loss() -> None:
    text = SMALL.replace("      decay_rate: 0.1 1/min\n", "", 1).replace("oxygen: {all: 38 mmHg}", "{}", 1)
    with pytest.raises(ModelError) as caught:
        Model.from_yaml(text, file="small.yaml")
    assert str(caught.value) == (
        "small.yaml, line 10: oxygen has no steady state: nothing decays and no face or region is held\n"
        "  at:     species.substrates.oxygen.regime\n"
        "  found:  quasi-steady\n"
        "  wanted: a decay_rate, a held face or region, or regime: transient"
    )


def test_a_fault_without_a_file_names_the_place() -> None:
    from exocosm.model import Exchange, Volume

    with pytest.raises(ModelError, match="the nucleus is larger than the cell"):
        Volume(total="100 um^3", nuclear="200 um^3")
    with pytest.raises(ModelError) as caught:
        Exchange(uptake_rate="10 um")
    assert str(caught.value) == (
        "model: the unit 'um' is not one of a rate\n"
        "  at:     uptake_rate\n"
        "  found:  10 um\n"
        '  wanted: a rate, such as "0.5 1/h", at least 0'
    )


def test_the_first_fault_in_the_file_is_named() -> None:
    text = SMALL.replace("every: 1 min\n  vesicles", "every: 1 um\n  vesicles").replace(
        "at: 12 h", "at: 12 m"
    )
    with pytest.raises(ModelError, match="line 12: the unit 'um'"):
        Model.from_yaml(text)


def test_an_unknown_scenario_gets_the_nearest_name() -> None:
    with pytest.raises(ModelError) as caught:
        load("hcc-nodul")
    assert caught.value.nearest == "hcc-nodule"
    assert "spheroid-in-oxygen" in str(caught.value)


@pytest.mark.parametrize(("what", "found"), [(None, "nothing"), ({}, "an empty mapping"), (3, "3")])
def test_what_is_no_path_is_no_scenario(what: object, found: str) -> None:
    with pytest.raises(ModelError, match="this is not a scenario") as caught:
        load(what)  # type: ignore[arg-type]
    assert f"found:  {found}" in str(caught.value)


def test_a_model_of_parts_needs_no_format_but_a_file_does() -> None:
    model = Model.from_yaml(SMALL)
    parts = {name: getattr(model, name) for name in model.model_fields_set - {"format"}}
    assert Model(**parts) == model
    with pytest.raises(ModelError, match="'format' is missing"):
        Model.from_yaml(SMALL.replace("format: exocosm/1\n", "", 1))


def test_a_shell_and_a_layer_are_measured_as_they_are() -> None:
    layer = SMALL.replace("size: [200 um, 200 um, 100 um]", "size: [200 um, 200 um, 20 um]")
    layer = layer.replace("spacing: 16 um", "count: 60")
    with pytest.raises(ModelError, match="the cells do not fit the region"):
        Model.from_yaml(layer)
    assert Model.from_yaml(layer.replace("count: 60", "count: 20"))
    shell = "shell: {center: [100 um, 100 um, 50 um], inner_radius: 39 um, outer_radius: 40 um}"
    shell = SMALL.replace("sphere: {center: [100 um, 100 um, 50 um], radius: 40 um}", shell)
    with pytest.raises(ModelError, match="the cells do not fit the region"):
        Model.from_yaml(shell.replace("spacing: 16 um", "count: 180"))
    assert Model.from_yaml(shell.replace("spacing: 16 um", "count: 20"))
