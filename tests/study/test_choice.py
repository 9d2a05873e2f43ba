"""What a terminal shows of a comparison with many outcomes: no empty rows, and details in the file."""

from __future__ import annotations

import math

import pandas

from exocosm.study.choice import MOST, worth_a_line


def rows(*columns: tuple[str, str, float]) -> pandas.DataFrame:
    return pandas.DataFrame([{"group": g, "column": c, "baseline": v, "value": v} for g, c, v in columns])


def shown(frame: pandas.DataFrame) -> set[str]:
    return set(worth_a_line(frame)["column"])


def test_zeros_and_ceilings_of_what_never_came_are_left_out() -> None:
    frame = rows(
        ("cells", "cells.tumour.live", 5.0),
        ("cells", "cells.tumour.necrotic", 0.0),
        ("cargo", "cargo.miR.per_cell_per_day.macrophage", 1.0),
        ("cargo", "cargo.miR.ceiling_per_cell_per_day.macrophage", 9.0),
        ("cargo", "cargo.miR.per_cell_per_day.T", 0.0),
        ("cargo", "cargo.miR.ceiling_per_cell_per_day.T", 9.0),
    )
    assert shown(frame) == {
        "cells.tumour.live",
        "cargo.miR.per_cell_per_day.macrophage",
        "cargo.miR.ceiling_per_cell_per_day.macrophage",
    }


def test_what_no_cell_of_either_arm_has_is_left_out() -> None:
    frame = rows(("state", "state.EMT.HCC", math.nan), ("state", "state.M2.macrophage", 0.5))
    assert shown(frame) == {"state.M2.macrophage"}
    frame.loc[0, "value"] = 0.0
    assert shown(frame) == {"state.EMT.HCC", "state.M2.macrophage"}


def test_few_rows_are_shown_whole() -> None:
    frame = rows(*(("vesicles", f"vesicles.v.inside.t{i}", 1.0) for i in range(MOST)))
    assert len(worth_a_line(frame)) == MOST


def test_in_a_crowd_cargo_with_a_dose_of_an_assay_stays_and_the_rest_goes() -> None:
    crowd = [("cargo", f"cargo.c{i}.per_cell_per_day.t", 1.0) for i in range(MOST)]
    dosed = [
        ("cargo", "cargo.miR-21-5p.per_cell_per_day.macrophage", 1.0),
        ("cargo", "cargo.miR-21-5p.ceiling_per_cell_per_day.macrophage", 2.0),
        ("cargo", "cargo.miR-21-5p.assay_per_cell.macrophage", 3.0),
    ]
    assert shown(rows(*crowd, *dosed)) == {column for _, column, _ in dosed}


def test_a_crowd_without_any_dose_stays() -> None:
    crowd = [("cargo", f"cargo.c{i}.per_cell_per_day.t", 1.0) for i in range(MOST + 1)]
    assert len(worth_a_line(rows(*crowd))) == MOST + 1
