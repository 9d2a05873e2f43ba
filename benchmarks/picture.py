"""The figure of the benchmark: how many times as fast in each case, and the errors of both sides' fields."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

from cases import CASES, MUST
from verdicts import Summaries, pair_ratios, ratio

NAMES = {"exocosm": "Exocosm", "pyphysicell": "pyphysicell 0.1.4"}
# Okabe-Ito, told apart in every common form of colour blindness.
COLOURS = {"exocosm": "#0072B2", "pyphysicell": "#D55E00"}
AIM = "#009E73"


def draw(found: Summaries, path: Path) -> None:
    """Write the figure to `path`."""
    cases = [name for name in CASES if name in found]
    figure, (speed, error) = plt.subplots(1, 2, figsize=(11, 4.0), width_ratios=[1, 1.4])
    _ratios(speed, cases, found)
    _errors(error, cases, found)
    for axes in (speed, error):
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=130)
    plt.close(figure)


def _ratios(axes: Any, cases: list[str], found: Summaries) -> None:
    for place, name in enumerate(cases):
        times, pairs = ratio(found[name]), pair_ratios(found[name])
        axes.bar(place, times, width=0.6, color=COLOURS["exocosm"])
        axes.plot([place] * len(pairs), pairs, "o", ms=3, color="black", alpha=0.5)
        axes.annotate(f"{times:.0f}×", (place, max(times, *pairs)), ha="center", va="bottom")
        aim = found[name]["aim"]
        axes.plot([place - 0.4, place + 0.4], [aim, aim], "--", color=AIM, label=None if place else "aim")
    axes.axhline(MUST, color="black", lw=1, label="must")
    axes.set_xticks(range(len(cases)), cases)
    axes.set(ylabel="times as fast as pyphysicell 0.1.4", ylim=(0, None))
    axes.margins(y=0.12)
    axes.legend(frameon=False, loc="upper right", fontsize=8)


def _errors(axes: Any, cases: list[str], found: Summaries) -> None:
    kinds = [(name, "oxygen", "in_ball", f"{name}\noxygen in ball") for name in cases]
    kinds += [
        (name, "slow", "field", f"{name}\nslow substrates") for name in cases if "slow" in _error(found, name)
    ]
    for side, shift in (("exocosm", -0.2), ("pyphysicell", 0.2)):
        shares = [100 * found[name]["errors"][side][field][kind] for name, field, kind, _ in kinds]
        places = [place + shift for place in range(len(kinds))]
        axes.bar(places, shares, width=0.38, color=COLOURS[side], label=NAMES[side])
    axes.set_yscale("log")
    axes.set_xticks(range(len(kinds)), [label for *_, label in kinds], fontsize=8)
    axes.set(ylabel="relative L2 error, %")
    axes.legend(frameon=False, fontsize=8)


def _error(found: Summaries, name: str) -> dict[str, Any]:
    error: dict[str, Any] = found[name]["errors"]["exocosm"]
    return error
