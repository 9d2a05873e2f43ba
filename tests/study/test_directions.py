"""Directions: the published sign is never an input, a new row needs no code, shuffled signs fail."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import pytest
from scipy.stats import binom

from exocosm.library import Mechanism, evidence, mechanism, mechanisms, pathways, read_mechanisms, readouts
from exocosm.library.pathways import PATHWAYS, Pathway
from exocosm.library.rows import TABLES
from exocosm.model import Model
from exocosm.study.directions import directions, measuring, questions, shuffled
from exocosm.study.directions.asking import ENCODED, SAME_SOURCE, Question
from exocosm.study.directions.chains import chain
from exocosm.study.directions.measuring import job, made_by
from exocosm.study.directions.models import ARMS, tree_of
from exocosm.study.directions.pulls import pulls
from exocosm.study.directions.verdicts import chance, change, passes, together, verdict

SLICE = ("imm-IM026", "imm-IM030", "phys-M-GEN-012")
"""Rows of the fast test: macrophages given two microRNAs, and a cell without Rab27a."""


def asked(*rows: Mechanism, table: tuple[Pathway, ...] | None = None) -> list[Question]:
    return list(questions(rows, table or pathways(), readouts()))


def test_a_slice_of_the_table_agrees(tmp_path: Path) -> None:
    found = directions([mechanism(id) for id in SLICE], cache=tmp_path, seeds=3)
    assert found.verdicts == dict.fromkeys(SLICE, "agrees")
    assert all(answer.at_tissue_dose != "above noise" for answer in found.answers)


def test_runs_are_kept_and_not_run_again(tmp_path: Path) -> None:
    told: list[tuple[int, int, int]] = []
    rows = [mechanism("phys-M-GEN-012")]
    first = directions(rows, cache=tmp_path, seeds=2)
    again = directions(rows, cache=tmp_path, seeds=2, progress=lambda *news: told.append(news))
    assert again.answers == first.answers
    assert told == [(2, 2, 0)]


def test_what_is_kept_is_not_taken_for_another_program_or_number(tmp_path: Path, monkeypatch) -> None:
    """A model names rows of evidence: their numbers, and the code that runs it, are part of what was run."""
    tree = {
        "manifest": {"cargo": {"evidence": "phys-P-GEN-005"}},
        "rules": [{"evidence": ["phys-P-GEN-059"]}],
    }
    before, program = job(tree, 1).key, made_by(tmp_path)
    (tmp_path / "tissue").mkdir()
    (tmp_path / "tissue" / "death.py").write_text("RATE = 1")
    made_by.cache_clear()
    assert made_by(tmp_path) != program
    changed = {"phys-P-GEN-059": replace(evidence("phys-P-GEN-059"), value=12.0)}
    monkeypatch.setattr(measuring, "evidence", lambda id: changed.get(id) or evidence(id))
    assert job(tree, 1).key != before
    changed = {"phys-P-GEN-001": replace(evidence("phys-P-GEN-001"), value=12.0)}
    assert job(tree, 1).key == before


def test_the_direction_of_a_row_is_no_input() -> None:
    """Turned round, all rows ask the very same models."""
    turned = {"up": "down", "down": "up"}
    rows = mechanisms(retracted=False)
    other = [replace(row, direction=turned[row.direction]) for row in rows]
    for mine, theirs in zip(asked(*rows), asked(*other), strict=True):
        assert (mine.pulls, mine.chain, mine.why_not) == (theirs.pulls, theirs.chain, theirs.why_not)
        if mine.chain:
            assert [tree_of(mine, arm) for arm in ARMS] == [tree_of(theirs, arm) for arm in ARMS]


def test_all_models_of_the_table_are_sound() -> None:
    for question in asked(*mechanisms()):
        if question.chain:
            Model.model_validate(tree_of(question, "assay"))


def test_a_new_row_takes_part_without_code(tmp_path: Path) -> None:
    """A row on a molecule that no table knew, and what it does, in copies of the tables."""
    rows = _with(
        TABLES / "mechanisms.csv",
        tmp_path,
        like="imm-IM037",
        id="new-M001",
        cargo="miR-21-5p",
        target="NOVEL1",
        target_action="down",
        effect="EMT",
        direction="up",
        source="10.1000/new",
    )
    paths = _with(
        PATHWAYS,
        tmp_path,
        like="path-001",
        id="path-900",
        node="NOVEL1",
        cell_type="HCC",
        acts_on="EMT",
    )
    new = [row for row in read_mechanisms(rows) if row.id == "new-M001"]
    found = directions(new, pathways(paths), cache=tmp_path / "runs", seeds=4, tissue=False)
    assert found.verdicts == {"new-M001": "agrees"}
    opposite = directions(
        [replace(new[0], direction="down")], pathways(paths), cache=tmp_path / "runs", seeds=4, tissue=False
    )
    assert opposite.verdicts == {"new-M001": "disagrees"}


def test_what_a_cargo_does_to_its_target_follows_from_its_kind() -> None:
    assert pulls(mechanism("imm-IM037")) == (("PTEN", -1),)  # a microRNA
    assert pulls(mechanism("prog-M066")) == (("MET", 1),)  # a circular RNA that takes a microRNA away
    assert pulls(mechanism("imm-IM009")) == (("PDCD1", 1),)  # the row says it
    assert pulls(mechanism("imm-IM023")) == (("miR-146a-5p", 1),)  # nothing said: left to the pathways
    assert pulls(mechanism("prog-M076")) == (("PKLR", 1),)  # the row tells of its loss


def test_the_papers_own_arrow_is_not_used() -> None:
    row = mechanism("phys-M-GEN-012")
    own = [arrow for arrow in pathways() if arrow.source == row.source]
    assert own
    (question,) = asked(row)
    assert question.chain is not None
    assert not {arrow.id for arrow in own} & set(question.chain.ids)
    (alone,) = asked(row, table=tuple(own))
    assert alone.why_not == SAME_SOURCE
    assert not alone.counted


def test_a_target_that_is_read_off_is_encoded() -> None:
    (question,) = asked(mechanism("imm-IM019"))  # microRNA that lowers PD-1; effect: PD-1 on the cell
    assert question.why_not == ENCODED


def test_rows_that_cannot_be_modelled_say_why() -> None:
    for question in asked(*mechanisms()):
        assert question.counted == (not question.why_not)
        assert question.chain is not None or question.why_not


def test_therapy_is_out_of_reach() -> None:
    for question in asked(*(row for row in mechanisms() if row.process == "therapy")):
        assert question.why_not == "therapy or an engineered carrier"


def test_sources_that_disagree_in_equal_numbers_leave_an_arrow_out() -> None:
    row = next(row for row in pathways() if row.node == "IGF1R" and row.acts_on == "proliferation")
    against = replace(row, id="path-901", sign=-row.sign, source="another")
    found = chain(["IGF1R"], ["proliferation"], "HCC", "", [row, against])
    assert found is None


def test_a_shuffled_table_has_the_same_arrows_and_other_signs() -> None:
    table = pathways()
    other = shuffled(table, 1)
    assert [(row.node, row.acts_on) for row in other] == [(row.node, row.acts_on) for row in table]
    changed = sum(one.sign != two.sign for one, two in zip(table, other, strict=True))
    assert 0.3 < changed / len(table) < 0.7
    assert shuffled(table, 1) == other != shuffled(table, 2)


def test_the_chance_of_agreement_is_the_exact_binomial_tail() -> None:
    for agreeing, counted in ((0, 5), (4, 5), (80, 100)):
        assert math.isclose(chance(agreeing, counted, 0.6), binom.sf(agreeing - 1, counted, 0.6))
    assert passes(85, 100)
    assert not passes(75, 100)
    assert not passes(0, 0)


def test_a_change_counts_where_its_interval_excludes_0_and_it_could_be_measured() -> None:
    assert change([10, 11, 12], [13, 14.1, 15]).sign == 1
    assert change([10, 11, 12], [9, 14, 12]).sign == 0
    assert change([1000, 1000, 1000], [1001, 1001.1, 1001]).sign == 0
    assert (verdict(1, -1), verdict(0, 1), verdict(-1, -1)) == ("disagrees", "no change", "agrees")
    assert together(["agrees", "no change"]) == "no change"
    assert together(["agrees", "disagrees", "no change"]) == "disagrees"


@pytest.mark.validation
@pytest.mark.slow
def test_the_table_passes_and_shuffled_signs_do_not(tmp_path: Path) -> None:
    """False alarm: a control is a table with random signs, whose share of agreement is about one half."""
    assert directions(cache=tmp_path, processes=2).passes
    for seed in range(1, 21):
        control = directions(
            table=shuffled(pathways(), seed), cache=tmp_path, processes=2, seeds=3, tissue=False
        )
        assert not control.passes, seed


def _with(table: Path, folder: Path, *, like: str, **values: str) -> Path:
    """A copy of a table with one more row: one of it, with some values changed."""
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows.append(next(row for row in rows if row["id"] == like) | values)
    path = folder / table.name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
