"""`Run`: a run folder, opened. It reads what the index lists and nothing else, and never writes."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exocosm.ground.errors import RunError
from exocosm.results import engine
from exocosm.results.cells import read_cells
from exocosm.results.durable import file_fingerprint, fingerprint, told_plainly
from exocosm.results.fields import FieldStore
from exocosm.results.index import Record, read_index
from exocosm.results.recording import RESOLVED, read_about
from exocosm.results.tables import GrowingTable

if TYPE_CHECKING:
    import anndata
    import pandas
    import xarray

    from exocosm.model import Model


class Run:
    """What a run left: time courses, cells, fields and the ledger, up to the last complete record.

    Times are in hours since the start; cells lie in µm. Faults in the folder raise RunError naming the file.
    """

    def __init__(self, path: Path, info: dict[str, Any], records: list[Record]) -> None:
        self.path, self.info, self.records = path, info, records

    @classmethod
    def open(cls, path: str | Path) -> Run:
        """Open a run folder, finished or not; reading can begin while it is being written."""
        folder = Path(path)
        info = read_about(folder)
        return cls(folder, info, read_index(folder))

    def __repr__(self) -> str:
        return f"Run({str(self.path)!r}, {self.label}, seed {self.seed}, {self.status} at {self.time_h:g} h)"

    @property
    def label(self) -> str:
        """Name of the arm, or of the model."""
        return str(self.info.get("label") or self.info.get("model"))

    @property
    def seed(self) -> int:
        """Seed of all random numbers of this run."""
        return int(self.info["seed"])

    @property
    def status(self) -> str:
        """One of complete, stopped, and unfinished (being written, or killed)."""
        return str(self.info["status"])

    @property
    def digest(self) -> str | None:
        """Hash of the whole state at the end; None until the run has ended."""
        return self.info.get("digest")

    @property
    def time_h(self) -> float:
        """Simulated time (h) of the last record."""
        return self.records[-1].time_min / 60.0 if self.records else 0.0

    @cached_property
    def model(self) -> Model:
        """The model that ran, changes included."""
        return engine.read_model(self.resolved_text())

    def resolved_text(self) -> str:
        """The model that ran, as YAML; RunError if the file was changed since."""
        path = self.path / RESOLVED
        with told_plainly("read", path):
            content = path.read_bytes()
        if fingerprint(content) != self.info.get("model_hash"):
            raise RunError(f"{path}: this is not the model that ran here: it was changed afterwards")
        return content.decode("utf-8")

    @cached_property
    def summary(self) -> pandas.DataFrame:
        """One row per summary record, indexed by `time_h`; columns as `Simulation.summary()` names them."""
        import pandas

        records = self._with("summary")
        if not records:
            return pandas.DataFrame({"time_h": [], "tick": []}).set_index("time_h")
        return GrowingTable(self.path / "summary.csv").read(records[-1].parts["summary"]).set_index("time_h")

    @cached_property
    def ledger(self) -> pandas.DataFrame:
        """Where all matter went up to the last record: a row per species, a column per account."""
        table = self.ledger_over_time
        return (
            table[table["tick"] == table["tick"].max()]
            .drop(columns=["tick", "time_h"])
            .reset_index(drop=True)
        )

    @cached_property
    def ledger_over_time(self) -> pandas.DataFrame:
        """The ledger at every summary record."""
        import pandas

        records = self._with("ledger")
        if not records:
            return pandas.DataFrame({"tick": [], "time_h": [], "species": []})
        return GrowingTable(self.path / "ledger.csv").read(records[-1].parts["ledger"])

    @property
    def cell_times(self) -> tuple[float, ...]:
        """Times (h) at which cells were recorded."""
        return tuple(sorted({record.time_min / 60.0 for record in self._with("cells")}))

    def cells(self, time_h: float | None = None) -> anndata.AnnData:
        """Cells recorded at `time_h` (None: the last): `obs` a row per cell, `obsm["spatial"]` in µm.

        Raises RunError listing the recorded times if there is no record then.
        """
        records = self._with("cells")
        if time_h is not None:
            records = [record for record in records if abs(record.time_min / 60.0 - time_h) < 1e-6]
        if not records:
            times = ", ".join(f"{time:g}" for time in self.cell_times) or "none yet"
            raise RunError(f"{self.path}: no cells were recorded at {time_h} h; recorded at (h): {times}")
        part = records[-1].parts["cells"]
        return read_cells(self.path / str(part["file"]), str(part["blake2b"]))

    @cached_property
    def fields(self) -> xarray.Dataset:
        """Substrates and vesicles over (time, x, y, z): time in h, places in µm, `attrs["units"]` on each."""
        return FieldStore(self.path).read([record.parts["fields"] for record in self._with("fields")])

    def last_checkpoint(self) -> Record | None:
        """The newest record from which the run can go on; RunError if its file is damaged."""
        records = self._with("checkpoint")
        if not records:
            return None
        part = records[-1].parts["checkpoint"]
        path = self.path / str(part["file"])
        if file_fingerprint(path) != part["blake2b"]:
            raise RunError(f"{path}: the checkpoint is damaged: it is not the one that the index lists")
        return records[-1]

    def _with(self, kind: str) -> list[Record]:
        return [record for record in self.records if record.has(kind)]
