"""Case A: 2,000 cells in oxygen, Exocosm beside pyphysicell 0.1.4 on the same machine.

The two take turns, so that a machine that slows down slows both. Writes `build/case_a.json`, the section of
`docs/benchmarks.md` between its markers, and `docs/images/case_a.png`. Run it with `make bench`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from converged import FrozenTissue, Medium, averaged, relative_error, steady
from picture import draw

HERE = Path(__file__).parent
ROOT = HERE.parent
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- case-a: begin (written by `make bench`) -->", "<!-- case-a: end -->"
SIDES = ("exocosm", "pyphysicell")

Result = dict[str, Any]


def run_side(side: str, folder: Path, options: argparse.Namespace, last: bool) -> Result:
    """One run of one side in a fresh process."""
    case = [str(folder / "case.json")] if side == "pyphysicell" else []
    command = [sys.executable, str(HERE / f"{side}_side.py"), *case]
    command += ["--minutes", str(options.minutes), "--threads", str(options.threads)]
    command += ["--state", str(folder / f"{side}.npz")] if last else []
    environment = {**os.environ, "OMP_NUM_THREADS": str(options.threads)}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    result: Result = json.loads(done.stdout.splitlines()[-1])
    print(f"{side:12s} {result['seconds_per_hour']:7.2f} s per simulated hour", flush=True)
    return result


def alternate(folder: Path, options: argparse.Namespace) -> dict[str, list[Result]]:
    """`options.pairs` runs of each side, taking turns; the one that goes first changes every time."""
    results: dict[str, list[Result]] = {side: [] for side in SIDES}
    for pair in range(options.pairs):
        for side in SIDES[:: 1 if pair % 2 == 0 else -1]:
            results[side].append(run_side(side, folder, options, last=pair == options.pairs - 1))
    return results


def field_error(side: str, folder: Path) -> Result:
    """Errors of the final oxygen field against the converged reference for that side's own cells.

    pyphysicell holds the outermost layer of voxels, so its value is given half a voxel inside the cube;
    Exocosm holds the faces. Errors are taken over the voxels that neither holds, and over those of them
    within 110 µm of the centre.
    """
    case = json.loads((folder / "case.json").read_text())
    size, voxel = case["size"], case["voxel"]
    inset = voxel / 2 if side == "pyphysicell" else 0.0
    state = np.load(folder / f"{side}.npz")
    tissue = FrozenTissue(state["position"], state["radius"], state["uptake_rate"])
    medium = Medium(case["diffusion_coefficient"], case["decay_rate"], case["held"], inset, size - inset)
    fine = steady(tissue, medium, voxel / 2)
    trim = round((voxel - inset) / (voxel / 2))
    reference = averaged(fine[trim:-trim, trim:-trim, trim:-trim])
    field = state["field"][1:-1, 1:-1, 1:-1]
    end = state.get("field_after_uptake", state["field"])[1:-1, 1:-1, 1:-1]
    centres = (np.arange(field.shape[0]) + 1.5) * voxel - size / 2
    radius = np.sqrt(centres[:, None, None] ** 2 + centres[:, None] ** 2 + centres**2)
    middle = field.shape[0] // 2
    return {
        "everywhere": relative_error(field, reference),
        "in_ball": relative_error(field, reference, radius < 110),
        "in_ball_at_end": relative_error(end, reference, radius < 110),
        "lowest": float(field.min()),
        "lowest_reference": float(reference.min()),
        "x": centres.tolist(),
        "profile": field[:, middle, middle].tolist(),
        "profile_reference": reference[:, middle, middle].tolist(),
    }


def median(results: Sequence[Result], key: str) -> float:
    """The median of one measurement."""
    return statistics.median(result[key] for result in results)


def machine() -> str:
    """What the figures were measured on, in words."""
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}"


def spread(results: Sequence[Result], key: str) -> str:
    """Median and range as text."""
    values = [result[key] for result in results]
    return f"{statistics.median(values):.3g} ({min(values):.3g}–{max(values):.3g})"


def section(summary: Result) -> str:
    """The generated part of the page."""
    runs, errors = summary["runs"], summary["errors"]
    ours, peer = runs["exocosm"], runs["pyphysicell"]
    error = {side: errors[side] for side in SIDES}
    rows = [
        ("seconds per simulated hour", spread(ours, "seconds_per_hour"), spread(peer, "seconds_per_hour")),
        ("peak memory, MB", f"{median(ours, 'memory_mb'):.0f}", f"{median(peer, 'memory_mb'):.0f}"),
        ("cells at the end", f"{ours[-1]['cells']}", f"{peer[-1]['cells']}"),
        ("oxygen, relative error everywhere", *(f"{100 * error[s]['everywhere']:.2f} %" for s in SIDES)),
        ("oxygen, relative error in the ball", *(f"{100 * error[s]['in_ball']:.2f} %" for s in SIDES)),
        ("the same at the end of a step", *(f"{100 * error[s]['in_ball_at_end']:.2f} %" for s in SIDES)),
        ("lowest oxygen, mmHg", *(f"{error[s]['lowest']:.2f}" for s in SIDES)),
        ("the same in its reference", *(f"{error[s]['lowest_reference']:.2f}" for s in SIDES)),
    ]
    table = ["| | Exocosm | pyphysicell 0.1.4 |", "|---|---|---|"]
    table += [f"| {name} | {a} | {b} |" for name, a, b in rows]
    how = (
        f"Exocosm is **{summary['ratio']:.1f} times as fast** per simulated hour: the ratio of medians over "
        f"{len(ours)} runs of each, taking turns, {summary['minutes']:g} simulated minutes, "
        f"{summary['threads']} threads, {summary['machine']}, {summary['date']}."
    )
    picture = "![Speed, field error and oxygen profile of both sides](images/case_a.png)"
    return "\n\n".join(["\n".join(table), how, picture])


def write_page(text: str) -> None:
    """Put `text` between the markers of the page."""
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Run all pairs, compare both fields with their reference, write page and figure."""
    from datetime import UTC, datetime

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=65.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-page", action="store_true", help="leave the docs as they are")
    options = parser.parse_args()
    folder = ROOT / "build" / "case_a"
    folder.mkdir(parents=True, exist_ok=True)
    describe = [sys.executable, str(HERE / "exocosm_side.py"), "--describe", str(folder / "case.json")]
    subprocess.run(describe, check=True)
    runs = alternate(folder, options)
    hour = {side: median(runs[side], "seconds_per_hour") for side in SIDES}
    summary = {
        "runs": runs,
        "errors": {side: field_error(side, folder) for side in SIDES},
        "ratio": hour["pyphysicell"] / hour["exocosm"],
        "minutes": options.minutes,
        "threads": options.threads,
        "machine": machine(),
        "date": datetime.now(UTC).date().isoformat(),
    }
    (ROOT / "build" / "case_a.json").write_text(json.dumps(summary, indent=1))
    text = section(summary)
    print(text)
    if not options.no_page:
        draw(summary, ROOT / "docs" / "images" / "case_a.png")
        write_page(text)


if __name__ == "__main__":
    main()
