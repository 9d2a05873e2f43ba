"""Copies per particle from qPCR, proteomics and reads, and the fragment that a scenario takes in.

Distributions are compared with 20 000 draws; bounds are at least five standard errors of a quantile wide
(false alarm below 1e-6), and seeds are fixed.
"""

from __future__ import annotations

from pathlib import Path

import instrument_exports as synthetic
import numpy as np
import pytest
from typer.testing import CliRunner

from exocosm.assay import MeasuredPopulation, TableError, vesicle_population
from exocosm.cli import app
from exocosm.ground.errors import ModelError
from exocosm.model import Model, load
from exocosm.tissue import Simulation

PARTICLES = 1e10


@pytest.fixture
def sizes(tmp_path: Path) -> Path:
    path = tmp_path / "sizes.csv"
    path.write_text(synthetic.plain(synthetic.diameters(85.0, 1.4, 4000, 3)))
    return path


def measured(sizes: Path, rows: str, **options: object) -> MeasuredPopulation:
    table = sizes.with_name("cargo.csv")
    table.write_text(rows)
    options = {"particles_per_mL": PARTICLES, "detects_from": 60.0, **options}
    return vesicle_population(sizes, cargo_table=table, **options)  # type: ignore[arg-type]


def test_copies_per_mL_over_particles_per_mL(sizes: Path):
    found = measured(sizes, "cargo,kind,value,unit\nmiR-21-5p,miRNA,1e8,copies/mL\n").cargos[0]
    assert (found.cargo, found.kind) == ("miR-21-5p", "miRNA")
    assert found.copies == pytest.approx(0.01)
    # only the day-to-day spread of particle counts, 13.5 %: 95 % lies in exp(±1.96 x 0.1344)
    assert found.low == pytest.approx(0.01 * np.exp(-1.96 * 0.1344), rel=0.03)
    assert found.high == pytest.approx(0.01 * np.exp(1.96 * 0.1344), rel=0.03)


def test_Ct_by_its_standard_curve_volume_and_dilution(sizes: Path):
    rows = "cargo,value,unit,slope,intercept,template_uL,dilution\nmiR-21-5p,26.64,Ct,-3.32,40,2,10\n"
    found = measured(sizes, rows).cargos[0]
    in_reaction = 10 ** ((26.64 - 40) / -3.32)
    assert found.copies == pytest.approx(in_reaction / 2e-3 * 10 / PARTICLES)


def test_few_molecules_in_a_reaction_widen_the_interval_as_Poisson_says(sizes: Path):
    """9 molecules: exact Poisson means from 4.1 to 17.1 hold 95 %; with the particles' 13 % a little more."""
    ct = 40 - 3.32 * np.log10(9)
    rows = f"cargo,value,unit,slope,intercept,template_uL\nmiR-21-5p,{ct},Ct,-3.32,40,1\n"
    found = measured(sizes, rows).cargos[0]
    assert found.low / found.copies == pytest.approx(4.1 / 9, rel=0.15)
    assert found.high / found.copies == pytest.approx(17.1 / 9, rel=0.15)


def test_a_dilution_adds_its_own_error(sizes: Path):
    plain = measured(sizes, "cargo,value,unit\nA,1e8,copies/mL\n").cargos[0]
    diluted = measured(sizes, "cargo,value,unit,dilution,cv\nA,1e6,copies/mL,100,0.3\n").cargos[0]
    assert diluted.copies == pytest.approx(plain.copies)
    assert np.log(diluted.high / diluted.low) == pytest.approx(
        2 * 1.96 * np.sqrt(0.1344**2 + 0.05**2 + np.log1p(0.09)), rel=0.05
    )


def test_replicates_are_a_geometric_mean_with_students_t(sizes: Path):
    rows = "cargo,value,unit\nA,1e8,copies/mL\nA,2e8,copies/mL\nA,4e8,copies/mL\n"
    found = measured(sizes, rows).cargos[0]
    assert found.copies == pytest.approx(0.02)
    t = 4.303 * np.log(2) / np.sqrt(3)  # two degrees of freedom
    assert np.log(found.high / found.copies) == pytest.approx(t, rel=0.1)


def test_reads_are_copies_by_their_spike_in(sizes: Path):
    rows = (
        "cargo,kind,value,unit,spike_copies_per_mL\nspike-in,,10000,reads,1e8\n"
        "miR-21-5p,miRNA,5000,reads,\nmiR-999-3p,miRNA,0,reads,\n"
    )
    found = measured(sizes, rows).cargos
    assert [c.cargo for c in found] == ["miR-21-5p", "miR-999-3p"]
    assert found[0].copies == pytest.approx(0.5 * 1e8 / PARTICLES)
    assert (found[1].copies, found[1].low) == (0.0, 0.0)
    assert 0 < found[1].high < 1e-5  # of none seen, a few reads could have been


def test_proteins_by_mass_need_the_protein_of_the_sample(sizes: Path):
    rows = "cargo,value,unit,kDa\nCD63,2,fmol/ug,\nPD-L1,33,ng/ug,33\n"
    found = measured(sizes, rows, protein_ug_per_mL=10.0)
    assert found.per_mass is not None
    assert found.per_mass[0] == pytest.approx(PARTICLES / 10)
    assert found.cargos[0].copies == pytest.approx(2 * 6.02214076e8 / 1e9)
    assert found.cargos[1].copies == pytest.approx(1e3 * 6.02214076e8 / 1e9)  # 33 ng of 33 kDa: 1 pmol
    with pytest.raises(TableError, match=r"row 2, column unit: this unit needs the particles"):
        measured(sizes, rows)


