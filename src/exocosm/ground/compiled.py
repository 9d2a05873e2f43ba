"""How kernels are compiled: one set of flags, one cache directory keyed by all kernel sources.

A cached Numba kernel does not notice an edit of a function that it calls in another file, so the
cache directory carries a hash of every kernel source; and of where and how old the files are, for Numba
compiles anew for a copy elsewhere and after each installation. No `fastmath` and no parallel reductions:
results must not depend on the number of threads.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from llvmlite.binding import get_host_cpu_name
from platformdirs import user_cache_dir

SOURCES = Path(__file__).parents[1]
KERNEL_PACKAGES = ("ground", "tissue")
INDEX_FILES = ("cells.py", "cell_types.py", "rows.py")  # their constants are compiled into kernels
PLACE = "EXOCOSM_CACHE"


def source_hash() -> str:
    """Hash of every source file that holds a kernel, in a fixed order, here and for this processor."""
    made_by = f"{numba.__version__} {get_host_cpu_name()} {SOURCES}"  # machines that differ share homes
    digest = hashlib.blake2b(made_by.encode(), digest_size=8)
    for package in KERNEL_PACKAGES:
        for path in sorted((SOURCES / package).glob("*.py")):
            source = path.read_bytes()
            if b"kernel\n" in source or path.name in INDEX_FILES:  # a decorator has a line of its own
                digest.update(source + str(path.stat().st_mtime_ns).encode())
    return digest.hexdigest()


def refusal(folder: Path) -> OSError | None:
    """Why no file can be made in `folder`, which is made if it is missing; None if one can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return error


def stand_in_for(folder: Path) -> Path:
    """A copy of a cache that cannot be written, for this process and those that it starts.

    Numba neither writes to such a folder nor reads from it.
    """
    place = Path(tempfile.mkdtemp(prefix="exocosm-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    with contextlib.suppress(OSError, shutil.Error):
        shutil.copytree(folder, place / folder.name)
    os.environ[PLACE] = str(place)
    (place / folder.name).mkdir(exist_ok=True)
    return place / folder.name


WANTED_DIRECTORY = Path(os.environ.get(PLACE) or user_cache_dir("exocosm")) / f"kernels-{source_hash()}"
"""Folder of the compiled kernels of exactly these sources; the variable EXOCOSM_CACHE moves its parent."""
REFUSAL = refusal(WANTED_DIRECTORY)
"""Why nothing can be kept there, if so."""
CACHE_DIRECTORY = stand_in_for(WANTED_DIRECTORY) if REFUSAL else WANTED_DIRECTORY

numba.config.CACHE_DIR = str(CACHE_DIRECTORY)
# OpenMP threads that wait actively take 8 ms a launch once another program runs on the same cores, else 6 µs;
# the library reads this when the first parallel kernel starts.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

KEPT: list[Any] = []
"""The kernels that are kept in the cache, of all modules loaded so far."""


def kernel(function: Callable[..., Any]) -> Any:
    """Compile `function` for one thread; IEEE arithmetic, NaN and infinity as NumPy has them."""
    KEPT.append(numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    return KEPT[-1]


def shared_kernel(function: Callable[..., Any]) -> Any:
    """Compile `function` for calls from other kernels and, now and then, from Python.

    It is kept as a part of those kernels only: an entry of its own would be compiled for several types of
    arguments, and two processes that add to one entry at the same time can mix them up.
    """
    return numba.njit(nogil=True, error_model="numpy")(function)


def inner_kernel(function: Callable[..., Any]) -> Any:
    """Compile `function` for calls from other kernels only: it has no entry from Python to build."""
    no_entry = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return numba.njit(nogil=True, error_model="numpy", **no_entry)(function)


def inlined_kernel(function: Callable[..., Any]) -> Any:
    """Compile `function` into the body of each kernel that calls it, where a call would slow its loop."""
    return numba.njit(nogil=True, error_model="numpy", inline="always")(function)


def parallel_kernel(function: Callable[..., Any]) -> Any:
    """Compile `function` with `prange` loops whose iterations are independent of each other."""
    KEPT.append(numba.njit(cache=True, nogil=True, error_model="numpy", parallel=True)(function))
    return KEPT[-1]


def set_threads(threads: int | None) -> int:
    """Use `threads` threads for parallel kernels (None: all that Numba was started with)."""
    most = int(numba.config.NUMBA_NUM_THREADS)
    if threads is not None and not 1 <= threads <= most:
        raise ValueError(
            f"threads must lie between 1 and {most} (set NUMBA_NUM_THREADS for more), not {threads}"
        )
    numba.set_num_threads(threads or most)
    return threads or most
