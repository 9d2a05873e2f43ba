"""Fibres that cells lay down slow vesicles as the hindrance of their fraction says, and stay on the books."""

from __future__ import annotations

import numpy as np
import pytest

from exocosm.coupling import restore, start
from exocosm.ground.errors import ModelError
from exocosm.model import Set, load
from exocosm.model.grammar.signals import signals_of
from exocosm.physics import hindrance
from exocosm.tissue.fibres import stiffness
from exocosm.tissue.signals import sampled


def laying(rate: str = "2 uM*um^3/min", volume: str = "570 L/mol"):
    model = load("two-cells")
    kind = next(iter(model.tissue.cell_types))
    collagen = {"unit": "uM", "diffusion_coefficient": "0 um^2/min", "initial": "0 uM", "regime": "transient",
                "every": "6 min"}  # fmt: skip
    return model.change(
        Set("species.substrates.collagen", collagen),
        Set("tissue.medium.fibre_radius", "20 nm"),
        Set("tissue.medium.fibre_volume_fraction", 0.01),
        Set("tissue.medium.laid_fibres", {"substrate": "collagen", "volume": volume}),
        Set(f"tissue.cell_types.{kind}.exchange.collagen", {"secretion_rate": rate}),
    )


def test_diffusivity_follows_the_hindrance_of_what_lies_in_each_voxel():
    model = laying("2000 uM*um^3/min")
    simulation = start(model, seed=1)
    before = {name: simulation.state.fields[name].diffusivity.copy() for name in model.species.vesicles}
    simulation.advance(round(120 / simulation.tick_length))
    collagen = simulation.state.fields["collagen"].values
    assert collagen.max() > 5.0
    for name, part in model.species.vesicles.items():
        field, diameter = simulation.state.fields[name], float(part.diameter.median)
        for fraction in (collagen.max(), np.median(collagen)):
            at = np.unravel_index(np.abs(collagen - fraction).argmin(), collagen.shape)
            phi = 0.01 + 5.7e-4 * collagen[at] / field.porosity[at]
            wanted = before[name][at] * hindrance(diameter, 0.02, phi) / hindrance(diameter, 0.02, 0.01)
            assert field.diffusivity[at] == pytest.approx(wanted, rel=1e-4)


def test_a_rate_of_zero_changes_nothing():
    plain, none = laying(volume="0 L/mol"), laying()
    first, second = (
        start(plain, seed=1),
        start(none.change(Set("tissue.medium.laid_fibres.volume", "0 1/uM")), seed=1),
    )
    first.advance(60)
    second.advance(60)
    assert first.digest() == second.digest()


def test_laid_fibres_are_on_the_books_and_survive_a_restart():
    model = laying()
    whole = start(model, seed=3)
    whole.advance(100)
    part = start(model, seed=3)
    part.advance(37)
    part = restore(model, part.checkpoint())
    part.advance(63)
    assert whole.digest() == part.digest()


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("tissue.medium.laid_fibres.substrate", "collagn", "collagen"),
        ("tissue.medium.laid_fibres.volume", "-1 1/uM", "negative"),
        ("tissue.medium.laid_fibres.volume", "3 um", "um"),
        ("species.substrates.collagen.regime", "quasi-steady", "transient|steady"),
    ],
)
def test_wrong_fibres_are_refused_with_their_place(path, value, said):
    with pytest.raises(ModelError, match=said):
        laying().change(Set(path, value))


def test_a_restart_between_steps_of_space_changes_no_bit_where_vesicles_leave_by_vessels():
    """Conductance of a vessel follows the diffusivity beside it, which fibres change with vesicles."""
    line = {"start": ["84 um", "100 um", "0 um"], "end": ["84 um", "100 um", "200 um"]}
    openings = {"diameter": "400 nm", "density": "2 1/um^2", "thickness": "0.2 um"}
    model = laying("2000 uM*um^3/min").change(
        Set("tissue.capillaries.vessel", {"radius": "4 um", "lines": [line], "fenestrae": openings}),
        Set("species.substrates.collagen.every", "1 min"),
        Set("species.vesicles.tumour.every", "1 min"),
    )
    whole = start(model, seed=2)
    whole.advance(180)
    part = start(model, seed=2)
    part.advance(133)
    again = restore(model, part.checkpoint())
    again.advance(47)
    assert again.digest() == whole.digest()
    assert whole.state.ledger.balance("tumour", "left") > 0


STIFF = {"base": "4.8 kPa", "fibrotic": "45 kPa", "fibrotic_fraction": 0.2, "power": 2}


def stiffening(rate: str = "2000 uM*um^3/min", **changes):
    return laying(rate).change(Set("tissue.medium.laid_fibres.stiffness", STIFF | changes))


def sensing(half_max: str):
    """A model in which stiffness raises the adhesion of the cells that lay fibres."""
    model = stiffening()
    kind = next(iter(model.tissue.cell_types))
    rule = {"cell_type": kind, "signal": "stiffness", "response": "increases"}
    rule |= {"behaviour": "cell-cell adhesion", "saturation": "2 um/min"}
    rule |= {"half_max": half_max, "hill_power": 2}
    return model.change(Set("tissue.rules", [rule]))


@pytest.mark.parametrize("power", [1.0, 2.0, 2.7])
def test_stiffness_goes_through_both_moduli(power):
    part = stiffening(power=power).tissue.medium.laid_fibres.stiffness
    shares = np.array([0.0, 0.1, 0.2, 0.4])
    wanted = 4.8 + 40.2 * np.array([0.0, 0.5**power, 1.0, 2.0**power])
    assert stiffness(shares, part) == pytest.approx(wanted, rel=1e-12)


def test_cells_sense_the_stiffness_of_what_lies_at_them():
    simulation = start(sensing("20 kPa"), seed=2)
    simulation.advance(round(120 / simulation.tick_length))
    state, tissue = simulation.state, simulation.tissue
    signal = signals_of(simulation.model).find("stiffness")
    seen = sampled([signal], state, tissue, state.tick)[:, 0]
    at_cells = state.cells.view("signals")[:, tissue.substrates.index("collagen")]
    assert seen == pytest.approx(4.8 + 40.2 * (5.7e-4 * at_cells / 0.2) ** 2, rel=1e-12)
    assert seen.max() > 4.8


def test_stiffness_may_be_given_in_another_unit_of_pressure():
    in_pascal = sensing("20000 Pa").tissue.rules[0].half_max
    assert (float(in_pascal), in_pascal.unit) == (pytest.approx(20.0), "kPa")


def test_a_rule_on_stiffness_without_it_is_told_what_it_needs():
    with pytest.raises(ModelError, match="laid_fibres with stiffness"):
        sensing("20 kPa").change(Set("tissue.medium.laid_fibres.stiffness", None))


def test_fibres_that_soften_are_refused():
    with pytest.raises(ModelError, match="fibres do not soften tissue"):
        stiffening(fibrotic="2 kPa")
