"""Errors of steps as a run estimates them: beside the true ones, and within a tolerance asked for."""

from __future__ import annotations

import numpy as np
import pytest
from small import small_model

from exocosm.coupling import start, steps_within
from exocosm.ground.errors import RunError
from exocosm.model import Set
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
