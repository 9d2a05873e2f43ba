"""The report: one HTML file with all its data, pictures and scripts, which asks nothing of any network.

Text is escaped by the template, data by `script_json`; a content security policy in it forbids requests.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from exocosm.results.cautions import grouped
from exocosm.results.durable import told_plainly, write_text
from exocosm.view import again, asked, expected, flows, sources, svg, telling, words
from exocosm.view.arms import Arm, read_arms
from exocosm.view.columns import STATES, read_columns
from exocosm.view.conditions import Condition, common_hour, group, names, paired, same_cells
from exocosm.view.embed import Blocks, script_json
from exocosm.view.model_mechanisms import network_of
from exocosm.view.outcomes import Forest, forests, main, outcomes
from exocosm.view.palette import arm_colours
from exocosm.view.recipients import deliveries
from exocosm.view.rule_list import rule_groups
from exocosm.view.series import time_courses
from exocosm.view.tissue_scene import tissue_scene

SCRIPTS = (
    "blocks.js",
    "shared.js",
    "shaders.js",
    "cells.js",
    "scene.js",
    "overlay.js",
    "pointer.js",
    "vessels.js",
    "tissue.js",
    "slices.js",
    "charts.js",
    "main.js",
)


def write_report(runs: Sequence[Any], out: Path | str) -> Path:
    """Write one self-contained HTML report of `runs` to `out` and return its path.

    `runs` are run folders or opened `Run` objects; the first without changes is what the others are compared
    with. The file is written whole or not at all.

    Raises:
        ExocosmError: there is no run, a run without a complete record, or no file can be written there.
    """
    path = Path(out)
    page = render(read_arms(runs))
    with told_plainly("write", path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, page)
    return path


def render(arms: list[Arm]) -> str:
    """The page as text."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["unbroken"] = unbroken
    environment.filters["breakable"] = breakable
    environment.filters["options"] = options
    environment.filters["percent"] = words.percent
    return environment.from_string(asset("template.html")).render(**context(arms))


def unbroken(text: str) -> Markup:
    """Escaped text in which a name such as miR-21-5p stays on one line."""
    parts = re.split(r"(\S*\w-\w*\d\S*)", text)
    whole = [
        f'<span class="whole">{escape(part)}</span>' if i % 2 else escape(part)
        for i, part in enumerate(parts)
    ]
    return Markup("".join(whole))  # noqa: S704 (each part is escaped above)


def options(command: str) -> Markup:
    """A command that goes on in the next line only before an option."""
    parts = re.split(r" (?=--)", command)
    return Markup(" ").join(Markup('<span class="option">{}</span>').format(part) for part in parts)


def breakable(path: str) -> Markup:
    """A dotted path that may go on in the next line after a dot."""
    return Markup("<wbr>").join(part + "." for part in path.split("."))[:-1]


def asset(name: str) -> str:
    """The text of a file shipped beside this module."""
    return resources.files("exocosm.view").joinpath("assets", name).read_text(encoding="utf-8")


def context(arms: list[Arm]) -> dict[str, Any]:
    """All that the template fills in."""
    conditions, blocks = group(arms), Blocks()
    scene = tissue_scene(arms, blocks)
    types = [kind["name"] for kind in scene["types"]] if scene else []
    rows = sources.source_rows(arms[0].run.model)
    data = {
        "scene": scene,
        "courses": time_courses(conditions, types),
        "flows": flows.mean_flows(conditions),
    }
    units = field_units(scene)
    return {
        **headlines(arms, conditions),
        **pictures(conditions, units),
        "scene": scene,
        "courses": data["courses"],
        "flows": data["flows"],
        "outcomes": outcomes(conditions, units),
        "expected": expected.expected(conditions),
        "ledger": flows.ledger_rows(arms),
        "closure": flows.closure(arms),
        "rules": rule_groups(arms[0].run.model, rows),
        "sources": rows,
        "shares": sources.shares(rows),
        "kinds": sources.KINDS,
        "network": network_of(arms[0].run.model),
        "style": Markup(asset("report.css") + asset("network.css")),  # noqa: S704 (our own files)
        "scripts": scripts(),
        "data": Markup(script_json(data)),  # noqa: S704 (escaped by script_json)
        "blocks": Markup(script_json(blocks.text)),  # noqa: S704 (escaped by script_json)
    }


def pictures(conditions: list[Condition], units: dict[str, str]) -> dict[str, Any]:
    """Forest plots, what cells did apart from the rest, and deliveries to recipients."""
    found = forests(conditions, units)
    first = main(found)
    rest = [f for f in found if f not in first and f.column.kind in ("cargo", "each", "level", "other")]
    return {
        "forests": [picture(f, len(conditions)) for f in first if f.differs],
        "more_forests": [picture(f, len(conditions)) for f in rest if f.differs and not f.column.is_part],
        "unchanged": [f.column.words for f in first if not f.differs],
        "recipients": svg.recipients(deliveries(conditions), names(conditions)),
        "assays": any(delivery.assay for delivery in deliveries(conditions)),
        "keys": list(zip(names(conditions), arm_colours(len(conditions)), strict=True)),
    }


