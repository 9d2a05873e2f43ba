"""Where cells start: on a close-packed lattice or at random in a region, or at given positions.

Each place has a key that depends on what was asked for and on its index, not on the seed or on other
placements: a cell that is left out (`omit`, `outside`) takes nobody else's place, key or random numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.compiled import inner_kernel, kernel
from exocosm.ground.draws import Draw, Purpose, child_key, uniform
from exocosm.ground.errors import ExocosmError
from exocosm.physics.shapes import centre_of, extent, inside, radii
from exocosm.tissue.asynchronous import scatter
from exocosm.tissue.cell_types import CellTypes
from exocosm.tissue.cycle import start_cycle
from exocosm.tissue.grid import Grid
from exocosm.tissue.neighbours import spatial_order
from exocosm.tissue.region_rows import is_within, region_rows
from exocosm.tissue.rows import Rows

Reals = NDArray[np.float64]
Keys = NDArray[np.uint64]
PLACEMENT = np.int64(Purpose.PLACEMENT)
ATTEMPTS = 200
REGION_ATTEMPTS = 100  # draws in the box around a region for each one that has to fall inside it
LEAST_SEPARATION = 0.8  # of the sum of radii; assumed: a pair this deep is pushed apart within minutes
SORTED_EDGE = 25.0


@kernel
def fill_keys(base: Any, keys: Any) -> None:
    """keys[i] = key of place i of the placement with key `base`."""
    for i in range(keys.size):
        keys[i] = child_key(base, i)


@kernel
def throw_places(
    seed: Any, keys: Any, low: Any, high: Any, zone: Any, hole: Any, radius: Any,
    taken: Any, taken_radius: Any, out: Any,
) -> int:  # fmt: skip
    """Draw places in a box, inside a zone and outside a hole, until each is clear of all others.

    Returns how many places stayed too close to another after ATTEMPTS draws (the last one is kept).
    """
    crowded = 0
    for i in range(keys.size):
        clear, inside = False, 0
        for attempt in range(REGION_ATTEMPTS * ATTEMPTS):
            for axis in range(3):
                share = uniform(seed, PLACEMENT, keys[i], 3 * attempt + axis)
                out[i, axis] = low[axis] + share * (high[axis] - low[axis])
            if not is_within(out[i], zone) or is_within(out[i], hole):
                continue
            inside += 1
            clear = is_clear(out[i], radius[i], out[:i], radius)
            clear = clear and is_clear(out[i], radius[i], taken, taken_radius)
            if clear or inside == ATTEMPTS:
                break
        if not clear:
            crowded += 1
    return crowded


@inner_kernel
def is_clear(place: Any, radius: float, others: Any, other_radius: Any) -> bool:
    """Whether a cell at `place` overlaps none of the others strongly."""
    for j in range(others.shape[0]):
        least = LEAST_SEPARATION * (radius + other_radius[j])
        square = 0.0
        for axis in range(3):
            square += (place[axis] - others[j, axis]) ** 2
        if square < least * least:
            return False
    return True


def close_packed(low: Reals, high: Reals, centre: Reals, spacing: float, planar: bool) -> Reals:
    """Hexagonal close-packed places (n, 3) with one at `centre`, within the box from low to high.

    Density √2/spacing³ in space and 2/(√3 spacing²) in a plane.
    """
    steps = spacing * np.array([1.0, np.sqrt(3) / 2, np.sqrt(6) / 3])
    count = np.ceil(np.maximum(high - centre, centre - low) / steps).astype(int) + 1
    if planar:
        count[2] = 0
    k, j, i = np.meshgrid(*(np.arange(-c, c + 1) for c in count[::-1]), indexing="ij")
    lattice = np.stack([i + 0.5 * ((j + k) % 2), j + (k % 2) / 3.0, k.astype(float)], axis=-1)
    places = centre + lattice.reshape(-1, 3) * steps
    slack = 1e-9 * spacing
    return places[((places >= low - slack) & (places <= high + slack)).all(axis=1)]


def bounds(region: Any, size: Any) -> tuple[Reals, Reals, Reals, float, float]:
    """Low and high corner, centre, inner and outer radius of a region (box, layer: 0 and infinity)."""
    return *extent(region, size), centre_of(region, size), *radii(region)


def lattice_places(region: Any, spacing: float, planar: bool, size: Any = None) -> Reals:
    """Close-packed places within a region; in a plane, at the height of its centre."""
    low, high, centre, _, _ = bounds(region, size)
    if planar:
        low[2] = high[2] = centre[2]
    places = close_packed(low, high, centre, spacing, planar)
    return places[inside(region, places, size, slack=1e-9 * spacing)]


def description(placement: Any, size: Any, tick: int) -> str:
    """What was asked for, as text: the same request at the same tick gives the same keys."""
    region = placement.region
    if hasattr(region, "rows"):
        return f"table {region.rows()} {tick}"
    numbers = [np.array(b, float).tolist() for b in bounds(region, size)]
    mixture = sorted((placement.mixture or {}).items())
    text = [(name, float(share)) for name, share in mixture]
    spacing = None if placement.spacing is None else float(placement.spacing)
    if getattr(region, "axis", None) is not None:
        numbers.append(region.axis)
    return f"{type(region).__name__} {numbers} {placement.type} {text} {spacing} {placement.count} {tick}"


def place_keys(placement: Any, n: int, tick: int, taken: Keys, size: Any = None) -> Keys:
    """Keys of the n places of a placement; one repeated word for word counts as another one."""
    keys = np.empty(n, np.uint64)
    for repeat in range(1000):
        text = f"start {description(placement, size, tick)} {repeat}"
        base = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
        fill_keys(np.uint64(base), keys)
        if not np.isin(keys, taken).any():
            return keys
    raise ExocosmError("the same placement of cells is repeated more than 1000 times")


def drawn_types(placement: Any, names: Sequence[str], keys: Keys, draw: Draw) -> NDArray[np.int16]:
    """Type index of each place: the one type, or by a draw from the mixture."""
    index = {name: i for i, name in enumerate(names)}
    if placement.type is not None:
        return np.full(len(keys), index[placement.type], np.int16)
    mixture = sorted(placement.mixture.items(), key=lambda item: index[item[0]])
    steps = np.cumsum([float(share) for _, share in mixture])
    chosen = np.searchsorted(steps[:-1], draw.uniform(Purpose.MIXTURE, keys, 0), side="right")
    return np.array([index[name] for name, _ in mixture], np.int16)[chosen]


def seat(grid: Grid, places: Reals, radius: Reals) -> Reals:
    """Places (n, 3) with each cell at rest on the floor below it; in a layer, at half its height."""
    places = np.array(places, float).reshape(-1, 3)
    if grid.floors:
        places[:, 2] = grid.seats(places[:, 2]) + radius
    elif grid.is_layer:
        places[:, 2] = 0.5 * grid.size[2]
    return places


def random_places(state: Any, placement: Any, radius: Reals, keys: Keys, draw: Draw) -> Reals:
    """Places at random in a region, none in strong overlap; ExocosmError if they do not fit."""
    size = state.grid.size
    low, high, centre, _, _ = bounds(placement.region, size)
    if state.grid.is_planar:
        seated = seat(state.grid, np.tile(centre, (len(keys), 1)), radius)
        low[2] = high[2] = centre[2] = seated[:, 2].mean() if len(keys) else centre[2]
    flat = float(low[2]) if state.grid.is_planar else None
    zone, hole = region_rows(placement.region, size, flat), region_rows(placement.outside, size, flat)
    places = np.empty((len(keys), 3))
    taken = np.ascontiguousarray(state.cells.view("position"))
    crowded = throw_places(
        draw.seed, keys, low, high, zone, hole, radius, taken, state.cells.radius(), places
    )
    if crowded:
        region = type(placement.region).__name__.lower()
        raise ExocosmError(
            f"{crowded} of {len(keys)} cells do not fit into the {region} without strong overlap: "
            "use a lower count, a larger region or a lattice (spacing)"
        )
    return places


def place(state: Any, types: CellTypes, placement: Any, draw: Draw) -> slice:
    """Put the cells of a placement into the state at its tick; returns their rows.

    Each cell starts with the volume of its type in the first phase of its cycle, or as in an asynchronous
    culture, empty (`Contents` fills it). ExocosmError for places outside the box or that do not fit.
    """
    kind, keys, places = _requested(state, types, placement, draw)
    places = seat(state.grid, places, rest_radius(types, kind))
    outside = ~((places >= 0) & (places <= state.grid.size)).all(axis=1)
    if outside.any():
        where, size = (", ".join(f"{x:g}" for x in v) for v in (places[outside][0], state.grid.size))
        raise ExocosmError(f"a cell would start at ({where}) µm, outside the tissue of ({size}) µm")
    omitted = [types.names.index(name) for name in placement.omit]
    wanted = np.flatnonzero(~np.isin(kind, omitted) & ~left_out(placement, places, state.grid))
    rows = wanted[spatial_order(places[wanted], SORTED_EDGE)]
    return enter(state, types, kind[rows], keys[rows], places[rows], draw)


def left_out(placement: Any, places: Reals, grid: Grid) -> NDArray[np.bool_]:
    """Which places lie in the zone `outside` of which cells are; in a plane, its cut through the middle."""
    zone = placement.outside
    if zone is None:
        return np.zeros(len(places), bool)
    if grid.is_planar:
        places = places.copy()
        places[:, 2] = centre_of(zone, grid.size)[2]
    return inside(zone, places, grid.size)


def _requested(
    state: Any, types: CellTypes, placement: Any, draw: Draw
) -> tuple[NDArray[np.int16], Keys, Reals]:
    region, planar, taken = placement.region, state.grid.is_planar, state.cells.view("key")
    size = state.grid.size
    if hasattr(region, "rows"):
        table = region.rows()
        kind = np.array([types.names.index(row[3]) for row in table], np.int16)
        places = np.array([row[:3] for row in table], float).reshape(-1, 3)
        return kind, place_keys(placement, len(table), state.tick, taken, size), places
    if placement.spacing is not None:
        places = lattice_places(region, float(placement.spacing), planar, size)
        keys = place_keys(placement, len(places), state.tick, taken, size)
        return drawn_types(placement, types.names, keys, draw), keys, places
    keys = place_keys(placement, int(placement.count), state.tick, taken, size)
    kind = drawn_types(placement, types.names, keys, draw)
    return kind, keys, random_places(state, placement, rest_radius(types, kind), keys, draw)


def rest_radius(types: CellTypes, kind: NDArray[np.int16]) -> Reals:
    """Radius (µm) of each cell at the volume of its type."""
    volumes = (types.fluid + types.nuclear_solid + types.cytoplasmic_solid)[kind]
    return np.asarray(np.cbrt(volumes * 0.75 / np.pi))


def enter(
    state: Any,
    types: CellTypes,
    kind: NDArray[np.int16],
    keys: Keys,
    places: Reals,
    draw: Draw,
) -> slice:
    """Put cells of these types, keys and places (µm) into the state as `place` does; returns their rows."""
    rows = state.cells.append(
        key=keys,
        type=kind,
        position=places,
        fluid=types.fluid[kind],
        nuclear_solid=types.nuclear_solid[kind],
        cytoplasmic_solid=types.cytoplasmic_solid[kind],
        target_solid=(types.nuclear_solid + types.cytoplasmic_solid)[kind],
        rupture_volume=np.full(len(kind), np.inf),
    )
    new = Rows.of(state.cells, rows.start)
    start_cycle(draw.seed, int(state.tick), new, types.phenotype)
    for index, culture in enumerate(types.cultures):
        if culture is not None:
            scatter(culture, draw, new, np.flatnonzero(kind == index), types.phenotype)
    new.write(state.cells, rows.start)
    return rows
