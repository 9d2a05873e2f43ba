"""Whatever stands in a run folder or comparison: it opens and goes on, or one error says why not, in time."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from broken_folders import sealed
from hypothesis import given, settings
from hypothesis import strategies as st
from limited import no_hang
from stand_in import StandInModel

from exocosm.ground.errors import ExocosmError
from exocosm.results import Run, resume, run
from exocosm.study import Comparison

NAMES = [
    *(
        "seed",
        "status",
        "tick",
        "until_tick",
        "model_hash",
        "label",
        "warnings",
        "costs_s",
        "wall_s",
        "digest",
    ),
    *("versions", "changes", "tick_length_min"),
]
PARTS = ["tick", "time_min", "summary", "ledger", "cells", "fields", "checkpoint", "passing"]
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just("../../x"),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["file", "blake2b", "bytes", "step", "digest", "x"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import stand_in

    with pytest.MonkeyPatch.context() as patch:
        stand_in.install(patch.setattr)
        return run(StandInModel(duration=120.0), out=tmp_path_factory.mktemp("whole") / "run").path


def use(folder: Path) -> None:
    """Touch all that a folder offers; an error of ours that says something is a good answer."""
    with no_hang(), contextlib.suppress(ExocosmError):
        opened = Run.open(folder)
        _ = opened.label, opened.seed, opened.time_h, opened.summary, opened.ledger, opened.model
        for hour in opened.cell_times:
            opened.cells(hour)
        opened.fields.load()
        resume(folder, 132.0)


@contextlib.contextmanager
def copied(whole: Path) -> Any:
    folder = whole.with_name("copy")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(whole, folder)
    yield folder


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(NAMES), value=VALUE)
def test_sealed_entries_of_run_json(whole: Path, name: str, value: object) -> None:
    with copied(whole) as folder:
        content = json.loads((folder / "run.json").read_text()) | {name: value}
        (folder / "run.json").write_text(json.dumps(sealed(content)))
        use(folder)


@settings(max_examples=60, deadline=None)
@given(line=st.integers(0, 20), name=st.sampled_from(PARTS), value=VALUE)
def test_sealed_entries_of_the_index(whole: Path, line: int, name: str, value: object) -> None:
    with copied(whole) as folder:
        lines = [json.loads(text) for text in (folder / "index.jsonl").read_text().splitlines()]
        lines[line % len(lines)][name] = value
        (folder / "index.jsonl").write_text("".join(json.dumps(sealed(one)) + "\n" for one in lines))
        use(folder)


@settings(max_examples=30, deadline=None)
@given(content=st.binary(max_size=40) | VALUE.map(lambda value: json.dumps(value).encode()))
def test_any_content_of_any_json(whole: Path, content: bytes) -> None:
    for name in ("run.json", "index.jsonl", "fields.zarr/zarr.json"):
        with copied(whole) as folder:
            (folder / name).write_bytes(content)
            use(folder)


@settings(max_examples=80, deadline=None)
@given(seeds=VALUE, arms=VALUE)
def test_comparisons(whole: Path, seeds: object, arms: object) -> None:
    folder = whole.with_name("compared")
    folder.mkdir(exist_ok=True)
    for request in ({"seeds": seeds, "arms": arms}, {"seeds": [1], "arms": {"baseline": arms}}, seeds):
        content = request | {"format": "exocosm-comparison/1"} if isinstance(request, dict) else request
        (folder / "comparison.json").write_text(json.dumps(content))
        with no_hang(), contextlib.suppress(ExocosmError):
            Comparison.open(folder)
