"""A run that never ran: the attributes of `exocosm.results.Run`, filled with a plausible growing nodule."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import anndata
import numpy as np
import pandas as pd
import xarray as xr

from exocosm.ground.ledger import ACCOUNTS

SIZE = 600.0
GRID = 30
HOURS = np.linspace(0.0, 72.0, 13)
FIELD_HOURS = np.linspace(0.0, 72.0, 7)
CARGOS = ("miR-21-5p", "miR-146a-5p")


def lattice(radius: float, spacing: float = 13.5) -> np.ndarray:
    """Close-packed centres within a sphere in the middle of the block."""
    steps = int(radius / spacing) + 3
    i, j, k = np.meshgrid(*[np.arange(-steps, steps + 1)] * 3, indexing="ij")
    grid = np.stack([2 * i + (j + k) % 2, np.sqrt(3) * (j + (k % 2) / 3), 2 * np.sqrt(6) / 3 * k], axis=-1)
    points = grid.reshape(-1, 3) * spacing / 2
    return points[np.argsort(np.linalg.norm(points, axis=1))] + SIZE / 2


def start_cells(rng: np.random.Generator, count: int) -> dict[str, np.ndarray]:
    centres = lattice(160.0)[:count] + rng.normal(0, 0.8, (count, 3))
    kind = np.where(rng.random(count) < 0.12, 1, 0)
    return {"position": centres, "kind": kind, "volume": rng.lognormal(np.log(2300), 0.18, count)}


def cells_at(hour: float, senders: bool, n_start: int, seed: int) -> anndata.AnnData:
    rng = np.random.default_rng(seed)
    count = int(n_start * (1 + 0.35 * hour / 72))
    cells = start_cells(rng, count)
    distance = np.linalg.norm(cells["position"] - SIZE / 2, axis=1)
    state = np.full(count, "live", dtype=object)
    draw = rng.random(count)
    state[(distance < 45 * hour / 72) & (draw < 0.8)] = "necrotic"
    state[(draw > 0.985) & (hour > 0)] = "apoptotic"
    radius = np.cbrt(3 * cells["volume"] / (4 * np.pi)) * np.where(state == "apoptotic", 0.7, 1.0)
    macrophage = cells["kind"] == 1
    load = senders * hour * np.where(macrophage, 160.0, 6.0) * np.exp(-distance / 140)
    columns: dict[str, Any] = {
        "key": rng.integers(0, 2**63, count, dtype=np.uint64),
        "type": pd.Categorical.from_codes(cells["kind"], ["tumour", "macrophage"]),
        "radius": radius,
        "volume": cells["volume"],
        "state": pd.Categorical(state, ["live", "apoptotic", "necrotic"]),
        "vesicles.tumour": rng.poisson(load),
    }
    for name, copies in zip(CARGOS, (0.008, 0.003), strict=True):
        columns[f"cargo.{name}"] = rng.poisson(load * copies)
    obs = pd.DataFrame(columns, index=[f"{key:016x}" for key in columns.pop("key")])
    return anndata.AnnData(obs=obs, obsm={"spatial": cells["position"]})


def field_dataset(senders: bool) -> xr.Dataset:
    centre = (np.arange(GRID) + 0.5) * SIZE / GRID
    x, y, z = np.meshgrid(centre, centre, centre, indexing="ij")
    r = np.sqrt((x - SIZE / 2) ** 2 + (y - SIZE / 2) ** 2 + (z - SIZE / 2) ** 2)
    edge = 150 * (1 + 0.1 * FIELD_HOURS / 72)
    oxygen = np.stack([38 - 33 * np.exp(-((r / (e * 1.1)) ** 2)) for e in edge])
    cloud = [h / 72 * 0.012 / (1 + np.exp((r - e) / 40)) for h, e in zip(FIELD_HOURS, edge, strict=True)]
    dims = ("time", "x", "y", "z")
    return xr.Dataset(
        {
            "oxygen": (dims, oxygen, {"units": "mmHg"}),
            "tumour": (dims, senders * np.stack(cloud), {"units": "particle/um^3"}),
        },
        coords={"time": FIELD_HOURS, "x": centre, "y": centre, "z": centre},
    )


def summary_frame(senders: bool, n_start: int, seed: int) -> pd.DataFrame:
    rows = []
    for hour in np.linspace(0, 72, 25):
        obs = cells_at(hour, senders, n_start, seed).obs
        row: dict[str, float] = {"time_min": hour * 60}
        for kind in ("tumour", "macrophage"):
            for state in ("live", "apoptotic", "necrotic"):
                row[f"cells.{kind}.{state}"] = float(((obs["type"] == kind) & (obs["state"] == state)).sum())
        row |= {"oxygen.mean": 31.0 - hour / 40, "oxygen.min": 6.0 - hour / 30}
        row |= {"oxygen.supply": 4.1e9 * hour, "oxygen.use": 4.1e9 * hour, "oxygen.residual": 18.0 * hour}
        released = senders * 62.0 * hour * n_start
        shares = {"field": 0.52 * np.exp(-hour / 60), "decayed": 0.11, "left": 0.07}
        row["vesicles.tumour.released"] = released
        for account, share in shares.items():
            row[f"vesicles.tumour.{account}"] = released * share
        inside = released - sum(released * s for s in shares.values())
        row["vesicles.tumour.inside"] = inside
        row["vesicles.tumour.inside.macrophage"] = inside * 0.83
        row["vesicles.tumour.inside.tumour"] = inside * 0.17
        for name, copies in zip(CARGOS, (0.00825, 0.003), strict=True):
            for kind, share, n in (("macrophage", 0.83, 0.12 * n_start), ("tumour", 0.17, 0.88 * n_start)):
                row[f"cargo.{name}.delivered.{kind}"] = inside * share * copies
                per_day = inside * share * copies / n / max(hour / 24, 1e-9)
                row[f"cargo.{name}.per_cell_per_day.{kind}"] = per_day
                row[f"cargo.{name}.ceiling_per_cell_per_day.{kind}"] = (
                    senders * 62 * 24 * n_start * copies / n * (hour > 0)
                )
        rows.append(row)
    frame = pd.DataFrame(rows)
    frame.index = pd.Index(frame["time_min"] / 60, name="time_h")
    return frame


def ledger_frame(summary: pd.DataFrame) -> pd.DataFrame:
    last = summary.iloc[-1]
    accounts = ACCOUNTS
    vesicle = dict.fromkeys(accounts, 0.0) | {"species": "tumour", "kind": "vesicle", "unit": "particle"}
    for account in ("released", "field", "inside", "decayed", "left"):
        vesicle[account] = float(last[f"vesicles.tumour.{account}"])
    rows = [vesicle | {"imbalance": 3.1e-14 if vesicle["released"] else 0.0}]
    for name, copies in zip(CARGOS, (0.00825, 0.003), strict=True):
        cargo = {a: vesicle[a] * copies for a in accounts}
        rows.append(cargo | {"species": name, "kind": "cargo", "unit": "copy", "imbalance": 2.0e-13})
    return pd.DataFrame(rows)


def model() -> SimpleNamespace:
    return SimpleNamespace(
        name="hcc-nodule",
        title="Tumour nodule with macrophages in oxygen",
        description="A ball of hepatocellular carcinoma cells with macrophages that clear its vesicles.",
        duration=72 * 60.0,
        tissue=SimpleNamespace(geometry=SimpleNamespace(size=(SIZE, SIZE, SIZE), voxel=20.0)),
    )


def source_rows(_: object = None) -> list[dict[str, object]]:
    """What `exocosm.model.sources` would answer, with one hostile text among them."""
    names = ("path", "text", "value", "unit", "kind", "basis", "low", "high", "reference")
    rows = [
        (
            "species.vesicles.tumour.diameter.median",
            "105 nm",
            0.105,
            "um",
            "evidence",
            "EV-SIZE-07",
            None,
            None,
            "10.1000/example",
        ),
        (
            "tissue.cell_types.tumour.release.tumour",
            "62 particle/h",
            1.0333,
            "particle/min",
            "evidence",
            "EV-REL-01",
            1.0,
            1.0833,
            "PMC0000000",
        ),
        (
            "species.substrates.oxygen.diffusion_coefficient",
            "1e5 um^2/min",
            1e5,
            "um^2/min",
            "derived",
            "D(37 °C) = D(25 °C)·T/η",
            None,
            None,
            "",
        ),
        (
            "tissue.cell_types.macrophage.uptake.tumour.efficiency",
            "0.2",
            0.2,
            "",
            "assumed",
            "no measured value per macrophage </script><b>",
            0.01,
            1.0,
            "",
        ),
    ]
    return [dict(zip(names, row, strict=True)) for row in rows]


class SyntheticRun:
    """The attributes of `exocosm.results.Run` that the report reads."""

    def __init__(self, *, senders: bool = True, n_start: int = 2000, seed: int = 1, label: str = "") -> None:
        self.path = Path(f"runs/{label or 'baseline'}")
        self.model = model()
        self.n_start, self.senders, self.seed = n_start, senders, seed
        self.summary = summary_frame(senders, n_start, seed)
        self.ledger = ledger_frame(self.summary)
        self.fields = field_dataset(senders)
        self.cell_times = list(HOURS)
        self.info: dict[str, Any] = {
            "seed": seed,
            "label": label or "baseline",
            "changes": [],
            "digest": ("9f31c0" if senders else "77ab42") * 8,
            "status": "complete",
            "versions": {"exocosm": "0.1.0", "numpy": np.__version__},
            "costs_s": {"fields": 11.2, "vesicles": 8.4, "mechanics": 14.0},
        }

    def cells(self, time: float) -> anndata.AnnData:
        return cells_at(time, self.senders, self.n_start, self.seed)


def pair(n_start: int = 2000) -> list[SyntheticRun]:
    return [
        SyntheticRun(n_start=n_start, label="baseline"),
        SyntheticRun(n_start=n_start, senders=False, label="without vesicles:tumour"),
    ]


CHANGES = (
    "without vesicles:tumour",
    "without cells:macrophage",
    "with duration=10 h",
    "without cargo:miR-21-5p",
)


def several(n_start: int = 60, seeds: int = 3) -> list[SyntheticRun]:
    """A baseline and four arms with as many seeds, and columns of every group; seeds differ a little."""
    runs = []
    for k, label in enumerate(("baseline", *CHANGES)):
        for seed in range(1, seeds + 1):
            run = SyntheticRun(n_start=n_start, seed=seed, senders=k != 1, label=label)
            run.info["changes"] = [label.removeprefix("with ")] if k else []
            frame, last = run.summary, run.summary.index / 72.0
            frame["state.M2.macrophage"] = (0.2 * (k != 1) + 0.01 * seed) * last
            frame["viable_fraction.tumour"] = 1 - 0.1 * last
            frame["density.CD8.margin"] = (100.0 + 5 * seed + (20 + 2 * seed) * (k == 3)) * last
            frame["fraction.M2-like.macrophage"] = 0.3 * last
            frame["cargo.miR-21-5p.assay_per_cell.macrophage"] = 5e4
            frame["a new thing.of_some.kind"] = 7.0 + k
            if k == 2:
                frame["cells.macrophage.live"] = 0.0
                frame["state.M2.macrophage"] = np.nan
            runs.append(run)
    return runs
