"""Sizes from synthetic exports: known distributions are recovered although small ones are not seen.

Each fit must lie within five standard errors of its own bootstrap: for one normal estimate a false alarm of
6e-7. Seeds are fixed, so that a test that passes once always does.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import instrument_exports as synthetic
import numpy as np
import pytest

from exocosm.assay import SizeTable, TableError, read_sizes, vesicle_population
from exocosm.assay.size_fit import fit_sizes

MEDIAN, SPREAD, MADE = 85.0, 1.4, 4000
ERRORS = 5.0


def seen(seed: int = 3, made: int = MADE, **options: float) -> np.ndarray:
    return synthetic.diameters(MEDIAN, SPREAD, made, seed, **options)


def written(folder: Path, text: str, name: str = "sizes.csv", encoding: str = "latin-1") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


FORMATS: dict[str, tuple[Callable[[], str], str]] = {
    "NanoSight summary": (lambda: synthetic.nanosight([seen(s, MADE // 4) for s in (3, 4, 5, 6)]), "csv"),
    "NanoSight particle list": (lambda: synthetic.particle_list(seen()), "csv"),
    "ZetaView": (lambda: synthetic.zetaview(seen()), "txt"),
    "Izon, single particles": (lambda: synthetic.izon(seen()), "csv"),
    "plain table": (lambda: synthetic.plain(seen()), "csv"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_known_distribution_is_recovered_from_each_format(name: str, tmp_path: Path):
    make, ending = FORMATS[name]
    table = read_sizes(written(tmp_path, make(), f"sizes.{ending}"))
    assert table.format == name
    fit = fit_sizes(table, synthetic.SEEN_FROM, seed=1, refits=100)
    assert abs(np.log(fit.median / MEDIAN)) < ERRORS * np.log(fit.medians).std()
    errors = np.log(np.log(fit.spreads)).std()
    assert abs(np.log(np.log(fit.geometric_sd) / np.log(SPREAD))) < ERRORS * errors
    assert fit.interval("medians")[0] <= fit.median <= fit.interval("medians")[1]


def test_intervals_hold_the_truth_as_often_as_they_say():
    """If each interval holds it with 95 %, fewer than 28 of 40 do so with a chance below 1e-6."""
    held = 0
    for seed in range(40):
        edges = np.arange(60.0, 400.0, 5.0)
        weights = np.histogram(seen(100 + seed, 1500), edges)[0].astype(float)[None, :]
        table = SizeTable("x", "x", "x", edges, weights, float(weights.sum()), None, None, 60.0)
        low, high = fit_sizes(table, None, seed=seed, refits=50).interval("medians")
        held += low <= MEDIAN <= high
    assert held >= 28


def test_ignoring_the_limit_would_be_wrong():
    """Without the cut the median of what is seen lies far above that of what is there."""
    particles = synthetic.diameters(60.0, 1.4, MADE, 5)
    fit_here = fit_sizes(_table(particles), synthetic.SEEN_FROM, seed=1, refits=60)
    assert np.median(particles) > 72.0
    assert abs(np.log(fit_here.median / 60.0)) < ERRORS * np.log(fit_here.medians).std()


def _table(particles: np.ndarray) -> SizeTable:
    edges = np.arange(60.0, 500.0, 2.0)
    weights = np.histogram(particles, edges)[0].astype(float)[None, :]
    return SizeTable("x", "x", "x", edges, weights, float(weights.sum()), None, None, 60.0)


def test_a_nanosight_summary_keeps_videos_apart_and_reads_only_the_weighting_by_number(tmp_path: Path):
    videos = [seen(s, 500) for s in (1, 2, 3)]
    table = read_sizes(written(tmp_path, synthetic.nanosight(videos)))
    assert table.replicates == 3
    assert len(table.edges) == 1001
    assert table.tracked == sum(map(len, videos))
    assert table.dilution is None
    assert table.concentration == pytest.approx([1e5 * len(v) for v in videos])


def test_a_dilution_that_a_nanosight_recorded_is_not_applied_again(tmp_path: Path):
    table = read_sizes(written(tmp_path, synthetic.nanosight([seen()], dilution="200")))
    assert table.dilution == 1.0


def test_a_zetaview_export_ends_where_logarithmic_bins_begin_and_knows_its_dilution(tmp_path: Path):
    table = read_sizes(written(tmp_path, synthetic.zetaview(seen()), "z.txt"))
    assert len(table.edges) == 201
    assert table.dilution == 1000.0
    assert table.tracked == len(seen())


def test_decimal_commas_are_read(tmp_path: Path):
    point = read_sizes(written(tmp_path, synthetic.zetaview(seen()), "a.txt"))
    comma = read_sizes(written(tmp_path, synthetic.zetaview(seen(), comma=True), "b.txt"))
    assert comma.edges.tolist() == point.edges.tolist()
    assert comma.weights.tolist() == point.weights.tolist()


def test_utf_16_as_some_programs_write_it_is_read(tmp_path: Path):
    assert read_sizes(written(tmp_path, synthetic.plain(seen()), encoding="utf-16")).format == "plain table"


def test_particles_that_do_not_count_are_left_out(tmp_path: Path):
    table = read_sizes(written(tmp_path, synthetic.particle_list(seen())))
    assert table.tracked == len(seen()) - len(seen()) // 10


def test_particles_of_a_first_bin_that_begins_at_zero_are_counted(tmp_path: Path):
    counts = {20: 4e8, 60: 9e8, 100: 6e8, 140: 2e8, 180: 5e7, 220: 1e7}
    text = "\n".join(["diameter_nm,particles_per_mL", *(f"{d},{n:g}" for d, n in counts.items())])
    found = vesicle_population(written(tmp_path, text))
    assert found.sizes.edges[0] == 0.0
    assert found.particles is not None
    assert found.particles[0] == pytest.approx(sum(counts.values()), rel=1e-3)


BROKEN = {
    "empty": (" \n", "this file is empty"),
    "not a table": ("hello\nworld\n", "no export of sizes that is known"),
    "a word for a number": (
        "diameter_nm,count\n50,1\n60,two\n70,3\n",
        "row 3, column count: this is not a number",
    ),
    "a negative count": (
        "diameter_nm,count\n50,1\n60,-2\n70,3\n",
        "row 3, column count: this number is too small",
    ),
    "an infinite count": (
        "diameter_nm,count\n50,1\n60,inf\n70,3\n",
        "row 3, column count: this number is not finite",
    ),
    "falling diameters": (
        "diameter_nm,count\n50,1\n70,2\n60,3\n",
        "row 4, column diameter_nm: diameters do not rise",
    ),
    "no amount": ("diameter_nm,particels_per_mL\n50,1\n60,1\n70,1\n80,1\n", "there is no amount"),
    "no particles": ("diameter_nm,count\n50,0\n60,0\n70,0\n", "there are no particles"),
    "too few bins": ("diameter_nm,count\n50,1\n", "there are too few bins"),
    "a short row": ("diameter_nm,count\n50,1\n60\n70,2\n", "row 3, column count: this is not a number"),
    "nothing above the limit": ("diameter_nm,count\n10,1\n20,1\n30,4\n40,3\n70,1\n", "too few sizes above"),
    "a workbook": ("PK\x03\x04 anything", "this is no text file"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_said_with_its_row_and_column(name: str, tmp_path: Path):
    text, words = BROKEN[name]
    path = written(tmp_path, text)
    with pytest.raises(TableError) as caught:
        vesicle_population(path, detects_from=60.0)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)


def test_sizes_that_only_fall_from_the_limit_on_do_not_tell_a_median(tmp_path: Path):
    edges = np.arange(60.0, 300.0, 5.0)
    counts = np.round(2000 * (edges / 60.0) ** -4)
    text = "\n".join(["diameter_nm,count", *(f"{e:g},{c:g}" for e, c in zip(edges, counts, strict=True))])
    with pytest.raises(TableError, match="do not tell a median"):
        vesicle_population(written(tmp_path, text), detects_from=60.0)


def test_a_file_that_is_not_there_is_said_plainly(tmp_path: Path):
    with pytest.raises(TableError, match="cannot be read"):
        read_sizes(tmp_path / "none.csv")
