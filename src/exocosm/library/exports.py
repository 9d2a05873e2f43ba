"""An atlas as files: CSV in the columns of the table, and GraphML for Cytoscape and its like."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from xml.etree import ElementTree

from exocosm.library.grades import grade
from exocosm.library.mechanisms import Mechanism
from exocosm.library.rows import TABLES
from exocosm.library.terms import SEVERAL, terms

NOT_STATED = "not stated"
"""The node of a sender or recipient that the source does not tell."""

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
TYPES = {bool: "boolean", int: "int", float: "double", str: "string"}


def as_csv(rows: Sequence[Mechanism]) -> str:
    """The rows in the columns of mechanisms.csv, with their grade as one more."""
    grades = {row.id: grade(row) for row in rows}
    with (TABLES / "mechanisms.csv").open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        lines = [line | {"grade": grades[line["id"]]} for line in reader if line["id"] in grades]
    text = io.StringIO()
    writer = csv.DictWriter(text, [*(reader.fieldnames or []), "grade"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()


def as_graphml(rows: Sequence[Mechanism]) -> str:
    """A directed graph in GraphML: a node for each name of a cell, an edge for each row and pair of cells.

    Every attribute has a type. `direction` is what the source saw under the `stimulus` that it names;
    `raises` is what more of the cargo does: a row on the loss of a cargo is turned round. What a source does
    not tell is an empty text, or absent where it is a number.
    """
    edges = [
        (sender, recipient, row)
        for row in rows
        for sender in row.senders or (NOT_STATED,)
        for recipient in row.recipients or (NOT_STATED,)
    ]
    count = Counter(name for sender, recipient, _ in edges for name in {sender, recipient})
    nodes = {name: _node(name, count[name]) for name in count}
    links = [_edge(row) for _, _, row in edges]
    root = ElementTree.Element("graphml", xmlns=NAMESPACE)
    _declare(root, "node", list(nodes.values()))
    _declare(root, "edge", links)
    graph = ElementTree.SubElement(root, "graph", id="atlas", edgedefault="directed")
    for name, values in nodes.items():
        _fill(ElementTree.SubElement(graph, "node", id=name), "node", values)
    for number, ((sender, recipient, _), values) in enumerate(zip(edges, links, strict=True)):
        ends = {"id": f"e{number}", "source": sender, "target": recipient}
        _fill(ElementTree.SubElement(graph, "edge", ends), "edge", values)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


Values = dict[str, bool | int | float | str]


def _node(name: str, rows: int) -> Values:
    known = terms("cells").get(name)
    return {
        "name": name,
        "kind": known.kind if known else "",
        "cell_type": known.cell_type if known else "",
        "identifier": SEVERAL.join(known.identifiers) if known else "",
        "rows": rows,
    }


def _edge(row: Mechanism) -> Values:
    values: Values = {
        "mechanism": row.id,
        "interaction": row.process,
        "cargo": SEVERAL.join(row.cargos),
        "cargo_identifier": SEVERAL.join(
            identifier for name in row.cargos for identifier in terms("cargos")[name].identifiers
        ),
        "target": SEVERAL.join(row.targets),
        "effect": SEVERAL.join(row.effects),
        "direction": row.direction,
        "stimulus": row.stimulus,
        "raises": row.sign > 0,
        "route": row.route,
        "grade": grade(row),
        "status": row.status,
        "retracted": row.retracted,
        "system": row.system,
        "source": row.source,
        "read": row.read,
        "effect_unit": row.effect_unit,
    }
    return values if row.effect_size is None else values | {"effect_size": row.effect_size}


def _declare(root: ElementTree.Element, domain: str, items: list[Values]) -> None:
    """The keys of all attributes that any item has, with their types."""
    types = {name: TYPES[type(value)] for values in items for name, value in values.items()}
    for name, type_name in types.items():
        words = {"id": f"{domain}_{name}", "for": domain, "attr.name": name, "attr.type": type_name}
        ElementTree.SubElement(root, "key", words)


def _fill(element: ElementTree.Element, domain: str, values: Values) -> None:
    for name, value in values.items():
        data = ElementTree.SubElement(element, "data", key=f"{domain}_{name}")
        data.text = str(value).lower() if isinstance(value, bool) else str(value)
