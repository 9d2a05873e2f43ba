"""The figure of case A: every run, the errors of both fields, and oxygen along a line through the ball."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

NAMES = {"exocosm": "Exocosm", "pyphysicell": "pyphysicell 0.1.4"}
# Okabe-Ito, told apart in every common form of colour blindness.
COLOURS = {"exocosm": "#0072B2", "pyphysicell": "#D55E00"}


def draw(summary: dict[str, Any], path: Path) -> None:
    """Write the figure to `path`."""
    figure, (speed, error, profile) = plt.subplots(1, 3, figsize=(12, 3.8), width_ratios=[1, 1, 1.5])
    for place, (side, name) in enumerate(NAMES.items()):
        colour = COLOURS[side]
        seconds = [run["seconds_per_hour"] for run in summary["runs"][side]]
        speed.plot([place] * len(seconds), seconds, "o", color=colour, alpha=0.6)
        speed.annotate(f"{median(seconds):.3g} s", (place + 0.12, median(seconds)), va="center")
        errors = summary["errors"][side]
        shares = [100 * errors["everywhere"], 100 * errors["in_ball"]]
        error.bar([place - 0.18, 2 + place - 0.18], shares, width=0.8, color=colour, label=name)
        profile.plot(errors["x"], errors["profile"], color=colour, label=name)
    reference = summary["errors"]["exocosm"]
    profile.plot(reference["x"], reference["profile_reference"], "k--", lw=1, label="converged reference")
    speed.set(ylabel="seconds per simulated hour", ylim=(0, None), xlim=(-0.6, 1.6))
    speed.set_xticks([0, 1], list(NAMES.values()))
    error.set(ylabel="relative L2 error of oxygen, %")
    error.set_xticks([0.32, 2.32], ["everywhere", "in the ball"])
    profile.set(xlabel="distance from the centre, µm", ylabel="oxygen, mmHg", xlim=(-300, 300))
    profile.legend(frameon=False, loc="lower left", fontsize=8)
    for axes in (speed, error, profile):
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=130)
    plt.close(figure)
