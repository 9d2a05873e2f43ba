"""The page of equations follows the code: processes in their order, places in it and tests that exist."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

import exocosm.tissue
from exocosm.model import Model, Set, load
from exocosm.tissue.build import Tissue
from exocosm.tissue.processes import processes

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "equations.md").read_text(encoding="utf-8")
PLACE = re.compile(r"`((?:tissue|physics|ground)(?:\.\w+)+)`")
TEST = re.compile(r"\*([^*]+)\* \(`(tests/[\w/]+\.py)`\)")
KERNEL = re.compile(r"^@\w*kernel$", flags=re.MULTILINE)
CARRIED = {  # what acts in turn for each substrate and each population: flow, then all else
    "tissue.convection.Convection",
    "tissue.substrates.Substrate",
    "tissue.vesicles.VesiclePopulation",
}
STEP = ["self", "state", "tick", "draw", "ledger"]


def rows(mark: str) -> list[list[str]]:
    """The rows of the table after a mark, without its head, as cells of text."""
    text = PAGE.split(f"<!-- {mark} -->\n", 1)[1]
    lines = re.match(r"(?:^\|.*\n)+", text, flags=re.MULTILINE).group().splitlines()[2:]
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]


def place_of(kind: type) -> str:
    """A class as the page names it."""
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("exocosm.")


def found_at(place: str) -> Any:
    """What stands at a place under `exocosm`; ModuleNotFoundError or AttributeError if nothing does."""
    parts = ["exocosm", *place.split(".")]
    modules = len(parts)
    while modules > 1:
        try:
            found = importlib.import_module(".".join(parts[:modules]))
            break
        except ModuleNotFoundError:
            modules -= 1
    for part in parts[modules:]:
        found = getattr(found, part)
    return found


def gated(kind: str) -> dict[str, Any]:
    """Openings that answer to the state `lining` of a kind of cell."""
    closed = {"cell_type": kind, "state": "lining", "diameter": "60 nm", "density": "2 1/um^2"}
    return {"diameter": "110 nm", "density": "9 1/um^2", "thickness": "0.2 um", "capillarised": closed}


def everything() -> Model:
    """A tissue in which every process has something to do."""
    model = load(ROOT / "tests" / "model" / "vesicles.yaml")
    kind = next(iter(model.tissue.cell_types))
    line = {"start": ["50 um", "50 um", "0 um"], "end": ["50 um", "50 um", "60 um"]}
    arrival = {"name": "arrival", "cell_type": kind, "through": "capillary", "rate": "1e-3 1/um/min"}
    attack = {"targets": {kind: "1 1/h"}, "damage_rate": "1 1/min", "duration": "1 min"}
    collagen = {
        "unit": "uM",
        "diffusion_coefficient": "1 um^2/min",
        "regime": "transient",
        "initial": "0 uM",
        "every": "1 min",
    }
    changes = {
        "species.substrates.collagen": collagen,
        "tissue.boundaries.collagen": dict.fromkeys(("x_low", "x_high"), "0 uM"),
        "tissue.medium.fibre_radius": "20 nm",
        "tissue.medium.fibre_volume_fraction": 0.01,
        "tissue.medium.laid_fibres": {"substrate": "collagen", "volume": "1e-6 1/uM"},
        f"tissue.cell_types.{kind}.states.lining": {"initial": 0.5},
        "tissue.capillaries.capillary": {"radius": "4 um", "lines": [line], "fenestrae": gated(kind)},
        "tissue.immigration": [arrival],
        f"tissue.cell_types.{kind}.motility": {"speed": "1 um/min", "persistence_time": "5 min"},
        f"tissue.cell_types.{kind}.attack": attack,
        f"tissue.cell_types.{kind}.pools.PD-L1": {"initial": "1000 copies"},
        f"tissue.cell_types.{kind}.surface.PD-L1": "0.5",
    }
    return model.change(*(Set(path, value) for path, value in changes.items()))


def test_the_processes_of_the_page_are_those_of_a_step_in_their_order() -> None:
    listed = [PLACE.findall(row[0])[0] for row in rows("processes")]
    acting = [place_of(type(process)) for process in processes(Tissue(everything()))]
    kept: list[str] = []
    for one_by_one, names in groupby(acting, CARRIED.__contains__):
        merged = [name for name, _ in groupby(names)]
        kept += merged[-2:] if one_by_one else merged  # of all substrates, or populations, the last
    assert kept == listed


def test_every_class_that_steps_like_a_process_is_on_the_page() -> None:
    listed = {PLACE.findall(row[0])[0] for row in rows("processes")}
    stepping = set()
    for module in pkgutil.iter_modules(exocosm.tissue.__path__, "exocosm.tissue."):
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            step = getattr(kind, "step", None)
            if step and [*inspect.signature(step).parameters] == STEP and kind.__module__ == module.name:
                stepping.add(place_of(kind))
    assert stepping == listed


@pytest.mark.parametrize("place", sorted(set(PLACE.findall(PAGE))))
def test_places_in_the_code_exist(place: str) -> None:
    found_at(place)


def test_every_process_has_a_section_that_names_it() -> None:
    sections = dict(re.findall(r"^## (.+)\n((?:(?!^## ).*\n)*)", PAGE, flags=re.MULTILINE))
    for process, _, links in rows("processes"):
        names = re.findall(r"\]\(#([\w-]+)\)", links)
        here = [text for title, text in sections.items() if title.lower().replace(" ", "-") in names]
        assert len(here) == len(names), links
        assert not names or any(process in text for text in here), process


def test_every_file_with_a_kernel_has_something_slow_beside_it() -> None:
    listed = {place for row in rows("twins") for place in PLACE.findall(row[0])}
    source = ROOT / "src" / "exocosm"
    files = [path for name in ("ground", "tissue") for path in (source / name).glob("*.py")]
    compiled = {path for path in files if KERNEL.search(path.read_text(encoding="utf-8"))}
    assert compiled
    assert {f"{path.parent.name}.{path.stem}" for path in compiled} <= listed


@pytest.mark.parametrize("row", rows("integrators") + rows("twins"), ids=lambda row: row[0])
def test_every_equation_and_twin_names_tests_that_exist(row: list[str]) -> None:
    named = TEST.findall(row[-1])
    assert named
    for words, path in named:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert "test_" + words.replace(" ", "_") in names, (path, words)
