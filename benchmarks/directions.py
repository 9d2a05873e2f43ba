"""Published directions beside those that emerge in dishes, with controls: `docs/directions.md`.

Writes the page and its section of `docs/validation.md`. Runs are kept in `runs/directions`, so that a second
call after a change of a table runs what is new alone.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from exocosm.cli.directions import Progress
from exocosm.library import mechanisms, pathways
from exocosm.library.contradictions import contradictions
from exocosm.study.arms import cores
from exocosm.study.directions import Directions, directions, shuffled
from exocosm.study.directions.answering import CACHE, Answer
from exocosm.study.directions.tables import SIGNED, arrows, column, reasons
from exocosm.study.directions.verdicts import LEVEL, SHARE, chance
from sections import PAGE, ROOT, write_section

CONTROLS, CONTROL_SEEDS = 20, 3
TEXT = Path(__file__).with_name("directions.txt")
SECTION = """## Directions: do the published signs emerge?

Of {effects} effects in {rows} rows that were not retracted or corrected, {counted} rows count: their
readout lies at least one mechanism downstream of what the cargo moves. {agree} agree, {disagree} disagree,
{null} do not move; the table {verdict}. With the signs of the pathways shuffled, {most} at most agree, and
{passing} of {controls} tables pass. [All rows](directions.md). `benchmarks/directions.py` wrote this section.
"""


def main() -> None:
    """Ask the table and its controls, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--controls", type=int, default=CONTROLS)
    parser.add_argument("--processes", type=int, default=cores())
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "directions.md")
    parser.add_argument("--section", type=Path, default=PAGE)
    asked = parser.parse_args()
    table = directions(processes=asked.processes, progress=Progress(asked.processes))
    made = [control(seed, asked.processes) for seed in range(1, asked.controls + 1)]
    asked.page.write_text(page(table, made), encoding="utf-8")
    write_section("directions", section(table, made), asked.section)


def control(seed: int, processes: int) -> Directions:
    """A table with shuffled signs, at the dose of the assay alone."""
    told = Progress(processes)
    return directions(
        table=shuffled(pathways(), seed),
        cache=CACHE,
        processes=processes,
        seeds=CONTROL_SEEDS,
        tissue=False,
        progress=told,
    )


def section(table: Directions, made: Sequence[Directions]) -> str:
    """The few lines of the validation page."""
    return SECTION.format(
        effects=len(table.answers),
        rows=len(table.rows),
        counted=len(table.verdicts),
        agree=table.counts["agrees"],
        disagree=table.counts["disagrees"],
        null=table.counts["no change"],
        verdict="passes" if table.passes else "does not pass",
        most=max((found.counts["agrees"] for found in made), default=0),
        passing=sum(found.passes for found in made),
        controls=len(made),
    )


def page(table: Directions, made: Sequence[Directions]) -> str:
    """The whole page: what is asked, counts, controls, and each row in its column."""
    emergent = [answer for answer in table.answers if column(answer.question) == "emergent"]
    parts = [
        TEXT.read_text(encoding="utf-8").strip(),
        "## Counts",
        counts(table),
        f"Above noise at the dose of tissue: {above(emergent)}. {short(table)}",
        once(table),
        "## Controls",
        f"{CONTROL_SEEDS} seeds each, so that more rows do not move. {at_most(made)}",
        controls(made),
        "## Rows that disagree",
        rows(answer for answer in emergent if answer.verdict == "disagrees"),
        "## Rows that do not move",
        rows(answer for answer in emergent if answer.verdict == "no change"),
        "## Rows that agree",
        rows(answer for answer in emergent if answer.verdict == "agrees"),
        "## Encoded, not counted",
        encoded(table),
        "## Not modelled",
        left_out(table),
        "## Sources that contradict each other",
        contradicting(table),
    ]
    return "\n\n".join(parts) + "\n"


def counts(table: Directions) -> str:
    """How many rows count, by kind of cell and verdict, with the probability of as many by chance."""
    kinds = {id: mine[0].question.cell_type for id, mine in table.rows.items()}
    treated = {id for id, mine in table.rows.items() if mine[0].question.treated}
    groups = Counter(
        ("release and uptake" if id in treated and _of_vesicles(table, id) else kinds[id], found)
        for id, found in table.verdicts.items()
    )
    names = sorted({name for name, _ in groups})
    cells = [
        [name, *(str(groups[name, word]) for word in ("agrees", "disagrees", "no change"))] for name in names
    ]
    total = [str(table.counts[word]) for word in ("agrees", "disagrees", "no change")]
    number = len(table.verdicts)
    likely = chance(table.counts["agrees"], number)
    told = (
        f"{total[0]} of {number} rows agree. If each agreed with probability {SHARE:.4f}, so many or more "
        f"would with probability {likely:.1e}; below {LEVEL:g} the table passes: it "
        f"**{'passes' if table.passes else 'fails'}**."
    )
    return "\n\n".join(
        [markdown(["cells", "agree", "disagree", "do not move"], [*cells, ["all", *total]]), told]
    )


