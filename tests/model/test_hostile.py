"""No scenario can run code, fill the memory, or hang."""

from __future__ import annotations

from pathlib import Path

import pytest

from exocosm import ModelError
from exocosm.model import Model, load
from exocosm.model.reading import LARGEST_FILE, MOST_NODES

SMALL = (Path(__file__).parent / "small.yaml").read_text()


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system [echo hello]",
        "!!python/name:os.system ''",
        "!!binary aGVsbG8=",
        "!!set {a, b}",
        "!thing {a: 1}",
    ],
)
def test_tags_that_make_objects_are_refused(tag: str) -> None:
    with pytest.raises(ModelError, match="this YAML tag is refused") as caught:
        Model.from_yaml(SMALL.replace("duration: 24 h", f"duration: {tag}", 1), file="small.yaml")
    assert (caught.value.line, caught.value.place) == (3, "duration")


def test_nested_aliases_do_not_fill_the_memory() -> None:
    lines = ["l0: &l0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 10)}]" for i in range(1, 12)]
    with pytest.raises(ModelError, match="too large once its aliases are expanded"):
        Model.from_yaml("\n".join(lines))
    assert MOST_NODES <= 1_000_000


def test_an_alias_within_itself_is_refused() -> None:
    with pytest.raises(ModelError, match="an alias contains itself"):
        Model.from_yaml("format: &a [*a]")


@pytest.mark.parametrize("depth", [100, 100_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    with pytest.raises(ModelError, match="nested too deeply"):
        Model.from_yaml("format: " + "[" * depth + "]" * depth)


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(ModelError, match="the file is too large"):
        load(path)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"", b"# nothing\n", b"just words", b"- a\n- b\n", b"\x00"]
)
def test_what_is_no_scenario_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.yaml"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"odd\.yaml"):
        load(path)


@pytest.mark.parametrize(
    "text",
    ["1 um**999999999999", "1 um^um", "(" * 70, "1e999 h", "1 " + "h*" * 30 + "h", "nan h", "1 __import__"],
)
def test_odd_quantities_are_refused(text: str) -> None:
    with pytest.raises(ModelError):
        Model.from_yaml(SMALL.replace("duration: 24 h", f"duration: '{text}'", 1))


def test_a_directory_is_no_scenario(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no such scenario"):
        load(tmp_path)
