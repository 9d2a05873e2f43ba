"""Tables as spreadsheets and instruments write them: read right, or refused with the place; never misread."""

from __future__ import annotations

from pathlib import Path

import pytest

from exocosm.assay import read_sizes
from exocosm.assay.cargo_tables import read_cargo
from exocosm.assay.size_fit import fit_sizes
from exocosm.assay.stoichiometry import Particles, copies_per_particle
from exocosm.assay.tables import TableError

BINS = [(62.5 + 5 * i, count) for i, count in enumerate((40, 90, 160, 120, 70, 30, 10))]
PLAIN = "diameter_nm,count\n" + "".join(f"{d:g},{n}\n" for d, n in BINS)
GERMAN = PLAIN.replace(",", ";").replace(".", ",")
QPCR = "cargo,value,unit,slope,intercept,template_uL\n"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        GERMAN,
        "sep=;\n" + GERMAN,
        "\n,\n" + PLAIN.replace("\n", "\n\n"),
    ],
    ids=["Windows", "old Mac", "decimal commas", "spreadsheet", "empty rows"],
)
def test_line_ends_empty_rows_and_a_named_separator_change_nothing(tmp_path: Path, text: str) -> None:
    table = read_sizes(written(tmp_path, text))
    assert table.weights.tolist() == [[float(n) for _, n in BINS]]
    assert table.edges[0] == 60.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PLAIN.replace(".", ","), "row 2: there are more fields than in the heading"),
        (PLAIN.replace(",", "\t").replace("160", "1,600"), "without commas"),
        (GERMAN.replace(",5;", ";").replace(";40", ";1,040"), "may be a decimal comma or part thousands"),
        (PLAIN.replace("_nm", ""), "does not say that it is in nm"),
        (PLAIN.replace("_nm", "_um"), "does not say that it is in nm"),
        ("\0\0\0", "empty"),
        ("diameter_nm,count\n" + "9" * 200_000 + ",1\n", "row 2: this is no table"),
    ],
    ids=["decimal commas between commas", "thousands", "unclear", "no unit", "um", "zeros", "a long field"],
)
def test_what_could_be_misread_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(TableError, match=words):
        read_sizes(written(tmp_path, text))


def test_what_is_no_file_is_not_read() -> None:
    with pytest.raises(TableError, match="this is no file"):
        read_sizes("/dev/zero")


def test_thousands_in_the_dilution_of_a_zetaview_are_refused(tmp_path: Path) -> None:
    rows = "".join(f"{d}\t{n}\t{n}.5E+5\n" for d, n in BINS)
    text = f"Dilution::\t1,000\nSize / nm\tNumber\tConcentration / cm-3\n{rows}-1\t0\t0\n"
    with pytest.raises(TableError, match="row 1, column metadata"):
        read_sizes(written(tmp_path, text))
    assert read_sizes(written(tmp_path, text.replace("1,000", "1000"))).dilution == 1000.0


def test_empty_bins_below_the_smallest_particle_are_not_taken_for_seen(tmp_path: Path) -> None:
    below = "".join(f"{2.5 + 5 * i:g},0\n" for i in range(12))
    table = read_sizes(written(tmp_path, PLAIN.replace("count\n", f"count\n{below}")))
    assert fit_sizes(table, None, 1, refits=1).low == pytest.approx(60.0)


def test_an_undetermined_ct_is_no_copy_and_tells_how_many_there_may_be(tmp_path: Path) -> None:
    path = written(tmp_path, QPCR + "miR-9,Undetermined,Ct,-3.32,40,2\n")
    (found,) = copies_per_particle(read_cargo(path), Particles((1e9, 1e9), None), 1)
    # none in 2 uL: at most about 2.5 copies (95 %), 1,250 per mL
    assert (found.copies, found.low) == (0.0, pytest.approx(0.0, abs=1e-9))
    assert 1.5e-6 > found.high > 1e-6


def test_replicates_of_which_one_is_empty_keep_their_spread(tmp_path: Path) -> None:
    path = written(tmp_path, QPCR + "miR-9,No Ct,Ct,-3.32,40,2\nmiR-9,26.72,Ct,-3.32,40,2\n")
    (found,) = copies_per_particle(read_cargo(path), Particles((1e9, 1e9), None), 1)
    assert found.copies == pytest.approx(1e4 / 2e-3 / 1e9 / 2)
    assert found.low == pytest.approx(0.0, abs=1e-9)
    assert found.high > 2 * found.copies


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (QPCR + "miR-9,26,Ct,-0.001,40,2\n", "row 2, column slope"),
        ("cargo,value,unit,cv\nmiR-9,1,copies/mL,15\n", "0.15 for 15 %"),
        ("cargo,value,unit,value\nmiR-9,1,copies/mL,2\n", "there twice"),
        ("cargo,value,unit\nmiR-9,1,5,copies/mL\n", "row 2: there are more fields"),
    ],
    ids=["curve", "percent", "two columns", "decimal comma"],
)
def test_tables_of_cargo_that_mean_something_else_are_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(TableError, match=words):
        read_cargo(written(tmp_path, text))


def test_videos_of_a_summary_are_replicates_whatever_stands_behind_concentration(tmp_path: Path) -> None:
    rows = "".join(f"{d},{n},{2 * n},{1.5 * n}\n" for d, n in BINS)
    text = f"[Size Data]\nValid Tracks,260,520\nBin centre (nm),Concentration,Concentration,Average\n{rows}"
    table = read_sizes(written(tmp_path, text.replace("Average", "Concentration average")))
    assert table.replicates == 2
    assert table.tracked == 780.0