SCALE = "on a scale from 0 to 1"


def picture(found: Forest, count: int) -> dict[str, Any]:
    """A forest plot with what stands above it."""
    power = svg.power_of(found)
    times = f"×10{str(power).translate(words.SUPERSCRIPT)} " if power else ""
    return {
        "words": words.first_upper(found.column.words),
        "unit": f"{times}{SCALE if found.unit == '0 to 1' else found.unit}".strip(),
        "baseline": words.number(found.baseline),
        "svg": svg.forest(found, count),
    }


def headlines(arms: list[Arm], conditions: list[Condition]) -> dict[str, Any]:
    """What was asked, what was run, the answer, and how to run it again."""
    model = arms[0].run.model
    alone = len({arm.scenario for arm in arms}) == 1
    rows = what_was_run(conditions)
    return {
        "title": " · ".join(dict.fromkeys(words.title(arm) for arm in arms)),
        "name": str(getattr(model, "name", "") or "") if alone else "",
        "description": " ".join(str(getattr(model, "description", "") or "").split()),
        "question": asked.question(conditions),
        "answer": asked.answer(conditions),
        "command": again.command(arms),
        "costs": again.costs(arms),
        "step_errors": again.step_errors(arms),
        "hours": words.duration(common_hour(arms)),
        "facts": facts(arms, conditions),
        "arms": arms,
        "conditions": rows,
        "clearly": telling.clearly(conditions, [asked.answer(conditions), *(row["did"] for row in rows)]),
        "unfinished": [
            a.label for a in arms if str((a.run.info or {}).get("status", "complete")) not in _DONE
        ],
        "warnings": warnings(arms),
        "model_hash": str((arms[0].run.info or {}).get("model_hash") or ""),
        "version": metadata.version("exocosm") if _installed() else "",
    }


def what_was_run(conditions: list[Condition]) -> list[dict[str, str]]:
    """The conditions one by one: what was changed, how often it was run, and what that did."""
    did = telling.each_arm(conditions) if paired(conditions) else {}
    colours = arm_colours(len(conditions))
    rows = []
    for condition, name, colour in zip(conditions, names(conditions), colours, strict=True):
        clause = telling.clause_of(condition) if condition.changes else "The model as it is"
        rows.append(
            {
                "name": name,
                "colour": colour,
                "changed": words.first_upper(clause),
                "seeds": ", ".join(arm.seed for arm in condition.arms),
                "did": did.get(condition.label, ""),
            }
        )
    return rows


def warnings(arms: list[Arm]) -> list[dict[str, Any]]:
    """What runs warn of: texts that differ in their numbers alone are told once, with how many there are."""
    kinds = grouped(text for arm in arms for text in (arm.run.info or {}).get("warnings", ()))
    told = [[words.units(text) for text in kind] for kind in kinds]
    return [{"text": texts[0], "others": texts[1:]} for texts in told]


_DONE = {"complete", "completed", "finished", "done", ""}


def _installed() -> bool:
    try:
        metadata.version("exocosm")
    except metadata.PackageNotFoundError:
        return False
    return True


def facts(arms: list[Arm], conditions: list[Condition]) -> list[tuple[str, str]]:
    """The strip of facts under the answer."""
    seeds = list(dict.fromkeys(arm.seed for arm in arms))
    first = arms[0].run.summary
    cells = [c.key for c in read_columns(first.columns) if c.kind == "cells" and c.what in STATES]
    start, end = (float(first.iloc[i][cells].sum()) for i in (0, -1))
    alike = (len(conditions) == 1 or paired(conditions)) and all(
        same_cells(conditions[0], other) for other in conditions[1:]
    )
    whose = "" if alike else f", {conditions[0].label}"
    return [
        ("arms", str(len(conditions))),
        ("seed" if len(seeds) == 1 else "seeds", ", ".join(seeds)),
        ("simulated time", words.duration(common_hour(arms))),
        ("cells at start", words.number(start)),
        (f"cells at the end{whose}", words.number(end)),
    ]


def field_units(scene: dict[str, Any] | None) -> dict[str, str]:
    """Units of the recorded fields, for levels in the table."""
    return {field["name"]: field["unit"] for field in scene["fields"]} if scene else {}


def scripts() -> list[Markup]:
    """Every script of the page in order: three.js, Plotly from its package, then ours."""
    from plotly.offline import get_plotlyjs

    three = resources.files("exocosm.view").joinpath("vendor", "three.min.js").read_text(encoding="utf-8")
    texts = [three, get_plotlyjs(), "\n".join(asset(name) for name in SCRIPTS)]
    return [Markup(text.replace("</script", "<\\/script")) for text in texts]  # noqa: S704 (shipped files)
