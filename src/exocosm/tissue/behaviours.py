"""The numbers of cells that rules may drive: by type where no rule speaks, by cell where one does.

A behaviour has one canonical name (a word of the grammar). Those that some rule drives have a column in the
cells, `behaviour`, which `Rules` fills; it holds the base value of a cell whose type has no such rule. Of a
dead cell it holds the last value of its life, unless a rule of its type applies to dead cells.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.cells import LIVE, UNDRIVEN, Cells


class Behaviours:
    """The behaviours that rules drive, in the order of the columns of `behaviour`.

    `in_dead` [type, behaviour] says where a rule applies to dead cells too.
    """

    def __init__(self, driven: tuple[str, ...] = (), in_dead: NDArray[np.bool_] | None = None) -> None:
        self.driven, self.in_dead = driven, in_dead
        self._columns = {name: i for i, name in enumerate(driven)}

    def column(self, name: str) -> int:
        """Column of a behaviour, or UNDRIVEN."""
        return self._columns.get(name, UNDRIVEN)

    def of(self, cells: Cells, name: str, by_type: NDArray[Any]) -> NDArray[np.float64]:
        """Present value of a behaviour in each cell, (n,); `by_type` holds the base values."""
        column = self.column(name)
        if column == UNDRIVEN:
            return np.asarray(by_type[cells.view("type")], float)
        return np.asarray(cells.view("behaviour")[:, column])

    def of_active(self, cells: Cells, name: str, by_type: NDArray[Any]) -> NDArray[np.float64]:
        """The same for what only live cells do: 0 in a dead cell, unless a rule of it applies to the dead."""
        active, column = cells.view("life") == LIVE, self.column(name)
        if column != UNDRIVEN and self.in_dead is not None:
            active = active | self.in_dead[cells.view("type"), column]
        return np.where(active, self.of(cells, name, by_type), 0.0)


NO_RULES = Behaviours()
