"""`exocosm atlas`: what is known of who sends what to whom, found, told, drawn and written out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exocosm.cli.asked import check_figure
from exocosm.cli.telling import stop

if TYPE_CHECKING:
    from exocosm.library import Atlas, Mechanism

MOST_TOLD = 60
"""Rows that are listed; of more, the command tells what they are about."""

MOST_NUMBERS = 8
"""Numbers that are told beside the mechanisms; of more, how many there are."""


def atlas(
    id: Annotated[str | None, typer.Argument(metavar="[ID]", help="A mechanism, such as imm-IM030.")] = None,
    cargo: Annotated[str | None, typer.Option(metavar="NAME", help="What is carried: miR-21-5p.")] = None,
    sender: Annotated[str | None, typer.Option(metavar="CELL", help="Who sends it: HCC.")] = None,
    recipient: Annotated[str | None, typer.Option(metavar="CELL", help="Who takes it up: Kupffer.")] = None,
    process: Annotated[str | None, typer.Option(metavar="NAME", help="Of what it is part: invasion.")] = None,
    effect: Annotated[
        str | None, typer.Option(metavar="NAME", help="What it does: PD-L1 expression.")
    ] = None,
    target: Annotated[str | None, typer.Option(metavar="GENE", help="On what it acts: PTEN.")] = None,
    scenario: Annotated[str | None, typer.Option(help="Only those that its rules stand for.")] = None,
    figure: Annotated[Path | None, typer.Option(help="Draw the network: .svg, .pdf or .png.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write one HTML page of them.")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write their rows as a table.")] = None,
    graphml: Annotated[Path | None, typer.Option(help="Write their graph for Cytoscape.")] = None,
    numbers: Annotated[
        Path | None, typer.Option(help="Write what was measured of what is asked for, as a table.")
    ] = None,
) -> None:
    """Search what is known of vesicles in liver cancer, and show, draw or export it."""
    from exocosm import library

    words = {
        "cargo": cargo,
        "sender": sender,
        "recipient": recipient,
        "process": process,
        "effect": effect,
        "target": target,
    }
    asked = {field: word for field, word in words.items() if word is not None}
    check_figure(figure)
    if id is not None and (asked or scenario):
        stop(f"give either an id or a search, not both: {id}, --{next(iter([*asked, 'scenario']))}", 2)
    try:
        found = library.atlas(**words) if id is None else library.Atlas((library.mechanism(id),), {})
    except library.EvidenceError as error:
        stop(str(error), 2)
    if scenario is not None:
        found = _within(found, scenario)
    if scenario is not None and not asked and not found.rows:
        typer.echo(f"the rules of {scenario} cite no mechanism")
    else:
        _tell(found, asked, one=id is not None)
    if numbers and not found.numbers:
        options = "--cargo, --sender, --recipient, --effect or --target"
        stop(f"nothing was written: --numbers wants a search by {options} that finds a number", 2)
    _write(found, scenario or _title(id, found), figure, report, csv, graphml)
    if numbers:
        _write_numbers(found, numbers)


def _within(found: Atlas, scenario: str) -> Atlas:
    """Those of the mechanisms that the rules of a scenario stand for."""
    from exocosm.library import Atlas
    from exocosm.model import load
    from exocosm.view.model_mechanisms import mechanisms_of

    cited = mechanisms_of(load(scenario)).rows
    return Atlas(tuple(row for row in found.rows if row in cited), found.meant)


def _tell(found: Atlas, asked: dict[str, str], *, one: bool) -> None:
    for line in taken_to_mean(found, asked):
        typer.echo(line)
    if one:
        typer.echo("\n".join(chain(found.rows[0])))
    elif len(found.rows) > MOST_TOLD:
        typer.echo("\n".join(overview(found)))
    else:
        _list(found)
    for line in (*opposed(found), *measured(found)):
        typer.echo(line)


def taken_to_mean(found: Atlas, asked: dict[str, str]) -> list[str]:
    """Words that were taken for another name, or found more than themselves."""
    from exocosm.library.terms import plain, spoken

    lines = []
    for field, names in found.meant.items():
        word, told = asked[field], [spoken(name) if field == "process" else name for name in names]
        also = f", with {', '.join(told[1:])}" if told[1:] else ""
        if also or plain(word) != plain(told[0]):
            lines.append(
                f"{field}: {told[0]}{also}" + ("" if plain(word) == plain(told[0]) else f" (asked: {word})")
            )
    return lines


def chain(row: Mechanism) -> list[str]:
    """A mechanism from sender to effect, with its evidence, line by line."""
    from exocosm.library import grade, measured_of
    from exocosm.library.grades import points
    from exocosm.library.terms import spoken

    why = ", ".join(f"{what} {count}" for what, count in points(row).items())
    retracted = "  RETRACTED: shown so that nobody adds it again; it has no effect" if row.retracted else ""
    pairs = [
        ("process", spoken(row.process)),
        ("under", row.stimulus),
        ("through", row.through),
        ("route", f"{row.route} (the source says: {row.as_read['carrier'] or 'nothing'})"),
        ("system", row.system),
        ("grade", f"{grade(row)} ({why})"),
        ("source", ", ".join(part for part in (row.author_year, row.source, row.where) if part)),
        ("read", f"{row.read}, {row.status}{retracted}"),
        ("note", row.note),
    ]
    pairs += [("number", number.told()) for number in measured_of(row.id)]
    if row.effect_size is not None:
        pairs.append(("number", f"{row.effect_size:g} {row.effect_unit}"))
    pairs += [(f"{what} as read", text) for what, text in row.as_read.items() if text]
    return [f"{row.id}  {row.chain()}", *(f"  {what:<19}{text}" for what, text in pairs if text)]


def overview(found: Atlas) -> list[str]:
    """What many mechanisms are about: how many there are of each process, with their most frequent cargos."""
    from collections import Counter, defaultdict

    from exocosm.library.terms import spoken

    cargos: dict[str, Counter[str]] = defaultdict(Counter)
    count = Counter(row.process for row in found.rows)
    for row in found.rows:
        cargos[row.process].update(row.cargos)
    lines = [_counted(found)]
    for process, rows in count.most_common():
        top = ", ".join(name for name, _ in cargos[process].most_common(4))
        lines.append(f"  {rows:>4}  {spoken(process):<26}{top or 'no cargo named'}")
    return [*lines, "narrow it with --cargo, --sender, --recipient, --process, --effect or --target"]


def opposed(found: Atlas) -> list[str]:
    """Rows that say opposite things, side by side."""
    lines = []
    for (cargo, recipient, effect), (raise_it, lower_it) in found.contradictions.items():
        lines.append(f"opposed  {cargo} -> {recipient}: {effect}")
        for words, side in (("raises", raise_it), ("lowers", lower_it)):
            told = "; ".join(f"{row.id} ({row.author_year or row.source})" for row in side)
            lines.append(f"         {words} it: {told}")
    return lines


def measured(found: Atlas) -> list[str]:
    """The nearest of the numbers that were measured of what is asked for, with their sources."""
    told = found.numbers[:MOST_NUMBERS]
    lines = [f"Measured: {len(found.numbers)} number{'s' * (len(found.numbers) != 1)}"] if told else []
    for row in told:
        source = " · ".join(part for part in (row.system, row.author_year or row.source, row.read) if part)
        lines += [f"  {row.id:<16}{row.told()}", f"{'':<18}{source}"]
    if len(found.numbers) > len(told):
        lines.append(f"  {len(found.numbers) - len(told)} more; --numbers FILE.csv writes all")
    return lines


def _list(found: Atlas) -> None:
    """The mechanisms, two lines each, or that there is none."""
    for row in found.rows:
        typer.echo("\n".join(in_two_lines(row)))
    typer.echo(_counted(found))


def in_two_lines(row: Mechanism) -> tuple[str, str]:
    """The chain of a mechanism with what it does, and below it the evidence."""
    from exocosm.library import grade

    sender, cargo, recipient = (" + ".join(part) or "?" for part in (row.senders, row.cargos, row.recipients))
    through = f" ({row.through})" if row.through else ""
    under = f", under {row.stimulus}" if row.stimulus else ""
    what = f"{sender} → {cargo} → {recipient}: {row.effects_told}{through}{under}"
    told = [row.route, row.author_year or row.source, row.read]
    told += [] if row.status == "ok" else [row.status.upper()]
    return f"{row.id:<15}{grade(row)}  {what}", f"{'':<18}{' · '.join(told)}"


def _counted(found: Atlas) -> str:
    if not found.rows:
        return "no mechanism has all of that; leave a word out to find more"
    retracted = len(found.rows) - len(found.standing)
    inert = f", {retracted} of them retracted and inert" if retracted else ""
    return f"{found.counted}{inert}"


def _title(id: str | None, found: Atlas) -> str:
    from exocosm.library.terms import spoken

    named = (spoken(names[0]) if field == "process" else names[0] for field, names in found.meant.items())
    return id or " · ".join(named)


def _write(
    found: Atlas,
    title: str,
    figure: Path | None,
    report: Path | None,
    table: Path | None,
    graphml: Path | None,
) -> None:
    """The files that were asked for, each whole or not at all."""
    if not (figure or report or table or graphml):
        return
    from exocosm.library import as_csv, as_graphml
    from exocosm.results.durable import write_text
    from exocosm.view import write_atlas, write_atlas_figure

    if not found.rows:
        stop("nothing was written: there is no mechanism to write", 2)
    if figure:
        typer.echo(f"figure   {write_atlas_figure(found, figure, title)}")
    if report:
        typer.echo(f"report   {write_atlas(found, report, title)}")
    if table:
        write_text(table, as_csv(found.rows))
        typer.echo(f"csv      {table}")
    if graphml:
        write_text(graphml, as_graphml(found.rows))
        typer.echo(f"graphml  {graphml}")


def _write_numbers(found: Atlas, table: Path) -> None:
    """The table of numbers that was asked for, whole or not at all."""
    from exocosm.library import numbers_as_csv
    from exocosm.results.durable import write_text

    write_text(table, numbers_as_csv(found.numbers))
    typer.echo(f"numbers  {table}")
