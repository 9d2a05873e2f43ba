"""The runs of an attribution: one for each different model and seed, kept in a folder and never made twice.

A run is found by the hash of its resolved model, so that coalitions with the very same model share one, and
so do other questions asked of the same scenario in the same folder. Only the summary is recorded, and the
state at the end or at Ctrl-C, from which a run can be taken further; a run that is killed begins again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exocosm.ground.errors import ModelError, RunError
from exocosm.results import Run
from exocosm.results.durable import fingerprint, told_plainly, write_text
from exocosm.results.progress import Watcher
from exocosm.results.running import slug
from exocosm.results.well_formed import parsed
from exocosm.study.arms import Arm, cores, run_arms
from exocosm.study.attribution.players import Player, removal
from exocosm.study.attribution.progress import all_in_one
from exocosm.study.folder_of_runs import NEWS, making_runs

if TYPE_CHECKING:
    from exocosm.model import Change, Model

FORMAT = "exocosm-attribution/1"
CACHE, RUNS = "attribution.json", "runs"


@dataclass(frozen=True)
class Version:
    """A model that is run: its text, the hash that names its folder, and what was taken out."""

    text: str
    key: str
    changes: tuple[str, ...]

    @property
    def label(self) -> str:
        """What its runs are called."""
        return ", ".join(self.changes) or "all"


def lean(model: Model) -> Model:
    """The model with records of its summary alone, and the state at the end: the same run, in far less space.

    Raises RunError where no summary is recorded, from which outcomes are read.
    """
    from exocosm.model import Without

    if model.record.summary is None:
        raise RunError("record.summary: this scenario records none, and outcomes are read from it")
    heavy = [kind for kind in ("cells", "fields", "checkpoint") if getattr(model.record, kind) is not None]
    return model.change(*(Without(f"record.{kind}") for kind in heavy)) if heavy else model


def versions(model: Model, taking_part: Sequence[Player], coalitions: Iterable[int]) -> dict[int, Version]:
    """The model of each coalition. Raises ModelError that says who was taken out, where none can be made."""
    made: dict[int, Version] = {}
    for coalition in coalitions:
        changes = removal(taking_part, coalition)
        text = (_changed(model, changes) if changes else model).to_yaml()
        made[coalition] = Version(text, fingerprint(text.encode()), tuple(map(str, changes)))
    return made


def _changed(model: Model, changes: Sequence[Change]) -> Model:
    try:
        return model.change(*changes)
    except ModelError as error:
        together = ", ".join(map(str, changes))
        error.place = f"{error.place}, {together}" if error.place else together
        error.args = (error.text(),)
        raise


def cache_folder(model: Model, out: str | Path | None) -> Path:
    """`out`, or a folder named after the model; one that holds runs of the same model is taken up.

    Raises RunError for a folder that holds something else.
    """
    folder = Path(out) if out is not None else Path("runs") / slug(f"{model.name}-attribution")
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())) or _holds(folder, model):
        return folder
    if out is None:
        number = 2
        while (other := folder.with_name(f"{folder.name}-{number}")).exists() and not _holds(other, model):
            number += 1
        return other
    raise RunError(
        f"{folder}: it exists already and holds something else, or runs of another model; give another folder"
    )


def _holds(folder: Path, model: Model) -> bool:
    return (folder / CACHE).exists() and _read(folder / CACHE) == _identity(model)


def _identity(model: Model) -> dict[str, Any]:
    return {"format": FORMAT, "model": model.name, "model_hash": fingerprint(model.to_yaml().encode())}


def _read(path: Path) -> Any:
    with told_plainly("read", path):
        content = path.read_bytes()
    try:
        return parsed(content)
    except ValueError as error:
        raise RunError(f"{path}: this is not readable JSON: {error}") from error


def run_folder(folder: Path, version: Version, seed: int) -> Path:
    """Where the run of a version with a seed lies."""
    return folder / RUNS / version.key[:16] / f"seed-{seed}"


def finished(path: Path, ticks: int) -> Run | None:
    """The run there if it has a summary at `ticks`, wherever it stands now."""
    if not (path / "run.json").exists():
        return None
    run = Run.open(path)
    return run if any(record.tick == ticks and record.has("summary") for record in run.records) else None


@dataclass(frozen=True)
class Work:
    """The runs that a question needs up to `ticks`, `missing` those of them that are still to be made."""

    folder: Path
    ticks: int
    wanted: tuple[tuple[Version, int], ...]
    missing: tuple[tuple[Version, int], ...]

    def of(self, version: Version) -> list[tuple[Version, int]]:
        """The wanted runs of one version."""
        return [pair for pair in self.wanted if pair[0].key == version.key]


def work(folder: Path, made: Mapping[int, Version], seeds: Sequence[int], ticks: int) -> Work:
    """What is there and what is missing; versions with one hash count once."""
    unlike = {version.key: version for version in made.values()}
    wanted = tuple((version, int(seed)) for seed in seeds for version in unlike.values())
    missing = tuple(pair for pair in wanted if finished(run_folder(folder, *pair), ticks) is None)
    return Work(folder, ticks, wanted, missing)


def make(
    asked: Work,
    model: Model,
    *,
    executor: Executor | None,
    threads: int | None,
    progress: Watcher | None,
    as_read: str | None,
) -> None:
    """Make what is missing. Ctrl-C ends in `StoppedComparison`, with finished runs kept."""
    folder, until = asked.folder, asked.ticks * float(model.tissue.steps.tick)
    arms = [
        Arm(
            version.label,
            seed,
            str(run_folder(folder, version, seed).resolve()),
            version.text,
            until=until,
            threads=threads or max(1, cores() // len(asked.missing)),
            news=str((folder / NEWS / f"{version.key[:16]}-{seed}.json").resolve()),
            changes=version.changes,
            as_read=as_read,
        )
        for version, seed in asked.missing
    ]
    with making_runs(folder, "attribution"):
        write_text(folder / CACHE, json.dumps(_identity(model), indent=2) + "\n")
        if arms:
            run_arms(arms, executor, all_in_one(progress, len(arms), until) if progress else None)
