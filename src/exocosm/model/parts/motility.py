"""How cells move on their own: speed, persistence, and what draws or drives them."""

from __future__ import annotations

from exocosm.model.part import FrozenDict, Named, Part
from exocosm.model.quantity import Fraction, Sensitivity, Speed, Time, zero


class Motility(Part):
    """Migration at `speed` (µm/min) in a direction that a cell keeps for `persistence_time` (min) on average.

    A new direction is that of bias * e + (1 - bias) * u, with a random unit vector u: `bias` is 0 for a
    random walk, 1 for the way of chemotaxis. e is the direction of the sum over fields (substrates and
    vesicle populations) of their sensitivity in `chemotaxis` times the unit vector up their gradient;
    a negative sensitivity leads away. Law: PhysiCell, 10.1371/journal.pcbi.1005991.
    """

    speed: Speed
    persistence_time: Time
    bias: Fraction = zero("")
    chemotaxis: Named[Sensitivity] = FrozenDict()
