"""What the tests of studies share: the stand-in engine of the tests of run folders, runs in this process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "results"))


@pytest.fixture
def here() -> Iterator[Executor]:
    """Runs one after the other in this process, whose kernels are loaded.

    That a study starts processes of its own is seen in `test_nodule.py` and `tests/test_cli.py`.
    """
    with ThreadPoolExecutor(1) as thread:
        yield thread
