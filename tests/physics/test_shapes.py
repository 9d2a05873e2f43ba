"""Shapes: points inside against volumes, areas and extents, for every kind and axis."""

import math

import numpy as np
import pytest

from exocosm.model import Box, Hexagon, Layer, Shell, Sphere
from exocosm.physics.shapes import centre_of, content, extent, inside

SIZE = (300.0, 260.0, 200.0)
MIDDLE = ("150 um", "130 um", "100 um")
SHAPES = {
    "sphere": Sphere(center=MIDDLE, radius="80 um"),
    "shell": Shell(center=MIDDLE, inner_radius="50 um", outer_radius="90 um"),
    "box": Box(low=("20 um", "30 um", "40 um"), high=("200 um", "100 um", "90 um")),
    "layer": Layer(axis="y", low="40 um", high="90 um"),
    "prism x": Hexagon(center=MIDDLE, radius="80 um", height="70 um", axis="x"),
    "prism y": Hexagon(center=MIDDLE, radius="80 um", height="70 um", axis="y"),
    "prism z": Hexagon(center=MIDDLE, radius="80 um", height="70 um"),
    "hexagon": Hexagon(center=MIDDLE, radius="80 um"),
}
VOLUMES = {
    "sphere": 4 / 3 * math.pi * 80**3,
    "shell": 4 / 3 * math.pi * (90**3 - 50**3),
    "box": 180 * 70 * 50,
    "layer": 300 * 50 * 200,
    "prism x": 1.5 * math.sqrt(3) * 80**2 * 70,
    "prism y": 1.5 * math.sqrt(3) * 80**2 * 70,
    "prism z": 1.5 * math.sqrt(3) * 80**2 * 70,
    "hexagon": 1.5 * math.sqrt(3) * 80**2 * 200,
}


@pytest.mark.parametrize("name", SHAPES)
def test_random_points_fall_inside_by_volume_and_within_the_extent(name):
    shape, n = SHAPES[name], 200_000
    points = np.random.default_rng(1).uniform(0, SIZE, (n, 3))
    found, share = inside(shape, points, SIZE), VOLUMES[name] / math.prod(SIZE)
    # 5 standard errors: false-alarm rate below 6e-7
    assert found.mean() == pytest.approx(share, abs=5 * math.sqrt(share * (1 - share) / n))
    low, high = extent(shape, SIZE)
    assert np.all((points[found] >= low) & (points[found] <= high))
    reach = points[found].max(axis=0) - points[found].min(axis=0)
    assert reach == pytest.approx(high - low, rel=0.05)
    assert centre_of(shape, SIZE) == pytest.approx(0.5 * (low + high))
    assert content(shape, SIZE, planar=False) == pytest.approx(VOLUMES[name])


@pytest.mark.parametrize("name", SHAPES)
def test_the_cut_through_the_middle_has_the_stated_area(name):
    shape, n = SHAPES[name], 100_000
    points = np.random.default_rng(2).uniform(0, SIZE, (n, 3))
    points[:, 2] = centre_of(shape, SIZE)[2]
    share = content(shape, SIZE, planar=True) / (SIZE[0] * SIZE[1])
    found = inside(shape, points, SIZE).mean()
    assert found == pytest.approx(share, abs=5 * math.sqrt(share * (1 - share) / n))


@pytest.mark.parametrize("axis", ["x", "y", "z"])
def test_hexagons_tile_the_plane(axis):
    along = "xyz".index(axis)
    first, second = (along + 1) % 3, (along + 2) % 3
    centres = [(0.0, 0.0)]
    centres += [(60 * math.cos(a), 60 * math.sin(a)) for a in np.radians(np.arange(30, 360, 60))]
    points, count = np.random.default_rng(3).uniform(-30, 30, (20_000, 3)) + 150.0, 0
    for u, v in centres:
        center = [150.0, 150.0, 150.0]
        center[first] += u
        center[second] += v
        side = Hexagon(center=tuple(f"{c} um" for c in center), radius=f"{60 / math.sqrt(3)} um", axis=axis)
        count = count + inside(side, points, (300.0, 300.0, 300.0)).astype(int)
    assert np.all(count == 1)  # no point of a random draw lies on an edge


def test_slack_reaches_a_little_further():
    shape, points = SHAPES["prism z"], np.array([[150.0, 130.0 + 40 * math.sqrt(3) + 1e-9, 100.0]])
    assert not inside(shape, points, SIZE)[0]
    assert inside(shape, points, SIZE, slack=1e-8)[0]
