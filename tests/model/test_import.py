"""The model package loads little: neither pandas nor pint nor the engine."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {"pandas", "pint", "numba", "xarray", "anndata", "scipy", "matplotlib", "exocosm.tissue"}


def test_import_is_light() -> None:
    code = "import sys, exocosm.model; exocosm.model.Model; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY.isdisjoint(done.stdout.split())
