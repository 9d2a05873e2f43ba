"""What arrives at each recipient, beside what could arrive at most and what an assay gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from exocosm.view.columns import Column
from exocosm.view.conditions import Condition, common_hour, known_columns


@dataclass(frozen=True)
class Delivery:
    """Copies of one cargo per cell of one type and day: `values` of each seed for each condition.

    `ceiling` (copies per cell and day) for each condition: all that was released shared among these cells.
    `assay` (copies per cell and day): the dose at which an effect was measured, or None.
    """

    cargo: str
    cell: str
    values: tuple[tuple[float, ...], ...]
    ceiling: tuple[float, ...]
    assay: float | None


def deliveries(conditions: list[Condition]) -> list[Delivery]:
    """A row for each recipient and cargo, by recipient; rows with nothing at all are left out."""
    arms = [arm for c in conditions for arm in c.arms]
    hour, columns = common_hour(arms), known_columns(arms)
    rates = [c for c in columns if c.kind == "cargo" and c.what == "per_cell_per_day"]
    cells = list(dict.fromkeys(c.cell for c in rates))
    rows = [_delivery(c, conditions, hour) for cell in cells for c in rates if c.cell == cell]
    return [row for row in rows if any(v > 0 for seeds in row.values for v in seeds) or any(row.ceiling)]


def _delivery(column: Column, conditions: list[Condition], hour: float) -> Delivery:
    last = [list(condition.rows(hour).values()) for condition in conditions]
    beside = f"cargo.{column.name}.{{}}.{column.cell}"
    ceilings = [_mean([_of(row, beside.format("ceiling_per_cell_per_day")) for row in rows]) for rows in last]
    doses = [_of(row, beside.format("assay_per_cell")) for rows in last for row in rows]
    return Delivery(
        column.name,
        column.cell,
        tuple(tuple(_of(row, column.key) for row in rows) for rows in last),
        tuple(ceilings),
        next((dose for dose in doses if dose > 0), None),
    )


def _of(row: Any, key: str) -> float:
    value = float(row.get(key, 0.0))
    return value if value == value else 0.0


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
