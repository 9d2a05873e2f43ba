"""The command `exocosm vesicles from`: a vesicle population out of a user's own tables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from exocosm.cli.options import Seed

if TYPE_CHECKING:
    from exocosm.assay import MeasuredPopulation

vesicles = typer.Typer(help="Describe vesicles of your own.", no_args_is_help=True, add_completion=False)
COPIES = re.compile(
    r"(?P<name>[^=\s]+)\s*=\s*(?P<value>[\d.eE+-]+)\s*(?:\[\s*(?P<low>[\d.eE+-]+)\s*,\s*(?P<high>[\d.eE+-]+)\s*\])?"
)
WANTED = "NAME=VALUE or 'NAME=VALUE [LOW, HIGH]', such as 'miR-21-5p=0.008 [0.001, 0.05]'"


@vesicles.callback()
def _group() -> None:
    """Describe vesicles of your own."""


@vesicles.command(name="from")
def from_table(
    table: Annotated[
        Path, typer.Argument(metavar="TABLE", help="Sizes: NanoSight, ZetaView, Izon, two columns.")
    ],
    cargo_table: Annotated[
        Path | None, typer.Option(metavar="TABLE", help="Amounts of cargo: qPCR, proteomics, small RNA.")
    ] = None,
    name: Annotated[str, typer.Option(help="What the population is called.")] = "mine",
    origin: Annotated[str, typer.Option(help="The cells that made them, in words.")] = "my cells",
    route: Annotated[str, typer.Option(help="exosome, ectosome or small EV.")] = "small EV",
    copies: Annotated[
        list[str], typer.Option(metavar="NAME=VALUE", help="Copies per particle by hand. Repeatable.")
    ] = [],  # noqa: B006 - Typer reads it, nothing writes it
    particles: Annotated[
        str | None, typer.Option(metavar="CONCENTRATION", help='Of the sample, like "2e10 particle/mL".')
    ] = None,
    protein: Annotated[
        str | None, typer.Option(metavar="CONCENTRATION", help='Of the sample, like "120 ug/mL".')
    ] = None,
    dilution: Annotated[float | None, typer.Option(help="From the sample to what was measured.")] = None,
    detects_from: Annotated[
        str | None, typer.Option(metavar="LENGTH", help='Detection limit, like "60 nm".')
    ] = None,
    seed: Seed = 1,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the YAML there.")] = None,
) -> None:
    """Make a vesicle population with uncertainty from an export of sizes and a table of cargo."""
    from exocosm.assay import vesicle_population

    found = vesicle_population(
        table,
        name=name,
        origin=origin,
        route=route,
        cargo_table=cargo_table,
        copies=dict(_copies(text) for text in copies),
        particles_per_mL=_amount(particles, "particles", r"particles?/m[lL]", "2e10 particle/mL"),
        protein_ug_per_mL=_amount(protein, "protein", r"[uµμ]g/m[lL]", "120 ug/mL"),
        dilution=dilution,
        detects_from=_amount(detects_from, "detects-from", "nm", "60 nm"),
        seed=seed,
    )
    if out is None:
        typer.echo(found.fragment, nl=False)
        return
    from exocosm.results.durable import write_text

    write_text(out, found.fragment)
    _tell(found)
    typer.echo(f"file    {out}")


def _tell(found: MeasuredPopulation) -> None:
    """Sizes and copies with their intervals, and what must be known to trust them."""
    fit, low_high = found.fit, "{:.3g} to {:.3g}"
    typer.echo(f"median  {fit.median:.4g} nm ({low_high.format(*fit.interval('medians'))})")
    typer.echo(f"spread  {fit.geometric_sd:.4g} ({low_high.format(*fit.interval('spreads'))})")
    if found.particles is not None:
        typer.echo(f"sample  {found.particles[0]:.3g} particles/mL ({low_high.format(*found.particles[1:])})")
    for cargo in found.cargos:
        interval = low_high.format(cargo.low, cargo.high)
        typer.echo(f"copies  {cargo.cargo}: {cargo.copies:.3g} per particle ({interval})")
    for note in found.notes:
        typer.echo(f"note    {note}")


def _copies(text: str) -> tuple[str, list[float]]:
    """Name and copies per particle of an option. Raises ModelError."""
    from exocosm.ground.errors import ModelError

    found = COPIES.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        numbers = [float(found[key]) for key in ("value", "low", "high") if found[key] is not None]
    except ValueError:
        raise ModelError(
            "this is not copies per particle",
            file="vesicles from",
            place="--copies",
            found=text,
            wanted=WANTED,
        ) from None
    return found["name"], numbers


def _amount(text: str | None, option: str, unit: str, example: str) -> float | None:
    """The number of an option with its unit. Raises ModelError."""
    from exocosm.ground.errors import ModelError

    if text is None:
        return None
    found = re.fullmatch(rf"\s*([\d.]+(?:[eE][+-]?\d+)?)\s*{unit}\s*", text)
    try:
        return float(found[1] if found else "")
    except ValueError:
        wanted = f"a number with its unit, such as '{example}'"
        raise ModelError(
            "this has no such unit", file="vesicles from", place=f"--{option}", found=text, wanted=wanted
        ) from None
