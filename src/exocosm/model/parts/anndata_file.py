"""Labels and places of the cells in an AnnData file (.h5ad), and nothing else of it.

Only the column of `obs` and the array of `obsm` that are asked for are read, after their shapes are checked,
so that neither the size of the rest nor a small file that claims to be large matters. Links out of the file
and storage outside it are refused; nothing in the file is ever unpickled or run.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exocosm.model.faults import Fault, show, unknown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_CELLS = 1_000_000
MOST_LABELS = 10_000
LONGEST_LABEL = 200
LARGEST_CHUNK = 10_000_000
TOGETHER = 64
"""Texts read at a time: each may claim to be long."""
WANTED = "an AnnData file (.h5ad)"


def read_anndata(
    name: str, spatial: str, columns: Mapping[str, tuple[str, ...]]
) -> tuple[NDArray[np.float64], dict[str, list[str]]]:
    """Places of the cells (n, 2 or 3) in the file's unit, and columns of obs as text ("": nothing).

    `columns` gives for each the place to name in a fault. Raises Fault.
    """
    import h5py

    path = Path(name)
    if not path.is_file():
        raise Fault("there is no such file", at=("h5ad",), found=name, wanted=WANTED)
    try:
        with h5py.File(path, "r") as file:
            places, obs = _places(_group(file, "obsm"), spatial), _group(file, "obs")
            return places, {column: _column(obs, column, len(places), at) for column, at in columns.items()}
    except Fault:
        raise
    except (OSError, KeyError, ValueError, TypeError, RuntimeError, AttributeError, UnicodeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        problem = f"the file cannot be read ({reason})"
        raise Fault(problem, at=("h5ad",), found=name, wanted=WANTED) from None


def _within(group: Any, name: str, at: tuple[str, ...]) -> Any:
    """A member of a group, which must be in the file itself. Raises Fault with the names that there are."""
    import h5py

    names = [str(key) for key in list(group)[:MOST_LABELS] if not str(key).startswith("_")]
    if "/" in name or name not in group:
        columns = "column of obs"
        what = {"label": columns, "only": columns, "spatial": "array of obsm"}.get(
            "".join(at[:1]), "part of the file"
        )
        raise unknown(what, name, names, at=at or ("h5ad",))
    if not isinstance(group.get(name, getlink=True), h5py.HardLink):
        raise _odd(name, "a link", at)
    return group[name]


def _group(file: Any, name: str) -> Any:
    """A part of the file that holds others. Raises Fault."""
    import h5py

    item = _within(file, name, ())
    if not isinstance(item, h5py.Group):
        raise _odd(name, f"{item.dtype} {item.shape}", ())
    return item


def _odd(name: str, found: str, at: tuple[str, ...]) -> Fault:
    return Fault(
        f"{name} has the wrong form", at=at or ("h5ad",), found=found, wanted=f"{WANTED} as it is written"
    )


def _array(item: Any, name: str, at: tuple[str, ...], kinds: str, axes: int) -> Any:
    """A dataset whose content is in the file and of bounded size. Raises Fault."""
    import h5py

    if not isinstance(item, h5py.Dataset) or item.ndim != axes or item.dtype.kind not in kinds:
        found = f"{item.dtype} {item.shape}" if isinstance(item, h5py.Dataset) else "a group"
        raise _odd(name, found, at)
    if item.external or item.is_virtual:
        raise _odd(name, "storage outside the file", at)
    if item.shape[0] > MOST_CELLS:
        found, wanted = f"{item.shape[0]:,} cells", f"at most {MOST_CELLS:,}"
        raise Fault("these are too many cells", at=("h5ad",), found=found, wanted=wanted)
    if item.chunks is not None and math.prod(item.chunks) > LARGEST_CHUNK:
        raise _odd(name, f"chunks of {item.chunks}", at)
    return item


def _places(obsm: Any, spatial: str) -> NDArray[np.float64]:
    import numpy as np

    item = _array(_within(obsm, spatial, ("spatial",)), spatial, ("spatial",), "iuf", 2)
    if item.shape[1] not in (2, 3):
        raise Fault(
            "places have two or three columns", at=("spatial",), found=f"{item.shape[1]}", wanted="x, y (, z)"
        )
    return np.asarray(item[:], float)


def _column(obs: Any, name: str, cells: int, at: tuple[str, ...]) -> list[str]:
    """A column as text: plain, categorical (as now, and as before 2020) or with a mask."""
    import h5py

    item, old = _within(obs, name, at), obs.get("__categories")
    if isinstance(old, h5py.Group) and name in old:
        found = _decoded(_within(old, name, at), item, name, at)
    elif not isinstance(item, h5py.Group):
        found = _texts(item, name, at, MOST_CELLS)
    elif "values" in item:
        missing = _array(_within(item, "mask", at), name, at, "b", 1)[:].tolist()
        found = _texts(_within(item, "values", at), name, at, MOST_CELLS)
        found = ["" if gone else text for gone, text in zip(missing, found, strict=True)]
    else:
        found = _decoded(_within(item, "categories", at), _within(item, "codes", at), name, at)
    if len(found) != cells:
        raise _odd(name, f"{len(found)} labels of {cells} places", at)
    return found


def _decoded(categories: Any, codes: Any, name: str, at: tuple[str, ...]) -> list[str]:
    names = _texts(categories, name, at, MOST_LABELS)
    numbers = _array(codes, name, at, "iu", 1)[:].tolist()
    if any(not -1 <= code < len(names) for code in numbers):
        raise _odd(name, "codes without a category", at)
    return [names[code] if code >= 0 else "" for code in numbers]


def _texts(item: Any, name: str, at: tuple[str, ...], most: int) -> list[str]:
    """Texts, or whole numbers as text, read a few at a time."""
    import h5py

    item = _array(item, name, at, "OSiub", 1)
    if item.shape[0] > most:
        raise Fault(
            "these are too many labels", at=at, found=f"{item.shape[0]:,}", wanted=f"at most {most:,}"
        )
    if item.dtype.kind in "iub":
        return [str(value) for value in item[:].tolist()]
    if item.dtype.kind == "O" and h5py.check_string_dtype(item.dtype) is None:
        raise _odd(name, "labels that are no text", at)
    if item.dtype.itemsize > 8 * LONGEST_LABEL:
        raise _odd(name, "labels that are too long", at)
    found: list[str] = []
    for start in range(0, item.shape[0], TOGETHER):
        found += [str(text) for text in item.asstr()[start : start + TOGETHER]]
        if any(len(text) > LONGEST_LABEL for text in found[-TOGETHER:]):
            raise Fault(
                "a label is too long",
                at=at,
                found=show(max(found, key=len)),
                wanted=f"{LONGEST_LABEL} letters",
            )
    return found
