"""What a dose reads of a model: each number with its draws, and what rules make of it at the start."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.model import Model
from exocosm.study.delivery.sampled import Inputs
from exocosm.study.delivery.setting import Setting

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Reading:
    """A setting with the inputs read so far; `notes` says what rules make of which number."""

    setting: Setting
    inputs: Inputs
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def model(self) -> Model:
        """The model that is read."""
        return self.setting.model

    def of(self, path: str, quantity: Any) -> Array:
        """Draws (n + 1,) of a quantity, zeros for one that is not there."""
        return self.inputs.of(path, quantity)

    def now(self, path: str, quantity: Any, kind: str, behaviour: str) -> Array:
        """The same, times what rules make of it in the cells of a type at the start, on average.

        A number that is 0 and driven by a rule has the value that the rule gives it.
        """
        draws = self.of(path, quantity)
        present = self.setting.driven(kind, behaviour)
        if present is None or quantity is None or abs(present - float(quantity)) <= 1e-12 * abs(present):
            return draws
        base = float(quantity)
        self.notes[path] = (
            f"rules take {behaviour} of {kind} cells from {base:.3g} to {present:.3g} {quantity.unit}"
        )
        return draws * (present / base) if base > 0.0 else np.full_like(draws, present)
