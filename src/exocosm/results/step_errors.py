"""The estimated errors of a run's steps, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def in_words(errors: Mapping[str, Any]) -> str:
    """One line: of each field in time, of positions, and what was left out."""
    fields = sorted(errors["fields"].items(), key=lambda item: -item[1])
    told = [f"{name} {100 * share:.2g} %" for name, share in fields]
    line = f"estimated, of steps: {', '.join(told)}; " if told else "estimated, of steps: "
    line += f"positions {100 * errors['mechanics']:.2g} % of a radius"
    left = ", ".join(errors["left_out"])
    return f"{line}; not looked at: {left} (long steps)" if left else line
