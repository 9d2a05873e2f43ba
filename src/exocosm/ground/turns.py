"""One process at a time, by a lock on a file that the operating system gives up when its holder ends.

So a holder that is killed blocks nobody, and no lock grows stale.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

LOOK_EVERY = 0.2
"""Seconds between looks at a lock that another process holds."""
NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}


@contextlib.contextmanager
def one_at_a_time(path: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Hold the lock file `path` inside the block; calls `waiting` at each look while another holds it.

    File systems without locks go unguarded.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        while not _taken(descriptor):
            waiting()
            time.sleep(LOOK_EVERY)
        yield
    finally:
        os.close(descriptor)  # gives the lock up


def _taken(descriptor: int) -> bool:
    """Try to lock: False if another process holds it."""
    try:
        _lock(descriptor)
    except OSError as error:
        return error.errno in NO_LOCKS
    return True


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
