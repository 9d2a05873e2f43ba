"""A Zarr store that hands out a chunk only if it is the one that the index lists."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from zarr.storage import LocalStore

from exocosm.ground.errors import RunError
from exocosm.results.durable import fingerprint


class ListedStore(LocalStore):
    """Reads a local store; `hashes` maps keys of chunks to fingerprints. Raises RunError naming the file."""

    def __init__(self, root: Path, hashes: Mapping[str, str]) -> None:
        super().__init__(root, read_only=True)
        self.hashes = hashes

    async def get(self, key: str, prototype: Any = None, byte_range: Any = None) -> Any:
        """The content of a key, checked if it is a whole listed chunk."""
        content = await super().get(key, prototype, byte_range)
        expected = self.hashes.get(key)
        if expected is None or byte_range is not None:
            return content
        if content is None:
            raise RunError(f"{self.root / key}: it is missing, though the index lists it")
        if fingerprint(content.to_bytes()) != expected:
            raise RunError(f"{self.root / key}: the file is damaged: it is not the one that the index lists")
        return content
