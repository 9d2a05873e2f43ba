"""Whole models of vesicles, drawn at random: their file gives them back, and any step can be left out."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vesicle_models import targets, vesicle_models

from exocosm import ModelError, Without
from exocosm.model import Model, sources
from exocosm.model.without import TARGETS, WORDS

slow = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slow
@given(vesicle_models())
def test_a_model_of_vesicles_survives_its_file(model: Model) -> None:
    again = Model.from_yaml(model.to_yaml())
    assert again == model
    assert sources(again) == sources(model)
    assert again.to_yaml() == model.to_yaml()


@slow
@given(vesicle_models(), st.data())
def test_any_step_can_be_left_out(model: Model, data: st.DataObject) -> None:
    for target in data.draw(st.lists(st.sampled_from(targets(model)), min_size=1, max_size=6, unique=True)):
        try:
            changed = model.change(Without(target))
        except ModelError as error:
            pytest.fail(f"without {target}: {error}")
        if not target.startswith(
            ("receptor:", "state:", "rule:", "immigration:")
        ):  # of which nothing is left to name
            assert changed.change(Without(target)) == changed


@given(vesicle_models())
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_all_kinds_of_targets_are_tried(model: Model) -> None:
    kinds = {target.partition(":")[0] for target in targets(model)}
    assert kinds | {"receptor", "state", "rule", "immigration"} == {*TARGETS, *WORDS}
