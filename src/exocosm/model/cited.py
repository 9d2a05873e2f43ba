"""Rows of evidence that a part cites as a whole, beside the sources of its numbers."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from exocosm import library
from exocosm.model.faults import Fault, show


def _rows(value: Any) -> tuple[str, ...]:
    """The ids, each of a row that is there and was not retracted. Raises Fault."""
    ids = (value,) if isinstance(value, str) else value
    if not isinstance(ids, list | tuple) or not all(isinstance(id, str) for id in ids):
        raise Fault("this has the wrong form", found=show(value), wanted="the id of a row, or a list of ids")
    for id in ids:
        _check(id)
    return tuple(ids)


def _check(id: str) -> None:
    try:
        row = library.evidence(id)
    except library.EvidenceError as error:
        raise Fault(error.problem, found=show(id), wanted=error.wanted, near=error.nearest) from None
    if row.retracted:
        wanted = "a row that was not retracted"
        raise Fault(f"evidence {id} was retracted ({row.source})", found=id, wanted=wanted)


Cited = Annotated[tuple[str, ...], BeforeValidator(_rows)]
