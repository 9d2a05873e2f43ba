"""The numbers of cells that rules may drive: by type where no rule speaks, by cell where one does.

A behaviour has one canonical name (a word of the grammar). Those that some rule drives have a column in the
cells, `behaviour`, which `Rules` fills; it holds the base value of a cell whose type has no such rule.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.cells import Cells

UNDRIVEN = -1


class Behaviours:
    """The behaviours that rules drive, in the order of the columns of `behaviour`."""

    def __init__(self, driven: tuple[str, ...] = ()) -> None:
        self.driven = driven
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


NO_RULES = Behaviours()
