"""`hcc-nodule` itself: the same bits for threads, splits and restarts, closed books, and what its arms do.

Arms of a pair see the same random numbers, so that an arm that did nothing would change nothing at all. Where
some difference cascades through births and contacts, its spread over seeds was measured in the arms that do
nothing; bounds lie more than ten of these standard deviations away, a chance below 1e-6 by far.
"""

from __future__ import annotations

import pytest

from exocosm.coupling import restore, start
from exocosm.model import Set, load
from exocosm.study import compare

SEEDS = (1, 2)
UNTIL = "24 h"


@pytest.fixture(scope="module")
def literature(tmp_path_factory):
    model = load("hcc-nodule")
    arms = {name: model.arm(name) for name in ("no-tumour-vesicles", "release-blocked", "anti-PD-1")}
    return compare(
        model, arms, until=UNTIL, seeds=SEEDS, out=tmp_path_factory.mktemp("nodule") / "literature"
    )


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    model = load("hcc-nodule-rich")
    arms = {"no-tumour-vesicles": model.arm("no-tumour-vesicles")}
    return compare(model, arms, until=UNTIL, seeds=SEEDS, out=tmp_path_factory.mktemp("nodule") / "rich")


def ends(made, label: str, column: str) -> list[float]:
    return [float(run.summary[column].iloc[-1]) for run in made.runs[label]]


def differences(made, label: str, column: str) -> list[float]:
    pairs = zip(ends(made, label, column), ends(made, "baseline", column), strict=True)
    return [after - before for after, before in pairs]


@pytest.mark.slow
def test_the_same_bits_for_threads_and_after_a_restart():
    model = load("hcc-nodule")
    whole, other = start(model, seed=3, threads=1), start(model, seed=3, threads=2)
    ticks = round(60 / whole.tick_length)
    whole.advance(ticks)
    other.advance(37)
    again = restore(model, other.checkpoint(), threads=2)
    again.advance(ticks - 37)
    assert whole.digest() == again.digest()


@pytest.mark.slow
def test_it_is_a_nodule_in_liver_tissue_and_has_the_size_that_is_promised(literature):
    run = literature.runs["baseline"][0]
    first = run.summary.iloc[0]
    kinds = ("tumour", "hepatocyte", "macrophage", "stellate", "CD8")
    assert sum(first[f"cells.{kind}.live"] for kind in kinds) >= 3000
    assert 30.0 < run.summary["oxygen.at.hepatocyte"].iloc[-1] < 40.0  # prog-P063: 30 to 40 mmHg in liver
    assert run.summary["oxygen.min"].iloc[-1] < 25.0
    assert (run.ledger["imbalance"] < 1e-9).all()


@pytest.mark.slow
def test_t_cells_arrive_kill_and_wear_out(literature):
    for run in literature.runs["baseline"]:
        last = run.summary.iloc[-1]
        assert last["cells.CD8.immigrated"] > 10  # a Poisson number with a mean above 25
        assert last["cells.CD8.attacking"] > 0.3
        assert last["state.exhaustion.CD8"] > 0.1
        assert last["density.CD8.core"] > run.summary["density.CD8.core"].iloc[0]
        assert last["cells.tumour.engulfed"] > 0


@pytest.mark.slow
def test_with_the_manifest_of_the_literature_the_vesicles_of_the_tumour_are_a_null(literature):
    """A microRNA in a hundred vesicles comes to less than a copy a day, where a thousand are needed."""
    assert max(ends(literature, "baseline", "cargo.miR-21-5p.per_cell_per_day.macrophage")) < 1.0
    for column in ("state.M2.macrophage", "state.activation.stellate", "state.exhaustion.CD8"):
        assert max(map(abs, differences(literature, "no-tumour-vesicles", column))) < 0.01, column


@pytest.mark.slow
def test_blocked_release_sets_nothing_free_and_fills_the_senders(literature):
    released = ends(literature, "release-blocked", "vesicles.tumour.released")
    assert released == [0.0] * len(SEEDS)
    kept = zip(
        ends(literature, "release-blocked", "vesicles.tumour.bodies"),
        ends(literature, "baseline", "vesicles.tumour.bodies"),
        strict=True,
    )
    assert all(1.2 < after / before < 1.7 for after, before in kept)  # 0.8 / 0.56 in the steady state


@pytest.mark.slow
def test_anti_pd_1_spares_t_cells_which_then_kill_more(literature):
    """Exhaustion stops (it rises by a fiftieth of its rate); tumour cells differ by 1 % by chance."""
    for change, before in zip(
        differences(literature, "anti-PD-1", "state.exhaustion.CD8"),
        ends(literature, "baseline", "state.exhaustion.CD8"),
        strict=True,
    ):
        assert change < -0.9 * before


@pytest.mark.slow
def test_rich_senders_turn_macrophages_and_stroma(rich):
    """Without them M2 and activation are lower by much more than the 0.001 by which null arms differ."""
    assert max(differences(rich, "no-tumour-vesicles", "state.M2.macrophage")) < -0.02
    assert max(differences(rich, "no-tumour-vesicles", "state.activation.stellate")) < -0.02
    assert max(differences(rich, "no-tumour-vesicles", "collagen.mean")) < 0.0
    occupied = ends(rich, "baseline", "occupancy.PD-1.CD8")
    assert min(occupied) > 0.005
    assert ends(rich, "no-tumour-vesicles", "occupancy.PD-1.CD8") == [0.0] * len(SEEDS)


def test_an_unknown_primary_outcome_is_refused_with_the_nearest_name(tmp_path):
    from exocosm.ground.errors import RunError
    from exocosm.results import run

    model = load("two-cells").change(Set("primary_outcome", "cells.tumor.live"))
    with pytest.raises(RunError, match=r"did you mean cells\.tumour\.live"):
        run(model, "1 h", out=tmp_path / "run")
    assert not (tmp_path / "run").exists()
