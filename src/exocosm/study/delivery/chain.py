"""From genesis to the pool of a recipient, in closed form, for the values of a model and for samples at once.

Every array has n + 1 values: the first is that of the model, the others are samples. Rules count as they act
at the start of a run (`Reading`), not as they change later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.model.parts.species import Loaded
from exocosm.physics import crowded_resistance, diffusion_to_sphere, hindrance, stokes_einstein
from exocosm.physics.delivery import kept_share, loaded_copies, own_share, released_rate
from exocosm.physics.spreading import Rates, steady_shares
from exocosm.study.delivery.reading import Reading

Array = NDArray[np.float64]
MINUTES_PER_DAY = 1440.0
SUREST = 1.0 - 1e-9  # an efficiency of 1 has an infinite clearance
LEAST_KEPT = 1e-9  # of what binds: cells that take nothing in meet vesicles all the same
CAGED = 1e-3  # hindrance of a particle in fibres too dense for the theory: it hardly moves


@dataclass(frozen=True)
class Taker:
    """A type that takes up: per cell `clearance` (µm³/min) of what binds, and what becomes of it."""

    kind: str
    intrinsic: Array
    clearance: Array
    kept: Array
    escapes: Array
    recycled: Array
    resistance: Array

    @property
    def taken(self) -> Array:
        """Share of what it binds that counts as taken: what it keeps, never so little that it met nothing."""
        return np.maximum(self.kept, LEAST_KEPT)


@dataclass(frozen=True)
class Route:
    """One population on its way from senders to recipients, per recipient and day (n + 1,).

    `formed`, `released`, `met`, `entered`, `opened` in vesicles, `copies` in each vesicle; `shares` says
    where what is released ends: by type that takes it up, "decayed" and "left".
    """

    population: str
    formed: Array
    released: Array
    met: Array
    entered: Array
    opened: Array
    copies: Array
    diffusion: Array
    shares: dict[str, Array] = field(default_factory=dict)

    @property
    def delivered(self) -> Array:
        """Copies delivered to each recipient per day."""
        return self.opened * self.copies

    @property
    def ceiling(self) -> Array:
        """Copies released for each recipient per day."""
        return self.released * self.copies


def routes(reading: Reading, cargo: str, sender: str, recipient: str) -> list[Route]:
    """The populations in which senders pack a cargo; one that recipients do not take up delivers nothing."""
    part = reading.model.tissue.cell_types[sender]
    names = [p for p in reading.model.species.vesicles if p in part.genesis or p in part.release]
    return [_route(reading, p, cargo, sender, recipient) for p in names if _packs(reading, p, cargo, part)]


def _packs(reading: Reading, population: str, cargo: str, part: Any) -> bool:
    genesis = part.genesis.get(population)
    manifest = reading.model.species.vesicles[population].manifest
    return cargo in manifest or (genesis is not None and cargo in genesis.loading)


def _route(reading: Reading, population: str, cargo: str, sender: str, recipient: str) -> Route:
    formed, released = _genesis(reading, population, sender)
    diffusion = _diffusion(reading, population)
    takers = {t.kind: t for t in _takers(reading, population, diffusion)}
    per = MINUTES_PER_DAY * reading.setting.count(sender) / reading.setting.count(recipient)
    shares = _shares(reading, population, sender, takers, diffusion)
    taker, zero = takers.get(recipient), np.zeros_like(released)
    met = shares[recipient] * released * per / taker.taken if taker else zero
    entered = met * taker.kept if taker else zero
    return Route(
        population,
        formed=formed * per,
        released=released * per,
        met=met,
        entered=entered,
        opened=entered * (taker.escapes if taker else zero),
        copies=_copies(reading, population, cargo, sender, formed),
        diffusion=diffusion,
        shares=shares,
    )


def _genesis(reading: Reading, population: str, sender: str) -> tuple[Array, Array]:
    """Vesicles that a sender makes and that it releases, particles/min."""
    part, at = reading.model.tissue.cell_types[sender], f"tissue.cell_types.{sender}"
    constant = reading.now(
        f"{at}.release.{population}", part.release.get(population), sender, f"{population} release"
    )
    genesis, at = part.genesis.get(population), f"{at}.genesis.{population}"
    values = [
        reading.now(
            f"{at}.{name}", getattr(genesis, name, None), sender, f"{population} {name.replace('_', ' ')}"
        )
        for name in ("formation", "docking", "lysosomal_degradation", "budding")
    ]
    return values[0] + values[3] + constant, released_rate(*values) + constant


def _copies(reading: Reading, population: str, cargo: str, sender: str, made: Array) -> Array:
    """Copies in a vesicle: what the manifest says, and what senders load from their pool."""
    manifest = reading.model.species.vesicles[population].manifest.get(cargo)
    at = f"species.vesicles.{population}.manifest.{cargo}"
    if isinstance(manifest, Loaded):
        copies = reading.of(f"{at}.loaded_fraction", manifest.loaded_fraction)
        copies = copies * reading.of(f"{at}.copies_per_loaded", manifest.copies_per_loaded)
    else:
        copies = reading.of(at, manifest)
    genesis = reading.model.tissue.cell_types[sender].genesis.get(population)
    if genesis is None or cargo not in genesis.loading:
        return copies
    return copies + _loaded(reading, population, cargo, sender, made)


def _loaded(reading: Reading, population: str, cargo: str, sender: str, made: Array) -> Array:
    """Copies that each vesicle takes from its maker's pool; other populations take from it too."""
    part, at = reading.model.tissue.cell_types[sender], f"tissue.cell_types.{sender}"
    shares = {
        name: reading.now(
            f"{at}.genesis.{name}.loading.{cargo}",
            genesis.loading[cargo],
            sender,
            f"{cargo} loading into {name}",
        )
        for name, genesis in part.genesis.items()
        if cargo in genesis.loading
    }
    pool, at = part.pools.get(cargo), f"{at}.pools.{cargo}"
    initial = reading.of(f"{at}.initial", getattr(pool, "initial", None))
    synthesis, degradation = (
        reading.now(f"{at}.{name}", getattr(pool, name, None), sender, f"{cargo} {name}")
        for name in ("synthesis", "degradation")
    )
    lost = degradation + sum(
        share * _genesis(reading, name, sender)[0] for name, share in shares.items() if name != population
    )
    return np.asarray(loaded_copies(synthesis, lost, shares[population], made, initial))


