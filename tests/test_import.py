"""`import exocosm` is quick because it loads nothing heavy; names come when they are asked for."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

import exocosm

HEAVY = {
    *("anndata", "dask", "h5py", "jinja2", "matplotlib", "numba", "numpy", "pandas", "pint", "plotly"),
    *("pydantic", "rich", "ruamel", "scipy", "typer", "xarray", "zarr"),
}
OURS = {"exocosm"}


def loaded_by(code: str) -> set[str]:
    script = f"import sys; before = set(sys.modules); {code}; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_import_loads_only_the_face():
    loaded = loaded_by("import exocosm")
    assert {name for name in loaded if name.startswith("exocosm")} == OURS
    assert not {name.partition(".")[0] for name in loaded} & HEAVY


@pytest.mark.parametrize(
    ("name", "must_not"),
    [
        ("exocosm.RunError", {"numpy", "numba", "pydantic"}),
        ("exocosm.Run", {"numba", "anndata", "xarray", "matplotlib", "pydantic"}),
        ("exocosm.run", {"numba", "anndata", "xarray", "matplotlib", "plotly"}),
        ("exocosm.load", {"numba", "anndata", "xarray", "pandas", "matplotlib"}),
    ],
)
def test_a_name_loads_no_more_than_it_needs(name, must_not):
    loaded = {module.partition(".")[0] for module in loaded_by(f"import exocosm; {name}")}
    assert not loaded & must_not


def test_import_takes_less_than_a_second():
    def once() -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import exocosm"], check=True)
        return time.perf_counter() - start

    assert min(once() for _ in range(3)) < 1.0


def test_every_public_name_is_there():
    for name in exocosm.__all__:
        assert getattr(exocosm, name) is not None
    assert set(dir(exocosm)) == set(exocosm.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="simulate"):
        _ = exocosm.simulate
