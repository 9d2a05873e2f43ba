"""The flow of fluid through the tissue: a Darcy velocity on the faces of the voxels, free of divergence.

What flows into a voxel flows out of it, to rounding: only then does an even concentration stay even. A given
velocity is averaged onto faces, set to 0 on closed faces of the box, and then changed by the gradient of a
potential (constant on open faces, without slope across closed ones), the smallest change that does it. The
Poisson equation of that potential is solved directly by fast cosine and sine transforms, which are its
eigenvectors on a box. Sources: projection, Chorin 1968, 10.1090/S0025-5718-1968-0242392-2; transforms,
Strang 1999, 10.1137/S0036144598336745.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct, dst, idct, idst
from scipy.spatial import cKDTree

from exocosm.ground.errors import ExocosmError
from exocosm.tissue.fields import FACES
from exocosm.tissue.grid import Grid

Array = NDArray[np.float64]
Faces = tuple[Array, Array, Array]
MINUTE = 60.0  # s
AT_REST = 1e-12
"""Share of the velocity given below which what is left of it is rounding: such fluid is at rest."""

_TRANSFORMS = {
    (False, False): (dct, idct, 2, 0.0),
    (True, True): (dst, idst, 2, 1.0),
    (False, True): (dct, idct, 4, 0.5),
    (True, False): (dst, idst, 4, 0.5),
}
"""By whether the low and the high face are open: transform, its inverse, its type, first wave number."""


@dataclass(frozen=True)
class Flow:
    """Volume (µm³/min) that crosses each face along x, y, z, in the direction of the axis.

    Shapes (nx+1, ny, nz), (nx, ny+1, nz), (nx, ny, nz+1). `changed` is the root mean square change that
    freedom from divergence asked for, relative to the velocity given.
    """

    grid: Grid
    faces: Faces
    changed: float = 0.0

    def crosses(self, face: str) -> bool:
        """Whether fluid passes a face of the box."""
        axis, high = divmod(FACES.index(face), 2)
        return bool(np.take(self.faces[axis], -high, axis).any())

    def outflow(self) -> Array:
        """Volume (µm³/min) that leaves each voxel."""
        out = np.zeros(self.grid.shape)
        for axis, q in enumerate(self.faces):
            n = self.grid.shape[axis]
            out += np.maximum(np.take(q, np.arange(1, n + 1), axis), 0.0)
            out += np.maximum(-np.take(q, np.arange(n), axis), 0.0)
        return out


def divergence(faces: Faces) -> Array:
    """What flows out of each voxel less what flows in."""
    return np.asarray(sum(np.diff(q, axis=axis) for axis, q in enumerate(faces)))


def project(faces: Faces, is_open: tuple[bool, ...]) -> Faces:
    """The nearest flow without divergence; `is_open` as FACES. Closed faces keep their flow (0)."""
    shape = divergence(faces).shape
    potential = divergence(faces)
    eigenvalue = np.zeros(shape)
    ways = [_TRANSFORMS[is_open[2 * a], is_open[2 * a + 1]] for a in range(3)]
    for axis, (forward, _, kind, first) in enumerate(ways):
        potential = forward(potential, kind, axis=axis)
        waves = (np.arange(shape[axis]) + first) / shape[axis]
        along = 2.0 - 2.0 * np.cos(np.pi * waves)
        eigenvalue += along.reshape([-1 if a == axis else 1 for a in range(3)])
    potential = np.divide(potential, eigenvalue, out=np.zeros(shape), where=eigenvalue > 0.0)
    for axis, (_, inverse, kind, _) in enumerate(ways):
        potential = inverse(potential, kind, axis=axis)
    return tuple(  # type: ignore[return-value]
        q + _slope(potential, axis, is_open[2 * axis], is_open[2 * axis + 1]) for axis, q in enumerate(faces)
    )


def _slope(potential: Array, axis: int, low_open: bool, high_open: bool) -> Array:
    """Differences of a potential across faces: 0 on a closed face, to a potential of 0 on an open one."""
    moved = np.moveaxis(potential, axis, 0)
    slope = np.zeros((moved.shape[0] + 1, *moved.shape[1:]))
    slope[1:-1] = np.diff(moved, axis=0)
    slope[0] = 2.0 * moved[0] if low_open else 0.0
    slope[-1] = -2.0 * moved[-1] if high_open else 0.0
    return np.moveaxis(slope, 0, axis)


def uniform(grid: Grid, velocity: tuple[float, ...]) -> Flow:
    """The same Darcy velocity (µm/min) everywhere."""
    return Flow(grid, _empty(grid, velocity))


def from_places(grid: Grid, places: Array, velocities: Array, is_open: tuple[bool, ...]) -> Flow:
    """Velocities (n, 3) in µm/min at places (n, 3) in µm: the nearest for each voxel, projected."""
    nearest = cKDTree(places).query(grid.mesh().reshape(-1, 3))[1]
    voxels = velocities[nearest].reshape(*grid.shape, 3)
    given = _empty(grid, (0.0, 0.0, 0.0))
    for axis, q in enumerate(given):
        inner = np.moveaxis(voxels[..., axis], axis, 0) * grid.voxel**2
        across = np.moveaxis(q, axis, 0)
        across[1:-1] = 0.5 * (inner[1:] + inner[:-1])
        across[0] = inner[0] if is_open[2 * axis] else 0.0
        across[-1] = inner[-1] if is_open[2 * axis + 1] else 0.0
    free = project(project(given, is_open), is_open)  # the second time removes what rounding left
    size, left = (sum(float((q * q).sum()) for q in faces) for faces in (given, free))
    change = sum(float(((p - q) ** 2).sum()) for p, q in zip(free, given, strict=True))
    whole = 1.0 if left > AT_REST**2 * size else 0.0
    still: Faces = tuple(np.ascontiguousarray(whole * q) for q in free)  # type: ignore[assignment]
    return Flow(grid, still, float(np.sqrt(change / size)) if size else 0.0)


def _empty(grid: Grid, velocity: tuple[float, ...]) -> Faces:
    shapes = [[n + (a == axis) for a, n in enumerate(grid.shape)] for axis in range(3)]
    fluxes = (np.full(shape, v * grid.voxel**2) for shape, v in zip(shapes, velocity, strict=True))
    return tuple(fluxes)  # type: ignore[return-value]


def read_velocities(table: str) -> tuple[Array, Array]:
    """Places (µm) and velocities (µm/min) of a table with columns x, y, z (µm), vx, vy, vz (µm/s)."""
    rows = list(csv.DictReader(io.StringIO(table), skipinitialspace=True))
    try:
        numbers = np.array([[float(row[name]) for name in ("x", "y", "z", "vx", "vy", "vz")] for row in rows])
    except (KeyError, TypeError, ValueError):
        raise ExocosmError("a table of velocities has columns x, y, z, vx, vy, vz of numbers") from None
    if not len(numbers) or not np.isfinite(numbers).all():
        raise ExocosmError("a table of velocities has at least one row, of finite numbers")
    return numbers[:, :3], MINUTE * numbers[:, 3:]


def flow_of(model: Any, grid: Grid, carried: dict[str, list[float | None]]) -> Flow | None:
    """The flow of a model, None without one; `carried` names what it carries, with the values of FACES.

    A face is open where everything that is carried has a value there: what flows in brings it. Elsewhere
    no fluid passes: a table of velocities is changed accordingly, a uniform flow that would is refused.
    """
    if model.tissue.flow is None or not carried:
        return None
    if len(grid.floors) > 1:
        raise ExocosmError("fluid does not flow through the plane of a transwell: leave out the flow")
    is_open = tuple(all(faces[f] is not None for faces in carried.values()) for f in range(6))
    velocity = getattr(model.tissue.flow, "velocity", None)
    if velocity is None:
        return from_places(grid, *read_velocities(model.tissue.flow.table), is_open)
    flow = uniform(grid, tuple(float(v) for v in velocity))
    for f, face in enumerate(FACES):
        if flow.crosses(face) and not is_open[f]:
            closed = ", ".join(name for name, faces in carried.items() if faces[f] is None)
            raise ExocosmError(
                f"fluid flows through {face}, which is closed to {closed}: give the concentration there, "
                "which inflow brings, or a flow along that face"
            )
    return flow
