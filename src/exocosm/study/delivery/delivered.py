"""How many copies of a cargo come from one cell type to another, and is that enough?

`dose` follows the copies in closed form from genesis to the recipient's pool, samples the ranges of all
numbers on the way, and holds the answer against the mass balance and the dose of the assay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.errors import ModelError, nearest
from exocosm.physics.delivery import steady_copies
from exocosm.study.delivery.assays import AssayDose, assay_dose, measured_doses
from exocosm.study.delivery.chain import MINUTES_PER_DAY, Route, routes
from exocosm.study.delivery.reading import Reading
from exocosm.study.delivery.sampled import Input, Inputs, influences
from exocosm.study.delivery.setting import Setting

if TYPE_CHECKING:
    import pandas

    from exocosm.model import Change, Model

Array = NDArray[np.float64]
SAMPLES = 10_000
MOST_SAMPLES = 200_000


@dataclass(frozen=True)
class Dose:
    """The answer. Arrays (n + 1,) begin with the value of the model; the n others are samples.

    `delivered` and `ceiling` are copies per recipient and day, over all `routes` (vesicle populations);
    `in_pool` copies in the steady state, None without a pool that degrades them; `assay` the dose that cells
    were given where the effect was seen; `inputs` every number on the way.
    """

    cargo: str
    sender: str
    recipient: str
    scenario: str
    on_surface: bool
    senders: int
    recipients: int
    distance: float
    routes: tuple[Route, ...]
    delivered: Array
    ceiling: Array
    in_pool: Array | None
    assay: AssayDose | None
    measured: tuple[str, ...]
    inputs: tuple[Input, ...]
    notes: tuple[str, ...]
    seed: int

    @property
    def samples(self) -> int:
        """How many samples were drawn."""
        return len(self.delivered) - 1

    @property
    def acting(self) -> Array:
        """Copies per recipient and day where they act: delivered or, of a surface cargo, on what binds."""
        if not self.on_surface:
            return self.delivered
        return np.asarray(sum((way.met * way.copies for way in self.routes), np.zeros_like(self.delivered)))

    @cached_property
    def influences(self) -> tuple[tuple[Input, float], ...]:
        """Inputs with their rank correlation with the copies that act; strongest first."""
        return tuple(influences(self.inputs, self.acting))

    @property
    def orders_short(self) -> Array | None:
        """log10 of the assay's dose over what acts (n + 1,); above 0 where it is too few."""
        return None if self.assay is None else _orders(self.assay.draws, self.acting)

    @property
    def orders_short_at_ceiling(self) -> Array | None:
        """The same of all that is released for each recipient: given against given."""
        return None if self.assay is None else _orders(self.assay.draws, self.ceiling)

    @property
    def answer(self) -> str:
        """The answer in words."""
        from exocosm.study.delivery.telling import answer

        return answer(self)

    @property
    def table(self) -> pandas.DataFrame:
        """The steps with value, interval, unit, and the inputs of each with range and source."""
        from exocosm.study.delivery.telling import table

        return table(self)

    def as_data(self) -> dict[str, Any]:
        """Everything but the samples, as plain data."""
        from exocosm.study.delivery.telling import as_data

        return as_data(self)


def _orders(given: Array, had: Array) -> Array:
    return np.asarray(np.log10(np.maximum(given, 1e-300)) - np.log10(np.maximum(had, 1e-300)))


