"""Behaviours: the numbers of a cell that rules can drive, by canonical name, with base value and unit.

The words of PhysiCell's grammar and its synonyms (Johnson et al. 2025, 10.1016/j.cell.2025.06.048), and those
of a vesicle's life. `S secretion` is an amount per time and cell, which PhysiCell calls export; its own
secretion is a rate towards a target concentration. The rate of exit from a phase of given length is 1/mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exocosm.model.faults import unknown
from exocosm.model.grammar.bases import (
    RATE,
    Base,
    chemotaxis,
    exchange,
    exit_rate,
    genesis,
    immunogenicity,
    loading,
    of,
    part,
    release,
    toward,
    uptake,
)
from exocosm.model.grammar.vocabulary import Vocabulary, key
from exocosm.model.parts.cells import CellType
from exocosm.model.quantity import Quantity

if TYPE_CHECKING:
    from exocosm.model.model import Model


@dataclass(frozen=True)
class Form:
    """Behaviours of one kind: their names over targets, unit, base value of a type, and what that needs.

    `foreign` is its name in a table of rules of PhysiCell; `most` the largest value there can be, `signed`
    whether it may be negative.
    """

    names: tuple[str, ...]
    over: str
    unit: str
    base: Base
    needs: str = ""
    foreign: str | None = None
    most: float | None = None
    signed: bool = False


@dataclass(frozen=True)
class Behaviour:
    """A behaviour: its canonical name, what it is of, and the unit (in doubt, of the substrate)."""

    name: str
    form: Form
    targets: tuple[str, ...]
    substrate_unit: str = ""

    def base(self, cell_type: CellType) -> Quantity | None:
        """The value without rules in cells of a type; None if the type lacks the mechanism."""
        return self.form.base(cell_type, self.targets)

    def unit(self, cell_type: CellType) -> str:
        """The unit of its values in cells of a type."""
        if self.form.unit == UPTAKE:
            uptake = cell_type.uptake.get(self.targets[0])
            return "" if uptake is not None and uptake.clearance is None else "um^3/min"
        return self.form.unit.replace("[]", self.substrate_unit)

    def most(self, cell_type: CellType) -> float | None:
        """The largest value there can be: 1 for a share."""
        if self.form.unit == UPTAKE:
            return 1.0 if self.unit(cell_type) == "" else None
        return self.form.most

    @property
    def foreign(self) -> str | None:
        """Its name in a table of rules of PhysiCell, or None."""
        return None if self.form.foreign is None else self.form.foreign.format(*self.targets)


UPTAKE = "as the uptake is given"


_AMOUNT, _PARTICLES, _BODIES = "[]*um^3/min", "particle/min", "genesis of {} with vesicles_per_body"
_BINDING, _FATE = "uptake of {} with binding", "uptake of {} with fate"
_MOTILITY = "motility: its speed and persistence_time"
_CHEMOTACTIC = ("chemotactic response to {}", "chemotactic sensitivity to {}")
FORMS = (
    Form(
        *(("{} secretion", "{} export"), "substrates", _AMOUNT, exchange("secretion_rate", _AMOUNT)),
        foreign="{} export",
    ),
    Form(("{} uptake",), "substrates", RATE, exchange("uptake_rate", RATE), foreign="{} uptake"),
    Form(
        *(("{} maximum uptake",), "substrates", _AMOUNT, exchange("max_uptake", _AMOUNT)),
        needs="exchange of {} with half_saturation",
    ),
    Form(
        *(("exit from cycle phase {}",), "phases", RATE, exit_rate, "a cycle with this phase"),
        foreign="exit from cycle phase {}",
    ),
    Form(("apoptosis",), "", RATE, of("apoptosis", "rate"), "apoptosis: its duration and rates", "apoptosis"),
    Form(("necrosis",), "", RATE, of("necrosis", "rate"), "necrosis: its duration and rates", "necrosis"),
    Form(*(("cell-cell adhesion",), "", "um/min", of("mechanics", "adhesion")), foreign="cell-cell adhesion"),
    Form(
        *(("cell-cell repulsion",), "", "um/min", of("mechanics", "repulsion")),
        foreign="cell-cell repulsion",
    ),
    Form(
        *(("relative maximum adhesion distance",), "", "", of("mechanics", "relative_adhesion_distance")),
        foreign="relative maximum adhesion distance",
    ),
    Form(*(("migration speed",), "", "um/min", of("motility", "speed"), _MOTILITY, "migration speed")),
    Form(*(("migration bias",), "", "", of("motility", "bias"), _MOTILITY, "migration bias"), most=1.0),
    Form(
        *(("migration persistence time", "persistence time"), "", "min", of("motility", "persistence_time")),
        needs=_MOTILITY,
        foreign="migration persistence time",
    ),
    Form(*(_CHEMOTACTIC, "substrates", "", chemotaxis, _MOTILITY, _CHEMOTACTIC[0]), signed=True),
    Form(*(_CHEMOTACTIC, "vesicles", "", chemotaxis, _MOTILITY), signed=True),
    Form(("{} release",), "vesicles", _PARTICLES, release),
    Form(("{} formation",), "vesicles", _PARTICLES, genesis("formation"), _BODIES),
    Form(("{} docking",), "vesicles", RATE, genesis("docking"), _BODIES),
    Form(("{} lysosomal degradation",), "vesicles", RATE, genesis("lysosomal_degradation"), _BODIES),
    Form(("{} budding",), "vesicles", _PARTICLES, genesis("budding"), "genesis of {}"),
    Form(("{} loading into {}",), "loads", "1/particle", loading, "genesis of {1} with loading of {0}"),
    Form(("{} uptake",), "vesicles", UPTAKE, uptake("", ""), "uptake of {}"),
    Form(("{} internalisation",), "vesicles", RATE, uptake("binding", "internalisation"), _BINDING),
    Form(("{} unbinding",), "vesicles", RATE, uptake("binding", "off"), _BINDING),
    Form(("{} endosomal exit",), "vesicles", RATE, uptake("fate", "rate"), _FATE),
    Form(("{} escape",), "vesicles", "", uptake("fate", "escape_fraction"), _FATE, most=1.0),
    Form(("{} recycling",), "vesicles", "", uptake("fate", "recycled_fraction"), _FATE, most=1.0),
    Form(("{} synthesis",), "cargos", "copy/min", part("pools", "synthesis"), "a pool of {}"),
    Form(("{} degradation",), "cargos", RATE, part("pools", "degradation"), "a pool of {}"),
    Form(("rise of {}",), "states", RATE, part("states", "rise"), "the state {}"),
    Form(("fall of {}",), "states", RATE, part("states", "fall"), "the state {}"),
    Form(
        *(("attack {}",), "cell types", RATE, toward("attack", "targets")),
        *("attack with {} among its targets", "attack {}"),
    ),
    Form(
        *(("attack damage rate",), "", RATE, of("attack", "damage_rate"), "attack", "attack damage rate"),
    ),
    Form(("attack duration",), "", "min", of("attack", "duration"), "attack", "attack duration"),
    Form(
        *(("damage repair rate",), "", RATE, lambda cell_type, _: cell_type.damage_repair_rate),
        foreign="damage repair rate",
    ),
    Form(("immunogenicity to {}",), "cell types", "", immunogenicity, foreign="immunogenicity to {}"),
    *(
        Form(
            (f"phagocytose {dead} cell", f"phagocytosis of {dead} cell", f"phagocytosis of {dead} cells"),
            *("", RATE, of("phagocytosis", dead), "phagocytosis", f"phagocytose {dead} cell"),
        )
        for dead in ("apoptotic", "necrotic")
    ),
    Form(
        *(("phagocytose {}",), "cell types", RATE, toward("phagocytosis", "live")),
        *("phagocytosis with {} among live", "phagocytose {}"),
    ),
    Form(
        *(("transform to {}", "transition to {}"), "cell types", RATE, toward("", "transformations")),
        *("transformations with {}", "transform to {}"),
    ),
)

_BY_NAME = "the cell type by its name"
_OF_PHASE = re.compile(r"exit from cycle phase (?=[^0-9])(.+)")


def numbered(text: str, cell_type: CellType) -> str:
    """The exit from a phase that is named as the exit from that number. Raises Fault with the phases."""
    found = _OF_PHASE.fullmatch(key(text))
    if found is None or cell_type.cycle is None:
        return text
    names = [phase.name for phase in cell_type.cycle.phases]
    places = {key(name): index for index, name in enumerate(names)}
    if found[1] not in places:
        raise unknown("phase", found[1], names)
    return f"exit from cycle phase {places[found[1]]}"


_NO_TARGET = "no target of secretion: secretion here is an amount per time"
ABSENT = (
    (r".* secretion (target|saturation density)", _NO_TARGET),
    (r"cell-cell adhesion elastic constant", "cell-cell adhesion"),
    (r"adhesive affinity to .*", "adhesion_affinity in the mechanics of the cell type; it does not change"),
    (r"cell-(BM|membrane) (adhesion|repulsion)", "no basement membrane"),
    (r"(is )?movable", "movable in the mechanics of the cell type; it does not change"),
    (r"fuse to .*", "no fusion of cells: phagocytosis, or a transformation"),
    (r"(phagocytose|phagocytosis of) other dead cells?", "phagocytose apoptotic cell or necrotic cell"),
    (r"(attack|phagocytose|(transform|transition|immunogenicity) to) cell type \d+", _BY_NAME),
    (r"asymmetric division to .*", "daughters have the type of their mother: a transformation"),
    (r"damage rate", "attack damage rate: only an attack does damage"),
    (r"cell (attachment|detachment) rate|maximum number of cell attachments", "cell-cell adhesion"),
    (r"custom.*", "no custom data: a state of the cell type"),
)


def behaviours_of(model: Model) -> Vocabulary[Behaviour]:
    """All behaviours that some cell type of a model could have."""
    return Vocabulary("behaviour", _words(model), ABSENT)


def _words(model: Model) -> Iterator[tuple[str, Behaviour]]:
    things = _things(model)
    for form in FORMS:
        for targets in things[form.over]:
            substrate = model.species.substrates.get(targets[0]) if targets else None
            unit = "" if substrate is None else substrate.unit
            behaviour = Behaviour(form.names[0].format(*targets), form, targets, unit)
            for name in form.names:
                yield name.format(*targets), behaviour
            if behaviour.name == "exit from cycle phase 0":
                yield "cycle entry", behaviour


def _things(model: Model) -> dict[str, list[tuple[str, ...]]]:
    """What behaviours can be of."""
    species, types = model.species, model.tissue.cell_types.values()
    phases = max((len(t.cycle.phases) for t in types if t.cycle is not None), default=1)
    return {
        "": [()],
        "phases": [(str(k),) for k in range(phases)],
        "substrates": [(name,) for name in species.substrates],
        "vesicles": [(name,) for name in species.vesicles],
        "cargos": [(name,) for name in species.cargos],
        "loads": [(cargo, population) for cargo in species.cargos for population in species.vesicles],
        "cell types": [(name,) for name in model.tissue.cell_types],
        "states": [(name,) for name in dict.fromkeys(name for t in types for name in t.states)],
    }
