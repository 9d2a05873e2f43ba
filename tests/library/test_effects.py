"""Numbers of mechanisms: each names a mechanism and its source, and what is missing is said, not hidden."""

from __future__ import annotations

import csv
import hashlib
import re
from functools import lru_cache

import pytest

from exocosm.library import evidence, measured_effects, mechanism
from exocosm.library.grades import READ, points
from exocosm.library.rows import TABLES

HOW_READ = {"full", "table", "abstract", "secondary"}
WANTED = 15


@lru_cache(maxsize=1)
def effects() -> tuple[dict[str, str], ...]:
    return lines("effects")


def lines(table: str) -> tuple[dict[str, str], ...]:
    with (TABLES / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


def complete(last_row: str = "eff-999") -> set[str]:
    """Mechanisms with size, dose and time of their own readout in one row, up to the last row of a day."""
    return {
        line["mechanism"]
        for line in effects()
        if line["id"] <= last_row
        and all(line[key] for key in ("value", "dose", "exposure_h"))
        and not line["note"].startswith("other readout")
    }


def test_each_effect_belongs_to_a_mechanism_that_stands() -> None:
    for line in effects():
        mechanism = evidence(line["mechanism"])
        assert mechanism.table == "mechanisms", line["id"]
        assert not mechanism.retracted, line["id"]


@pytest.mark.parametrize("table", ["effects", "outcomes", "more_parameters"])
def test_each_row_has_its_source_and_how_it_was_read(table: str) -> None:
    for line in lines(table):
        assert line["source"], line["id"]
        assert line["where"], line["id"]
        assert line["author_year"], line["id"]
        assert line["read"] in HOW_READ, line["id"]
        assert line["status"] == "ok", line["id"]


@pytest.mark.parametrize("table", ["effects", "outcomes", "more_parameters"])
def test_each_number_has_a_unit_and_lies_within_its_bounds(table: str) -> None:
    for line in lines(table):
        row = evidence(line["id"])
        numbers = [number for number in (row.low, row.value, row.high) if number is not None]
        assert numbers == sorted(numbers), line["id"]
        assert bool(numbers) <= bool(row.unit), line["id"]
        assert bool(line.get("dose")) == bool(line.get("dose_unit")), line["id"]


@pytest.mark.parametrize("table", ["effects", "outcomes", "more_parameters"])
def test_cells_of_numbers_hold_plain_numbers(table: str) -> None:
    for line in lines(table):
        for key in ("value", "low", "high", "control", "dose", "exposure_h"):
            if line.get(key):
                float(line[key])


def test_each_effect_says_at_least_a_size_a_dose_or_a_time() -> None:
    for line in effects():
        assert any(line[key] for key in ("value", "low", "high", "dose", "exposure_h")), line["id"]


def first_by_hash(mechanisms: set[str], last_row: str) -> set[str]:
    """Five of the mechanisms with rows up to the last row of that day, smallest SHA-256 of the id first."""
    of_that_day = {line["mechanism"] for line in effects() if line["id"] <= last_row} & mechanisms
    return set(sorted(of_that_day, key=lambda id: hashlib.sha256(id.encode()).hexdigest())[:5])


def test_mechanisms_are_set_aside_by_the_written_rule() -> None:
    aside = {line["mechanism"] for line in effects() if line["set_aside"] == "yes"}
    note = (TABLES / "SET_ASIDE.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| ([a-z]+-\S+) \|", note, flags=re.MULTILINE)) == aside
    everything = {line["mechanism"] for line in effects()}
    first = first_by_hash(everything, "eff-014")
    addendum = first_by_hash(complete("eff-020"), "eff-020")
    second = first_by_hash(complete("eff-125"), "eff-125")
    assert len(first) == 5
    assert first | addendum | second == aside


def test_all_rows_of_a_mechanism_set_aside_are_set_aside() -> None:
    for line in effects():
        siblings = {other["set_aside"] for other in effects() if other["mechanism"] == line["mechanism"]}
        assert len(siblings) == 1, line["mechanism"]


def test_the_readme_says_how_many_mechanisms_are_complete() -> None:
    said = re.search(r"with size, dose and time: (\d+)", (TABLES / "README.md").read_text(encoding="utf-8"))
    assert said is not None
    assert int(said[1]) == len(complete())


def test_it_says_in_how_many_the_carrier_is_that_of_the_row() -> None:
    said = re.search(r"(\d+) with the carrier of the row", (TABLES / "README.md").read_text(encoding="utf-8"))
    own = {row.mechanism for row in measured_effects() if row.of_the_row and row.complete}
    assert said is not None
    assert int(said[1]) == len(own)


def test_a_number_of_another_readout_or_carrier_does_not_strengthen_a_grade() -> None:
    near = {row.mechanism for row in measured_effects() if not row.of_the_row}
    near -= {row.mechanism for row in measured_effects() if row.of_the_row}
    assert "cell-M001" in near
    for id in near:
        row = mechanism(id)
        assert points(row)["number"] == int(row.effect_size is not None)
        assert points(row)["read"] == READ[row.read]


def test_fifteen_mechanisms_have_size_dose_and_time() -> None:
    assert len(complete()) >= WANTED
