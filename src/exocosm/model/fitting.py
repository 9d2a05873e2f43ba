"""Library pieces fitted to a scenario: what they say of species and cell types that it has not is left out.

Plain data in, plain data out; a piece itself is never changed. Each thing left out is told in words,
`macrophage: uptake of CAF`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Data = Mapping[str, Any]
KEYED = (
    ("exchange", "substrates"),
    ("uptake", "vesicles"),
    ("genesis", "vesicles"),
    ("release", "vesicles"),
    ("pools", "cargos"),
    ("surface", "cargos"),
    ("immunogenicity", "types"),
    ("transformations", "types"),
)
"""Parts of a cell type that are mappings by name, and what they are named after."""
WITHIN = (("attack", "targets", "types"), ("phagocytosis", "live", "types"))
"""Mappings inside a part: without any entry left, an attack goes with them."""


@dataclass(frozen=True)
class Names:
    """What a scenario has, whoever says so: names of species and cell types."""

    substrates: frozenset[str]
    vesicles: frozenset[str]
    cargos: frozenset[str]
    types: frozenset[str]

    @classmethod
    def of(cls, *trees: Any) -> Names:
        """The names in several trees of a scenario together."""
        places = (("species", kind) for kind in ("substrates", "vesicles", "cargos"))
        return cls(*(_keys(trees, place) for place in (*places, ("tissue", "cell_types"))))

    def has(self, name: str, kind: str) -> bool:
        """Whether the scenario has something of that kind and name."""
        return name in getattr(self, kind)


def _keys(trees: Iterable[Any], place: tuple[str, str]) -> frozenset[str]:
    found: set[str] = set()
    for tree in trees:
        part = tree.get(place[0]) if isinstance(tree, Mapping) else None
        names = part.get(place[1]) if isinstance(part, Mapping) else None
        found |= set(names) if isinstance(names, Mapping) else set()
    return frozenset(found)


class Fitting:
    """Fits the pieces of one scenario and keeps what it left out."""

    def __init__(self, names: Names) -> None:
        self.names, self.left_out = names, list[str]()

    def cell(self, piece: Data, name: str) -> dict[str, Any]:
        """A cell type without what it does with things that are not there."""
        fitted = dict(piece)
        for part, kind in KEYED:
            if part in fitted:
                fitted[part] = self._kept(fitted[part], kind, f"{name}: {part} of")
        for part, inner, kind in WITHIN:
            if inner in fitted.get(part, {}):
                kept = self._kept(fitted[part][inner], kind, f"{name}: {part} of")
                fitted[part] = {**fitted[part], inner: kept}
        if "attack" in fitted and not fitted["attack"]["targets"]:
            del fitted["attack"]
        if "genesis" in fitted:
            fitted["genesis"] = {key: self._genesis(value, name) for key, value in fitted["genesis"].items()}
        if "receptors" in fitted:
            fitted["receptors"] = self._receptors(fitted["receptors"], name)
        if "chemotaxis" in fitted.get("motility", {}):
            fitted["motility"] = self._motility(fitted["motility"], name)
        for death in ("apoptosis", "necrosis"):
            if not self._supplied(fitted.get(death, {}), f"{name}: {death}"):
                del fitted[death]
        if "phases" in fitted.get("cycle", {}):
            fitted["cycle"] = {**fitted["cycle"], "phases": self._phases(fitted["cycle"]["phases"], name)}
        return {key: value for key, value in fitted.items() if value != {}}

    def population(self, piece: Data, name: str) -> dict[str, Any]:
        """A vesicle population that carries what there is."""
        manifest = self._kept(piece.get("manifest", {}), "cargos", f"{name} vesicles: copies of")
        return {**piece, "manifest": manifest}

    def cargo(self, piece: Data, name: str) -> dict[str, Any]:
        """A cargo with the antibodies and the assays of cells that there are."""
        fitted = dict(piece)
        for part, kind in (("captured_by", "substrates"), ("assay_doses", "types")):
            if part in fitted:
                fitted[part] = self._kept(fitted[part], kind, f"{name}: {part}")
        return fitted

    def _kept(self, entries: Data, kind: str, what: str) -> dict[str, Any]:
        gone = [name for name in entries if not self.names.has(name, kind)]
        self.left_out += [f"{what} {name}" for name in gone]
        return {name: value for name, value in entries.items() if name not in gone}

    def _genesis(self, genesis: Data, name: str) -> dict[str, Any]:
        if "loading" not in genesis:
            return dict(genesis)
        return {**genesis, "loading": self._kept(genesis["loading"], "cargos", f"{name}: loading of")}

    def _receptors(self, receptors: Data, name: str) -> dict[str, Any]:
        kept = {}
        for receptor, part in receptors.items():
            if not self.names.has(part["ligand"], "cargos"):
                self.left_out.append(f"{name}: receptor {receptor}")
                continue
            blockers = self._kept(part.get("blockers", {}), "substrates", f"{name}: blocker of {receptor}")
            kept[receptor] = {**part, "blockers": blockers}
        return kept

    def _motility(self, motility: Data, name: str) -> dict[str, Any]:
        toward = motility["chemotaxis"]
        there = self.names.substrates | self.names.vesicles
        gone = [to for to in toward if to not in there]
        self.left_out += [f"{name}: chemotaxis to {to}" for to in gone]
        return {**motility, "chemotaxis": {to: value for to, value in toward.items() if to not in gone}}

    def _phases(self, phases: list[Data], name: str) -> list[dict[str, Any]]:
        """Phases that run at their full rate where the substrate that holds them is not looked at."""
        kept = []
        for phase in phases:
            supplied = self._supplied(phase, f"{name}: phase {phase['name']}")
            kept.append({key: value for key, value in phase.items() if supplied or key != "modulated_by"})
        return kept

    def _supplied(self, part: Data, what: str) -> bool:
        """Whether the substrate of a part's ramp is there; a death by want of another does not happen."""
        ramp = part.get("modulated_by")
        if ramp is None or self.names.has(ramp["substrate"], "substrates"):
            return True
        self.left_out.append(f"{what} under {ramp['substrate']}")
        return False
