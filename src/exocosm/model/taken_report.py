"""What a scenario takes from the library and what of that is left out, as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from exocosm.model.taking import WORDS, Taken

SHORT = 12
"""At most as many parts left out are all told without being asked for."""
_LACKING = WORDS | {"receptors": "receptor", "states": "state", "parts": "part of its cell"}


def taken_report(taken: Taken, *, verbose: bool = False) -> list[str]:
    """What is taken, kind by kind, and what is left out: each part if few or `verbose`, else counts."""
    lines = [f"  takes {_kind(kind, names)}" for kind, names in taken.names.items() if names]
    if lines and not taken.left_out:
        return [*lines, "  of these nothing is left out"]
    if taken.left_out:
        count = len(taken.left_out)
        lines.append(
            f"  of these {count} parts are left out, as they speak of what this scenario does not have"
        )
        whole = verbose or count <= SHORT
        lines += [f"    {line}" for line in (_each(taken) if whole else _counts(taken))]
    return lines


def _kind(kind: str, names: dict[str, str]) -> str:
    said = [new if new == old else f"{new} (as {old})" for new, old in names.items()]
    return f"{kind}: {', '.join(said)}"


def _each(taken: Taken) -> Iterator[str]:
    for part in taken.left_out:
        yield f"{part.place}: no {_LACKING[part.kind]} {part.name}"


def _counts(taken: Taken) -> Iterator[str]:
    counted = Counter((part.kind, part.name) for part in taken.left_out)
    for kind in dict.fromkeys(kind for kind, _ in counted):
        names = [f"{name} {count}" for (other, name), count in counted.items() if other == kind]
        yield f"no {_LACKING[kind]}: {', '.join(names)}"
    yield "(--verbose lists them)"
