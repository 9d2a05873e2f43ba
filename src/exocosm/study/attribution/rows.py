"""The numbers of an attribution as tables: a row per player, a row per coalition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from exocosm.results.durable import replacing
from exocosm.study.attribution import estimates
from exocosm.study.attribution.design import Design
from exocosm.study.attribution.estimates import Estimate, Floats
from exocosm.study.attribution.players import Player

if TYPE_CHECKING:
    import pandas

    from exocosm.study.attribution.attributing import Attribution

KINDS = ("leave_one_out", "add_one_in", "shapley")
UNKNOWN = Estimate(np.nan, np.nan, np.nan, np.nan, np.nan)
NOTHING = Estimate(0.0, 0.0, 0.0, 0.0, 0.0)


def player_rows(
    values: Mapping[int, Floats], plan: Design, taking_part: Sequence[Player], idle: Sequence[Player]
) -> pandas.DataFrame:
    """A row per player with all estimates, the largest Shapley value first.

    Idle players get exactly nothing: the runs with and without them are the same.
    """
    import pandas

    n = plan.players
    less, alone = estimates.leave_one_out(values, n), estimates.add_one_in(values, n)
    shared = estimates.shapley_estimates(values, plan) or [UNKNOWN] * n
    rows = []
    for i, player in enumerate(taking_part):
        found = (estimates.over_seeds(less[i]), estimates.over_seeds(alone[i]), shared[i])
        paired, unpaired = estimates.variances(values[plan.whole], values[plan.whole ^ 1 << i])
        rows.append(_row(player, found) | {"variance": paired, "unpaired_variance": unpaired})
    known = NOTHING if plan.exact or plan.orders else UNKNOWN
    rows += [_row(player, (NOTHING, NOTHING, known)) for player in idle]
    table = pandas.DataFrame(rows)
    by = "shapley" if plan.exact or plan.orders else "leave_one_out"
    return table.sort_values(by, key=abs, ascending=False, kind="stable", ignore_index=True)


def _row(player: Player, found: Sequence[Estimate]) -> dict[str, Any]:
    row: dict[str, Any] = {"player": player.name, "taken_out": ", ".join(player.targets)}
    for kind, estimate in zip(KINDS, found, strict=True):
        row |= {kind: estimate.mean, f"{kind}_low": estimate.low, f"{kind}_high": estimate.high}
    last = found[-1]
    return row | {"shapley_seed_error": last.seed_error, "shapley_order_error": last.order_error}


def coalition_rows(
    values: Mapping[int, Floats], taking_part: Sequence[Player], seeds: Sequence[int]
) -> pandas.DataFrame:
    """A row per coalition: 1 for each player that is there, and the outcome for each seed."""
    import pandas

    rows = [
        {player.name: coalition >> i & 1 for i, player in enumerate(taking_part)}
        | {f"seed {seed}": value for seed, value in zip(seeds, of_seeds, strict=True)}
        for coalition, of_seeds in values.items()
    ]
    return pandas.DataFrame(rows)


def write(found: Attribution) -> None:
    """Both tables as CSV into the folder."""
    for table, ending in ((found.table, ".csv"), (found.outcomes, "-coalitions.csv")):
        with replacing(found.path / f"{found.stem}{ending}") as temporary:
            table.to_csv(temporary, index=False)
