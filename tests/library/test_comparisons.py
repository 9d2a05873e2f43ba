"""Published outcomes and what they are compared with: rows name what is there, and none drops silently."""

from __future__ import annotations

from functools import cache

import pytest

from exocosm.coupling import start
from exocosm.library import evidence, mechanism, scenario_names
from exocosm.library.comparisons import COUNTED, MEASURES, ROLES, Comparable, comparables, not_compared
from exocosm.library.measured import measured_effects
from exocosm.library.outcome_kinds import in_vitro_outcomes, kind_left_out, numeric_outcomes
from exocosm.model import Model, load
from exocosm.study.published_reading import ROUNDED, SHARE, bounds, columns_of, published_row

ROWS = comparables()
ENOUGH = 12
"""Numeric outcomes that must be compared."""


@cache
def model_of(scenario: str) -> Model:
    return load(scenario)


@cache
def columns(scenario: str) -> frozenset[str]:
    simulation = start(model_of(scenario), seed=1)
    return frozenset([*simulation.summary(), *simulation.cell_table()])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_names_what_is_there(row: Comparable) -> None:
    assert row.scenario in scenario_names()
    assert {row.arm, row.against} <= {"", "baseline", *model_of(row.scenario).arms}
    assert row.measure in MEASURES
    assert row.role in ROLES
    assert row.scale != 0.0
    assert set(columns_of(row.outcome)) <= columns(row.scenario)
    assert row.at_h is None or 0 < 60 * row.at_h <= model_of(row.scenario).duration + 1e-3
    if row.at_h is not None and not row.outcome.startswith(SHARE):
        every_h = float(model_of(row.scenario).record.summary) / 60
        assert row.at_h == pytest.approx(round(row.at_h / every_h) * every_h, abs=ROUNDED)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_its_evidence_gives_a_number_or_the_direction_of_a_mechanism(row: Comparable) -> None:
    assert not evidence(row.evidence).retracted
    assert bounds(published_row(row)) is not None
    assert (row.measure == "sign") == (evidence(row.evidence).table == "mechanisms")


def test_ids_are_distinct_and_enough_sizes_are_compared() -> None:
    assert len({row.id for row in ROWS}) == len(ROWS)
    sizes = {row.evidence for row in ROWS if row.measure != "sign"}
    assert len(sizes) >= ENOUGH
    assert len({row.evidence for row in ROWS if row.measure != "sign" and row.role != "fitted"}) >= ENOUGH


def test_every_number_in_vitro_is_compared_or_left_out_with_a_reason() -> None:
    compared = {row.evidence for row in ROWS}
    numbers = {row.id for row in in_vitro_outcomes()}
    assert numbers - compared - set(not_compared()) == set()
    assert compared & set(not_compared()) == set()
    for id, reason in not_compared().items():
        assert len(reason) > 20, id
        assert evidence(id).status == "ok"


def test_rules_leave_out_patients_and_animals_and_no_dish() -> None:
    out = [row for row in numeric_outcomes() if kind_left_out(row) is not None]
    assert len(in_vitro_outcomes()) + len(out) == len(numeric_outcomes())
    kinds = {"imm-IO001": "clinical", "out-018": "in vivo", "out-003": "signs", "eff-014": "in vivo"}
    for id, kind in kinds.items():
        assert str(kind_left_out(evidence(id))).startswith(kind)
    for id in ("prog-O056", "out-020", "eff-018", "phys-O-UPT-001"):
        assert kind_left_out(evidence(id)) is None


def test_every_mechanism_set_aside_is_predicted_or_said_why_not() -> None:
    named = {row.evidence for row in ROWS if row.role.startswith("set aside")}
    for effect in measured_effects():
        if effect.set_aside and effect.sized:
            assert {effect.id, effect.mechanism} & named or effect.id in not_compared()
    for effect in measured_effects():
        if effect.set_aside and mechanism(effect.mechanism).id in named:
            assert effect.id in not_compared() or not effect.sized or effect.id in named
    fitted = {row.evidence for row in ROWS if row.role == "fitted"}
    assert fitted & {effect.id for effect in measured_effects() if effect.set_aside} == set()


def test_what_is_fitted_is_never_called_predicted() -> None:
    by_evidence = {row.evidence: row.role for row in ROWS}
    for id in ("imm-IP070", "imm-IP069", "phys-P-GEN-001", "more-005", "cell-P076"):
        assert by_evidence[id] == "fitted"


def reading(row: Comparable) -> tuple[object, ...]:
    """What is read where, whichever way up a quotient stands, and whenever."""
    return (row.scenario, row.arm, row.against, frozenset(row.outcome.split(" / ")))


def test_what_counts_is_no_quantity_that_another_publication_was_fitted_to() -> None:
    """A rate that was fitted by one paper is not predicted for the next, and its inverse is not either."""
    fitted = {reading(row) for row in ROWS if row.role == "fitted"}
    assert not [row.id for row in ROWS if row.role in COUNTED and reading(row) in fitted]


@pytest.mark.parametrize("row", [r for r in ROWS if r.role in COUNTED], ids=lambda row: row.id)
def test_what_counts_is_named_by_no_number_of_its_scenario(row: Comparable) -> None:
    for arm in {row.arm, row.against} - {"baseline"}:
        model = model_of(row.scenario)
        assert row.evidence not in (model.variant(arm) if arm else model).to_yaml()
