"""Convection: the flow of the fluid carries what is dissolved or suspended in it.

Finite volumes on the voxels: the flow through a face takes with it the concentration upstream of it,

    stock (c' - c) / dt = sum over faces inwards Q c_face,   c_face = c_upstream + half a limited slope,

with the harmonic slope of van Leer, all three directions at once, and two stages of Runge and Kutta. Where
the flow is free of divergence and dt at most stock / (2 outflow), every new value lies between old ones: no
negative value, no new extreme, at any Péclet number; of second order where the solution is smooth and
monotone. A step of a process is divided into as many equal ones as that bound asks for.

An open face brings its held value with what flows in; what flows out takes what comes to it. Convection
comes before the diffusive step of a field: of the two together the error in time is of first order.
Sources: van Leer 1977, 10.1016/0021-9991(77)90095-X; Shu & Osher 1988, 10.1016/0021-9991(88)90177-5;
the bound, Spekreijse 1987, 10.1090/S0025-5718-1987-0890258-9.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from exocosm.ground.compiled import inner_kernel, kernel, parallel_kernel
from exocosm.ground.draws import Draw
from exocosm.ground.errors import ExocosmError
from exocosm.ground.ledger import Ledger
from exocosm.tissue.fields import FACES, LEAST, Field, Flows
from exocosm.tissue.flow import Flow, flow_of
from exocosm.tissue.fluid import accounts_of, face_values, fields_of, transient_species
from exocosm.tissue.state import State

Array = NDArray[np.float64]
COURANT = 0.45
"""Share of the stock of a voxel that may leave it in a step; the proof asks for at most one half."""


@inner_kernel
def at(a, i, j, k, axis, n):  # type: ignore[no-untyped-def]
    """Element (i, j, k) of an array, with n in the place of the index along the axis."""
    return a[n if axis == 0 else i, n if axis == 1 else j, n if axis == 2 else k]


@inner_kernel
def carried(c, q, faces, i, j, k, axis, face):  # type: ignore[no-untyped-def]
    """Concentration that the flow takes across face number `face` of the line of (i, j, k) along axis."""
    n = c.shape[axis]
    ahead = 1 if at(q, i, j, k, axis, face) > 0.0 else -1
    upstream = face - 1 if ahead > 0 else face
    if upstream < 0 or upstream >= n:
        return faces[2 * axis + (upstream >= n)]
    here = at(c, i, j, k, axis, upstream)
    enters = at(q, i, j, k, axis, upstream + (ahead < 0)) * ahead > 0.0  # flow enters there from behind
    behind, bound = upstream - ahead, np.inf
    if 0 <= behind < n:
        rise = here - at(c, i, j, k, axis, behind)
    elif enters:
        bound = abs(here - faces[2 * axis + (behind >= n)])
        rise = 2.0 * (here - faces[2 * axis + (behind >= n)])
    else:
        rise = 0.0
    if upstream + ahead < 0 or upstream + ahead >= n:
        return max(0.0, here + 0.5 * rise) if enters else here
    further = at(c, i, j, k, axis, upstream + ahead) - here
    if rise * further <= 0.0:
        return here
    half = rise * further / (rise + further)
    return here + min(max(half, -bound), bound)


@parallel_kernel
def convect(c, old, share, qx, qy, qz, faces, held, stock, dt, new, slab_in, slab_out):  # type: ignore[no-untyped-def]
    """New = share * old + (1 - share) * (c + dt * what flows in / stock); held voxels stay as they are.

    slab_in[i], slab_out[i]: rates at which matter enters and leaves by faces of the box and held voxels.
    """
    nx, ny, nz = c.shape
    for slab in prange(nx):
        i = np.int64(slab)  # the index of a parallel loop has no sign, and no difference with one that has
        entering, leaving = 0.0, 0.0
        for j in range(ny):
            for k in range(nz):
                new[i, j, k] = c[i, j, k]
                if held[i, j, k]:
                    continue
                total = 0.0
                for axis in range(3):
                    q = qx if axis == 0 else (qy if axis == 1 else qz)
                    place = i if axis == 0 else (j if axis == 1 else k)
                    for high in range(2):
                        volume = at(q, i, j, k, axis, place + high) * (1 - 2 * high)
                        if volume != 0.0:
                            amount = volume * carried(c, q, faces, i, j, k, axis, place + high)
                            total += amount
                            beside = place + 2 * high - 1
                            outside = beside < 0 or beside >= c.shape[axis]
                            if outside or at(held, i, j, k, axis, beside):
                                entering += max(amount, 0.0)
                                leaving -= min(amount, 0.0)
                moved = c[i, j, k] + dt * total / stock[i, j, k]
                new[i, j, k] = share * old[i, j, k] + (1.0 - share) * moved
        slab_in[i], slab_out[i] = entering, leaving


@kernel
def spurious_flux(c, qx, qy, qz, faces):  # type: ignore[no-untyped-def]
    """Sums over inner faces of (carried less central) flux times the fall of c, and of the squared fall."""
    nx, ny, nz = c.shape
    flux, fall = 0.0, 0.0
    for i in range(nx):
        for j in range(ny):
            for k in range(nz):
                for axis in range(3):
                    q = qx if axis == 0 else (qy if axis == 1 else qz)
                    place = i if axis == 0 else (j if axis == 1 else k)
                    if place > 0:
                        drop = at(c, i, j, k, axis, place - 1) - c[i, j, k]
                        middle = c[i, j, k] + 0.5 * drop
                        excess = carried(c, q, faces, i, j, k, axis, place) - middle
                        flux += at(q, i, j, k, axis, place) * excess * drop
                        fall += drop * drop
    return flux, fall


def carry(field: Field, flow: Flow, minutes: float) -> Flows:
    """Carry what is in a field along for a time; what entered and left by open faces and held voxels."""
    stock, faces = field.stock, _face_values(field, flow)
    turnover = float((flow.outflow() / stock).max())
    steps = max(1, int(np.ceil(minutes * turnover / COURANT)))
    dt, shape = minutes / steps, field.grid.shape
    c, middle, new = field.values.copy(), np.empty(shape), np.empty(shape)
    slabs, sums = np.zeros((4, shape[0])), np.zeros(4)
    for _ in range(steps):
        convect(c, c, 0.0, *flow.faces, faces, field.held, stock, dt, middle, slabs[0], slabs[1])
        convect(middle, c, 0.5, *flow.faces, faces, field.held, stock, dt, new, slabs[2], slabs[3])
        sums += slabs.sum(axis=1)
        c, new = new, c
    c[np.abs(c) < LEAST] = 0.0
    field.values[...] = c
    inflow, outflow = 0.5 * dt * (sums[:2] + sums[2:])
    return Flows(0.0, float(inflow), float(outflow), 0.0)


def numerical_diffusion(field: Field, flow: Flow) -> float:
    """Diffusion (µm²/min) that the scheme adds to the present field, relative to its mean diffusivity.

    The mean over faces, weighted with the squared difference of c across them, of what the flux carried
    exceeds the central one by, per gradient: |v| h / 2 for a first-order scheme, near 0 in a smooth field.
    """
    flux, fall = spurious_flux(field.values.copy(), *flow.faces, _face_values(field, flow))
    if fall == 0.0:
        return 0.0
    return float(flux / (field.grid.voxel * fall) / field.conductivity.mean())


def _face_values(field: Field, flow: Flow) -> Array:
    for face, value in zip(FACES, field.faces, strict=True):
        if value is None and flow.crosses(face):
            raise ExocosmError(f"fluid flows through {face}, which is closed: give the concentration there")
    return np.array([value or 0.0 for value in field.faces])


FASTEST = 120.0 * 1.001
"""Speed (µm/min) of interstitial fluid beyond which a model is asked to think again: 2 µm/s."""

LARGEST_PECLET = 100.0
"""Cell Péclet number up to which the scheme is shown to be positive and sharp."""

THICKEST_LAYER = 0.5
"""Speed² step / diffusion up to which the splitting error in an outflow layer was measured below 3 %."""


class Convection:
    """Process: the flow carries one field; `accounts`: the species it stands for, with amounts per unit."""

    def __init__(
        self, field: str, flow: Flow, accounts: tuple[tuple[str, float], ...], *, every: int, tick: float
    ) -> None:
        self.name, self.field, self.flow, self.accounts = f"convection of {field}", field, flow, accounts
        self.every, self.minutes = every, every * tick

    def step(self, state: State, tick: int, draw: Draw, ledger: Ledger) -> None:
        """Carry the field along for one step and book what entered and left."""
        moved = carry(state.fields[self.field], self.flow, self.minutes)
        for species, amount in self.accounts:
            ledger.move(species, "supplied", "field", amount * moved.inflow)
            ledger.move(species, "field", "left", amount * moved.outflow)

    def warnings(self, state: Any) -> list[str]:
        """What the flow asks too much of: the scheme (Péclet), the step (splitting), or of tissue (speed)."""
        field, h = state.fields[self.field], state.grid.voxel
        speed = max(float(np.abs(q).max()) for q in self.flow.faces) / h**2
        diffusion = float(field.conductivity.mean())
        peclet, layer = (
            x / diffusion if diffusion > 0 else np.inf for x in (speed * h, speed**2 * self.minutes)
        )
        found = []
        if speed > FASTEST:
            found.append(
                f"{self.field}: the fluid moves at up to {speed / 60:.3g} um/s; "
                "interstitial flow is 0.1 to 2 um/s."
            )
        if peclet > LARGEST_PECLET:
            found.append(
                f"{self.field}: the cell Péclet number is {peclet:.3g}; fronts are spread over some voxels "
                f"from {LARGEST_PECLET:g} on. Use a smaller voxel."
            )
        if layer > THICKEST_LAYER:
            found.append(
                f"{self.field}: in one step of {self.minutes:g} min fluid passes {layer:.3g} times the layer "
                "in which diffusion meets it at a held face; profiles there may be off by 10 % and more. "
                f"Use every: {THICKEST_LAYER * self.minutes / layer:.2g} min."
            )
        return found

    def numerical_diffusion(self, state: Any) -> float:
        """What the scheme adds to diffusion at present, relative to it."""
        return numerical_diffusion(state.fields[self.field], self.flow)


def convections_of(tissue: Any) -> dict[str, list[Convection]]:
    """The processes that carry each species along, its riders with it; none without a flow.

    Quasi-steady substrates are not carried: they diffuse faster than fluid moves them.
    """
    species = transient_species(tissue)
    flow = flow_of(tissue.model, tissue.grid, {name: face_values(tissue.model, name) for name in species})
    if flow is None:
        return {}
    parts = {**tissue.model.species.vesicles, **tissue.model.species.substrates}
    steps = {name: tissue.every(parts[name].every) for name in species}
    return {
        name: [
            Convection(field, flow, accounts_of(tissue, field), every=steps[name], tick=tissue.clock.length)
            for field, _ in fields_of(tissue, name)
        ]
        for name in species
    }