def _diffusion(reading: Reading, population: str) -> Array:
    """Diffusion coefficient (µm²/min) between cells: Stokes-Einstein, fibres, tortuosity."""
    medium: Any = reading.model.tissue.medium  # a model with vesicles has one
    size = reading.model.species.vesicles[population].diameter
    at = f"species.vesicles.{population}.diameter"
    median = reading.of(f"{at}.median", size.median)
    spread = reading.of(f"{at}.geometric_sd", size.geometric_sd)
    names = ("temperature", "viscosity", "tortuosity", "fibre_radius", "fibre_volume_fraction")
    values = [reading.of(f"tissue.medium.{name}", getattr(medium, name)) for name in names]
    free = stokes_einstein(1.0, 1.0, 1.0) * values[0] / values[1] * np.exp(0.5 * np.log(spread) ** 2) / median
    if medium.fibre_radius is not None and medium.fibre_volume_fraction:
        free = free * np.array([_hindrance(*row) for row in zip(median, values[3], values[4], strict=True)])
    return np.asarray(free / values[2] ** 2)


def _hindrance(diameter: float, radius: float, fraction: float) -> float:
    try:
        return hindrance(diameter, radius, fraction)
    except ValueError:
        return CAGED


def _takers(reading: Reading, population: str, diffusion: Array) -> list[Taker]:
    types = reading.model.tissue.cell_types.items()
    found = [(kind, part.uptake[population]) for kind, part in types if population in part.uptake]
    return [
        _taker(reading, population, kind, part, diffusion)
        for kind, part in found
        if reading.setting.count(kind)
    ]


