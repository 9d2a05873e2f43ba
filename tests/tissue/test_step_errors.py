"""Errors of steps as a run estimates them: beside the true ones, and within a tolerance asked for."""

from __future__ import annotations

import math

import numpy as np
import pytest
from small import small_model

from exocosm.coupling import start, steps_within
from exocosm.ground.errors import RunError
from exocosm.model import Set, load
from exocosm.results import run
from exocosm.tissue.step_errors import StepErrors, step_errors

LIVE = {"name": "live", "duration": {"exponential": "0.05 1/h"}, "doubles_volume": True, "divides": True}


def moving_sources(every: float, mechanics: float = 1.0):
    """Cells that migrate, release vesicles and a cytokine; where they are does not depend on the fields."""
    return small_model(
        **{
            "tissue.steps": {
                "tick": "0.25 min", "mechanics": f"{mechanics} min", "phenotype": "12 min",
            },
            "tissue.cell_types.tumour.motility": {"speed": "0.3 um/min", "persistence_time": "30 min"},
            "tissue.cell_types.tumour.cycle.phases": [LIVE],
            "species.vesicles.tumour.every": f"{every} min",
            "species.substrates.cytokine.every": f"{every} min",
        }
    ).change(*even_release())  # fmt: skip


def even_release():
    from exocosm.model import Without

    return Without("genesis:tumour"), Set("tissue.cell_types.tumour.release.tumour", "62.5 particle/h")


def true_errors(every: float, hours: float) -> dict[str, float]:
    ends = []
    for step in (every, every / 8):
        simulation = start(moving_sources(step), seed=1)
        simulation.advance(round(60 * hours / simulation.tick_length))
        ends.append({name: simulation.state.fields[name].values for name in ("tumour", "cytokine")})
    coarse, fine = ends
    return {
        name: float(np.linalg.norm(coarse[name] - fine[name]) / np.linalg.norm(fine[name])) for name in fine
    }


def test_the_estimate_is_of_the_size_of_the_true_error_and_touches_nothing():
    simulation = start(moving_sources(12.0), seed=1)
    simulation.advance(round(180 / simulation.tick_length))
    before = simulation.digest()
    found = step_errors(simulation)
    assert simulation.digest() == before
    true = true_errors(12.0, 3.0)
    assert true["tumour"] / 3.0 < found.fields["tumour"]["tumour"] < 3.0 * true["tumour"]
    assert true["cytokine"] < 1e-3  # left from its start, which the probe at the end does not see
    assert found.fields["cytokine"]["cytokine"] < 1e-3


def dissolved(every: float, **settings: object):
    """Two cells that do not move, and a drug, 1 uM everywhere, that they leave alone; settings by path."""
    drug = {
        "unit": "uM", "diffusion_coefficient": "1 um^2/min", "decay_rate": "0.02 1/min",
        "initial": "1 uM", "regime": "transient", "every": f"{every} min",
    }  # fmt: skip
    changes = {"species.substrates.drug": drug} | settings
    return load("two-cells").change(*(Set(path, value) for path, value in changes.items()))


@pytest.mark.parametrize("hours", [2, 4, 8])
def test_errors_that_nothing_renews_add_up_as_in_the_exact_solution(hours):
    """A drug that only decays: c = exp(-rate t), and each step adds the same to the relative error."""
    simulation = start(dissolved(12.0), seed=1)
    simulation.advance(round(60 * hours / simulation.tick_length))
    true = abs(float(simulation.state.fields["drug"].values.mean()) / math.exp(-0.02 * 60 * hours) - 1)
    assert true <= step_errors(simulation).fields["drug"]["drug"] <= 2.5 * true


def test_the_error_of_flow_and_diffusion_in_turn_is_seen():
    """Flow between two held faces at rest, c = (e^P - e^(P x/L)) / (e^P - 1) with a Péclet number P of 2."""
    length, diffusion, peclet = 400.0, 500.0, 2.0
    region = {"sphere": {"center": ["200 um", "20 um", "20 um"], "radius": "10 um"}}
    settings = {
        "species.substrates.drug.diffusion_coefficient": f"{diffusion} um^2/min",
        "species.substrates.drug.decay_rate": "0 1/min",
        "tissue.geometry.size": [f"{length} um", "40 um", "40 um"],
        "tissue.cells": [{"type": "tumour", "count": 1, "region": region}],
        "tissue.flow.uniform": [f"{peclet * diffusion / length} um/min", "0 um/min", "0 um/min"],
        "tissue.boundaries": {
            "oxygen": {"all": "38 mmHg"},
            "drug": {"x_low": "1 uM", "x_high": "0 uM"},
            "tumour": {"x_low": "0 particle/um^3", "x_high": "0 particle/um^3"},
        },
    }
    simulation = start(dissolved(16.0, **settings), seed=1)
    simulation.advance(round(24 * 60 / simulation.tick_length))
    found = simulation.state.fields["drug"].values.mean(axis=(1, 2))
    across = (np.arange(found.size) + 0.5) / found.size
    exact = (math.exp(peclet) - np.exp(peclet * across)) / (math.exp(peclet) - 1.0)
    true = float(np.linalg.norm(found - exact) / np.linalg.norm(exact))
    assert true > 0.03
    assert true <= step_errors(simulation).fields["drug"]["drug"] <= 3.0 * true


