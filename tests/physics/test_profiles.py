"""Exact profiles satisfy the equations they claim to solve."""

import numpy as np
import pytest
from scipy.integrate import quad

from exocosm.physics import profiles

D, LOSS, HELD = 2000.0, 0.3, 38.0


def laplacian(c, x, power, h=1e-2):
    """c'' + power/x c' by central differences: power 0 for a plane, 2 for a sphere."""
    second = (c(x + h) - 2 * c(x) + c(x - h)) / h**2
    return second + power / x * (c(x + h) - c(x - h)) / (2 * h)


def test_kroghs_cylinder_balances_use_and_lets_nothing_out():
    use, radius, tissue, blood, permeability = 500.0, 4.0, 60.0, 65.0, 1e5
    wall = profiles.krogh_wall(radius, tissue, blood, permeability, use)

    def c(r):
        return profiles.krogh_cylinder(r, radius, tissue, wall, D, use)

    def slope(r, h=1e-4):
        return (c(r + h) - c(r - h)) / (2 * h)

    for r in (6.0, 20.0, 50.0):
        assert D * laplacian(c, r, 1) == pytest.approx(use, rel=1e-4)
    assert c(radius) == pytest.approx(wall)
    assert slope(tissue) == pytest.approx(0.0, abs=1e-6)
    through = 2 * np.pi * radius * permeability * (blood - wall)
    assert through == pytest.approx(np.pi * (tissue**2 - radius**2) * use)
    assert -2 * np.pi * radius * D * slope(radius) == pytest.approx(through, rel=1e-6)


@pytest.mark.parametrize(
    ("profile", "power"),
    [
        (lambda x: profiles.half_space(x, HELD, D, LOSS), 0),
        (lambda x: profiles.slab(x, 200.0, HELD, D, LOSS), 0),
        (lambda x: profiles.point_source(x, 5e6, D, LOSS), 2),
        (lambda x: profiles.sphere(x, 250.0, HELD, D, LOSS), 2),
    ],
)
def test_steady_profiles_balance_diffusion_and_loss(profile, power):
    for x in (15.0, 60.0, 150.0):
        assert D * laplacian(profile, x, power) == pytest.approx(LOSS * profile(x), rel=1e-4)


def test_faces_are_held_and_closed():
    assert profiles.slab(0.0, 200.0, HELD, D, LOSS) == pytest.approx(HELD)
    ends = profiles.slab(np.array([199.9999, 200.0]), 200.0, HELD, D, LOSS)
    assert abs(ends[1] - ends[0]) < 1e-9
    assert profiles.slab(5e3, 1e5, HELD, D, LOSS) == pytest.approx(profiles.half_space(5e3, HELD, D, LOSS))
    assert profiles.sphere(250.0, 250.0, HELD, D, LOSS) == pytest.approx(HELD)
    assert profiles.slab_constant_use(100.0, 100.0, HELD, D, 2.0) == pytest.approx(38.0 - 2.0 * 1e4 / (2 * D))


@pytest.mark.parametrize("radius", [0.5, 50.0, 1000.0])
def test_effectiveness_is_the_mean_concentration_in_the_sphere(radius):
    mean = quad(lambda r: 3 * r**2 / radius**3 * profiles.sphere(r, radius, 1.0, D, LOSS), 0, radius)[0]
    assert profiles.thiele_effectiveness(radius, D, LOSS) == pytest.approx(mean, rel=1e-7)


def test_a_pulse_keeps_its_amount_but_for_the_loss():
    def shell(r):
        return 4 * np.pi * r**2 * profiles.instantaneous_point_source(r, 2.0, 7.0, D, LOSS)

    assert quad(shell, 0, 2000, limit=200)[0] == pytest.approx(7.0 * np.exp(-LOSS * 2.0), rel=1e-8)


def test_pulses_over_all_past_make_the_steady_point_source():
    r = 40.0

    def pulse(log_t):
        t = np.exp(log_t)
        return t * profiles.instantaneous_point_source(r, t, 1e6, D, LOSS)

    total = quad(pulse, np.log(1e-3), np.log(100.0), limit=400)[0]
    assert total == pytest.approx(profiles.point_source(r, 1e6, D, LOSS), rel=1e-6)


def test_anoxic_centre_solves_its_cubic():
    radius, use = 400.0, 4.0
    n = profiles.hypoxic_sphere(radius, HELD, D, use)
    assert 0 < n < radius
    assert use / (6 * D) * (radius**2 + 2 * n**3 / radius - 3 * n**2) == pytest.approx(HELD, rel=1e-12)
    assert profiles.hypoxic_sphere(50.0, HELD, D, use) == 0.0


def test_cosine_modes_fade_at_their_rate():
    k = np.pi / 100
    assert profiles.cosine_mode_rate((k, 2 * k), D, LOSS) == pytest.approx(D * 5 * k**2 + LOSS)
