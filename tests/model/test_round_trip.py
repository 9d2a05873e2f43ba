"""A model written to YAML and read back is equal, with the same sources."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exocosm.library import scenario_names
from exocosm.model import (
    Box,
    Cargo,
    CellType,
    Cycle,
    Geometry,
    LogNormal,
    Medium,
    Model,
    Phase,
    Placement,
    Species,
    Sphere,
    Steps,
    Substrate,
    Tissue,
    VesiclePopulation,
    Volume,
    load,
    sources,
)

SMALL = Path(__file__).parent / "small.yaml"
positive = st.floats(1e-6, 1e6)
names = st.from_regex(r"[A-Za-z][A-Za-z0-9_+-]{0,12}", fullmatch=True)
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=60)


def text(unit: str, values: st.SearchStrategy[float] = positive) -> st.SearchStrategy[object]:
    """A quantity in a unit: plain, derived or assumed."""
    plain = values.map(lambda v: f"{v!r} {unit}".strip())
    derived = st.builds(lambda v, why: {"value": v, "derived": f"a{why}"}, plain, words)
    assumed = values.map(
        lambda v: {
            "value": f"{v!r} {unit}".strip(),
            "assumed": "a guess",
            "range": [f"{v!r} {unit}".strip(), f"{v * 2!r} {unit}".strip()],
        }
    )
    return plain | derived | assumed


# What is drawn is what a tissue can have; what it cannot is refused (test_senseless.py).
long = st.floats(1, 1e6)
durations = st.one_of(
    st.builds(lambda m: {"fixed": m}, text("h", long)),
    st.builds(
        lambda m, s: {"normal": {"mean": m, "sd": s}}, text("h", long), text("min", st.floats(1e-6, 10))
    ),
    st.builds(lambda r: {"exponential": r}, text("1/h", st.floats(1e-6, 1))),
)
phases = st.builds(Phase, name=names, duration=durations, divides=st.booleans(), doubles_volume=st.booleans())
regions = st.one_of(
    st.just(Sphere(center=("50 um", "50 um", "50 um"), radius="30 um")),
    st.just(Box(low=("0 um", "0 um", "0 um"), high=("50 um", "0.1 mm", "100 um"))),
)


@st.composite
def models(draw: st.DrawFn) -> Model:
    cargo, vesicle, cell = draw(st.lists(names, min_size=3, max_size=3, unique=True))
    population = VesiclePopulation(
        origin=draw(words),
        route="exosome",
        diameter=LogNormal(
            median=draw(text("nm", st.floats(10, 4000))), geometric_sd=draw(text("", st.floats(1, 3)))
        ),
        decay_rate=draw(text("1/day", st.floats(1e-6, 1000))),
        manifest={cargo: draw(text("copies/particle", st.floats(1e-6, 1e4)))},
        every="1 min",
    )
    oxygen = Substrate(
        unit="mmHg",
        diffusion_coefficient=draw(text("um^2/s")),
        decay_rate=draw(text("1/min", st.floats(1e-6, 10))),
        initial=draw(text("mmHg", st.floats(1e-6, 7000))),
        regime=draw(st.sampled_from(["quasi-steady", "transient"])),
        every="6 s",
        solubility="1.3 uM/mmHg",
    )
    cell_type = CellType(
        volume=Volume(total=draw(text("um^3", st.floats(100, 1e4)))),
        cycle=draw(st.none() | st.builds(Cycle, phases=st.tuples(phases))),
        exchange={
            "O2-": {
                "max_uptake": draw(text("amol/s")),
                "half_saturation": draw(text("mmHg", st.floats(1e-6, 7000))),
            }
        },
        release={vesicle: draw(text("particle/h"))},
        uptake={vesicle: {"efficiency": draw(text("", st.floats(0, 0.5)))}},
    )
    medium = Medium(
        temperature="37 degC",
        viscosity=draw(text("mPa*s", st.floats(0.3, 1e6))),
        tortuosity="1.5",
        minimum_extracellular_fraction=0.1,
    )
    tissue = Tissue(
        geometry=Geometry(size=("100 um", "100 um", "100 um"), voxel="20 um"),
        medium=medium,
        cell_types={cell: cell_type},
        cells=(Placement(type=cell, region=draw(regions), count=draw(st.integers(0, 9))),),
        steps=Steps(tick="0.1 min", mechanics="0.1 min", phenotype="6 min"),
    )
    species = Species(
        substrates={"O2-": oxygen}, vesicles={vesicle: population}, cargos={cargo: Cargo(kind="miRNA")}
    )
    return Model(
        format="exocosm/1",
        name=draw(names),
        title=draw(words),
        description=draw(words),
        duration="1 day",
        species=species,
        tissue=tissue,
    )


@settings(max_examples=40)
@given(models())
def test_any_model_survives_its_file(model: Model) -> None:
    again = Model.from_yaml(model.to_yaml())
    assert again == model
    assert sources(again) == sources(model)
    assert again.to_yaml() == model.to_yaml()


@pytest.mark.parametrize("name", [*scenario_names(), str(SMALL)])
def test_scenarios_survive_their_file(name: str) -> None:
    model = load(name)
    again = Model.from_yaml(model.to_yaml())
    assert again == model
    assert sources(again) == sources(model)
    assert pickle.loads(pickle.dumps(model)) == model


def test_a_model_is_frozen_all_through() -> None:
    model = load(SMALL)
    with pytest.raises(ValueError, match="frozen"):
        model.duration = 3
    with pytest.raises(TypeError, match="frozen"):
        model.tissue.cell_types["other"] = model.tissue.cell_types["tumour"]


def test_amounts_in_mol_become_amounts_of_the_substrate() -> None:
    uptake = load("tumour-nodule").tissue.cell_types["tumour"].exchange["oxygen"].max_uptake
    micromolar = 18.7e-18 * 60 / 1e-21
    assert uptake == pytest.approx(micromolar / 1.3)
    assert uptake.unit == "mmHg*um^3/min"
