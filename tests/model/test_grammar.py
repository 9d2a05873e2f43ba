"""Words of the grammar, rules of them, tables in and out, sentences."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exocosm.ground.errors import ModelError
from exocosm.model import Model, Set, Without, load
from exocosm.model.grammar import (
    behaviours_of,
    rules_in_text,
    sentences,
    signals_of,
    to_physicell_csv,
)

GENESIS = {
    "formation": "20 particle/h", "vesicles_per_body": "10 particle", "docking": "1 1/h",
    "lysosomal_degradation": "1 1/h", "budding": "2 particle/h", "loading": {"miR-122-5p": "1e-6 1/particle"},
}  # fmt: skip
FATE = {"rate": "1 1/h", "escape_fraction": "0.2", "recycled_fraction": "0.3"}
RAMP = "tissue.cell_types.tumour.cycle.phases[0].modulated_by"
OVER_OXYGEN = {"substrate": "oxygen", "zero_at": "5 mmHg", "one_at": "38 mmHg"}
BINDING = {"off": "0.1 1/min", "internalisation": "0.05 1/min"}


@pytest.fixture(scope="module")
def model():
    """hcc-nodule with every mechanism that a rule can speak of, and oxygen acting by rules alone."""
    types = "tissue.cell_types"
    return load("tumour-nodule").change(
        Without(RAMP),
        Without(f"{types}.tumour.necrosis.modulated_by"),
        Set("tissue.rules", []),
        Set("species.cargos.PD-L1", {"kind": "protein", "place": "surface"}),
        Set("species.cargos.miR-122-5p", {"kind": "miRNA"}),
        Set("species.vesicles.tumour.manifest.PD-L1", "10 copies/particle"),
        Set("species.substrates.cytokine", {
            "unit": "uM", "diffusion_coefficient": "1e4 um^2/min", "decay_rate": "0.01 1/min",
            "initial": "0.1 uM", "regime": "transient", "every": "2 min",
        }),
        Set(f"{types}.tumour.genesis", {"tumour": GENESIS}),
        Set(f"{types}.tumour.release", {}),
        Set(f"{types}.tumour.pools", {"miR-122-5p": {"initial": "5000 copies", "synthesis": "10 copies/h"}}),
        Set(f"{types}.tumour.exchange.cytokine", {
            "secretion_rate": "50 uM*um^3/min", "max_uptake": "10 uM*um^3/min", "half_saturation": "1 uM",
        }),
        Set(f"{types}.macrophage.uptake.tumour.fate", FATE),
        Set(f"{types}.macrophage.uptake.tumour.binding", BINDING),
        Set(f"{types}.macrophage.states", {"M2": {"rise": "0 1/h", "fall": "0.1 1/h"}}),
        Set(f"{types}.macrophage.receptors", {
            "PD-1": {"ligand": "PD-L1", "copies": "1e4 copies", "dissociation": "40 copies/um^2"},
        }),
    )  # fmt: skip


def rule(**changes):
    return {
        "cell_type": "tumour", "signal": "oxygen", "response": "increases", "behaviour": "cycle entry",
        "saturation": "0.5 1/h", "half_max": "21.5 mmHg", "hill_power": 4,
    } | changes  # fmt: skip


def fault(model, *rules):
    with pytest.raises(ModelError) as caught:
        model.change(Set("tissue.rules", list(rules)))
    return caught.value


def with_rules(model, *rules):
    return model.change(Set("tissue.rules", list(rules)))


@pytest.mark.parametrize(
    ("name", "canonical", "unit"),
    [
        ("oxygen", "oxygen", "mmHg"),
        ("internalized cytokine", "intracellular cytokine", "uM"),
        ("gradient of oxygen", "oxygen gradient", "mmHg/um"),
        ("grad(cytokine)", "cytokine gradient", "uM/um"),
        ("pressure", "pressure", ""),
        ("volume", "volume", "um^3"),
        ("contact with macrophage", "contact with macrophage", ""),
        ("contact with dead cells", "contact with dead cell", ""),
        ("is_apoptotic", "apoptotic", ""),
        ("is dead", "dead", ""),
        ("current  time", "time", "min"),
        ("tumour vesicles outside", "tumour vesicles outside", "particle/um^3"),
        ("tumour vesicles on the cell", "tumour vesicles on the cell", "particle"),
        ("tumour vesicles inside", "tumour vesicles inside", "particle"),
        ("tumour bodies", "tumour bodies", ""),
        ("PD-L1 on the cell", "PD-L1 on the cell", "copy"),
        ("miR-21-5p inside", "miR-21-5p inside", "copy"),
        ("occupancy of PD-1", "occupancy of PD-1", ""),
        ("M2", "M2", ""),
    ],
)
def test_a_signal_has_one_canonical_name_and_a_unit(model, name, canonical, unit):
    signal = signals_of(model).find(name)
    assert (signal.name, signal.unit) == (canonical, unit)


@pytest.mark.parametrize(
    ("name", "canonical", "kind", "unit", "base"),
    [
        ("cytokine export", "cytokine secretion", "tumour", "uM*um^3/min", 50),
        ("cytokine secretion", "cytokine secretion", "tumour", "uM*um^3/min", 50),
        ("cytokine uptake", "cytokine uptake", "macrophage", "1/min", 0),
        ("cytokine maximum uptake", "cytokine maximum uptake", "tumour", "uM*um^3/min", 10),
        ("cycle entry", "exit from cycle phase 0", "tumour", "1/min", 0.01444 / 60),
        ("apoptosis", "apoptosis", "tumour", "1/min", None),
        ("cell-cell adhesion", "cell-cell adhesion", "tumour", "um/min", 0.4),
        ("relative maximum adhesion distance", "relative maximum adhesion distance", "tumour", "", 1.25),
        ("tumour release", "tumour release", "macrophage", "particle/min", 0),
        ("tumour formation", "tumour formation", "tumour", "particle/min", 20 / 60),
        ("tumour docking", "tumour docking", "tumour", "1/min", 1 / 60),
        ("tumour lysosomal degradation", "tumour lysosomal degradation", "tumour", "1/min", 1 / 60),
        ("tumour budding", "tumour budding", "tumour", "particle/min", 2 / 60),
        ("miR-122-5p loading into tumour", "miR-122-5p loading into tumour", "tumour", "1/particle", 1e-6),
        ("tumour internalisation", "tumour internalisation", "macrophage", "1/min", 0.05),
        ("tumour unbinding", "tumour unbinding", "macrophage", "1/min", 0.1),
        ("tumour endosomal exit", "tumour endosomal exit", "macrophage", "1/min", 1 / 60),
        ("tumour escape", "tumour escape", "macrophage", "", 0.2),
        ("tumour recycling", "tumour recycling", "macrophage", "", 0.3),
        ("miR-122-5p synthesis", "miR-122-5p synthesis", "tumour", "copy/min", 10 / 60),
        ("miR-122-5p degradation", "miR-122-5p degradation", "tumour", "1/min", 0),
        ("rise of M2", "rise of M2", "macrophage", "1/min", 0),
        ("fall of M2", "fall of M2", "macrophage", "1/min", 0.1 / 60),
    ],
)
def test_a_behaviour_has_one_canonical_name_a_unit_and_a_base_value(model, name, canonical, kind, unit, base):
    behaviour, cell_type = behaviours_of(model).find(name), model.tissue.cell_types[kind]
    assert (behaviour.name, behaviour.unit(cell_type)) == (canonical, unit)
    found = behaviour.base(cell_type)
    assert found is not None
    if base is not None:
        assert float(found) == pytest.approx(base)


@pytest.mark.parametrize("form", ["clearance", "efficiency"])
def test_uptake_of_vesicles_is_in_the_unit_in_which_the_type_gives_it(model, form):
    value, unit = {"clearance": ("120 um^3/min", "um^3/min"), "efficiency": ("0.1", "")}[form]
    cell_type = model.change(Set("tissue.cell_types.macrophage.uptake.tumour", {form: value}))
    cell_type = cell_type.tissue.cell_types["macrophage"]
    behaviour = behaviours_of(model).find("tumour uptake")
    assert behaviour.unit(cell_type) == unit
    assert float(behaviour.base(cell_type)) == float(value.split()[0])


@pytest.mark.parametrize(
    ("changes", "problem", "hint"),
    [
        ({"signal": "oxigen"}, "unknown signal", "oxygen"),
        ({"behaviour": "cycle entri"}, "unknown behaviour", "cycle entry"),
        ({"cell_type": "tumor"}, "unknown cell type", "tumour"),
        ({"signal": "damage"}, "cannot sense", "attack in some cell type"),
        ({"signal": "damage delivered"}, "not in the model of a cell", "of the cell that is attacked"),
        ({"behaviour": "attack cell type 2"}, "not in the model of a cell", "by its name"),
        ({"behaviour": "fuse to macrophage"}, "not in the model of a cell", "phagocytosis"),
        ({"behaviour": "attack macrophage"}, "lack the mechanism", "macrophage among its targets"),
        ({"behaviour": "phagocytose apoptotic cell"}, "lack the mechanism", "phagocytosis"),
        ({"behaviour": "migration speed", "saturation": "1 um/min"}, "lack the mechanism", "motility"),
        ({"behaviour": "transform to macrophage"}, "lack the mechanism", "transformations with macrophage"),
        ({"behaviour": "exit from cycle phase 3"}, "unknown behaviour", "exit from cycle phase 0"),
        ({"half_max": "2 h"}, "oxygen is in mmHg", "a value in mmHg"),
        ({"half_max": "0 mmHg"}, "half-max must be above 0", "above 0"),
        ({"saturation": "3"}, "exit from cycle phase 0 is in 1/min", "a value in 1/min"),
        ({"saturation": "0"}, "must lead above its base value", "at least 0.01444 1/h"),
        ({"response": "decreases"}, "must lead below its base value", "at most 0.01444 1/h"),
        ({"signal": "M2", "half_max": "0.5"}, "cannot sense", "the state M2"),
        ({"signal": "occupancy of PD-1", "half_max": "0.5"}, "cannot sense", "the receptor PD-1"),
        ({"signal": "intracellular oxygen", "half_max": "1 mmHg"}, "cannot sense", "transient"),
        ({"behaviour": "rise of M2"}, "lack the mechanism", "the state M2"),
        ({"behaviour": "miR-21-5p degradation"}, "lack the mechanism", "a pool of miR-21-5p"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_what_would_be_right(model, changes, problem, hint):
    text = str(fault(model, rule(**changes)))
    assert problem in text
    assert hint in text
    assert "tissue.rules[0]" in text


def test_a_word_with_two_meanings_is_refused(model):
    renamed = model.change(Set("tissue.cell_types.macrophage.states", {"pressure": {}}))
    text = fault(
        renamed, rule(cell_type="macrophage", signal="pressure", half_max="1", behaviour="apoptosis")
    )
    assert "two meanings" in str(text)


def test_shares_stay_shares(model):
    escape = rule(cell_type="macrophage", behaviour="tumour escape", saturation="1.5")
    assert "at most 1" in str(fault(model, escape))
    assert "0.9 + 0.3" in str(fault(model, escape | {"saturation": "0.9"}))
    with_rules(model, escape | {"saturation": "0.7"})


def test_aliases_of_one_behaviour_are_one_behaviour(model):
    other = rule(signal="pressure", half_max="1", behaviour="exit from cycle phase 0")
    with_rules(model, rule(), other)
    text = str(fault(model, rule(), other | {"saturation": "0.6 1/h"}))
    assert "one saturation" in text
    assert "0.6 1/h, and 0.5 1/h with oxygen" in text


def test_a_signal_acts_once_in_each_direction(model):
    assert "stands twice" in str(fault(model, rule(), rule(behaviour="exit_from_cycle_phase_0")))
    with_rules(model, rule(), rule(response="decreases", saturation="0", half_max="100 mmHg"))


def test_names_of_rules_are_distinct(model):
    twice = [rule(name="hypoxia"), rule(name="hypoxia", signal="pressure", half_max="1")]
    assert "two rules have one name" in str(fault(model, *twice))


def test_a_bare_zero_is_zero_in_any_unit_and_survives_the_file(model):
    told = with_rules(model, rule(response="decreases", saturation=0))
    assert told.tissue.rules[0].saturation.unit == "1/min"
    assert Model.from_yaml(told.to_yaml()) == told


def test_an_amount_in_mol_is_turned_into_the_unit_of_its_substrate(model):
    told = with_rules(
        model, rule(behaviour="cytokine secretion", saturation="1e-18 mol/min", response="increases")
    )
    assert float(told.tissue.rules[0].saturation) == pytest.approx(1000.0)


TABLE = """// a comment
tumour,pressure,decreases,cycle entry,0,1,4,0

