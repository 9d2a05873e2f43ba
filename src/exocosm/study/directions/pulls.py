"""What a cargo does to its molecular target, from what kind of molecule it is.

A microRNA lowers the gene that it targets, and a long RNA that takes a microRNA away raises it: that is
what these words mean. For all else the row says what the cargo does to the target (`target_action`). A
cargo whose target is not named stands for itself: what it does is then up to the table of pathways.
"""

from __future__ import annotations

from exocosm.library.mechanisms import SIGNS, Mechanism
from exocosm.library.terms import terms

Pull = tuple[str, int]
"""A node, and whether it is raised (+1) or lowered (-1)."""

SPONGES = ("circRNA", "lncRNA")
NO_CARGO = "treatment"
"""What stands for the cargo where a row speaks of a treatment of the cell and of no vesicle."""


def cargo_kind(row: Mechanism) -> str:
    """The kind of the row's cargo; empty where it has none."""
    known = terms("cargos")
    kinds = [known[name].kind for name in row.cargos if name in known]
    return kinds[0] if kinds else ""


def treated(row: Mechanism) -> bool:
    """Whether the row tells of a treatment of a cell that makes or takes up vesicles, not of a delivery."""
    return not row.cargos or (not row.recipients and row.process in ("biogenesis", "hypoxia", "uptake"))


def dissolved(row: Mechanism) -> bool:
    """Whether no vesicle carries the cargo: cells meet it in the medium."""
    return not row.carried


def pulls(row: Mechanism) -> tuple[Pull, ...]:
    """What more of the cargo, or the treatment, does to which nodes; empty where the row leaves it open."""
    if treated(row):
        if row.targets and row.target_action:
            return tuple((target, SIGNS[row.target_action]) for target in row.targets)
        return ((row.stimulus, 1),) if row.stimulus else ()
    found = [(target, sign) for target in row.targets if (sign := _sign(row, target))]
    return tuple(found) or tuple((cargo, 1) for cargo in row.cargos)


def _sign(row: Mechanism, target: str) -> int:
    kind = cargo_kind(row)
    gene = target in terms("targets") and terms("targets")[target].kind == "gene"
    if kind == "miRNA" and gene:
        return -1
    if kind in SPONGES and row.via.startswith("miR") and gene:
        return 1
    return row.target_sign