def _taker(reading: Reading, population: str, kind: str, part: Any, diffusion: Array) -> Taker:
    """Clearance of a cell in series with diffusion to it; what of that it keeps; what of that opens."""
    at, radius = f"tissue.cell_types.{kind}.uptake.{population}", reading.setting.radius(kind)
    if part.efficiency is not None:
        share = np.clip(
            reading.now(f"{at}.efficiency", part.efficiency, kind, f"{population} uptake"), 0.0, SUREST
        )
        intrinsic = share / (1.0 - share) * diffusion_to_sphere(radius, diffusion)
    else:
        intrinsic = reading.now(f"{at}.clearance", part.clearance, kind, f"{population} uptake")
    resistance = crowded_resistance(radius, reading.setting.packing(population, kind)) / diffusion
    clearance, kept = intrinsic / (1.0 + intrinsic * resistance), np.ones_like(intrinsic)
    if part.binding is not None:
        binding = part.binding
        off = reading.now(f"{at}.binding.off", binding.off, kind, f"{population} unbinding")
        inward = reading.now(
            f"{at}.binding.internalisation", binding.internalisation, kind, f"{population} internalisation"
        )
        kept = kept_share(inward, off, 1.0, 1.0 + intrinsic * resistance)
    escapes, recycled = np.ones_like(intrinsic), np.zeros_like(intrinsic)
    if part.fate is not None:
        escapes, recycled = _fate(reading, population, kind, part.fate)
    return Taker(kind, intrinsic, clearance, kept, escapes, recycled, resistance)


def _fate(reading: Reading, population: str, kind: str, fate: Any) -> tuple[Array, Array]:
    """Shares of what entered that open, and that go back out."""
    at = f"tissue.cell_types.{kind}.uptake.{population}.fate"
    escapes = reading.now(f"{at}.escape_fraction", fate.escape_fraction, kind, f"{population} escape")
    back = reading.now(f"{at}.recycled_fraction", fate.recycled_fraction, kind, f"{population} recycling")
    return np.minimum(escapes, 1.0), np.minimum(back, 1.0 - np.minimum(escapes, 1.0))


def _shares(
    reading: Reading,
    population: str,
    sender: str,
    takers: dict[str, Taker],
    diffusion: Array,
) -> dict[str, Array]:
    """How many times what is released enters each type, and what decays and leaves.

    Recycled vesicles come out where they went in: a cell takes that much less for good, and a vesicle may
    enter several times.
    """
    own = _own(takers.get(sender), diffusion)
    solved = steady_shares(
        reading.setting.block(population, sender, list(takers)),
        Rates(
            diffusion,
            _decay(reading, population),
            np.array([t.clearance * t.taken * (1.0 - t.recycled) for t in takers.values()]).reshape(
                len(takers), -1
            ),
        ),
    )
    outside = 1.0 - own
    entered = {
        kind: outside * np.clip(solved.taken[i], 0.0, 1.0) / np.maximum(1.0 - t.recycled, 1e-300)
        for i, (kind, t) in enumerate(takers.items())
    }
    if sender in takers:
        entered[sender] = entered[sender] + own / np.maximum(1.0 - takers[sender].recycled, 1e-300)
    return entered | {"decayed": outside * solved.decayed, "left": outside * solved.left}


def _own(taker: Taker | None, diffusion: Array) -> Array:
    """Share of its own release that a sender takes for good before it has left its surroundings."""
    if taker is None:
        return np.zeros_like(diffusion)
    back = taker.taken * (1.0 - taker.recycled)
    return np.asarray(own_share(taker.resistance, taker.intrinsic) * back)


def _decay(reading: Reading, population: str) -> Array:
    """First-order loss (1/min) of free vesicles, with that of what the matrix holds for each of them."""
    part, at = reading.model.species.vesicles[population], f"species.vesicles.{population}"
    decay = reading.of(f"{at}.decay_rate", part.decay_rate)
    if part.matrix_binding is None:
        return decay
    on = reading.of(f"{at}.matrix_binding.on", part.matrix_binding.on)
    off = reading.of(f"{at}.matrix_binding.off", part.matrix_binding.off)
    return np.asarray(decay * (1.0 + on / np.maximum(off + decay, 1e-300)))
