"""AnnData files with one fault each: how a whole one is harmed, and what a reader is told.

A whole file has 8 cells: labels in obs/cell_type (categorical: categories and codes), places in obsm/spatial.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np

WHOLE = "{h5ad: cells.h5ad, types: types.csv}"
Harm = Callable[[Path], None]


def inside(change: Callable[[h5py.File], None]) -> Harm:
    """A change within the file."""

    def harm(path: Path) -> None:
        with h5py.File(path, "r+") as file:
            change(file)

    return harm


def replaced(name: str, **dataset: object) -> Harm:
    """Another dataset, or none, in place of one."""

    def change(file: h5py.File) -> None:
        del file[name]
        if dataset:
            file.create_dataset(name, **dataset)

    return inside(change)


def linked(name: str, link: object) -> Harm:
    def change(file: h5py.File) -> None:
        del file[name]
        file[name] = link

    return inside(change)


def grouped(name: str) -> Harm:
    def change(file: h5py.File) -> None:
        del file[name]
        file.create_group(name)

    return inside(change)


def masked(file: h5py.File) -> None:
    """A column with a mask of another length."""
    del file["obs/cell_type"]
    column = file["obs"].create_group("cell_type")
    column.create_dataset("values", data=["HCC"] * 8, dtype=h5py.string_dtype())
    column["mask"] = np.zeros(5, bool)


def unmasked(file: h5py.File) -> None:
    del file["obs/cell_type"]
    column = file["obs"].create_group("cell_type")
    column.create_dataset("values", data=["HCC"] * 8, dtype=h5py.string_dtype())


def old_codes(file: h5py.File) -> None:
    """Categories as before 2020, with a code beyond them."""
    del file["obs/cell_type"]
    file["obs"].create_group("__categories").create_dataset(
        "cell_type", data=["HCC"], dtype=h5py.string_dtype()
    )
    file["obs"]["cell_type"] = np.array([0, 0, 0, 7, 0, 0, 0, 0], np.int8)


def set_codes(*codes: int) -> Harm:
    return inside(lambda file: file["obs/cell_type/codes"].write_direct(np.array(codes, np.int8)))


def bytes_of(content: bytes) -> Harm:
    return lambda path: path.write_bytes(content)


def cut(share: float) -> Harm:
    return lambda path: path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])


TEXT = h5py.string_dtype()
PLACE, LABEL = "obsm/spatial", "obs/cell_type"
AT = {"h5ad": "tissue.cells[0].region.h5ad", "label": "tissue.cells[0].region.label",
      "spatial": "tissue.cells[0].region.spatial", "": "tissue.cells[0].region"}  # fmt: skip

# name: (harm, key of the fault, problem, what was found)
CASES: dict[str, tuple[Harm, str, str, str]] = {
    "gone": (Path.unlink, "h5ad", "there is no such file", "cells.h5ad"),
    "empty": (bytes_of(b""), "h5ad", "the file cannot be read", "cells.h5ad"),
    "text": (bytes_of(b"x,y,z,type\n1,2,3,tumour\n"), "h5ad", "the file cannot be read", "cells.h5ad"),
    "zeros": (bytes_of(bytes(4096)), "h5ad", "the file cannot be read", "cells.h5ad"),
    "a pickle": (bytes_of(b"\x80\x04K\x01."), "h5ad", "the file cannot be read", "cells.h5ad"),
    "the signature alone": (bytes_of(b"\x89HDF\r\n\x1a\n"), "h5ad", "the file cannot be read", "cells.h5ad"),
    "cut to a half": (cut(0.5), "h5ad", "the file cannot be read", "cells.h5ad"),
    "cut to a tenth": (cut(0.1), "h5ad", "the file cannot be read", "cells.h5ad"),
    "its end gone": (cut(0.99), "h5ad", "the file cannot be read", "cells.h5ad"),
    "no obs": (replaced("obs"), "h5ad", "unknown part of the file", "obs"),
    "no obsm": (replaced("obsm"), "h5ad", "unknown part of the file", "obsm"),
    "obs is data": (replaced("obs", data=np.zeros(8)), "h5ad", "obs has the wrong form", "float64 (8,)"),
    "obsm is data": (replaced("obsm", data=np.zeros(8)), "h5ad", "obsm has the wrong form", "float64 (8,)"),
    "obs elsewhere": (linked("obs", h5py.SoftLink("/obsm")), "h5ad", "obs has the wrong form", "a link"),
    "obsm in another file": (
        linked("obsm", h5py.ExternalLink("/etc/passwd", "/")),
        "h5ad",
        "obsm has the wrong form",
        "a link",
    ),
    "no places": (replaced(PLACE), "spatial", "unknown array of obsm", "spatial"),
    "places are a group": (grouped(PLACE), "spatial", "spatial has the wrong form", "a group"),
    "places in one axis": (
        replaced(PLACE, data=np.zeros((8, 1))),
        "spatial",
        "places have two or three columns",
        "1",
    ),
    "places in four axes": (
        replaced(PLACE, data=np.zeros((8, 4))),
        "spatial",
        "places have two or three columns",
        "4",
    ),
    "places without axes": (
        replaced(PLACE, data=np.zeros(8)),
        "spatial",
        "spatial has the wrong form",
        "float64 (8,)",
    ),
    "places as a cube": (
        replaced(PLACE, data=np.zeros((8, 3, 1))),
        "spatial",
        "spatial has the wrong form",
        "(8, 3, 1)",
    ),
    "places as text": (
        replaced(PLACE, data=[["1", "2", "3"]] * 8, dtype=TEXT),
        "spatial",
        "spatial has the wrong form",
        "object (8, 3)",
    ),
    "complex places": (
        replaced(PLACE, data=np.zeros((8, 3), complex)),
        "spatial",
        "spatial has the wrong form",
        "complex128",
    ),
    "fewer places": (
        replaced(PLACE, data=np.ones((5, 3))),
        "label",
        "cell_type has the wrong form",
        "8 labels of 5 places",
    ),
    "no cells": (
        replaced(PLACE, data=np.ones((0, 3))),
        "label",
        "cell_type has the wrong form",
        "8 labels of 0",
    ),
    "flat places": (replaced(PLACE, data=np.ones((8, 2))), "", "these cells have no height", "x and y"),
    "no place is a number": (
        replaced(PLACE, data=np.full((8, 3), np.nan)),
        "",
        "no cell is left",
        "they have no place",
    ),
    "places beyond the block": (
        replaced(PLACE, data=np.full((8, 3), 1e6)),
        "",
        "all cells lie outside the tissue",
        "1e+06",
    ),
    "infinite places": (
        replaced(PLACE, data=np.full((8, 3), np.inf)),
        "",
        "no cell is left",
        "they have no place",
    ),
    "too many places": (
        replaced(PLACE, shape=(10**12, 3), dtype="f8", chunks=(1000, 3)),
        "h5ad",
        "these are too many cells",
        "1,000,000,000,000 cells",
    ),
    "chunks too large": (
        replaced(PLACE, shape=(8, 3), dtype="f8", maxshape=(None, 3), chunks=(10**8, 3), compression="gzip"),
        "spatial",
        "spatial has the wrong form",
        "chunks of (100000000, 3)",
    ),
    "places stored elsewhere": (
        replaced(PLACE, shape=(8, 3), dtype="u1", external=[("/etc/passwd", 0, 24)]),
        "spatial",
        "spatial has the wrong form",
        "storage outside the file",
    ),
    "no labels": (replaced(LABEL), "label", "unknown column of obs", "cell_type"),
    "labels elsewhere": (
        linked(LABEL, h5py.SoftLink("/obs/_index")),
        "label",
        "cell_type has the wrong form",
        "a link",
    ),
    "labels in a loop": (
        linked(LABEL, h5py.SoftLink("/obs/cell_type")),
        "label",
        "cell_type has the wrong form",
        "a link",
    ),
    "labels without categories": (
        replaced(f"{LABEL}/categories"),
        "label",
        "unknown column of obs",
        "categories",
    ),
    "labels without codes": (replaced(f"{LABEL}/codes"), "label", "unknown column of obs", "codes"),
    "codes beyond": (
        set_codes(0, 0, 1, 2, 3, 100, 0, -1),
        "label",
        "cell_type has the wrong form",
        "codes without a category",
    ),
    "negative codes": (
        set_codes(0, 0, 1, 2, 3, -7, 0, -1),
        "label",
        "cell_type has the wrong form",
        "codes without a category",
    ),
    "codes as decimals": (
        replaced(f"{LABEL}/codes", data=np.zeros(8)),
        "label",
        "cell_type has the wrong form",
        "float64 (8,)",
    ),
    "fewer codes": (
        replaced(f"{LABEL}/codes", data=np.zeros(5, np.int8)),
        "label",
        "cell_type has the wrong form",
        "5 labels of 8 places",
    ),
    "codes of two axes": (
        replaced(f"{LABEL}/codes", data=np.zeros((8, 1), np.int8)),
        "label",
        "cell_type has the wrong form",
        "int8 (8, 1)",
    ),
    "categories as decimals": (
        replaced(f"{LABEL}/categories", data=np.zeros(4)),
        "label",
        "cell_type has the wrong form",
        "float64 (4,)",
    ),
    "too many categories": (
        replaced(f"{LABEL}/categories", data=np.arange(20_000)),
        "label",
        "these are too many labels",
        "20,000",
    ),
    "long categories": (
        replaced(f"{LABEL}/categories", data=["x" * 10**6] * 4, dtype=TEXT),
        "label",
        "a label is too long",
        "xxx",
    ),
    "wide categories": (
        replaced(f"{LABEL}/categories", data=np.full(4, b"x", "S5000")),
        "label",
        "cell_type has the wrong form",
        "labels that are too long",
    ),
    "categories not in UTF-8": (
        replaced(f"{LABEL}/categories", data=np.full(4, b"\xff\xfe", "S2")),
        "h5ad",
        "the file cannot be read",
        "cells.h5ad",
    ),
    "labels as decimals": (
        replaced(LABEL, data=np.zeros(8)),
        "label",
        "cell_type has the wrong form",
        "float64 (8,)",
    ),
    "labels of two axes": (
        replaced(LABEL, data=[["HCC"]] * 8, dtype=TEXT),
        "label",
        "cell_type has the wrong form",
        "object (8, 1)",
    ),
    "fewer labels": (
        replaced(LABEL, data=["HCC"] * 5, dtype=TEXT),
        "label",
        "cell_type has the wrong form",
        "5 labels of 8",
    ),
    "labels that are references": (
        replaced(LABEL, shape=(8,), dtype=h5py.ref_dtype),
        "label",
        "cell_type has the wrong form",
        "labels",
    ),
    "no label is known": (
        replaced(LABEL, data=["A"] * 8, dtype=TEXT),
        "",
        "no cell is left",
        "types.csv does not know the label",
    ),
    "all labels are empty": (
        replaced(LABEL, data=[""] * 8, dtype=TEXT),
        "",
        "no cell is left",
        "they have no label",
    ),
    "a mask of another length": (inside(masked), "h5ad", "the file cannot be read", "cells.h5ad"),
    "values without a mask": (inside(unmasked), "label", "unknown column of obs", "mask"),
    "old codes beyond": (
        inside(old_codes),
        "label",
        "cell_type has the wrong form",
        "codes without a category",
    ),
}
