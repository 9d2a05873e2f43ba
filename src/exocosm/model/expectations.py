"""What is expected of the arms of a model, written down before they are run.

An expectation says of one outcome, a column of the summary at the end, whether an arm raises it, lowers it or
leaves it as it is against the model without changes, or against another arm. It takes part in no run: it is
judged after a comparison, so that what fails is seen to fail.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from exocosm import library
from exocosm.model.faults import Fault, show
from exocosm.model.part import Name, Part

BASELINE = "baseline"


def _ids(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _bounds(value: Any) -> Any:
    fits = isinstance(value, list | tuple) and len(value) == 2 and all(map(_is_number, value))
    if value is None or (fits and 0 <= float(value[0]) <= float(value[1])):
        return value
    raise Fault("this has the wrong form", found=show(value), wanted="two numbers, low and high: [0.5, 0.9]")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


class Expectation(Part):
    """One thing expected: `arm` takes `outcome` up, down, or leaves it the same, against `against`.

    `outcome` is a column of the summary, such as state.exhaustion.CD8. `fold` (low, high) bounds the outcome
    in the arm over that in `against`. It stands on rows of `evidence` or on a reason, `because`, or on both.
    """

    arm: Name
    against: Name = BASELINE
    outcome: str
    direction: Literal["up", "down", "same"]
    fold: Annotated[tuple[float, float] | None, BeforeValidator(_bounds)] = None
    because: str = ""
    evidence: Annotated[tuple[str, ...], BeforeValidator(_ids)] = ()

    @model_validator(mode="after")
    def _stands_on_something(self) -> Expectation:
        if not (self.because or self.evidence):
            wanted = "because: a reason, or evidence: an id"
            raise Fault("an expectation without a reason", found="neither", wanted=wanted)
        if self.arm == self.against:
            problem, wanted = "an arm is compared with itself", f"another arm, or {BASELINE}"
            raise Fault(problem, at=("against",), found=self.against, wanted=wanted)
        for id in self.evidence:
            _known(id)
        return self


def _known(id: str) -> None:
    try:
        library.evidence(id)
    except library.EvidenceError as error:
        at, near = ("evidence",), error.nearest
        raise Fault(error.problem, at=at, found=show(id), wanted=error.wanted, near=near) from None
