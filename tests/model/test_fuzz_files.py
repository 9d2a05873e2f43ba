"""Whatever stands in a table, section, arm or setting: a model or one ModelError, in time, and nothing else.

Scenarios themselves are fuzzed in test_fuzz.py, run folders in tests/results/test_fuzz_folders.py.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from limited import no_hang

from exocosm import ModelError, Set, Without
from exocosm.model import Model, load

SMALL = (Path(__file__).parent / "small.yaml").read_text()
CELLS = SMALL[SMALL.index("  - mixture") : SMALL.index("  steps:")]
MODEL = Model.from_yaml(SMALL)
RULES = """// rules
tumour,pressure,decreases,cycle entry,0,1,4,0
macrophage,oxygen,increases,tumour uptake,0.5,20,4,1
"""
PLACES = "x,y,z,type\n10,20,30,tumour\n50.5,60,70,macrophage\n1e1,2e1,31,tumour\n"
TYPES = "label,type\nHCC,tumour\nKupffer,macrophage\ndebris,\n"
FLOW = "x,y,z,vx,vy,vz\n10,20,30,1,0,0\n100,100,50,2,0,0\n"
ODD = st.sampled_from(
    [
        *(",", '"', '""', "\n", "\r", "\t", "\x00", "nan", "-inf", "1e999", "1_0", "-", "0x1", ";", "//"),
        *("\ufeff", "\u2028", "\ud7ff", "\U0001f9ec", "{}", "x" * 140_000, ",,,,,,,,", "tumour", "9" * 400),
        *(" ", "-0", "1e-400"),
    ]
)
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 9), ODD | st.text(max_size=4)), min_size=1, max_size=3
)


def edited(text: str, edits: list[tuple[float, int, str]]) -> str:
    """A text with pieces of it cut out and others put in."""
    for place, length, new in edits:
        start = int(place * len(text))
        text = text[:start] + new + text[start + length :]
    return text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def read(folder: Path, scenario: str, **files: str) -> None:
    """Load a scenario; a ModelError that says where is a good answer, too."""
    (folder / "small.yaml").write_text(scenario)
    for name, text in files.items():
        (folder / f"{name}.csv").write_bytes(text.encode("utf-8", errors="surrogatepass"))
    message = f"{folder}/small.yaml, line 1: \n"
    with no_hang():
        try:
            load(folder / "small.yaml")
        except ModelError as error:
            message = str(error)
    assert message.startswith(f"{folder}/small.yaml, line ")
    assert len(message) < 2500
    assert all(letter.isprintable() or letter == "\n" for letter in message)


@settings(max_examples=120, deadline=None)
@given(edits=EDITS)
def test_tables_of_rules(folder: Path, edits: list[tuple[float, int, str]]) -> None:
    read(
        folder,
        SMALL.replace("  cells:\n", "  rules:\n  - csv: rules.csv\n  cells:\n", 1),
        rules=edited(RULES, edits),
    )


@settings(max_examples=120, deadline=None)
@given(edits=EDITS)
def test_tables_of_cells(folder: Path, edits: list[tuple[float, int, str]]) -> None:
    read(folder, SMALL.replace(CELLS, "  - region: {csv: cells.csv}\n"), cells=edited(PLACES, edits))


@settings(max_examples=100, deadline=None)
@given(cells=EDITS, types=EDITS)
def test_tables_of_labels(folder: Path, cells: list, types: list) -> None:
    region = "{csv: cells.csv, label: type, types: types.csv}"
    labelled = PLACES.replace("tumour", "HCC").replace("macrophage", "Kupffer")
    scenario = SMALL.replace(CELLS, f"  - region: {region}\n")
    read(folder, scenario, cells=edited(labelled, cells), types=edited(TYPES, types))


@settings(max_examples=80, deadline=None)
@given(edits=EDITS)
def test_tables_of_velocities(folder: Path, edits: list[tuple[float, int, str]]) -> None:
    read(
        folder,
        SMALL.replace("  cell_types:", "  flow: {csv: flow.csv}\n  cell_types:", 1),
        flow=edited(FLOW, edits),
    )


@pytest.fixture(scope="module")
def section(folder: Path) -> bytes:
    import anndata
    import numpy as np
    import pandas

    labels = pandas.Categorical(["tumour", "macrophage", "tumour"])
    obs = pandas.DataFrame({"cell_type": labels}, index=pandas.Index(list("abc"), dtype=object))
    anndata.AnnData(obs=obs, obsm={"spatial": np.array([[1.0, 2, 3], [40, 50, 60], [7, 8, 9]])}).write_h5ad(
        folder / "whole.h5ad"
    )
    return (folder / "whole.h5ad").read_bytes()


@settings(max_examples=150, deadline=None)
@given(
    flips=st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 255)), max_size=12),
    length=st.just(1.0) | st.floats(0, 1),
)
def test_sections(folder: Path, section: bytes, flips: list[tuple[int, int]], length: float) -> None:
    content = bytearray(section[: int(length * len(section))])
    for place, bits in flips:
        if content:
            content[place % len(content)] ^= bits
    (folder / "cells.h5ad").write_bytes(bytes(content))
    read(folder, SMALL.replace(CELLS, "  - region: {h5ad: cells.h5ad}\n"))


WORD = st.sampled_from(
    [
        *(
            "tissue",
            "cells",
            "species",
            "vesicles",
            "tumour",
            "rules",
            "duration",
            "arms",
            "a",
            "",
            ":",
            "[0]",
        ),
        *(
            "[-1]",
            "[9]",
            ".",
            "..",
            "cell_types",
            "volume",
            "total",
            "record",
            "\x00",
            "\u00b5",
            "[[",
            "events",
        ),
        *("uptake:tumour", "cycle:tumour"),
    ]
)
PATH = st.lists(WORD | st.text(max_size=3), max_size=5).map(".".join)
SHORT = ODD.filter(lambda text: len(text) < 1000) | st.text(max_size=5)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | SHORT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORD, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(path=PATH, value=VALUE)
def test_paths_and_values_of_settings(path: str, value: object) -> None:
    with no_hang(), contextlib.suppress(ModelError):
        MODEL.change(Set(path, value))
    with no_hang(), contextlib.suppress(ModelError):
        MODEL.change(Without(path))
    with no_hang(), contextlib.suppress(ModelError):
        Set.parse(f"{path}={value}")


@settings(max_examples=120, deadline=None)
@given(name=WORD | st.text(max_size=4), arm=VALUE, path=PATH, value=VALUE)
def test_arms(name: str, arm: object, path: str, value: object) -> None:
    for content in (arm, {"set": {path: value}}, {"without": [path]}, {"add": [value]}):
        with no_hang(), contextlib.suppress(ModelError):
            model = MODEL.change(Set("arms", {name: content}))
            for made in model.arms:
                model.variant(made)