def test_particles_below_the_detection_limit_count_too(tmp_path: Path):
    """Of a median of 85 nm and spread 1.4, Φ(ln(85/60)/ln 1.4) = 0.849 lie above 60 nm."""
    path = tmp_path / "n.csv"
    path.write_text(synthetic.nanosight([synthetic.diameters(85.0, 1.4, 3000, s) for s in (1, 2, 3)]))
    found = vesicle_population(path, dilution=100.0)
    assert found.particles is not None
    assert found.fit.seen_share == pytest.approx(0.849, abs=0.03)
    value, low, high = found.particles
    assert value == pytest.approx(1e5 * 3000 * 100, rel=0.05)
    assert low < 1e5 * 3000 * 100 < high


def test_the_fragment_loads_in_a_scenario_and_runs(sizes: Path, tmp_path: Path):
    """In place of the tumour's vesicles in two-cells, which a cell makes and another takes up."""
    rows = "cargo,kind,value,unit\nmiR-21-5p,miRNA,1e8,copies/mL\nmiR-122-5p,miRNA,5e9,copies/mL\n"
    found = measured(sizes, rows, name="tumour", protein_ug_per_mL=10.0)
    path = tmp_path / "mine.yaml"
    path.write_text("extends: two-cells\nname: my-two-cells\n" + found.fragment)
    model = load(path)
    population = model.species.vesicles["tumour"]
    assert float(population.diameter.median) * 1e3 == pytest.approx(found.fit.median, rel=1e-3)
    assert population.copies("miR-122-5p") == pytest.approx(0.5, rel=1e-3)
    median = population.diameter.median
    assert float(median.low or 0.0) < float(median) < float(median.high or 0.0)
    assert "log-normal fitted to sizes.csv" in model.to_yaml()
    assert Model.from_yaml(model.to_yaml()) == model
    simulation = Simulation(model, seed=1)
    simulation.advance(60)
    assert simulation.tick == 60


def test_copies_by_hand_stand_beside_those_of_a_table(sizes: Path):
    found = vesicle_population(sizes, detects_from=60.0, copies={"PD-L1": (2.7, 1.0, 16.0)})
    assert (found.cargos[0].copies, found.cargos[0].low, found.cargos[0].high) == (2.7, 1.0, 16.0)
    with pytest.raises(ModelError, match="outside their range"):
        vesicle_population(sizes, detects_from=60.0, copies={"PD-L1": (2.7, 3.0, 16.0)})


BROKEN = {
    "unknown column": ("cargo,value,unit,dilutoin\nA,1,copies/mL,2\n", "did you mean: dilution"),
    "no unit": ("cargo,value\nA,1\n", "the column unit is missing"),
    "unknown unit": ("cargo,value,unit\nA,1,copies/ml\n", "row 2, column unit: unknown unit"),
    "no number": ("cargo,value,unit\nA,,copies/mL\n", "row 2, column value: this number is missing"),
    "a word": ("cargo,value,unit\nA,many,copies/mL\n", "row 2, column value: this is not a number"),
    "no curve": ("cargo,value,unit\nA,25,Ct\n", "row 2, column slope: this number is missing"),
    "rising curve": (
        "cargo,value,unit,slope,intercept,template_uL\nA,25,Ct,3.3,40,1\n",
        "row 2, column slope: Ct falls with copies",
    ),
    "no spike": ("cargo,value,unit\nA,25,reads\n", "reads are no copies without a spike-in"),
    "no dilution at all": (
        "cargo,value,unit,dilution\nA,1,copies/mL,0\n",
        "row 2, column dilution: this must be above",
    ),
    "mixed units": ("cargo,value,unit\nA,1,copies/mL\nA,1,fmol/ug\n", "row 3, column unit"),
    "no name": ("cargo,value,unit\n*,1,copies/mL\n", "row 2, column cargo: this is no name"),
    "unknown kind": ("cargo,kind,value,unit\nA,mirna,1,copies/mL\n", "did you mean: miRNA"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_in_a_cargo_table_is_said_with_its_row_and_column(name: str, sizes: Path):
    rows, words = BROKEN[name]
    with pytest.raises(TableError) as caught:
        measured(sizes, rows)
    assert words in str(caught.value)


def test_the_command_writes_the_fragment_and_says_what_it_found(sizes: Path, tmp_path: Path):
    out = tmp_path / "mine.yaml"
    asked = ["vesicles", "from", str(sizes), "--detects-from", "60 nm", "--name", "HepG2", "--out", str(out)]
    told = CliRunner().invoke(app, [*asked, "--copies", "miR-21-5p=0.008 [0.001, 0.05]"])
    assert told.exit_code == 0, told.output
    assert {"median", "miR-21-5p:"} <= set(told.stdout.split())
    assert "HepG2:" in out.read_text()


@pytest.mark.parametrize(
    "options",
    [
        ["--protein", "120"],
        ["--copies", "miR-21"],
        ["--route", "exosom"],
        ["--dilution", "0"],
        ["--name", "a b"],
    ],
    ids=str,
)
def test_a_wrong_option_ends_with_code_2_and_nothing_is_written(
    options: list[str], sizes: Path, tmp_path: Path
):
    out = tmp_path / "mine.yaml"
    told = CliRunner().invoke(app, ["vesicles", "from", str(sizes), *options, "--out", str(out)])
    assert told.exit_code == 2, told.output
    assert not out.exists()
