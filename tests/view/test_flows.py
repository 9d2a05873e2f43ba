"""The picture of where vesicles went, of a tissue that uses every account."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
from small import living_model

from exocosm.coupling import start
from exocosm.view.asked import ENDED
from exocosm.view.flows import _picture, flows


@pytest.fixture(scope="module")
def arm() -> SimpleNamespace:
    simulation = start(living_model(), seed=3, threads=1)
    simulation.advance(120)
    run = SimpleNamespace(
        summary=pd.DataFrame([simulation.summary()]), ledger=pd.DataFrame(simulation.ledger_table())
    )
    return SimpleNamespace(run=run, label="as it is")


def test_what_comes_in_is_what_is_somewhere(arm: SimpleNamespace) -> None:
    row = arm.run.ledger.set_index("species", drop=False).loc["tumour"]
    picture = _picture(arm, row)
    given = sum(branch["amount"] for branch in picture["inputs"])
    found = sum(branch["amount"] for branch in picture["outputs"])
    assert found == pytest.approx(
        given, rel=1e-5
    )  # below the smallest branch shown, and fractions on their way
    words = {branch["words"] for branch in picture["outputs"]}
    assert {
        "In multivesicular bodies",
        "Degraded in the sender, unreleased",
        "Degraded in recipients",
    } <= words
    assert "Formed by cells" in {branch["words"] for branch in picture["inputs"]}


def test_every_arm_with_vesicles_has_a_picture(arm: SimpleNamespace) -> None:
    assert [picture["species"] for picture in flows([arm])] == ["tumour", "buds"]


def test_every_fate_outside_the_sender_has_words(arm: SimpleNamespace) -> None:
    columns = {c.split(".")[2] for c in arm.run.summary if c.startswith("vesicles.tumour.")}
    within = {"released", "re-released", "bodies", "unreleased", "died", "pending", "taken_up", "injected"}
    each = {"bound_each", "inside_each", "entered_each"}
    assert columns - within - each <= set(ENDED)
