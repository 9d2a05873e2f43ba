"""The rules of a model by cell type: each as a sentence, with its name and what its numbers stand on."""

from __future__ import annotations

from typing import Any


def rule_groups(model: Any, sources: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Cell types with their rules; `sources` are the rows of `source_rows`. Empty without rules."""
    if not getattr(getattr(model, "tissue", None), "rules", ()):
        return []
    from exocosm.model.grammar import rules_of
    from exocosm.model.grammar.sentences import sentence

    groups: dict[str, list[dict[str, Any]]] = {}
    for place, read in enumerate(rules_of(model)):
        groups.setdefault(read.rule.cell_type, []).append(
            {
                "name": read.rule.name or f"{read.signal.name} to {read.behaviour.name}",
                "sentence": sentence(read),
                "sources": _numbers(place, sources),
            }
        )
    return [{"cell": cell, "rules": rules} for cell, rules in groups.items()]


def _numbers(place: int, sources: list[dict[str, str]]) -> list[dict[str, str]]:
    """The numbers of the rule with their sources, in words."""
    start = f"tissue.rules[{place}]."
    return [
        row | {"of": row["path"].removeprefix(start).replace("_", " ")}
        for row in sources
        if row["path"].startswith(start)
    ]
