"""The atlas: what a search finds, what it takes a word to mean, the network, contradictions and exports."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from itertools import chain, product
from pathlib import Path
from xml.etree import ElementTree

import pytest

from exocosm.library import (
    EvidenceError,
    as_csv,
    as_graphml,
    atlas,
    check_table,
    contradictions,
    mechanism,
    mechanisms,
    network,
)
from exocosm.library.contradictions import one_sense
from exocosm.library.exports import NAMESPACE

GRAPH = {"g": NAMESPACE}


def ids(**words: str) -> set[str]:
    return {row.id for row in atlas(**words).rows}


def test_a_cargo_finds_its_rows_and_the_same_without_an_arm() -> None:
    found = atlas(cargo="hsa-mir-21-5p")
    assert found.meant["cargo"] == ("miR-21-5p", "miR-21")
    assert {"imm-IM030", "imm-IM050"} <= {row.id for row in found.rows}
    assert all({"miR-21-5p", "miR-21"} & set(row.cargos) for row in found.rows)


def test_all_that_is_asked_must_hold() -> None:
    both = ids(sender="HCC", recipient="macrophage")
    assert both == ids(sender="HCC") & ids(recipient="macrophage")
    assert "imm-IM030" in both
    assert ids(sender="HCC", recipient="macrophage", process="M2 polarisation") < both


def test_a_cell_type_finds_the_names_that_stand_for_it() -> None:
    assert "CAF" in atlas(sender="stellate").meant["sender"]
    assert "stellate" not in atlas(sender="CAF").meant["sender"]


def test_an_effect_finds_its_opposite() -> None:
    rows = atlas(effect="sorafenib resistance").rows
    assert {effect for row in rows for effect in row.effects} >= {
        "sorafenib resistance",
        "sorafenib sensitivity",
    }


@pytest.mark.parametrize(
    ("field", "word", "nearest"),
    [
        ("cargo", "mir-21-5q", "miR-21-5p"),
        ("sender", "hepatocite", "hepatocyte"),
        ("process", "invation", "invasion"),
    ],
)
def test_a_word_that_is_not_known_gets_the_nearest(field: str, word: str, nearest: str) -> None:
    with pytest.raises(EvidenceError) as caught:
        atlas(**{field: word})
    assert caught.value.nearest == nearest


def test_each_row_with_two_cells_is_in_an_arrow_and_the_others_are_loose() -> None:
    rows = mechanisms()
    for merged in (True, False):
        made = network(rows, merged=merged)
        drawn = {row.id for arrow in made.arrows for row in arrow.rows}
        assert drawn == {row.id for row in rows if row.senders and row.recipients}
        assert drawn | {row.id for row in made.loose} == {row.id for row in rows}
        assert not drawn & {row.id for row in made.loose}
        assert {name for arrow in made.arrows for name in (arrow.sender, arrow.recipient)} == set(made.nodes)


def test_cells_with_as_many_rows_stand_in_the_order_in_which_rows_name_them() -> None:
    """Else a figure would differ from one process to the next."""
    rows = mechanisms()
    pairs = [pair for row in rows for pair in product(row.senders, row.recipients)]
    named, made = list(dict.fromkeys(chain.from_iterable(pairs))), network(rows, merged=False)
    assert list(made.nodes) == sorted(named, key=lambda name: -made.nodes[name])


def test_a_retracted_row_is_found_and_makes_no_arrow() -> None:
    found = atlas(cargo="miR-32-5p")
    assert [row.status for row in found.rows] == ["retracted", "retracted"]
    assert found.network.arrows == ()


def test_opposite_signs_stand_side_by_side() -> None:
    row = replace(mechanism("imm-IM113"), id="one", effects=("sorafenib resistance",))
    against = replace(row, id="other", effects=("sorafenib sensitivity",))
    ((matter, (raises, lowers)),) = contradictions([row, against]).items()
    assert matter == ("miR-200c-3p", "HCC", "sorafenib resistance")
    assert ([each.id for each in raises], [each.id for each in lowers]) == (["one"], ["other"])
    assert not contradictions([row, replace(row, id="same")])
    assert not contradictions([row, replace(against, status="retracted")])
    assert not contradictions([row, replace(row, id="loss", direction="down", stimulus="loss of the cargo")])


def test_the_published_paradox_of_blocked_release_is_told() -> None:
    """Vesicles of metastatic cells raise metastasis, and so does the block of their release in the donor."""
    raises, lowers = contradictions(mechanisms())["whole vesicle of HCC", "HCC", "metastasis"]
    assert "prog-M091" in {row.id for row in raises}
    assert {"imm-IM088", "prog-M090"} <= {row.id for row in lowers}


def test_an_effect_and_its_opposites_have_one_sense() -> None:
    assert one_sense("sorafenib sensitivity") == ("sorafenib resistance", -1)
    assert one_sense("T-cell exhaustion") == ("T-cell function", -1)
    assert one_sense("invasion") == ("invasion", 1)


def test_the_export_as_csv_passes_the_check_of_tables(tmp_path: Path) -> None:
    found = atlas(recipient="NK")
    path = tmp_path / "nk.csv"
    path.write_text(as_csv(found.rows), encoding="utf-8")
    assert check_table(path) == len(found.rows)
    lines = list(csv.DictReader(io.StringIO(as_csv(found.rows))))
    assert [line["id"] for line in lines] == [row.id for row in found.rows]
    assert {line["grade"] for line in lines} <= set("ABCD-")


def test_the_export_as_graphml_parses_and_types_what_it_says() -> None:
    rows = mechanisms()
    root = ElementTree.fromstring(as_graphml(rows))
    keys = {key.get("id"): (key.get("for"), key.get("attr.type")) for key in root.findall("g:key", GRAPH)}
    nodes = root.findall("g:graph/g:node", GRAPH)
    edges = root.findall("g:graph/g:edge", GRAPH)
    assert (keys["edge_retracted"], keys["edge_effect_size"]) == (("edge", "boolean"), ("edge", "double"))
    assert keys["node_rows"] == ("node", "int")
    names = {node.get("id") for node in nodes}
    assert len(names) == len(nodes)
    assert all(edge.get("source") in names and edge.get("target") in names for edge in edges)
    assert len(edges) == sum(max(len(row.senders), 1) * max(len(row.recipients), 1) for row in rows)
    for element in (*nodes, *edges):
        for data in element.findall("g:data", GRAPH):
            domain, kind = keys[data.get("key")]
            assert element.tag.endswith(str(domain))
            read = {
                "int": int,
                "double": float,
                "boolean": {"true": 1, "false": 0}.__getitem__,
                "string": str,
            }
            read[str(kind)](data.text or "")


def test_a_row_on_the_loss_of_a_cargo_is_drawn_and_exported_turned_round() -> None:
    lost = mechanism("imm-IM053")  # CAF vesicles without miR-320a let HCC cells grow
    assert (lost.direction, lost.sign, lost.target_action, lost.target_sign) == ("up", -1, "up", -1)
    assert lost.chain().endswith("under loss of the cargo")
    (arrow,) = network(atlas(cargo="miR-320a", sender="CAF").rows).arrows
    assert arrow.lowers
    assert not arrow.mixed
    root = ElementTree.fromstring(as_graphml([lost]))
    data = {each.get("key"): each.text for each in root.iterfind(".//g:edge/g:data", GRAPH)}
    assert data["edge_direction"] == "up"
    assert data["edge_stimulus"] == "loss of the cargo"
    assert data["edge_raises"] == "false"


def test_a_t_cell_is_also_one_whose_kind_the_source_said() -> None:
    assert {"CD8", "CD4"} <= set(atlas(recipient="T cell").meant["recipient"])
    assert atlas(recipient="CD8").meant["recipient"] == ("CD8", "T cell")


def test_an_id_is_found_in_any_case_and_the_beginning_of_a_name_names_it() -> None:
    assert mechanism("IMM-im030").id == "imm-IM030"
    with pytest.raises(EvidenceError, match="did you mean: PD-L1 expression"):
        atlas(effect="PD-L1")
