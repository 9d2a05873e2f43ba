"""All benchmarks: Exocosm beside pyphysicell 0.1.4, and Exocosm by itself; writes `docs/benchmarks.md`.

    python benchmarks/bench.py                 all parts; what is measured already is not repeated
    python benchmarks/bench.py A E100 --again  these parts anew
    python benchmarks/bench.py --quick         one pair of short runs of each, and no page: a smoke test

Every measurement runs in a process of its own and is kept under `build/bench/`. Run it on a machine that does
nothing else, with `make bench`; it takes about 40 minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from beside import SIDES
from cases import CASES, STEP, described
from kept import ROOT, Kept
from page import report, write_page
from picture import draw
from two_threads import gains


@dataclass(frozen=True)
class Settings:
    """How much is measured: pairs of runs, minutes of each (None: the case's own), and the sizes of parts."""

    pairs: int = 5
    threads: int = 2
    minutes: float | None = None
    million: tuple[int, int] = (1_000_000, 100_000)
    million_minutes: float = 30.0
    threads_case: str = "E100"
    threads_minutes: float = 30.0
    recorded: tuple[tuple[str, float], ...] = (("hcc-nodule", 13.0), ("E100", 4.0))
    bounds_minutes: float = 30.0
    starts: int = 5

    @classmethod
    def quick(cls) -> Settings:
        """One pair of six minutes, small parts."""
        return cls(
            pairs=1,
            minutes=STEP,
            million=(20_000, 10_000),
            million_minutes=STEP,
            threads_case="A",
            threads_minutes=2 * STEP,
            recorded=(("hcc-nodule", 2.0),),
            bounds_minutes=STEP,
            starts=1,
        )


def case_part(name: str, kept: Kept, settings: Settings) -> dict[str, Any]:
    """Runs of both sides in turn, the first to go changing every time, and the errors of their fields."""
    case = CASES[name]
    case = replace(case, minutes=settings.minutes or case.minutes)
    numbers, positions = described(case)
    described_at = kept.folder / f"{name}-numbers.json"
    described_at.write_text(json.dumps(numbers))
    np.save(described_at.with_suffix(".npy"), positions)
    common: list[object] = ["--minutes", case.minutes, "--threads", settings.threads]
    subject: dict[str, object] = {"exocosm": name, "pyphysicell": described_at}
    runs: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
    for pair in range(settings.pairs):
        for side in SIDES[:: 1 if pair % 2 == 0 else -1]:
            last = pair == settings.pairs - 1
            saved = ["--state", _state(kept, name, side)] if last else []
            runs[side].append(
                kept.run(f"{name}-{pair + 1}-{side}", f"{side}_side.py", subject[side], *common, *saved)
            )
    errors = {
        side: kept.run(
            f"{name}-errors-{side}",
            "errors.py", side, name, described_at, _state(kept, name, side),
            after=runs[side][-1]["made"],
        )
        for side in SIDES
    }  # fmt: skip
    return {"title": case.title, "aim": case.aim, "minutes": case.minutes, "runs": runs, "errors": errors}


def _state(kept: Kept, name: str, side: str) -> Path:
    return kept.folder / f"{name}-{side}.npz"


def million_part(kept: Kept, settings: Settings) -> dict[str, Any]:
    """The large ball between two runs of the small one, so that a drift of the machine shows."""
    many, few = settings.million
    runs = []
    for name, cells in (("small-1", few), ("large", many), ("small-2", few)):
        options = ("--cells", cells, "--minutes", settings.million_minutes, "--threads", settings.threads)
        runs.append(kept.run(f"million-{name}", "million.py", *options))
    return {"large": runs[1], "small": [runs[0], runs[2]]}


def threads_part(kept: Kept, settings: Settings) -> dict[str, Any]:
    """Runs on one and on two threads in turn."""
    case, minutes = settings.threads_case, settings.threads_minutes
    runs: dict[int, list[dict[str, Any]]] = {1: [], 2: []}
    for pair in range(settings.pairs):
        for threads in (1, 2) if pair % 2 == 0 else (2, 1):
            options = (case, "--minutes", minutes, "--threads", threads)
            runs[threads].append(kept.run(f"threads-{pair + 1}-{threads}", "exocosm_side.py", *options))
    pairs = [
        one["seconds_per_hour"] / two["seconds_per_hour"] for one, two in zip(runs[1], runs[2], strict=True)
    ]
    return {"case": case, "runs": runs, "pairs": pairs, "rows": gains(runs[1], runs[2], minutes)}


def recording_part(kept: Kept, settings: Settings) -> dict[str, Any]:
    """Runs that record every hour, with and without a checkpoint every hour."""
    runs = []
    for model, hours in settings.recorded:
        for more in ((), ("--checkpoints",)):
            options = (model, "--hours", hours, "--threads", settings.threads, *more)
            name = f"recording-{model}{'-checkpoints' if more else ''}"
            runs.append(kept.run(name, "recording_share.py", *options))
    return {"runs": runs}


def bounds_part(kept: Kept, settings: Settings) -> dict[str, Any]:
    """Kernels beside what the machine could do."""
    options = ("--minutes", settings.bounds_minutes, "--threads", settings.threads)
    return kept.run("bounds", "bounds.py", *options)


def startup_part(kept: Kept, settings: Settings) -> dict[str, Any]:
    """Import, first compilation, later starts."""
    return kept.run("startup", "startup.py", "--repeats", settings.starts, "--threads", settings.threads)


OTHERS: dict[str, Callable[[Kept, Settings], dict[str, Any]]] = {
    "million": million_part,
    "threads": threads_part,
    "recording": recording_part,
    "bounds": bounds_part,
    "startup": startup_part,
}
PARTS = (*CASES, *OTHERS)


def measure(part: str, kept: Kept, settings: Settings) -> None:
    """Measure one part and keep its summary."""
    summary = case_part(part, kept, settings) if part in CASES else OTHERS[part](kept, settings)
    kept.write(part, summary | {"threads_used": settings.threads})
    if part in CASES:
        hours = {side: median(run["seconds_per_hour"] for run in summary["runs"][side]) for side in SIDES}
        print(f"{part}: {hours['exocosm']:.3g} s against {hours['pyphysicell']:.3g} s per simulated hour")


def main() -> None:
    """Measure the parts asked for, then write page and figure from all that was ever measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; default: all")
    parser.add_argument("--quick", action="store_true", help="one pair of short runs, no page")
    parser.add_argument("--again", action="store_true", help="repeat what is measured already")
    parser.add_argument("--no-page", action="store_true", help="leave the docs as they are")
    options = parser.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    settings = Settings.quick() if options.quick else Settings()
    kept = Kept(ROOT / "build" / ("bench-quick" if options.quick else "bench"), options.again)
    from exocosm.tissue import warm_up

    warm_up()
    for part in options.parts or PARTS:
        measure(part, kept, settings)
    summaries = kept.summaries(PARTS)
    text = report(summaries)
    print(text)
    if not (options.quick or options.no_page):
        draw(summaries, ROOT / "docs" / "images" / "bench.png")
        write_page(text)


if __name__ == "__main__":
    main()
