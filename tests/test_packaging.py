"""What the package ships and depends on: data in the wheel, locks with hashes, a quick import."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src" / "exocosm"
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# `import exocosm` loads only the standard library and itself; the rest comes when it is first used.
HEAVY = {"numpy", "scipy", "numba", "pandas", "anndata", "xarray", "zarr", "matplotlib", "plotly", "pydantic"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as its build backend makes it, without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "src/exocosm"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git clone")
    tracked = {path.removeprefix("src/") for path in listed.stdout.splitlines() if (ROOT / path).exists()}
    assert not tracked - set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_is_pure_python(wheel: Path) -> None:
    """No compiler at install."""
    assert wheel.name.endswith("-py3-none-any.whl")


def test_the_wheel_carries_the_licence(wheel: Path) -> None:
    assert any(name.endswith("licenses/LICENSE") for name in zipfile.ZipFile(wheel).namelist())


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_pin_has_hashes_and_names_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    pins = re.findall(r"^[\w.\[\]-]+==.*?(?=^\S|\Z)", text, flags=re.MULTILINE | re.DOTALL)
    assert len(pins) > 20
    assert all("--hash=sha256:" in pin for pin in pins)
    assert "://" not in text
    assert "index-url" not in text


def test_locks_agree_with_each_other() -> None:
    """Whatever target comes second changes nothing that the first installed."""
    seen: dict[str, set[str]] = {}
    for lock in LOCKS:
        pins: dict[str, list[str]] = {}
        for name, rest in re.findall(
            r"^([\w.-]+)==([^\\\n]+)", lock.read_text(encoding="utf-8"), re.MULTILINE
        ):
            pins.setdefault(name, []).append(rest.strip())
        for name, versions in pins.items():
            seen.setdefault(name, set()).add(" | ".join(sorted(versions)))
    assert not {name: versions for name, versions in seen.items() if len(versions) > 1}


def test_every_dependency_has_both_bounds_or_says_why_not() -> None:
    by_date = {"xarray"}  # versions are dates: no next major to stop at
    for requirement in PROJECT["project"]["dependencies"]:
        name = re.split(r"[<>=]", requirement)[0]
        assert ">=" in requirement
        assert "<" in requirement or name in by_date


def test_importing_exocosm_is_quick_and_light() -> None:
    """Under a second, and none of the large packages is loaded."""
    code = (
        "import sys, time; a = time.perf_counter(); import exocosm; b = time.perf_counter();"
        "print(b - a, *{name.split('.')[0] for name in sys.modules})"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    seconds, *modules = out.split()
    assert float(seconds) < 1.0
    assert not HEAVY & set(modules)


def test_no_file_names_a_package_registry() -> None:
    """Locks and settings work with whatever index a machine is set up to use."""
    address = re.compile("py" + r"pi\.org|pythonhosted|registry\." + "npmjs|deb\\.debian")
    files = [ROOT / "Makefile", ROOT / "pyproject.toml", ROOT / ".ci" / "run", *ROOT.glob("*.md"), *LOCKS]
    assert not [path.name for path in files if address.search(path.read_text(encoding="utf-8"))]


def test_the_sources_hold_no_pickle() -> None:
    """No file that Exocosm opens can run code."""
    pattern = re.compile(r"^\s*(import|from) (pickle|shelve|marshal|dill)\b|allow_pickle=True", re.MULTILINE)
    assert not [p.name for p in SOURCES.rglob("*.py") if pattern.search(p.read_text(encoding="utf-8"))]
