"""Checkpoints: the whole state as plain arrays in one `.npz`, with a format and a hash; never pickled."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.errors import RunError
from exocosm.results.durable import replacing, told_plainly

FORMAT = "exocosm-checkpoint/1"
FORMAT_KEY, HASH_KEY = "__format__", "__hash__"

Arrays = Mapping[str, NDArray[np.generic]]


def content_hash(arrays: Arrays) -> str:
    """Hash over names, types, shapes and bytes, in the order of the names."""
    digest = hashlib.blake2b(digest_size=16)
    for name in sorted(arrays):
        array = np.asarray(arrays[name])
        digest.update(f"{name}|{array.dtype.str}|{array.shape}|".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def write_checkpoint(path: Path, arrays: Arrays) -> None:
    """Write `arrays` (no object arrays) to `path` in one step."""
    plain = {name: np.asarray(array) for name, array in arrays.items()}
    for name, array in plain.items():
        if array.dtype.hasobject:
            raise TypeError(f"a checkpoint holds plain arrays only, and {name} holds Python objects")
    seal = {FORMAT_KEY: np.array(FORMAT), HASH_KEY: np.array(content_hash(plain))}
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(file, **plain, **seal)  # type: ignore[arg-type]


def _load(path: Path) -> dict[str, NDArray[np.generic]]:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if any(member.compress_type != zipfile.ZIP_STORED for member in members):
            raise ValueError("it is compressed, and Exocosm writes checkpoints uncompressed")
        if sum(member.file_size for member in members) > path.stat().st_size:
            raise ValueError("it claims to hold more than its size")
    with np.load(path, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def read_checkpoint(path: Path) -> dict[str, NDArray[np.generic]]:
    """The arrays of a checkpoint; RunError if it is missing, damaged or of another format."""
    try:
        with told_plainly("read", path):
            arrays = _load(path)
    except (ValueError, EOFError, KeyError, zipfile.BadZipFile, NotImplementedError) as error:
        raise RunError(f"{path}: this is not a readable checkpoint: {error}") from error
    found = str(arrays.pop(FORMAT_KEY, "no format"))
    seal = str(arrays.pop(HASH_KEY, ""))
    if found != FORMAT:
        raise RunError(f"{path}: found {found}, and this version of Exocosm reads {FORMAT}")
    if content_hash(arrays) != seal:
        raise RunError(f"{path}: the checkpoint is damaged: its content does not fit its hash")
    return arrays
