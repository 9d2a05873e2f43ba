"""Signals: what a cell can sense. Names become typed words here, with the unit of their half-max.

Words without vesicles are those of PhysiCell's grammar with its synonyms (Johnson et al. 2025,
10.1016/j.cell.2025.06.048). A substrate is its concentration at the cell; `intracellular` what the cell took
up and holds, over its volume; `gradient` the size of its slope; `pressure` the overlap with neighbours in
units of that in a close packing; `stiffness` what laid fibres make of the tissue at the cell;
`contact with ...` how many neighbours touch the cell or are within reach of
its adhesion, dead or alive unless the word says which. `damage` and `total attack time` are of the cell that
is attacked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exocosm.model.grammar.vocabulary import Vocabulary
from exocosm.model.parts.cells import CellType

if TYPE_CHECKING:
    from exocosm.model.model import Model
    from exocosm.model.parts.tissue import Stiffening


@dataclass(frozen=True)
class Signal:
    """A signal: what `kind`, of which `target` (a species, cell type, receptor or state), in which unit.

    `foreign` is its name in a table of rules of PhysiCell, or nothing where that has no such signal.
    """

    kind: str
    target: str
    name: str
    unit: str
    foreign: str | None = None


@dataclass(frozen=True)
class Form:
    """Signals of one kind: their names, the canonical one first, over the things of a model they speak of."""

    kind: str
    names: tuple[str, ...]
    unit: str
    over: str = ""
    foreign: bool = False

    def words(self, things: Mapping[str, str]) -> Iterator[tuple[str, Signal]]:
        """Every name with its signal; `things` are the targets with the unit of each."""
        for thing, unit in things.items():
            canonical = self.names[0].format(thing)
            foreign = canonical if self.foreign else None
            signal = Signal(self.kind, thing, canonical, self.unit.replace("[]", unit), foreign)
            for name in self.names:
                yield name.format(thing), signal


_COUNT = ("", "", True)
FORMS = (
    Form("substrate", ("{}",), "[]", "substrates", foreign=True),
    Form("intracellular", ("intracellular {}", "internalized {}"), "[]", "substrates", foreign=True),
    Form("gradient", ("{} gradient", "grad({})", "gradient of {}"), "[]/um", "substrates", foreign=True),
    Form("pressure", ("pressure",), "", foreign=True),
    Form("volume", ("volume",), "um^3", foreign=True),
    Form("contact", ("contact with {}",), "", "cell types", foreign=True),
    Form("contact live", ("contact with live cell", "contact with live cells"), *_COUNT),
    Form("contact dead", ("contact with dead cell", "contact with dead cells"), *_COUNT),
    Form("contact apoptotic", ("contact with apoptotic cell", "contact with apoptotic cells"), *_COUNT),
    Form("contact necrotic", ("contact with necrotic cell", "contact with necrotic cells"), *_COUNT),
    Form("dead", ("dead", "is dead"), "", foreign=True),
    Form("apoptotic", ("apoptotic", "is apoptotic"), "", foreign=True),
    Form("necrotic", ("necrotic", "is necrotic"), "", foreign=True),
    Form("damage", ("damage",), *_COUNT),
    Form("total attack time", ("total attack time",), "min", foreign=True),
    Form("attacking", ("attacking", "is attacking"), *_COUNT),
    Form("stiffness", ("stiffness",), "kPa"),
    Form("time", ("time", "current time", "global time"), "min", foreign=True),
    Form("vesicles outside", ("{} vesicles outside",), "particle/um^3", "vesicles"),
    Form("vesicles on", ("{} vesicles on the cell",), "particle", "vesicles"),
    Form("vesicles inside", ("{} vesicles inside",), "particle", "vesicles"),
    Form("bodies", ("{} bodies",), "", "vesicles"),
    Form("cargo on", ("{} on the cell",), "copy", "surface cargos"),
    Form("cargo inside", ("{} inside",), "copy", "cargos"),
    Form("occupancy", ("occupancy of {}",), "", "receptors"),
    Form("state", ("{}",), "", "states"),
)

ABSENT = (
    (r"(total )?damage delivered|total damage", "damage, of the cell that is attacked"),
    (r"contact with (basement membrane|BM)", "no basement membrane: a signal that the model has"),
    (r"contact with other dead cells?", "contact with dead cell, apoptotic cell or necrotic cell"),
    (r"contact with cell type \d+", "contact with the cell type by its name"),
    (r"custom.*", "no custom data: a state of the cell type"),
)


def signals_of(model: Model) -> Vocabulary[Signal]:
    """All signals of a model."""
    things = _things(model)
    return Vocabulary("signal", (word for form in FORMS for word in form.words(things[form.over])), ABSENT)


def _things(model: Model) -> dict[str, dict[str, str]]:
    """What signals can speak of, with the unit of its concentration where it has one."""
    species, types = model.species, model.tissue.cell_types
    surface = [name for name, cargo in species.cargos.items() if cargo.place == "surface"]
    return {
        "": {"": ""},
        "substrates": {name: substrate.unit for name, substrate in species.substrates.items()},
        "cell types": dict.fromkeys(types, ""),
        "vesicles": dict.fromkeys(species.vesicles, ""),
        "cargos": dict.fromkeys(species.cargos, ""),
        "surface cargos": dict.fromkeys(surface, ""),
        "receptors": {name: "" for cell_type in types.values() for name in cell_type.receptors},
        "states": {name: "" for cell_type in types.values() for name in cell_type.states},
    }


def lacking(model: Model, cell_type: CellType, signal: Signal) -> str | None:
    """What a cell type would need to sense a signal, in words; None if it can."""
    target = signal.target
    if signal.kind == "state" and target not in cell_type.states:
        return f"the state {target} in this cell type"
    if signal.kind == "occupancy" and target not in cell_type.receptors:
        return f"the receptor {target} in this cell type"
    if signal.kind == "bodies" and getattr(cell_type.genesis.get(target), "vesicles_per_body", None) is None:
        return f"genesis of {target} in bodies in this cell type"
    if signal.kind == "stiffness" and _stiffness(model) is None:
        return "tissue.medium.laid_fibres with stiffness"
    if signal.kind == "attacking" and cell_type.attack is None:
        return "attack in this cell type"
    if signal.kind in ("damage", "total attack time") and not _attacks(model):
        return "attack in some cell type"
    if signal.kind == "intracellular" and model.species.substrates[target].regime == "quasi-steady":
        return f"{target} with regime: transient (a quasi-steady substrate has no stock in cells)"
    return None


def _stiffness(model: Model) -> Stiffening | None:
    medium = model.tissue.medium
    return None if medium is None or medium.laid_fibres is None else medium.laid_fibres.stiffness


def _attacks(model: Model) -> bool:
    return any(cell_type.attack is not None for cell_type in model.tissue.cell_types.values())