def _of_vesicles(table: Directions, id: str) -> bool:
    readout = table.rows[id][0].question.readout
    return readout is not None and readout.dish == "vesicles"


def above(emergent: Sequence[Answer]) -> str:
    """How many of the effects that were asked at the dose of tissue are above noise there."""
    asked = [answer for answer in emergent if answer.at_tissue_dose]
    return f"{sum(answer.at_tissue_dose == 'above noise' for answer in asked)} of {len(asked)} effects"


def short(table: Directions) -> str:
    """How many of the rows that count rest on a single arrow, the least that is asked."""
    counted = [[a.question.chain for a in table.rows[id] if a.question.counted] for id in table.verdicts]
    single = sum(all(chain is not None and chain.depth == 1 for chain in chains) for chains in counted)
    told = "rows that count rest on one arrow for each effect, the others on more."
    return f"{single} of the {len(counted)} {told}"


def once(table: Directions) -> str:
    """The test with rows whose dishes gave the same numbers, no tosses of their own, counted once."""
    alike = {
        frozenset((a.assay, a.expected * a.question.readout.sense) for a in mine if a.question.readout): id
        for id in table.verdicts
        if (mine := [a for a in table.rows[id] if a.question.counted])
    }
    agree = sum(table.verdicts[id] == "agrees" for id in alike.values())
    return (
        f"Rows whose dishes gave the very same numbers are one test. Counted once, {agree} of {len(alike)} "
        f"agree, with probability {chance(agree, len(alike)):.1e}."
    )


def at_most(made: Sequence[Directions]) -> str:
    """The controls with all rows that do not move on the side of those that agree."""
    counts = [(found.counts["agrees"] + found.counts["no change"], len(found.verdicts)) for found in made]
    if not counts:
        return ""
    most, rows = max(counts)
    passing = sum(chance(*each) < LEVEL for each in counts)
    return (
        f"If all of these agreed, {most} rows at most would (probability {chance(most, rows):.2g}), and "
        f"{passing} of {len(made)} tables would pass."
    )


def controls(made: Sequence[Directions]) -> str:
    """Each shuffled table with its counts."""
    lines = [
        [
            str(i),
            *(str(found.counts[word]) for word in ("agrees", "disagrees", "no change")),
            f"{chance(found.counts['agrees'], len(found.verdicts)):.2g}",
            "passes" if found.passes else "fails",
        ]
        for i, found in enumerate(made, 1)
    ]
    return markdown(["control", "agree", "disagree", "do not move", "probability", ""], lines)


def rows(answers: Iterable[Answer]) -> str:
    """Effects with what was published, what came, and the chain."""
    lines = [
        [
            f"`{a.question.row.id}`",
            f"{', '.join(a.question.row.cargos) or a.question.row.stimulus or 'treatment'}",
            a.question.cell_type,
            a.question.effect,
            SIGNED[a.expected],
            f"{a.assay.without:.3g}, {a.assay.mean:+.2g} ({a.assay.low:+.2g} to {a.assay.high:+.2g})",
            a.at_tissue_dose or "–",
            f"{arrows(a.question)}",
        ]
        for a in answers
        if a.assay is not None
    ]
    head = ["row", "cargo", "in", "effect", "published", "without, and change", "at tissue dose", "chain"]
    return markdown(head, lines) if lines else "None."


def encoded(table: Directions) -> str:
    """Rows whose target is the readout, or of which no other paper was read."""
    lines = [
        [
            f"`{a.question.row.id}`",
            a.question.cell_type,
            a.question.effect,
            a.question.why_not.partition(": ")[2],
        ]
        for a in table.answers
        if column(a.question) == "encoded"
    ]
    return markdown(["row", "in", "effect", "why"], lines)


def left_out(table: Directions) -> str:
    """Why effects are not modelled, with the rows."""
    by_reason: dict[str, list[str]] = {}
    for answer in table.answers:
        if column(answer.question) == "not modelled":
            by_reason.setdefault(answer.question.why_not, []).append(answer.question.row.id)
    lines = [
        [reason, ", ".join(f"`{id}`" for id in dict.fromkeys(ids))]
        for reason, ids in sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
    total = [[reason, str(number)] for reason, number in reasons(table).most_common()]
    return "\n\n".join([markdown(["reason", "effects"], total), markdown(["reason", "rows"], lines)])


def contradicting(table: Directions) -> str:
    """The same cargo, recipient and effect with opposite signs: both sides, and what the dish says."""
    lines = []
    for (cargo, recipient, effect), (up, down) in contradictions(mechanisms()).items():
        sides = [", ".join(_said(table, row.id) for row in side) for side in (up, down)]
        lines.append([cargo, recipient, effect, *sides])
    return markdown(["cargo", "recipient", "effect", "raises", "lowers"], lines) if lines else "None."


def _said(table: Directions, id: str) -> str:
    return f"`{id}` {table.verdicts.get(id, 'not counted')}"


def markdown(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; bars in cells are escaped."""
    escaped = [[cell.replace("|", "\\|") for cell in line] for line in lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in [list(head), ["---"] * len(head), *escaped])


if __name__ == "__main__":
    main()
