"""Cells, held voxels and doses in layers and hexagons, and cells outside a zone."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import small_model
from tissues import Exponential, Tissue, phase, physicell_type

from exocosm.model import Box, Hexagon, Layer, Placement, Set, Shell, Sphere
from exocosm.physics.shapes import inside
from exocosm.tissue.cells import Cells
from exocosm.tissue.placement import place, place_keys
from exocosm.tissue.reference import placement as reference
from exocosm.tissue.simulation import Simulation

MIDDLE = ("200 um", "200 um", "200 um")
HEXAGON = Hexagon(center=MIDDLE, radius="150 um", height="300 um")
LAYER = Layer(axis="x", low="100 um", high="220 um")
SPHERE = Sphere(center=MIDDLE, radius="90 um")
SHAPES = [
    HEXAGON, LAYER, SPHERE, Shell(center=MIDDLE, inner_radius="60 um", outer_radius="110 um"),
    Hexagon(center=MIDDLE, radius="80 um", axis="x"), Box(low=("90 um",) * 3, high=("310 um",) * 3),
]  # fmt: skip
SIZE = np.full(3, 400.0)


def placed(*placements, seed=1, shape=(20, 20, 20)):
    kinds = {
        name: physicell_type([phase(Exponential(0.001), True, True)]) for name in ("tumour", "macrophage")
    }
    tissue = Tissue(kinds, [], seed, shape)
    for one in placements:
        place(tissue, tissue.types, one, tissue.draw)
    return tissue


def density(spacing):
    return math.sqrt(2) / spacing**3


@pytest.mark.parametrize(
    ("region", "volume", "surface"),
    [(HEXAGON, 1.5 * math.sqrt(3) * 150**2 * 300, 3 * math.sqrt(3) * 150**2 + 6 * 150 * 300),
     (LAYER, 120 * 400 * 400, 2 * 400 * 400)],
)  # fmt: skip
def test_a_lattice_fills_the_volume(region, volume, surface):
    cells = placed(Placement(type="tumour", region=region, spacing="16 um")).cells
    # counts err by what half a spacing of the surface holds at most
    assert abs(cells.n - volume * density(16.0)) <= 0.5 * 16.0 * surface * density(16.0)
    assert inside(region, cells.view("position"), SIZE, slack=1e-6).all()


def test_a_hexagon_in_a_layer_of_cells_has_its_area():
    flat = Hexagon(center=("200 um", "200 um", "10 um"), radius="150 um")
    cells = placed(Placement(type="tumour", region=flat, spacing="14 um"), shape=(20, 20, 1)).cells
    expected = 1.5 * math.sqrt(3) * 150**2 * 2 / math.sqrt(3) / 14**2
    assert cells.n == pytest.approx(expected, rel=0.05)
    assert np.all(cells.view("position")[:, 2] == 10.0)


@pytest.mark.parametrize("how", [{"spacing": "16 um"}, {"count": 400}])
def test_tissue_around_a_nodule_is_parted_from_it(how):
    mixture = {"tumour": "0.3", "macrophage": "0.7"}
    around = Placement(mixture=mixture, region=LAYER, outside=SPHERE, **how)
    cells = placed(around).cells
    assert not inside(SPHERE, cells.view("position"), SIZE).any()
    assert inside(LAYER, cells.view("position"), SIZE, slack=1e-6).all()
    # 5 standard errors: false-alarm rate below 6e-7
    assert np.mean(cells.view("type") == 0) == pytest.approx(0.3, abs=5 * math.sqrt(0.21 / cells.n))
    if "count" in how:
        assert cells.n == 400


def test_cells_outside_a_zone_keep_place_key_and_type():
    mixture = {"tumour": "0.3", "macrophage": "0.7"}
    wanted = {"mixture": mixture, "region": LAYER, "spacing": "16 um"}
    whole, part = placed(Placement(**wanted)).cells, placed(Placement(**wanted, outside=SPHERE)).cells
    out = ~inside(SPHERE, whole.view("position"), SIZE)
    for name in ("key", "type", "position", "phase_threshold"):
        assert np.array_equal(part.view(name), whole.view(name)[out])


@pytest.mark.parametrize("region", SHAPES, ids=lambda shape: type(shape).__name__)
def test_random_places_are_even_in_the_region(region):
    cells = placed(Placement(type="tumour", region=region, count=300), seed=4).cells
    places = cells.view("position")
    assert inside(region, places, SIZE).all()
    low, high = places.min(axis=0), places.max(axis=0)
    spread = (high - low) / math.sqrt(12)
    # the mean of a symmetric region; 5 standard errors of the widest law on its extent
    middle = [160.0, 200.0, 200.0] if region is LAYER else [200.0] * 3
    assert np.all(np.abs(places.mean(axis=0) - middle) <= 5 * 2 * spread / math.sqrt(300))


@settings(max_examples=10)
@given(st.integers(0, 10**6), st.integers(1, 25), st.sampled_from(range(len(SHAPES))))
def test_random_places_equal_the_reference(seed, count, which):
    region = SHAPES[which]
    hole = Sphere(center=("200 um", "200 um", "130 um"), radius="75 um")
    wanted = Placement(type="tumour", region=region, outside=hole, count=count)
    tissue = placed(wanted, seed=seed)
    cells, nobody = tissue.cells, Cells()
    keys = place_keys(wanted, count, 0, nobody.view("key"), SIZE)
    from exocosm.physics.shapes import extent

    low, high = extent(region, SIZE)

    def allowed(spot):
        return bool(inside(region, spot, SIZE) and not inside(hole, spot, SIZE))

    radius = np.full(count, cells.radius()[0])
    nothing = (np.empty((0, 3)), np.empty(0))
    expected = reference.random_places(
        tissue.draw, keys, low, high, (0.0, np.inf), radius, *nothing, allowed=allowed
    )
    by_key = dict(zip(keys.tolist(), expected, strict=True))
    for key, found in zip(cells.view("key").tolist(), cells.view("position"), strict=True):
        assert found == pytest.approx(by_key[key], rel=1e-12)


def test_layers_and_hexagons_hold_voxels_and_take_doses():
    layer = {"layer": {"axis": "z", "low": "0 um", "high": "20 um"}}
    lobule = {"hexagon": {"center": ["80 um"] * 3, "radius": "40 um"}}
    model = small_model().change(
        Set("tissue.held", [{"species": "oxygen", "region": layer, "value": "11 mmHg"}]),
        Set(
            "events",
            [{"at": "0 h", "dose": {"species": "cytokine", "concentration": "7 uM", "region": lobule}}],
        ),
    )
    state = Simulation(model, seed=1).state
    assert np.all(state.fields["oxygen"].held[:, :, 0])
    assert not state.fields["oxygen"].held[:, :, 1:].any()
    raised = state.fields["cytokine"].values > 5
    assert np.all(raised == raised[:, :, :1])
    hexagon = Hexagon(center=("80 um",) * 3, radius="40 um")
    assert np.array_equal(raised, inside(hexagon, state.grid.mesh(), state.grid.size))


def test_what_was_written_is_read_again():
    place_them = [
        {"mixture": {"tumour": "0.5", "macrophage": "0.5"}, "spacing": "16 um",
         "region": {"hexagon": {"center": ["80 um"] * 3, "radius": "60 um", "axis": "y"}},
         "outside": {"shell": {"center": ["80 um"] * 3, "inner_radius": "10 um", "outer_radius": "30 um"}}},
        {"type": "tumour", "count": 3, "region": {"layer": {"axis": "x", "low": "0 um", "high": "20 um"}}},
    ]  # fmt: skip
    model = small_model(**{"tissue.cells": place_them})
    assert type(model).from_yaml(model.to_yaml()) == model