def test_vesicles_at_rest_between_laid_fibres_have_no_error():
    """At rest no step errs; finer steps have to begin with the diffusivity that fibres left."""
    fibres = {"unit": "uM", "diffusion_coefficient": "0 um^2/min", "initial": "200 uM", "regime": "transient",
              "every": "60 min"}  # fmt: skip
    settings = {
        "species.substrates.collagen": fibres,
        "species.vesicles.tumour.decay_rate": "0.05 1/min",
        "species.vesicles.tumour.every": "12 min",
        "tissue.medium.fibre_radius": "20 nm",
        "tissue.medium.fibre_volume_fraction": 0.01,
        "tissue.medium.laid_fibres": {"substrate": "collagen", "volume": "570 L/mol"},
    }
    simulation = start(dissolved(12.0, **settings), seed=1)
    simulation.advance(round(12 * 60 / simulation.tick_length))
    found = step_errors(simulation)
    assert found.left_out == ("collagen",)
    assert found.fields["tumour"]["tumour"] < 1e-3


def test_errors_of_sources_that_move_level_off():
    """Within hours they are what they stay; a birth just before an instant moves both, so means are told."""
    coarse, fine = (start(moving_sources(step), seed=1) for step in (12.0, 1.5))
    true, found = [], []
    for hours in range(4, 13):
        for simulation in (coarse, fine):
            simulation.advance(round(60 * hours / simulation.tick_length) - simulation.tick)
        wanted = fine.state.fields["tumour"].values
        gap = coarse.state.fields["tumour"].values - wanted
        true.append(float(np.linalg.norm(gap) / np.linalg.norm(wanted)))
        found.append(step_errors(coarse).fields["tumour"]["tumour"])
    assert np.mean(true) <= np.mean(found) <= 2.0 * np.mean(true)
    assert np.mean(found[-4:]) < 1.5 * np.mean(found[:4])


def test_a_run_that_ends_within_a_step_tells_no_other_error():
    """Steps of 12 and of 9 min meet every 36; the run is taken on to where both are up to date."""
    drug = {"species.substrates.drug.diffusion_coefficient": "500 um^2/min"}
    found = []
    for minutes in (360, 365):
        simulation = start(dissolved(9.0, **drug), seed=1)
        simulation.advance(round(minutes / simulation.tick_length))
        found.append(step_errors(simulation).fields["drug"]["drug"])
    assert found[1] == pytest.approx(found[0], rel=0.15)


def test_positions_err_with_the_square_of_the_step_of_mechanics():
    errors = []
    for step in (2.0, 1.0, 0.5):
        simulation = start(small_model(**{
            "tissue.steps": {"tick": "0.5 min", "mechanics": f"{step} min", "phenotype": "6 min"},
        }), seed=1)  # fmt: skip
        simulation.advance(round(60 / simulation.tick_length))
        errors.append(step_errors(simulation).mechanics)
    assert errors[0] > errors[1] > errors[2] > 0.0
    assert errors[2] < 0.01


def test_asking_for_a_tolerance_sets_the_steps():
    model = moving_sources(12.0)
    changes, errors = steps_within(model, 0.002)
    assert any(change.path == "species.vesicles.tumour.every" for change in changes)
    assert errors.mechanics <= 0.002
    assert max(max(errors.of(name)) for name in errors.fields) <= 0.002
    shorter = start(model.change(*changes), seed=1)
    shorter.advance(round(120 / shorter.tick_length))
    assert step_errors(shorter) == errors
    assert steps_within(model, 0.5)[0] == []


@pytest.mark.parametrize("tolerance", [0.0, -1.0, 1e-9, 1.0, float("nan")])
def test_a_senseless_tolerance_is_refused(tolerance):
    with pytest.raises(RunError, match="tolerance: found"):
        steps_within(small_model(), tolerance)


def test_a_run_says_nothing_where_an_estimate_would_cost_more_than_a_tenth_of_it():
    simulation = start(moving_sources(12.0), seed=1)
    simulation.advance(round(60 / simulation.tick_length))
    assert simulation.step_errors() is None
    assert StepErrors({"a": {"a@1": 0.1, "a@2": 0.3}}, 0.01).as_data()["fields"] == {"a": 0.3}


def test_where_there_is_nothing_no_error_is_told():
    """A simulation that has not begun, with a field that is 0 everywhere and without cells."""
    empty = {"species.substrates.drug.initial": "0 uM", "tissue.cells": []}
    found = step_errors(start(dissolved(12.0, **empty), seed=1))
    assert found.mechanics == found.fields["drug"]["drug"] == found.fields["tumour"]["tumour"] == 0.0
    assert found.fields["oxygen"]["oxygen"] < 1e-9


def test_a_run_whose_ticks_cannot_be_divided_ends_without_an_estimate(tmp_path):
    """No tick may be shorter than 0.0001 min; the end of a whole run does not hang on an estimate."""
    steps = ("tissue.steps.mechanics", "tissue.steps.phenotype", "species.substrates.oxygen.every")
    settings = dict.fromkeys((*steps, "species.vesicles.tumour.every"), "0.001 min")
    settings |= {f"record.{kind}": "0.1 min" for kind in ("summary", "cells", "fields", "checkpoint")}
    settings |= {"duration": "0.1 min", "tissue.steps.tick": "0.0002 min"}
    model = load("two-cells").change(*(Set(path, value) for path, value in settings.items()))
    done = run(model, seed=1, out=tmp_path / "run")
    assert (done.info["status"], done.info["step_errors"]) == ("complete", None)
