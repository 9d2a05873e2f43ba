"""Growth of cycles: closed forms of one and two phases, and laws against their integrals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exocosm.physics.cell_cycles import PhaseLaw, growth_rate, laplace, mean_length, phase_shares

TURN = np.array([[0.0, 1.0], [1.0, 0.0]])


@given(st.floats(1e-5, 1e-1))
def test_one_exponential_phase_grows_at_its_rate(rate):
    live = [PhaseLaw("exponential", rate=rate)]
    assert growth_rate(live, np.ones((1, 1)), [True]) == pytest.approx(rate, rel=1e-9)


@given(st.floats(1.0, 1e4))
def test_one_fixed_phase_doubles_in_its_length(length):
    fixed = [PhaseLaw("fixed", mean=length)]
    assert growth_rate(fixed, np.ones((1, 1)), [True]) == pytest.approx(math.log(2) / length, rel=1e-9)


@given(st.floats(1e-4, 1e-1), st.floats(1e-4, 1e-1))
def test_two_exponential_phases_have_the_root_of_a_quadratic(a, b):
    # x' = -a x + 2 b y, y' = a x - b y: eigenvalue of the matrix, and its vector
    rate = 0.5 * (-(a + b) + math.sqrt((a + b) ** 2 + 4 * a * b))
    laws = [PhaseLaw("exponential", rate=a), PhaseLaw("exponential", rate=b)]
    assert growth_rate(laws, TURN, [False, True]) == pytest.approx(rate, rel=1e-8)
    share = phase_shares(laws, TURN, [False, True])
    assert share[0] / share[1] == pytest.approx((rate + b) / a, rel=1e-7)


def test_the_share_of_ki67_positive_cells():
    # N' = 2 r N e^(-λd) - r N for negative cells, and λ (all cells) divisions: r N e^(-λd)
    rate, length = 1 / (4.59 * 60), 15.5 * 60
    laws = [PhaseLaw("exponential", rate=rate), PhaseLaw("fixed", mean=length)]
    growth = growth_rate(laws, TURN, [False, True])
    assert 2 * rate * math.exp(-growth * length) == pytest.approx(rate + growth, rel=1e-9)
    negative, positive = phase_shares(laws, TURN, [False, True])
    assert negative == pytest.approx(growth / rate * math.exp(growth * length), rel=1e-9)
    assert positive == pytest.approx(1 - negative)


def test_without_divisions_shares_follow_mean_lengths():
    laws = [PhaseLaw("exponential", rate=0.01), PhaseLaw("fixed", mean=300.0)]
    assert growth_rate(laws, TURN, [False, False]) == 0.0
    assert phase_shares(laws, TURN, [False, False]) == pytest.approx([0.25, 0.75])


def test_a_resting_phase_holds_its_share_of_a_growing_population():
    # 2 (1 - q) e^(-λd) = 1; of the two cells of a division q each come to rest, where all stay
    laws, q = [PhaseLaw("exponential", rate=0.0), PhaseLaw("fixed", mean=600.0)], 0.3
    shares = np.array([[0.0, 1.0], [q, 1 - q]])
    assert growth_rate(laws, shares, [False, True]) == pytest.approx(math.log(2 * (1 - q)) / 600, rel=1e-9)
    assert phase_shares(laws, shares, [False, True])[0] == pytest.approx(2 * q, rel=1e-9)


def test_cells_that_all_come_to_rest_have_no_steady_state():
    laws = [PhaseLaw("exponential", rate=0.0), PhaseLaw("fixed", mean=600.0)]
    with pytest.raises(ValueError, match="come to rest"):
        growth_rate(laws, TURN, [False, True])
    with pytest.raises(ValueError, match="come to rest"):
        phase_shares(laws, np.array([[1.0, 0.0], [0.6, 0.4]]), [False, True])


@given(st.floats(50.0, 500.0), st.floats(1.0, 150.0), st.floats(0.0, 0.02))
def test_a_normal_length_is_cut_at_zero(mean, sd, s):
    times = np.linspace(max(0.0, mean - 12 * sd), mean + 12 * sd, 200_001)
    density = np.exp(-0.5 * ((times - mean) / sd) ** 2)
    law = PhaseLaw("normal", mean=mean, sd=sd)
    weighed = [np.trapezoid(density * f, times) for f in (np.exp(-s * times), times, np.ones_like(times))]
    assert laplace(law, s) == pytest.approx(weighed[0] / weighed[2], rel=1e-6)
    assert mean_length(law) == pytest.approx(weighed[1] / weighed[2], rel=1e-6)
