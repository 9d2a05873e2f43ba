"""Controls: the table of pathways with the sign of each arrow drawn anew, by a fair coin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from exocosm.library.pathways import Pathway


def shuffled(table: Sequence[Pathway], seed: int) -> tuple[Pathway, ...]:
    """The table with random signs. Rows of one arrow keep to one sign, whatever cell type they speak of."""
    pairs = sorted({(row.node, row.acts_on) for row in table})
    tosses = np.random.default_rng(seed).integers(0, 2, len(pairs))
    signs = {pair: 1 if toss else -1 for pair, toss in zip(pairs, tosses, strict=True)}
    return tuple(replace(row, sign=signs[row.node, row.acts_on]) for row in table)
