"""A bound is the longer of moving bytes and doing operations; watching kernels changes no result."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest

from alone import bounds as table_of_bounds
from bounds import Watched, bound, row, watch
from cases import CASES, ball, model_of
from machine import SMALL, Rates
from work import KERNELS, Kernel, Work

RATES = Rates(2, memory=1e9, cache=4e9, multiply_add=1e10, division=1e9, exponential=1e8)


def test_bound_is_set_by_what_takes_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("machine.last_cache", lambda: float(SMALL))
    assert bound(Work(4e6, 1e6), RATES) == (pytest.approx(1e-3), "cache")
    assert bound(Work(4e7, 1e6), RATES) == (pytest.approx(4e-2), "memory")
    assert bound(Work(4e6, 1e7, 1e6, 1e6), RATES) == (pytest.approx(1.2e-2), "arithmetic")


def parallel(grid, factor):  # type: ignore[no-untyped-def]
    return factor


def watched(threads: bool) -> Watched:
    """A stand-in for a compiled kernel that was called on a fine and on a coarse grid."""
    compiled = SimpleNamespace(py_func=parallel, targetoptions={"parallel": threads})
    kernel = Kernel("stand-in", "nowhere", lambda a: Work(4e6, 1.0), lambda a: a.grid, "it waits")
    one = Watched(kernel, compiled)
    one.calls = [(8, 0.004, Work(4e6, 1.0)), (8, 0.006, Work(4e6, 1.0)), (1, 0.1, Work(1.0, 1.0))]
    return one


def test_row_tells_fine_from_coarse_grids() -> None:
    found = row(watched(threads=True), RATES, minutes=30.0)
    assert found["milliseconds"] == pytest.approx(5.0)
    assert found["calls_per_hour"] == 4.0
    assert found["seconds_per_hour"] == pytest.approx(0.02)
    assert found["coarser_seconds_per_hour"] == pytest.approx(0.2)
    assert found["share"] == pytest.approx(0.2)


def test_a_kernel_under_half_of_its_bound_says_why() -> None:
    rows = [row(watched(threads), RATES, minutes=30.0) for threads in (True, False)]
    part = {"case": "cells", "rates": [RATES.as_dict()], "seconds_per_hour": 1.0, "kernels": rows}
    text = table_of_bounds({"bounds": part})
    assert "- `stand-in`: it waits." in text
    assert "- `stand-in`: runs on one thread; it waits." in text
    part["kernels"] = [found | {"share": 0.6} for found in rows]
    assert "None is under half of its bound." in table_of_bounds({"bounds": part})


def test_watching_kernels_times_each_and_changes_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    from exocosm.coupling import start

    model = model_of(CASES["B"]).change(*ball(160.0, 40.0))

    def digest() -> str:
        simulation = start(model, seed=1, threads=1)
        simulation.advance(60)
        return str(simulation.digest())

    expected = digest()
    for kernel in KERNELS:  # put back at the end of the test
        module = import_module(kernel.module)
        monkeypatch.setattr(module, kernel.name, getattr(module, kernel.name))
    watching = watch()
    assert digest() == expected
    for one in watching:
        assert one.calls, one.kernel.name
        assert all(seconds > 0.0 and work.moved > 0.0 for _, seconds, work in one.calls)
