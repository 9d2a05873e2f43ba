"""Cells of one record as AnnData (`.h5ad`): a row for each cell, so that scanpy and squidpy open it.

`obs` holds the columns of `Simulation.cell_table()`, `obsm["spatial"]` the centres in µm, the names of
the rows the cells' keys in hexadecimal (the same cell has the same key in every record and arm). There
are no variables: `X` is empty.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.errors import RunError
from exocosm.results.durable import file_fingerprint, fingerprint, replacing

if TYPE_CHECKING:
    import anndata

FORMAT = "exocosm-cells/1"


def _categorical(values: NDArray[Any], names: Sequence[str]) -> Any:
    """Names or codes of categories as a pandas Categorical."""
    import pandas

    if values.dtype.kind in "iu":
        codes = [int(code) for code in values]
        return pandas.Categorical.from_codes(codes, categories=pandas.Index(names))
    categories = [*names, *sorted(set(values.astype(str)) - set(names))]
    return pandas.Categorical(values.astype(str), categories=categories)


def as_anndata(
    table: Mapping[str, NDArray[Any]], type_names: Sequence[str], about: Mapping[str, Any]
) -> anndata.AnnData:
    """A cell table as AnnData; `about` goes into `uns`."""
    import anndata
    import pandas

    columns: dict[str, Any] = {}
    for name, values in table.items():
        if name == "type":
            columns[name] = _categorical(values, type_names)
        elif name == "state":
            columns[name] = _categorical(values, ("live", "apoptotic", "necrotic"))
        elif values.dtype.kind in "UO":
            columns[name] = _categorical(values, ())
        elif name != "key":
            columns[name] = values
    names = [f"{int(key):016x}" for key in table["key"]]
    obs = pandas.DataFrame(columns, index=pandas.Index(names, dtype=object))
    spatial = np.column_stack([table[axis] for axis in "xyz"]).astype(float)
    return anndata.AnnData(obs=obs, obsm={"spatial": spatial}, uns={"format": FORMAT, **about})


def write_cells(path: Path, cells: anndata.AnnData) -> str:
    """Write in one step; returns the fingerprint of the file for the index."""
    content = _file_of(cells)
    with replacing(path) as temporary:
        temporary.write_bytes(content)
    return fingerprint(content)


def _file_of(cells: anndata.AnnData) -> bytes:
    """The content of an `.h5ad`, made in memory: HDF5 cannot let go of a file that it cannot write."""
    import h5py
    from anndata.io import write_elem

    content = io.BytesIO()
    with warnings.catch_warnings(), h5py.File(content, "w") as file:
        warnings.simplefilter("ignore")
        write_elem(file, "/", cells)
    return content.getvalue()


def read_cells(path: Path, expected: str) -> anndata.AnnData:
    """Read one record of cells; RunError if the file is missing or not the one that was written."""
    if file_fingerprint(path) != expected:
        raise RunError(f"{path}: the file is damaged: it is not the one that the index lists")
    import anndata

    try:
        cells = anndata.read_h5ad(path)
    except (OSError, KeyError, ValueError) as error:
        raise RunError(f"{path}: this is not a readable record of cells: {error}") from error
    found = str(cells.uns.get("format"))
    if found != FORMAT:
        raise RunError(f"{path}: found {found}, and this version of Exocosm reads {FORMAT}")
    return cells
