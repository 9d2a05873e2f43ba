"""What the phenotype reads and writes of each cell, gathered from its columns into few arrays.

Compiled code takes long to build and to call with dozens of arrays; these two tables hold all. The first
four numbers are indexed like the rates of the volume model. The last ones live for one step only.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exocosm.tissue.cells import Cells

FLUID, CYTOPLASMIC, NUCLEAR, CALCIFICATION, TARGET, RUPTURE, PROGRESS, THRESHOLD, LIVED, BORN = range(10)
TYPE, LIFE, PHASE, ENTRIES, ENTERING, OUTCOME = range(6)
NUMBERS = (
    "fluid",
    "cytoplasmic_solid",
    "nuclear_solid",
    "calcified_fraction",
    "target_solid",
    "rupture_volume",
    "phase_progress",
    "phase_threshold",
)
MARKS = ("type", "life", "phase")


class Rows(NamedTuple):
    """`numbers` [cell, FLUID..BORN] and `marks` [cell, TYPE..OUTCOME], keys, signals and what rules drive.

    LIVED and BORN are minutes into the step, ENTRIES the phases entered in it, ENTERING whether the cell
    has just divided and must enter its next phase, OUTCOME what ended its last advance.
    """

    key: NDArray[np.uint64]
    numbers: NDArray[np.float64]
    marks: NDArray[np.int64]
    signals: NDArray[np.float64]
    behaviour: NDArray[np.float64]

    @classmethod
    def of(cls, cells: Cells, first: int = 0) -> Rows:
        """The cells from row `first` on, all at the start of a step."""
        n = cells.n - first
        numbers, marks = np.zeros((n, BORN + 1)), np.zeros((n, OUTCOME + 1), np.int64)
        for column, name in enumerate(NUMBERS):
            numbers[:, column] = cells.view(name)[first:]
        for column, name in enumerate(MARKS):
            marks[:, column] = cells.view(name)[first:]
        driven = cells.view("behaviour")[first:]
        return cls(cells.view("key")[first:], numbers, marks, cells.view("signals")[first:], driven)

    def write(self, cells: Cells, first: int = 0) -> None:
        """Put numbers and marks back into the columns of the cells from row `first` on."""
        for column, name in enumerate(NUMBERS):
            cells.view(name)[first:] = self.numbers[:, column]
        for column, name in enumerate(MARKS):
            cells.view(name)[first:] = self.marks[:, column]

    def after_division(self, cells: Cells, mothers: NDArray[np.int64]) -> Rows:
        """Rows of the cells with their daughters, which stand in the step where their mothers do."""
        rows, n = Rows.of(cells), len(self.key)
        rows.numbers[:n, LIVED:], rows.marks[:n, ENTRIES:] = self.numbers[:, LIVED:], self.marks[:, ENTRIES:]
        rows.numbers[n:, LIVED] = rows.numbers[n:, BORN] = self.numbers[mothers, LIVED]
        rows.marks[mothers, ENTERING] = rows.marks[n:, ENTERING] = 1
        rows.marks[mothers, OUTCOME] = 0
        return rows
