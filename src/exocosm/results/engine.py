"""The one door from run folders to the engine, so that reading a folder never loads it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from exocosm.ground.errors import RunError

if TYPE_CHECKING:
    from exocosm.model import Model
    from exocosm.tissue import Simulation


@contextlib.contextmanager
def enough_memory() -> Iterator[None]:
    """RunError in plain words where memory runs out; also usable as a decorator."""
    try:
        yield
    except MemoryError as error:
        raise RunError(no_memory(error)) from error


def no_memory(error: MemoryError) -> str:
    """What to say when memory ran out."""
    found = str(error) or "a smaller tissue or coarser voxels need less"
    return f"this needs more memory than there is: {found}"


def read_model(text: str) -> Model:
    """The model that a run folder carries as text."""
    from exocosm.model import Model

    return Model.from_yaml(text)


def minutes(text: str) -> float:
    """A time like "24 h" in min."""
    from typing import get_args

    from exocosm.model.faults import Fault
    from exocosm.model.quantity import ChosenTime

    try:
        return float(get_args(ChosenTime)[1].read(text))
    except Fault as fault:
        raise fault.error(lambda place: ("until", None)) from None


def start(model: Model, seed: int, threads: int | None) -> Simulation:
    """A simulation of `model` at time 0."""
    from exocosm import coupling

    try:
        return coupling.start(model, seed=seed, threads=threads)
    except ValueError as error:
        raise RunError(f"this run cannot start: {error}") from error


def restore(model: Model, arrays: Mapping[str, Any], threads: int | None) -> Simulation:
    """A simulation of `model` as it was when `arrays` were taken."""
    from exocosm import coupling
    from exocosm.ground.compiled import set_threads

    try:
        set_threads(threads)
    except ValueError as error:
        raise RunError(f"this run cannot go on: {error}") from error
    return coupling.restore(model, arrays, threads=threads)


def warm_up() -> None:
    """Compile the kernels if this machine has not yet, saying so, how far it is and how long it took.

    All of it goes to standard error.
    """
    from exocosm.results.progress import KernelsLine
    from exocosm.tissue import warm_up as compile_kernels

    line = KernelsLine(sys.stderr)
    try:
        compile_kernels(line.say, watch=line)
    finally:
        line.clear()
