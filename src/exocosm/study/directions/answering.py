"""`directions`: ask all rows, run what can be run, and compare signs with the table at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from exocosm.library.mechanisms import Mechanism, mechanisms
from exocosm.library.pathways import Pathway, Readout, pathways, readouts
from exocosm.results import engine
from exocosm.study.directions.asking import Question, questions
from exocosm.study.directions.dishes import common
from exocosm.study.directions.measuring import Job, Measured, job, kept, measured
from exocosm.study.directions.models import ARMS, ASSAY, TISSUE, WITHOUT, tree_of
from exocosm.study.directions.verdicts import Change, change, passes, together, verdict

CACHE = Path("runs") / "directions"
Told = Callable[[int, int, int], None]
"""Is told how many models are done, how many there are, and with how many seeds each is run."""


@dataclass(frozen=True)
class Answer:
    """A question and what the dish said: the change at the dose of the assay and at that of tissue."""

    question: Question
    assay: Change | None
    tissue: Change | None

    @property
    def expected(self) -> int:
        """The published sign of the effect with more of the cargo."""
        return self.question.row.sign

    @property
    def found(self) -> int:
        """The sign of the effect in the dish at the dose of the assay; 0 where nothing changed."""
        assert self.question.readout is not None
        assert self.assay is not None
        return self.assay.sign * self.question.readout.sense

    @property
    def verdict(self) -> str:
        """Whether the dish agrees with the row; empty where none was run."""
        return verdict(self.found, self.expected) if self.assay else ""

    @property
    def at_tissue_dose(self) -> str:
        """Whether the effect is above noise at the dose that tissue delivers; empty where not asked."""
        if self.tissue is None:
            return ""
        return "above noise" if self.tissue.sign else "within noise"


@dataclass(frozen=True)
class Directions:
    """All answers, in the order of the table."""

    answers: tuple[Answer, ...]

    @cached_property
    def rows(self) -> Mapping[str, tuple[Answer, ...]]:
        """Answers by the id of their row."""
        found: dict[str, tuple[Answer, ...]] = {}
        for answer in self.answers:
            found[answer.question.row.id] = (*found.get(answer.question.row.id, ()), answer)
        return found

    @cached_property
    def verdicts(self) -> Mapping[str, str]:
        """By the id of each row that counts, whether it agrees: all of its counted effects must."""
        counted = {id: [a.verdict for a in mine if a.question.counted] for id, mine in self.rows.items()}
        return {id: together(mine) for id, mine in counted.items() if mine}

    @property
    def counts(self) -> Counter[str]:
        """How many rows that count have which verdict."""
        return Counter(self.verdicts.values())

    @property
    def passes(self) -> bool:
        """Whether the rows that agree pass the test of `verdicts`."""
        return passes(self.counts["agrees"], sum(self.counts.values()))


def directions(
    rows: Sequence[Mechanism] | None = None,
    table: Sequence[Pathway] | None = None,
    known: Sequence[Readout] | None = None,
    *,
    cache: Path = CACHE,
    processes: int = 1,
    seeds: int | None = None,
    tissue: bool = True,
    progress: Told | None = None,
) -> Directions:
    """Ask `rows` (all that ship, if none are given) with a table of pathways, and run the dishes.

    Runs are kept in `cache` by their content, so that what was run once is not run again. Without `tissue`
    only the dose of the assay is run.
    """
    asked = questions(
        mechanisms() if rows is None else rows,
        pathways() if table is None else table,
        readouts() if known is None else known,
    )
    arms = ARMS if tissue else (WITHOUT, ASSAY)
    number = seeds or int(common()["seeds"])
    wanted = {
        (i, arm): job(tree_of(question, arm), number)
        for i, question in enumerate(asked)
        if question.chain
        for arm in arms
        if not (question.treated and arm == TISSUE)
    }
    found = _found(wanted.values(), cache, processes, progress)
    return Directions(
        tuple(
            _answer(question, {arm: found[wanted[i, arm].key] for arm in arms if (i, arm) in wanted})
            for i, question in enumerate(asked)
        )
    )


def _found(jobs: Iterable[Job], cache: Path, processes: int, progress: Told | None) -> dict[str, Measured]:
    """What was measured of all jobs, by key: what is kept is read, the rest is run."""
    unique = {each.key: each for each in jobs}
    found = {key: values for key, each in unique.items() if (values := kept(cache, each)) is not None}
    left = [each for key, each in unique.items() if key not in found]
    seeds = max((each.seeds for each in left), default=0)
    if progress is not None:
        progress(len(found), len(unique), seeds)
    if left:
        engine.warm_up()
    for made, values in measured(left, cache, processes):
        found[made.key] = values
        if progress is not None:
            progress(len(found), len(unique), seeds)
    return found


def _answer(question: Question, values: Mapping[str, Measured]) -> Answer:
    if not values or question.readout is None:
        return Answer(question, None, None)
    column = {arm: mine[question.readout.outcome] for arm, mine in values.items()}
    tissue = change(column[WITHOUT], column[TISSUE]) if TISSUE in column else None
    return Answer(question, change(column[WITHOUT], column[ASSAY]), tissue)