def dose(
    scenario: str | Path | Model,
    cargo: str,
    sender: str,
    recipient: str,
    *,
    samples: int = SAMPLES,
    seed: int = 1,
    changes: Sequence[Change] = (),
) -> Dose:
    """Copies of `cargo` that each cell of type `recipient` receives from cells of type `sender` per day.

    Cells, places and packing are those at the start of a run with this seed. Steady state: the first hours,
    in which endosomes and fluid fill, are not in it. Raises ModelError where the scenario lacks the names.
    """
    model = _model(scenario, changes)
    _check_names(model, cargo, sender, recipient)
    if not 2 <= samples <= MOST_SAMPLES:
        wanted = f"2 to {MOST_SAMPLES:,}"
        raise ModelError("a dose needs samples", place="samples", found=str(samples), wanted=wanted)
    reading = Reading(Setting.of(model, seed), Inputs(samples, seed))
    _check_cells(reading.setting, sender, recipient)
    ways = tuple(routes(reading, cargo, sender, recipient))
    none = np.zeros(samples + 1)
    delivered = sum((way.delivered for way in ways), none)
    ceiling = sum((way.ceiling for way in ways), none)
    assay = assay_dose(reading, cargo, recipient)
    return Dose(
        cargo=cargo,
        sender=sender,
        recipient=recipient,
        scenario=model.name,
        on_surface=model.species.cargos[cargo].place == "surface",
        senders=reading.setting.count(sender),
        recipients=reading.setting.count(recipient),
        distance=reading.setting.distance(sender, recipient),
        routes=ways,
        delivered=np.minimum(delivered, ceiling),
        ceiling=ceiling,
        in_pool=_in_pool(reading, cargo, recipient, delivered),
        assay=assay,
        measured=measured_doses(cargo),
        inputs=tuple(reading.inputs.by_path.values()),
        notes=(*reading.notes.values(), *_held(reading), *_left_out(model, ways)),
        seed=seed,
    )


def _model(scenario: str | Path | Model, changes: Sequence[Change]) -> Model:
    from exocosm.model import Model, load

    if isinstance(scenario, Model):
        return scenario.change(*changes) if changes else scenario
    return load(scenario, changes)


def _check_names(model: Model, cargo: str, sender: str, recipient: str) -> None:
    known = (("cargo", cargo, model.species.cargos), *_types(model, sender=sender, recipient=recipient))
    for what, name, names in known:
        if name not in names:
            wanted = "one of: " + ", ".join(names) if names else f"a scenario with a {what}"
            problem = f"{model.name} has no such {what}"
            raise ModelError(problem, found=str(name), wanted=wanted, nearest=nearest(str(name), names))


def _types(model: Model, **names: str) -> list[tuple[str, str, Any]]:
    return [(f"cell type ({role})", name, model.tissue.cell_types) for role, name in names.items()]


def _check_cells(setting: Setting, *kinds: str) -> None:
    for kind in kinds:
        if not setting.count(kind):
            wanted = f"a scenario in which {kind} cells are there from the start"
            raise ModelError(
                f"no {kind} cell starts in {setting.model.name}",
                place="tissue.cells",
                found="0",
                wanted=wanted,
            )


def _in_pool(reading: Reading, cargo: str, recipient: str, delivered: Array) -> Array | None:
    pool = reading.model.tissue.cell_types[recipient].pools.get(cargo)
    if pool is None or not pool.degradation > 0:
        return None
    at = f"tissue.cell_types.{recipient}.pools.{cargo}.degradation"
    lost = reading.now(at, pool.degradation, recipient, f"{cargo} degradation")
    return np.asarray(steady_copies(delivered, MINUTES_PER_DAY * lost))


def _held(reading: Reading) -> list[str]:
    """Inputs that state no range, so that the interval says nothing of them."""
    held = [i.path for i in reading.inputs.by_path.values() if i.law == "held" and not i.quantity.choice]
    return [f"no range is stated for {', '.join(held)}: held at the value"] if held else []


def _left_out(model: Model, ways: Sequence[Route]) -> list[str]:
    """What a run of the model has that the closed form leaves out."""
    notes = ["rules count as they act at the start"] if model.tissue.rules else []
    if model.tissue.flow is not None:
        notes.append("flow of the fluid is left out")
    if any(model.species.vesicles[way.population].size_bins > 1 for way in ways):
        notes.append("all vesicles diffuse with the mean over their sizes")
    if any(event.dose is not None for event in model.events):
        notes.append("doses that events give are left out: only what cells release counts")
    return notes
