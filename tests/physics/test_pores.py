"""Hindrance in pores: its ends, its agreement with Renkin's for narrow particles, and Fick's law."""

import itertools
import math

import pytest

from exocosm.physics.pores import membrane_permeability, pore_hindrance, renkin_hindrance


def test_hindrance_falls_from_one_to_zero_and_equals_renkins_for_narrow_particles():
    ratios = [i / 100 for i in range(101)]
    values = [pore_hindrance(ratio) for ratio in ratios]
    assert (values[0], pore_hindrance(1.2)) == (1.0, 0.0)
    assert values[-1] == pytest.approx(0.0, abs=1e-5)
    assert all(low < high for high, low in itertools.pairwise(values[:96]))  # as far as it is fitted
    assert pore_hindrance(0.4) == pytest.approx(renkin_hindrance(0.4), rel=0.1)
    assert pore_hindrance(0.2) == pytest.approx(renkin_hindrance(0.2), rel=0.07)


def test_permeability_of_a_membrane_is_ficks_law_in_each_pore():
    free = membrane_permeability(400.0, 0.0, 0.4, 1.0, 10.0)
    assert free == pytest.approx(math.pi * 0.04 * 400.0 / 10.0)
    assert membrane_permeability(400.0, 0.1, 0.4, 1.0, 10.0) == pytest.approx(free * pore_hindrance(0.25))
    assert membrane_permeability(400.0, 0.5, 0.4, 1.0, 10.0) == 0.0
    with pytest.raises(ValueError, match="pores cannot fill"):
        membrane_permeability(400.0, 0.1, 2.0, 1.0, 10.0)
