"""Warnings of runs, told once where they differ only in whom they speak of and in numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAMES_AND_NUMBERS = re.compile(r"\d+(\.\d+)?|^[^:]+:")


def grouped(texts: Iterable[str]) -> list[list[str]]:
    """Warnings by kind, each once, in the order in which they come: the first of a kind stands for it."""
    kinds: dict[str, list[str]] = {}
    for text in dict.fromkeys(texts):
        kinds.setdefault(_NAMES_AND_NUMBERS.sub("#", text), []).append(text)
    return list(kinds.values())


def in_one_line(kind: list[str]) -> str:
    """A kind of warning: its first text, and of whom else the same is said."""
    first, *others = kind
    if not others:
        return first
    whom = ", ".join(dict.fromkeys(text.partition(":")[0] for text in others))
    return f"{first} The same, with other numbers, of {whom}."
