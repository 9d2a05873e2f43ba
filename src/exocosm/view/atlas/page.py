"""The atlas as one HTML file: the network, its mechanisms with their evidence, and what contradicts what.

It asks nothing of any network; links to sources are followed on a click alone.
"""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from exocosm.library import Atlas, Mechanism, Row, grade, measured_of, network
from exocosm.library.grades import points
from exocosm.library.mechanisms import ARROWS
from exocosm.library.network import family_of
from exocosm.library.terms import spoken
from exocosm.results.durable import told_plainly, write_text
from exocosm.view.atlas.picture import TITLE, picture
from exocosm.view.atlas.shapes import COLOURS
from exocosm.view.atlas.svg import as_svg
from exocosm.view.embed import script_json
from exocosm.view.report import asset

STYLES = ("report.css", "network.css", "atlas.css")
MOST_NUMBERS = 200
"""Numbers on a page; of more, how many there are."""

ADDRESSES = (
    (r"10\.\d{4,}/\S+", "https://doi.org/{}"),
    (r"PMC\d+", "https://pmc.ncbi.nlm.nih.gov/articles/{}/"),
    (r"PMID:? ?(\d+)", "https://pubmed.ncbi.nlm.nih.gov/{}/"),
    (r"https?://\S+", "{}"),
)


def write_atlas(found: Atlas, out: Path | str, title: str = "") -> Path:
    """Write the page of an atlas to `out`, whole or not at all, and return its path.

    Raises RunError where no file can be written there.
    """
    path = Path(out)
    with told_plainly("write", path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, render(found, title))
    return path


def render(found: Atlas, title: str = "") -> str:
    """The page as text."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["spoken"] = spoken
    drawing = picture(found)
    return environment.from_string(asset("atlas.html")).render(
        title=title or TITLE,
        meant=found.meant,
        facts=facts(found),
        svg=as_svg(drawing),
        families=[(family, COLOURS[family], drawing.families()[family]) for family in drawing.families()],
        below=drawing.below,
        rows=[told(row) for row in found.rows],
        contradictions=contradicted(found),
        numbers=[measured(row) for row in found.numbers[:MOST_NUMBERS]],
        numbers_left_out=max(0, len(found.numbers) - MOST_NUMBERS),
        choices=choices(found),
        data=Markup(script_json({row.id: list(row.cargos) for row in found.rows})),  # noqa: S704 (escaped there)
        style=Markup("".join(map(asset, STYLES))),  # noqa: S704 (shipped files)
        script=Markup(asset("atlas.js")),  # noqa: S704 (shipped file)
        version=metadata.version("exocosm"),
    )


def facts(found: Atlas) -> list[tuple[str, str]]:
    """The strip of facts under the title."""
    grades = [grade(row) for row in found.standing]
    carried = sum(row.carried for row in found.standing)
    return [
        ("mechanisms", str(len(found.rows))),
        ("sources", str(len(found.sources))),
        ("cells", str(len(network(found.standing, merged=False).nodes))),
        ("carried by vesicles", str(carried)),
        ("grade A or B", str(sum(each in "AB" for each in grades))),
        ("retracted, inert", str(len(found.rows) - len(found.standing))),
    ]


def told(row: Mechanism) -> dict[str, Any]:
    """All that the page says of a row."""
    return {
        "row": row,
        "senders": " + ".join(row.senders) or "?",
        "cargos": " + ".join(row.cargos) or "?",
        "recipients": " + ".join(row.recipients) or "?",
        "sign": ARROWS[row.direction],
        "process": spoken(row.process),
        "grade": grade(row),
        "points": ", ".join(f"{what} {count}" for what, count in points(row).items()),
        "address": address(row.source),
        "numbers": [number.told() for number in measured_of(row.id)],
        "as_read": [(what.replace("_", " "), text) for what, text in row.as_read.items() if text],
        "colour": COLOURS[family_of(row.process)],
    }


def measured(row: Row) -> dict[str, Any]:
    """All that the page says of a number."""
    return {
        "row": row,
        "of": ", ".join((*row.cargos, *row.targets, *row.cells)),
        "address": address(row.source),
    }


def address(source: str) -> str:
    """Where a source can be opened; empty where that cannot be told."""
    for pattern, form in ADDRESSES:
        match = re.search(pattern, source)
        if match:
            return form.format(match[1] if match.re.groups else match[0])
    return ""


def contradicted(found: Atlas) -> list[dict[str, Any]]:
    """Matters on which rows say opposite things, with both sides."""
    return [
        {
            "cargo": cargo,
            "recipient": recipient,
            "effect": effect,
            "sides": [list(map(told, side)) for side in sides],
        }
        for (cargo, recipient, effect), sides in found.contradictions.items()
    ]


def choices(found: Atlas) -> dict[str, list[str]]:
    """What each filter of the page offers."""
    rows = found.rows
    return {
        "process": sorted({row.process for row in rows}),
        "sender": sorted({name for row in rows for name in row.senders}, key=str.lower),
        "recipient": sorted({name for row in rows for name in row.recipients}, key=str.lower),
        "cargo": sorted({name for row in rows for name in row.cargos}, key=str.lower),
        "effect": sorted({name for row in rows for name in row.effects}, key=str.lower),
        "route": sorted({row.route for row in rows}),
        "grade": sorted({grade(row) for row in rows}),
    }
