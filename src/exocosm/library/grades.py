"""How strong the evidence of a mechanism is, by a written rule (docs/evidence.md): A, B, C, D.

The grade is computed from what the tables say and stored nowhere. It weighs three things: how much of the
source was read, whether the effect was seen in a living body, and whether a number stands behind it.
"""

from __future__ import annotations

import re

from exocosm.library.measured import measured_of
from exocosm.library.mechanisms import Mechanism

READ = {"full": 2, "table": 2, "abstract": 1, "secondary": 0}
"""Points for how a source was read. A review's report of another paper gives none."""

NO_GRADE = "-"
"""The grade of a retracted row."""

_IN_A_BODY = re.compile(
    r"\b(mouse|mice|murine|rats?|xenografts?|in vivo|orthotopic|intratumoral|patients?|intravital)\b", re.I
)


def grade(row: Mechanism) -> str:
    """A to D, or "-" for a retracted row.

    A: at least 3 points, of which the reading gives 2 (more than the abstract was read). B: 2 points or more.
    C: 1 point. D: none.
    """
    if row.retracted:
        return NO_GRADE
    each = points(row)
    total = sum(each.values())
    if total >= 3 and each["read"] == 2:
        return "A"
    return "DCB"[min(total, 2)]


def points(row: Mechanism) -> dict[str, int]:
    """Where the points of a grade come from."""
    measured = [each for each in measured_of(row.id) if each.of_the_row]
    return {
        "read": max(READ.get(read, 0) for read in (row.read, *(each.read for each in measured))),
        "in a body": int(in_a_body(row.system)),
        "number": int(row.effect_size is not None or any(each.sized for each in measured)),
    }


def in_a_body(system: str) -> bool:
    """Whether the words of a system name an animal or patients."""
    return bool(_IN_A_BODY.search(system))
