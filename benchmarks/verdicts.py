"""What was asked of the benchmark, what was found, and whether that is met."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Any

from cases import CASES, MUST
from measure import median as middle

PEER_MB = 341.0  # peak memory of pyphysicell 0.1.4 in case E100, as published with the cases
MILLION_SECONDS, MILLION_MB, PER_CELL = 600.0, 3000.0, 1.3
SECOND_THREAD = 1.6
RECORDING = 0.05
IMPORT, LATER = 1.0, 2.0

Summaries = dict[str, dict[str, Any]]
Verdict = tuple[str, str, bool]


def ratio(summary: dict[str, Any]) -> float:
    """How many times as fast as the peer: the ratio of medians."""
    return middle(summary["runs"]["pyphysicell"], "seconds_per_hour") / middle(
        summary["runs"]["exocosm"], "seconds_per_hour"
    )


def pair_ratios(summary: dict[str, Any]) -> list[float]:
    """The ratio within each pair of runs."""
    ours, peer = (summary["runs"][side] for side in ("exocosm", "pyphysicell"))
    return [b["seconds_per_hour"] / a["seconds_per_hour"] for a, b in zip(ours, peer, strict=True)]


def beyond_libraries(run: dict[str, Any]) -> float:
    """Peak memory without what interpreter, libraries and kernels take, MB."""
    return float(run["memory_mb"] - run["memory_of_libraries_mb"])


def speed(found: Summaries) -> Iterator[Verdict]:
    """Each case beside what it must and what it aims at."""
    for name in (n for n in CASES if n in found):
        times = ratio(found[name])
        yield f"{name}: {MUST:g} times as fast as pyphysicell", f"{times:.1f} times", times >= MUST
        aim = found[name]["aim"]
        yield f"{name}: the aim of {aim:g} times", f"{times:.1f} times", times >= aim


def exactness(found: Summaries) -> Iterator[Verdict]:
    """The fields of each case beside the peer's: speed counts at the same accuracy only."""
    for name in (n for n in CASES if n in found):
        ours, peer = (found[name]["errors"][side] for side in ("exocosm", "pyphysicell"))
        for field, kind, words in (("oxygen", "in_ball", "oxygen"), ("slow", "field", "slow substrates")):
            if field in ours:
                a, b = ours[field][kind], peer[field][kind]
                got = f"{100 * a:.2f} % against {100 * b:.2f} %"
                yield f"{name}: {words} no less exact than the peer's", got, a <= b


def memory(found: Summaries) -> Iterator[Verdict]:
    """Peak memory of E100."""
    if "E100" in found:
        took = median(beyond_libraries(run) for run in found["E100"]["runs"]["exocosm"])
        asked = f"E100: at most half of the peer's {PEER_MB:g} MB, beyond interpreter and libraries"
        yield asked, f"{took:.0f} MB", took <= PEER_MB / 2


def per_cell(million: dict[str, Any]) -> float:
    """Cost of a cell in the large ball over that in the small one."""
    small = median(run["microseconds_per_cell_minute"] for run in million["small"])
    return float(million["large"]["microseconds_per_cell_minute"] / small)


def million(found: Summaries) -> Iterator[Verdict]:
    """A million cells."""
    if "million" in found:
        large = found["million"]["large"]
        cells = f"{large['cells']:,} cells, oxygen, two vesicle populations"
        hour, peak, cost = large["seconds_per_hour"], large["memory_mb"], per_cell(found["million"])
        yield f"{cells}: an hour within 10 min", f"{hour / 60:.1f} min", hour <= MILLION_SECONDS
        yield f"{cells}: under 3 GB", f"{peak / 1000:.2f} GB", peak < MILLION_MB
        few = found["million"]["small"][0]["cells"]
        yield f"cost per cell within 1.3 times that of {few:,} cells", f"{cost:.2f} times", cost <= PER_CELL


def second_thread(found: Summaries) -> Iterator[Verdict]:
    """What the second thread is worth."""
    if "threads" in found:
        gain = found["threads"]["rows"][-1]["gain"]
        asked = f"{found['threads']['case']}: the second thread worth 1.6 times"
        yield asked, f"{gain:.2f} times", gain >= SECOND_THREAD


def recording(found: Summaries) -> Iterator[Verdict]:
    """Share of a run that recording takes."""
    for run in found.get("recording", {}).get("runs", ()):
        kinds = "summary, cells, fields" + (", checkpoint" if run["checkpoints"] else "")
        asked = f"{run['model']}: recording every hour ({kinds}) under 5 % of CPU time"
        yield asked, f"{100 * run['share']:.1f} %", run["share"] < RECORDING


def startup(found: Summaries) -> Iterator[Verdict]:
    """Import and later starts."""
    if "startup" in found:
        took, later = found["startup"]["import"]["import"], found["startup"]["later"]["first step"]
        yield "`import exocosm` under 1 s", f"{1000 * took:.1f} ms", took < IMPORT
        yield (
            f"later starts of {found['startup']['scenario']}: first step under 2 s",
            f"{later:.2f} s",
            later < LATER,
        )


def verdicts(found: Summaries) -> list[Verdict]:
    """All that was asked of the parts that were measured."""
    kinds = (speed, exactness, memory, million, second_thread, recording, startup)
    return [verdict for kind in kinds for verdict in kind(found)]
