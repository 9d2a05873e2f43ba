"""`compare`: a model with and without something, on the same random numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exocosm.ground.errors import RunError
from exocosm.model.expectations import BASELINE
from exocosm.results import Run, engine
from exocosm.results.durable import fingerprint, replacing, told_plainly, write_text
from exocosm.results.progress import Watcher
from exocosm.results.running import end_tick, refuse_outcomes, refuse_seed, slug, unused_folder
from exocosm.results.well_formed import check_entries, is_whole, parsed
from exocosm.study.arms import Arm, cores, run_arms
from exocosm.study.differences import differences
from exocosm.study.folder_of_runs import NEWS, making_runs

if TYPE_CHECKING:
    import pandas

    from exocosm.model import Change, Model

FORMAT = "exocosm-comparison/1"
OF_CELLS = r"^(cells|viable_fraction|necrotic_fraction|density|fraction|state|occupancy)\."
REQUEST, TABLE = "comparison.json", "comparison.csv"


def _seeds(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(is_whole, value))


ENTRIES = {
    "seeds": (_seeds, "a list of whole numbers"),
    "arms": (
        lambda value: isinstance(value, dict) and BASELINE in value,
        f"a mapping of arms with {BASELINE!r}",
    ),
}


@dataclass(frozen=True)
class Comparison:
    """What a comparison left: `runs` by label, the baseline first, one per seed; `table` of differences."""

    path: Path
    runs: Mapping[str, Sequence[Run]]
    table: pandas.DataFrame

    @classmethod
    def open(cls, path: str | Path) -> Comparison:
        """Open a finished comparison; RunError if it is none."""
        folder = Path(path)
        request = _read_request(folder)
        labels, seeds = list(request["arms"]), request["seeds"]
        runs = {label: [Run.open(_arm_folder(folder, label, seed)) for seed in seeds] for label in labels}
        arms = {label: made for label, made in runs.items() if label != BASELINE}
        return cls(folder, runs, differences(runs[BASELINE], arms))

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds of the pairs."""
        return tuple(run.seed for run in self.runs[BASELINE])

    def cells_unchanged(self, label: str) -> bool:
        """Whether counts and states of cells are the baseline's at every record."""
        return all(
            run.summary.filter(regex=OF_CELLS).equals(before.summary.filter(regex=OF_CELLS))
            for run, before in zip(self.runs[label], self.runs[BASELINE], strict=True)
        )


@engine.enough_memory()
def compare(
    model: Model,
    changes: Mapping[str, Iterable[Change]] | None = None,
    *,
    until: float | str | None = None,
    seeds: Sequence[int] = (1,),
    out: str | Path | None = None,
    executor: Executor | None = None,
    threads: int | None = None,
    progress: Watcher | None = None,
    as_read: str | None = None,
) -> Comparison:
    """Run `model` as it is and once for each entry of `changes` (label to changes), all with the same seeds.

    Without `changes` the arms of the model are run.

    Runs go to processes (one thread each when they are as many as the cores) or to `executor`. Asked
    again with the same `out`, finished runs are kept and others continued; another question in the same
    folder is a RunError. Ctrl-C ends in `StoppedComparison` once all arms have saved themselves.
    """
    made = _asked(model, changes, seeds)
    models = {label: model.change(*parts) if parts else model for label, parts in made.items()}
    end = end_tick(model, until)
    if len({slug(label) for label in models}) < len(models):
        raise RunError(f"these labels would share a folder: {', '.join(models)}")
    request = _request(models, seeds, end)
    folder = _folder(model, [label for label in made if label != BASELINE], out, request)
    together = {
        "until": end * float(model.tissue.steps.tick),
        "threads": threads or max(1, cores() // (len(models) * len(seeds))),
        "as_read": as_read,
    }
    arms = [
        _arm(folder, label, seed, changed, made[label], together)
        for label, changed in models.items()
        for seed in seeds
    ]
    if executor is None:
        engine.warm_up()
    if getattr(model, "expectation", ()):
        refuse_outcomes(model, engine.start(model, int(seeds[0]), threads))
    with making_runs(folder, "comparison"):
        write_text(folder / REQUEST, json.dumps(request, indent=2) + "\n")
        run_arms(arms, executor, progress)
    return _write_table(Comparison.open(folder))


def _asked(
    model: Model, changes: Mapping[str, Iterable[Change]] | None, seeds: Sequence[int]
) -> dict[str, tuple[Change, ...]]:
    """The changes of each label, the baseline first; RunError for arms or seeds that make no comparison."""
    changes = {name: arm.changes() for name, arm in model.arms.items()} if changes is None else changes
    if not changes or BASELINE in changes or not seeds:
        raise RunError(f"compare needs at least one arm not named {BASELINE!r} and at least one seed")
    for seed in seeds:
        refuse_seed(int(seed))
    return {BASELINE: ()} | {label: tuple(parts) for label, parts in changes.items()}


def _arm(
    folder: Path, label: str, seed: int, model: Model, changes: tuple[Change, ...], together: dict[str, Any]
) -> Arm:
    """One run; `together` is what all have in common."""
    return Arm(
        label,
        int(seed),
        str(_arm_folder(folder, label, seed).resolve()),
        model.to_yaml(),
        news=str((folder / NEWS / f"{slug(label)}-{seed}.json").resolve()),
        changes=tuple(str(part) for part in changes),
        **together,
    )


def _write_table(comparison: Comparison) -> Comparison:
    with replacing(comparison.path / TABLE) as temporary:
        comparison.table.to_csv(temporary, index=False)
    return comparison


def _arm_folder(folder: Path, label: str, seed: int) -> Path:
    return folder / slug(label) / f"seed-{seed}"


def _request(models: Mapping[str, Model], seeds: Sequence[int], end: int) -> dict[str, Any]:
    """What was asked, with a hash of each resolved model: the identity of a comparison."""
    return {
        "format": FORMAT,
        "model": models[BASELINE].name,
        "seeds": [int(seed) for seed in seeds],
        "until_tick": end,
        "arms": {
            label: {
                "model_hash": fingerprint(changed.to_yaml().encode()),
                "runs": [f"{slug(label)}/seed-{seed}" for seed in seeds],
            }
            for label, changed in models.items()
        },
    }


def _folder(model: Model, labels: Iterable[str], out: str | Path | None, request: dict[str, Any]) -> Path:
    """`out`, or a name made of the question; a folder that holds just this question is taken up."""
    named = out is not None
    folder = Path(out) if out is not None else Path("runs") / slug("-".join([model.name, *labels]))
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return folder
    if (folder / REQUEST).exists() and _read_request(folder) == request:
        return folder
    if named:
        raise RunError(f"{folder}: it exists already and holds something else; give another folder")
    return unused_folder(folder)


def _read_request(folder: Path) -> dict[str, Any]:
    path = folder / REQUEST
    with told_plainly("read", path):
        content = path.read_bytes()
    try:
        request = parsed(content)
    except ValueError as error:
        raise RunError(f"{path}: this is not readable JSON: {error}") from error
    if not isinstance(request, dict) or request.get("format") != FORMAT:
        raise RunError(f"{path}: this is not a comparison that this version of Exocosm reads")
    try:
        check_entries(request, ENTRIES, {})
    except ValueError as error:
        raise RunError(f"{path}: {error}") from None
    return request
