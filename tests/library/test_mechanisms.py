"""The mechanisms: one naming, the words of the source kept, retracted rows inert, grades by the rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exocosm.library import EvidenceError, grade, mechanism, mechanisms, numbered, term, terms
from exocosm.library.table_checks import IDENTIFIERS, NAMED, well_formed
from exocosm.library.terms import VOCABULARIES

NAMES = {
    "senders": "cells",
    "cargos": "cargos",
    "recipients": "cells",
    "targets": "targets",
    "effects": "effects",
}


def test_every_name_is_in_its_vocabulary_and_every_term_is_used() -> None:
    rows = mechanisms()
    for field, vocabulary in NAMES.items():
        used = {name for row in rows for name in getattr(row, field)}
        assert used <= set(terms(vocabulary)), field
    assert {row.process for row in rows} == set(terms("processes"))
    all_rows = (*rows, *numbered())
    assert {name for row in all_rows for name in row.cargos} == set(terms("cargos"))
    assert {name for row in all_rows for name in row.effects} == set(terms("effects"))


def test_the_words_of_the_source_stand_beside_the_names() -> None:
    row = mechanism("imm-IM030")
    assert (row.senders, row.cargos, row.recipients, row.targets) == (
        ("HCC",),
        ("miR-21-5p",),
        ("macrophage",),
        ("RHOB",),
    )
    assert (row.as_read["cargo"], row.as_read["carrier"], row.as_read["target"]) == (
        "miR-21-5p",
        "exosome",
        "RhoB",
    )
    assert all(each.as_read["effect"] for each in mechanisms())


def test_exosome_is_said_only_where_a_row_shows_the_endosomal_origin() -> None:
    """The machinery of multivesicular bodies was touched in each row with that route."""
    shown = (
        "HRS",
        "STAM",
        "TSG101",
        "CHMP4",
        "VPS4",
        "ALIX",
        "yntenin",
        "phingomyelin",
        "nSMase",
        "ab27",
        "GW4869",
    )
    for row in mechanisms():
        words = " ".join([*row.as_read.values(), row.note, row.stimulus])
        if row.route == "exosome":
            assert any(word in words for word in shown), row.id
        if row.as_read["carrier"] == "exosome" and row.route != "exosome":
            assert row.route == "small EV", row.id


def test_five_rows_are_retracted_visible_and_inert() -> None:
    retracted = [row for row in mechanisms() if row.retracted]
    assert len(retracted) == 5
    assert not {row.id for row in retracted} & {row.id for row in mechanisms(retracted=False)}
    assert {grade(row) for row in retracted} == {"-"}


def test_identifiers_are_well_formed_and_name_one_thing() -> None:
    for vocabulary in VOCABULARIES:
        seen: dict[str, str] = {}
        for each in terms(vocabulary).values():
            for identifier in each.identifiers:
                assert well_formed(identifier), (each.name, identifier)
                assert seen.setdefault(identifier, each.name) == each.name, identifier
    assert {
        text.partition(":")[0] for v in VOCABULARIES for t in terms(v).values() for text in t.identifiers
    } <= set(IDENTIFIERS)


def test_known_identifiers() -> None:
    assert term("cargos", "miR-21-5p").identifiers == ("mirbase.mature:MIMAT0000076",)
    assert term("targets", "PTEN").identifiers == ("HGNC:9588", "uniprot:P60484")
    assert term("cells", "Kupffer cell").identifiers == ("CL:0000091",)


@pytest.mark.parametrize(
    ("vocabulary", "word", "name"),
    [
        ("cargos", "hsa-miR-21-5p", "miR-21-5p"),
        ("cargos", "mir 21 5p", "miR-21-5p"),
        ("cargos", "B7-H1", "PD-L1"),
        ("targets", "PD-1", "PDCD1"),
        ("cells", "tumour-associated macrophage", "macrophage"),
        ("effects", "HSC activation", "stellate activation"),
    ],
)
def test_a_synonym_finds_its_term(vocabulary: str, word: str, name: str) -> None:
    assert term(vocabulary, word).name == name


def test_a_word_that_is_not_known_gets_the_nearest() -> None:
    with pytest.raises(EvidenceError) as caught:
        term("cells", "macrofage")
    assert caught.value.nearest == "macrophage"


def test_what_is_opposite_is_a_term_too() -> None:
    for each in terms("effects").values():
        assert not each.opposite_of or each.opposite_of in terms("effects"), each.name
    for vocabulary in ("cargos", "cells"):
        for each in terms(vocabulary).values():
            assert set(each.see_also) <= set(terms(vocabulary)), each.name


def test_a_grade_rises_with_reading_a_body_and_a_number() -> None:
    row = replace(mechanism("imm-IM030"), id="no row", read="secondary", system="culture", effect_size=None)
    assert grade(row) == "D"
    assert grade(replace(row, read="abstract")) == "C"
    assert grade(replace(row, read="abstract", system="nude mice")) == "B"
    assert grade(replace(row, read="abstract", system="nude mice", effect_size=2.0)) == "B"
    assert grade(replace(row, read="full")) == "B"
    assert grade(replace(row, read="full", system="nude mice")) == "A"
    assert grade(replace(row, read="full", system="nude mice", status="retracted")) == "-"


def test_columns_of_names_are_those_of_the_table() -> None:
    assert set(NAMED.values()) == set(VOCABULARIES)
