"""Files that are either there in full or not at all.

A file is written under a temporary name, flushed to the disk and renamed, so that a kill or a power
cut at any moment leaves the old file or the new one. What the operating system refuses is told in plain
words.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from exocosm.ground.errors import RunError

TEMPORARY = ".partial-"
REMOVALS = 20

REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your disk quota is used up",
    errno.EFBIG: "the file would be larger than this system allows",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "you may not read or write there",
    errno.EPERM: "you may not read or write there",
    errno.EEXIST: "a file of that name stands there",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.ENOENT: "it does not exist",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EMFILE: "too many files are open",
    errno.EIO: "the disk reports an input/output error",
}


def reason(error: OSError) -> str:
    """What the operating system refused, in plain words."""
    return REASONS.get(error.errno or 0) or error.strerror or str(error)


@contextlib.contextmanager
def told_plainly(doing: str, path: Path) -> Iterator[None]:
    """Turn an OSError inside the block into a RunError that says what was being done and where."""
    try:
        yield
    except OSError as error:
        where = Path(error.filename) if isinstance(error.filename, str) else path
        where = where.with_name(where.name.removeprefix(TEMPORARY)) if where.name else where
        why = reason(error)
        if doing == "write" and error.errno == errno.ENOENT:
            why = "its folder does not exist"
        raise RunError(f"{where}: cannot {doing}: {why}") from error


def sync(path: Path) -> None:
    """Flush a file or a folder's list of names to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place once the block has ended well."""
    temporary = path.with_name(f"{TEMPORARY}{path.name}")
    with told_plainly("write", path):
        try:
            yield temporary
            sync(temporary)
            os.replace(temporary, path)
            sync(path.parent)
        finally:
            temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a whole text file at once."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def remove(folder: Path) -> None:
    """Remove a folder that a failure left, as far as the disk lets it.

    Threads that write chunks of fields may still be at it when one of them has failed, so it is tried again.
    """
    for _ in range(REMOVALS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.05)


def append_text(path: Path, text: str) -> None:
    """Add lines to the end of a file and flush them to the disk."""
    with told_plainly("write", path), path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def hasher(data: bytes) -> hashlib.blake2b:
    """The hash behind `fingerprint`, to be fed with more."""
    return hashlib.blake2b(data, digest_size=16)


def fingerprint(data: bytes) -> str:
    """A 128-bit hash that shows damage; not a protection against forgery."""
    return hasher(data).hexdigest()


def file_fingerprint(path: Path) -> str:
    """`fingerprint` of a file's content."""
    with told_plainly("read", path):
        return fingerprint(path.read_bytes())


@contextlib.contextmanager
def sole_writer(path: Path) -> Iterator[None]:
    """Hold a run folder for writing; the lock ends with the process, however that ends.

    Raises RunError if another process writes there. File systems without locks go unguarded.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    with told_plainly("open", path):
        descriptor = os.open(path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunError(
                f"{path}: another process is writing this run; wait for it or stop it first"
            ) from None
        except OSError:
            pass
        yield
    finally:
        os.close(descriptor)
