"""Tables of what the library holds, as the page on it shows them."""

from __future__ import annotations

from collections.abc import Iterator

from exocosm import library
from exocosm.model.model import Model
from exocosm.model.origins import Origins, sources
from exocosm.model.parts.rules import Rule

CELLS = "| type | states | rules | numbers | evidence | derived | assumed | measured |"
CARGOS = "| cargo | kind | carried by | what it does |"
_ACTS = {"increases": "raises", "decreases": "lowers"}


def cell_table(model: Model) -> list[str]:
    """Lines of a table of the cell types of a model: states, rules, and what the numbers of both stand on.

    `measured` is the share of rows of evidence that are no default or input of a published model.
    """
    origins = sources(model)
    names = sorted(model.tissue.cell_types, key=str.lower)
    return [CELLS, _line(CELLS), *(_cell(model, name, origins) for name in names)]


def cargo_table(model: Model) -> list[str]:
    """Lines of a table of the cargos of a model: who carries them, and what they do in which cells."""
    names = sorted(model.species.cargos, key=str.lower)
    return [CARGOS, _line(CARGOS), *(_cargo(model, name) for name in names)]


def pieces_report(kind: str) -> list[str]:
    """Names and titles of the pieces of a kind."""
    from exocosm.model.pieces import read_piece

    paths = {name: library.piece_path(kind, name) for name in library.piece_names(kind)}
    return [f"  {name:<22}{read_piece(path).data.get('title', '')}" for name, path in paths.items() if path]


def _line(head: str) -> str:
    return "|" + "---|" * (head.count("|") - 1)


def _cell(model: Model, name: str, origins: Origins) -> str:
    rules = [i for i, rule in enumerate(model.tissue.rules) if getattr(rule, "cell_type", "") == name]
    places = (f"tissue.cell_types.{name}.", *(f"tissue.rules[{i}]." for i in rules))
    own = Origins(origin for origin in origins if origin.path.startswith(places))
    shares, states = own.shares(), ", ".join(model.tissue.cell_types[name].states)
    said = " | ".join(f"{shares[kind]:.0%}" for kind in ("evidence", "derived", "assumed"))
    measured = (len(own.of("evidence")) - len(own.conventions())) / max(1, len(own))
    return f"| {name} | {states} | {len(rules)} | {len(own)} | {said} | {measured:.0%} |"


def _cargo(model: Model, name: str) -> str:
    carried = ", ".join(_carriers(model, name)) or "–"
    acts = "; ".join(_acts(model, name)) or "–"
    return f"| `{name}` | {model.species.cargos[name].kind} | {carried} | {acts} |"


def _carriers(model: Model, cargo: str) -> Iterator[str]:
    for population, vesicles in model.species.vesicles.items():
        if cargo in vesicles.manifest:
            yield population
    for name, cell_type in model.tissue.cell_types.items():
        yield from (f"{p} of {name}" for p, genesis in cell_type.genesis.items() if cargo in genesis.loading)


def _acts(model: Model, cargo: str) -> Iterator[str]:
    for rule in model.tissue.rules:
        if isinstance(rule, Rule) and rule.signal in (f"{cargo} inside", f"{cargo} on the cell"):
            rows = f" ({', '.join(rule.evidence)})" if rule.evidence else ""
            yield f"{rule.cell_type}: {_ACTS[rule.response]} {rule.behaviour}{rows}"
