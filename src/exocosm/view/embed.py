"""How numbers travel inside the page: quantised, deflated, in base64; and JSON that cannot end its script.

A block is raw little-endian bytes under the hash of its content, so that what two arms share is stored once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVELS = 65535


def quantise(values: NDArray[Any], low: float, high: float) -> NDArray[np.uint16]:
    """Values between `low` and `high` as 16-bit steps; what lies outside is held at the ends."""
    span = max(high - low, 1e-300)
    steps = np.nan_to_num((np.asarray(values, dtype=float) - low) / span) * LEVELS
    return np.clip(np.rint(steps), 0, LEVELS).astype("<u2")


class Blocks:
    """Binary blocks of a page by content hash; `bytes` is their size as embedded."""

    def __init__(self) -> None:
        self.text: dict[str, str] = {}
        self.bytes = 0

    def add(self, *arrays: NDArray[Any]) -> str:
        """Store the arrays one after the other; return the name under which the page finds them."""
        raw = b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)
        name = hashlib.blake2b(raw, digest_size=9).hexdigest()
        if name not in self.text:
            self.text[name] = base64.b64encode(zlib.compress(raw, 9)).decode("ascii")
            self.bytes += len(self.text[name])
        return name


def finite(value: Any) -> Any:
    """The same structure with NumPy scalars as Python numbers and what is not finite as None."""
    if isinstance(value, dict):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [finite(item) for item in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    return value if value is None else str(value)


def script_json(value: Any) -> str:
    """JSON for a `<script type="application/json">`: no character in it can end the script."""
    text = json.dumps(finite(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
