"""Whatever happens to a scenario file, the answer is a model or one ModelError, never another exception."""

from __future__ import annotations

import contextlib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from exocosm import ModelError, Set, Without
from exocosm.model import Model

SMALL = (Path(__file__).parent / "small.yaml").read_text()
LINES = SMALL.splitlines()
LINE = st.integers(0, len(LINES) - 1)
ODD = st.sampled_from(
    """
{}
[]
null
-1
1e400
true
''
{a: 1}
[1, 2, 3]
[[[]]]
!!str x
*a
NO
.nan
0 h
-3 um
1e-320 h
{evidence: []}
{value: {}, derived: x}
{value: 1, assumed: x, range: [1]}
{evidence: [prog-P001]}
{value: 1 h, derived: x, evidence: [[]]}
{value: 3, evidence: {a: 1}}
{value: 1 h, derived: x, evidence: 5}
""".strip().splitlines()
)
MODEL = Model.from_yaml(SMALL)
PATHS = st.sampled_from(
    """
duration
tissue
tissue.cells
tissue.cells[0]
tissue.cells[0].region
species
species.cargos
tissue.cell_types.tumour
tissue.cell_types.tumour.cycle.phases[0].duration
events[0].boundary
body
tissue.geometry.size[1]
species.vesicles.tumour.manifest
tissue.boundaries.oxygen
record
format
species.substrates.oxygen.unit
tissue.cell_types.tumour.exchange.oxygen
tissue.steps.tick
a.b[3].c
""".strip().splitlines()
)


def read(text: str) -> None:
    """Reads a text; a ModelError that says something is a good answer."""
    message = "small.yaml"
    try:
        Model.from_yaml(text, file="small.yaml")
    except ModelError as error:
        message = str(error)
    assert message.startswith("small.yaml")
    assert len(message) < 2000


@settings(max_examples=150)
@given(LINE, ODD)
def test_odd_values(line: int, value: str) -> None:
    key = LINES[line].split(":")[0]
    read("\n".join([*LINES[:line], f"{key}: {value}", *LINES[line + 1 :]]))


@settings(max_examples=100)
@given(LINE, LINE)
def test_moved_lines(source: int, target: int) -> None:
    lines = list(LINES)
    lines.insert(target, lines.pop(source))
    read("\n".join(lines))


@settings(max_examples=150)
@given(st.integers(0, len(SMALL) - 1), st.integers(0, 12), st.text(max_size=5))
def test_damaged_characters(start: int, length: int, replacement: str) -> None:
    read(SMALL[:start] + replacement + SMALL[start + length :])


@settings(max_examples=150)
@given(PATHS, ODD)
def test_odd_settings(path: str, value: str) -> None:
    with contextlib.suppress(ModelError):
        MODEL.change(Set(path, value))


@settings(max_examples=60)
@given(
    PATHS
    | st.sampled_from(["cells:tumour", "cycle:macrophage", "vesicles:", ":", "a:b:c", "cargo:miR-21-5p"])
)
def test_odd_targets(target: str) -> None:
    with contextlib.suppress(ModelError):
        MODEL.change(Without(target))
