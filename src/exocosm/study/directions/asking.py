"""From rows to questions: what can be asked of a dish, what is encoded, and what cannot be modelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exocosm.library.mechanisms import Mechanism
from exocosm.library.pathways import ANY, Pathway, Readout, readout_of
from exocosm.library.terms import terms
from exocosm.study.directions.chains import Chain, chain
from exocosm.study.directions.dishes import common
from exocosm.study.directions.pulls import Pull, cargo_kind, dissolved, pulls, treated

ENCODED = "encoded: the target is the readout"
SAME_SOURCE = "encoded: the only pathway is from the row's own paper"
ASSUMED = "the pathway leans on a sign for which no source was read"


@dataclass(frozen=True)
class Question:
    """One effect of one row in one kind of cell. `why_not` is empty where it can be run.

    A question with a `chain` and a `why_not` is run for the eye and not counted.
    """

    row: Mechanism
    effect: str
    cell_type: str
    pulls: tuple[Pull, ...]
    readout: Readout | None
    chain: Chain | None
    kind: str
    treated: bool
    why_not: str

    @property
    def counted(self) -> bool:
        """Whether its verdict counts."""
        return not self.why_not


def questions(
    rows: Sequence[Mechanism], table: Sequence[Pathway], readouts: Sequence[Readout]
) -> tuple[Question, ...]:
    """All questions of the rows, in their order; rows that were not found good are left out."""
    return tuple(
        _question(row, effect, cell_type, table, readouts)
        for row in rows
        if row.status == "ok"
        for cell_type in _cell_types(row)
        for effect in row.effects or ("",)
    )


def _cell_types(row: Mechanism) -> tuple[str, ...]:
    """Kinds of cells that the row speaks of: recipients, or the senders of a treatment."""
    known = terms("cells")
    names = row.recipients or row.senders
    types = [known[name].cell_type or name if name in known else name for name in names]
    stands = common()["stands_for"]
    return tuple(dict.fromkeys(stands.get(kind, kind) for kind in types)) or (ANY,)


def _question(
    row: Mechanism, effect: str, cell_type: str, table: Sequence[Pathway], readouts: Sequence[Readout]
) -> Question:
    pulled = pulls(row)
    readout = readout_of(effect, cell_type, readouts)
    why_not, found = _judged(row, effect, cell_type, pulled, readout, table)
    return Question(
        row,
        effect,
        cell_type,
        pulled,
        readout,
        found,
        cargo_kind(row),
        treated(row) or dissolved(row),
        why_not,
    )


def _judged(
    row: Mechanism,
    effect: str,
    cell_type: str,
    pulled: tuple[Pull, ...],
    readout: Readout | None,
    table: Sequence[Pathway],
) -> tuple[str, Chain | None]:
    """Why a question does not count (empty if it does), and the chain to run."""
    if why := _out_of_reach(row):
        return why, None
    if readout is None:
        return f"no dish reads {effect!r} in {cell_type}", None
    if not pulled:
        return "the row names neither a target nor a cargo", None
    roots = {node for node, _ in pulled}
    if roots & set(readout.through):
        return ENCODED, None
    found = chain(roots, readout.through, cell_type, row.source, table)
    if found is None:
        if own := chain(roots, readout.through, cell_type, "", table):
            return SAME_SOURCE, own
        return f"no pathway was read from {', '.join(sorted(roots))} to {effect}", None
    return (ASSUMED if found.assumed else ""), found


def _out_of_reach(row: Mechanism) -> str:
    """Categories of rows that no dish stands for."""
    if row.process == "therapy":
        return "therapy or an engineered carrier"
    if row.process in ("clearance", "transport"):
        return "the whole body is not in a dish"
    if row.cargos == ("whole vesicle",) and not row.targets:
        return "whole vesicles, no cargo named"
    return ""
