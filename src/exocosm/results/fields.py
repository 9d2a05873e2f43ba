"""Fields of all records as one Zarr store (format 3), opened by plain `xarray.open_zarr`.

Arrays have the axes (time, x, y, z); one time step is one set of chunks. Chunks are written first, and the
store's consolidated metadata, which says how many time steps there are, last and in one step: a reader never
sees a time step by half.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from exocosm.ground.errors import ExocosmError, RunError
from exocosm.results.durable import file_fingerprint, sync, told_plainly

if TYPE_CHECKING:
    import xarray
    import zarr

NAME = "fields.zarr"
FORMAT = "exocosm-fields/1"
LARGEST_CHUNK = 64

FieldArrays = Mapping[str, tuple[NDArray[np.float64], str]]


class FieldStore:
    """The fields of one run folder; time steps are counted from 0."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._open: zarr.Group | None = None
        self._arrays: dict[str, Any] = {}

    def write(self, step: int, time_h: float, fields: FieldArrays, voxel: float) -> dict[str, str]:
        """Write time step `step` over what lay there or beyond; returns the fingerprint of each chunk."""
        with self._told("write"):
            group = self._group() or self._create(fields, voxel)
            for name, values in [*((n, v) for n, (v, _) in fields.items()), ("time", np.array(time_h))]:
                array = self._array(group, name)
                array.resize((step + 1, *values.shape))
                array[step] = values
            hashes = self._flush(step, tuple(fields))
            self._publish()
            return hashes

    def shorten(self, steps: int) -> None:
        """Keep the first `steps` time steps."""
        with self._told("write"):
            group = self._group()
            if group is None:
                return
            for name, array in group.arrays():
                if name not in "xyz":
                    array.resize((steps, *array.shape[1:]))
            self._arrays = {}
            self._publish()

    def read(self, listed: Sequence[Mapping[str, Any]]) -> xarray.Dataset:
        """The time steps that the index lists, read from the disk, and checked, when asked for."""
        import xarray

        from exocosm.results.listed_store import ListedStore

        steps = len(listed)
        if steps == 0:
            return xarray.Dataset()
        hashes = {name: str(seal) for part in listed for name, seal in part["blake2b"].items()}
        with self._told("read"):
            fields = xarray.open_zarr(ListedStore(self.path, hashes), chunks=None)
        if fields.sizes.get("time", 0) < steps:
            raise RunError(
                f"{self.path}: it holds {fields.sizes.get('time', 0)} of the {steps} listed time steps"
            )
        return fields.isel(time=slice(0, steps))

    @contextlib.contextmanager
    def _told(self, doing: str) -> Iterator[None]:
        """Errors of zarr and xarray, which raise many kinds for damaged metadata, as a RunError."""
        try:
            with told_plainly(doing, self.path):
                yield
        except (ExocosmError, MemoryError):
            raise
        except Exception as error:
            raise RunError(f"{self.path}: this is not a readable store of fields: {error}") from error

    def _group(self) -> zarr.Group | None:
        if self._open is None and (self.path / "zarr.json").exists():
            import zarr

            self._open = zarr.open_group(self.path, mode="r+", use_consolidated=False)
        return self._open

    def _create(self, fields: FieldArrays, voxel: float) -> zarr.Group:
        import zarr

        group = zarr.open_group(
            self.path, mode="w", zarr_format=3, attributes={"format": FORMAT, "voxel_um": voxel}
        )
        _create_array(group, "time", (0,), (1024,), ("time",), "h")
        shape = next(iter(fields.values()))[0].shape
        for axis, count in zip("xyz", shape, strict=True):
            _create_array(group, axis, (count,), (count,), (axis,), "µm")[:] = (
                np.arange(count) + 0.5
            ) * voxel
        chunk = (1, *(min(count, LARGEST_CHUNK) for count in shape))
        for name, (_, unit) in fields.items():
            _create_array(group, name, (0, *shape), chunk, ("time", "x", "y", "z"), unit)
        self._open = group
        return group

    def _flush(self, step: int, names: tuple[str, ...]) -> dict[str, str]:
        hashes = {}
        for name in names:
            for chunk in sorted((self.path / name / "c" / str(step)).rglob("*")):
                sync(chunk)
                if chunk.is_file():
                    hashes[chunk.relative_to(self.path).as_posix()] = file_fingerprint(chunk)
        return hashes

    def _array(self, group: zarr.Group, name: str) -> Any:
        """The array of a field, opened once: Zarr asks the disk for its metadata each time."""
        if name not in self._arrays:
            self._arrays[name] = group[name]
        return self._arrays[name]

    def _publish(self) -> None:
        import zarr

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            zarr.consolidate_metadata(self.path, zarr_format=3)
        sync(self.path / "zarr.json")
        sync(self.path)


def _create_array(
    group: zarr.Group,
    name: str,
    shape: tuple[int, ...],
    chunks: tuple[int, ...],
    dimensions: tuple[str, ...],
    unit: str,
) -> Any:
    from zarr.codecs import ZstdCodec

    return group.create_array(
        name,
        shape=shape,
        chunks=chunks,
        dtype="float64",
        fill_value=float("nan"),
        compressors=[ZstdCodec(level=1, checksum=True)],
        dimension_names=dimensions,
        attributes={"units": unit},
    )