tumour\tapoptotic\tincreases\tcytokine export\t170\t0.1\t10\t1
tumour, contact with live cells ,increases,apoptosis,0.01,2.0,1.5,0
"""


def test_a_table_becomes_rules_with_units_without_a_source(model):
    told = with_rules(model, rule(), {"table": TABLE})
    first, second, third, fourth = told.tissue.rules
    assert first.signal == "oxygen"
    assert (second.saturation.text, second.half_max.text) == ("0 1/min", "1")
    assert (third.saturation.text, third.applies_to_dead) == ("170 uM*um^3/min", True)
    assert (fourth.signal, float(fourth.hill_power)) == ("contact with live cell", 1.5)
    assert second.half_max.source is None
    assert Model.from_yaml(told.to_yaml()) == told


def test_a_table_in_a_file_is_found_beside_the_scenario(model, tmp_path):
    (tmp_path / "rules.csv").write_text(TABLE)
    text = with_rules(model, rule()).to_yaml()
    start = text.index("  rules:")
    cut = text[start:].split("\n  cells:")[0]
    (tmp_path / "scenario.yaml").write_text(text.replace(cut, "  rules:\n  - csv: rules.csv"))
    assert len(load(tmp_path / "scenario.yaml").tissue.rules) == 3


@pytest.mark.parametrize(
    ("line", "problem", "found"),
    [
        ("tumour,oxigen,increases,apoptosis,1,2,4,0", "unknown signal", "row 3: oxigen"),
        ("nobody,oxygen,increases,apoptosis,1,2,4,0", "unknown cell type", "row 3: nobody"),
        ("tumour,oxygen,increases,apoptosis,1,2,4", "eight columns", "row 3: 7 columns"),
        ("tumour,oxygen,increases,apoptosis,1,,4,0", "a column of the table is empty", "row 3"),
        ("tumour,oxygen,increases,apoptosis,x,2,4,0", "not a number", "row 3: x"),
        ("tumour,oxygen,maybe,apoptosis,1,2,4,0", "unknown direction", "row 3: maybe"),
        ("tumour,oxygen,increases,apoptosis,1,2,4,2", "0 or 1", "row 3: 2"),
        ("tumour,oxygen,increases,apoptosis,1,0,4,0", "half-max must be above 0", "row 3: 0 mmHg"),
        ("tumour,oxygen,increases,apoptosis,1,2,0,0", "must be above 0", "row 3: 0"),
        ("tumour,oxygen,increases,cytokine secretion,1,2,4,0", "rate towards a target", "row 3"),
        ("tumour,oxygen,increases,cycle entry,7,9,2,4,0", "base value of exit from", "row 3: 7"),
        ("tumour,oxygen,increases,migration speed,1,2,4,0", "lack the mechanism", "row 3: migration"),
    ],
)
def test_a_fault_in_a_table_names_its_row(model, line, problem, found):
    text = str(fault(model, {"table": f"// first\n\n{line}\n"}))
    assert problem in text
    assert found in text


def test_a_table_of_version_1_has_the_base_values_of_the_model(model):
    told = with_rules(model, {"table": "tumour,oxygen,increases,cycle entry,0.0002407,0.01,21.5,4,0"})
    assert float(told.tissue.rules[0].saturation) == 0.01


def test_rules_as_sentences(model):
    told = with_rules(
        model,
        rule(
            cell_type="macrophage", signal="miR-21-5p inside", behaviour="rise of M2", half_max="20 copies",
            saturation="0.05 1/h",
        ),
        rule(response="decreases", saturation="0", applies_to_dead=True),
    )  # fmt: skip
    assert sentences(told) == [
        "In macrophage cells, miR-21-5p inside increases rise of M2 from 0 towards 0.05 1/h with a Hill "
        "response, with half-max 20 copies and Hill power 4.",
        "In tumour cells, oxygen decreases exit from cycle phase 0 from 0.01444 1/h towards 0 with a Hill "
        "response, with half-max 21.5 mmHg and Hill power 4. The rule applies to dead cells.",
    ]
    assert sentences(model) == []


def test_what_physicell_cannot_say_is_refused_by_name(model):
    foreign = ("tumour vesicles inside", "tumour vesicles outside", "tumour bodies", "miR-21-5p inside")
    units = ("particle", "particle/um^3", "", "copies")
    told = with_rules(
        model,
        rule(),
        *(rule(signal=s, half_max=f"5 {u}".strip()) for s, u in zip(foreign, units, strict=True)),
    )
    with pytest.raises(ModelError) as caught:
        to_physicell_csv(told)
    assert caught.value.found == ", ".join(f"{name} (in tumour cells)" for name in foreign)


@pytest.mark.parametrize("behaviour", ["cycle entry", "apoptosis", "necrosis"])
def test_a_substrate_acts_on_a_behaviour_by_a_rule_or_by_the_ramp(model, behaviour):
    part = RAMP if behaviour == "cycle entry" else f"tissue.cell_types.tumour.{behaviour}.modulated_by"
    ramped = model.change(Set(part, OVER_OXYGEN))
    twice = rule(behaviour=behaviour)
    text = str(fault(ramped, twice))
    name = "exit from cycle phase 0" if behaviour == "cycle entry" else behaviour
    assert f"oxygen would act on {name} twice" in text
    assert "leave out modulated_by of the cell type, or this rule" in text
    assert "tissue.rules[0].signal" in text
    with_rules(model, twice)
    with_rules(ramped, twice | {"signal": "cytokine", "half_max": "1 uM"})


def test_a_rule_on_another_signal_says_the_ramp_and_is_not_exported(model):
    told = with_rules(model.change(Set(RAMP, OVER_OXYGEN)), rule(signal="pressure", half_max="1"))
    assert sentences(told)[0].endswith("and Hill power 4 (times the ramp over oxygen).")
    with pytest.raises(ModelError) as caught:
        to_physicell_csv(told)
    assert caught.value.found == "exit from cycle phase 0 times a ramp over oxygen (in tumour cells)"


def test_constant_release_is_not_for_what_cells_make_by_genesis(model):
    text = str(fault(model, rule(behaviour="tumour release", saturation="100 particle/h")))
    assert "tumour cells make tumour by genesis" in text
    assert "wanted: tumour formation or tumour docking" in text
    with_rules(model, rule(cell_type="macrophage", behaviour="tumour release", saturation="100 particle/h"))


numbers = st.floats(1e-6, 1e6)


@settings(deadline=None, max_examples=25)
@given(saturation=numbers, half_max=numbers, power=st.floats(0.5, 12), dead=st.booleans(), data=st.data())
def test_a_table_written_and_read_gives_the_same_rules(model, saturation, half_max, power, dead, data):
    words = [s for s in signals_of(model) if s.foreign and s.name != "intracellular oxygen"]
    signal = data.draw(st.sampled_from(words))
    behaviours = [
        b for b in behaviours_of(model) if b.foreign and b.base(model.tissue.cell_types["tumour"]) is not None
    ]
    behaviour = data.draw(st.sampled_from(behaviours))
    kind = model.tissue.cell_types["tumour"]
    base = float(behaviour.base(kind))
    up = saturation >= base
    told = with_rules(
        model,
        {
            "cell_type": "tumour", "signal": signal.name, "response": "increases" if up else "decreases",
            "behaviour": behaviour.name, "saturation": f"{saturation!r} {behaviour.unit(kind)}".strip(),
            "half_max": f"{half_max!r} {signal.unit}".strip(), "hill_power": power, "applies_to_dead": dead,
        },
    )  # fmt: skip
    ours, again = told.tissue.rules[0], rules_in_text(model, to_physicell_csv(told))[0]
    assert all(getattr(again, name) == getattr(ours, name) for name in type(ours).model_fields)
