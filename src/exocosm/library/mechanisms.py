"""The mechanisms: who sends which cargo to whom, by which route, and what it does there.

Names are those of the vocabularies (`exocosm.library.terms`); the words of the source stand beside them in
`as_read`. A retracted row is among them, says so, and is inert: whoever builds on mechanisms takes
`mechanisms(retracted=False)`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from exocosm.library.rows import TABLES, EvidenceError, nearest_id, several

ROUTES = ("exosome", "ectosome", "small EV", "unknown", "none")
"""How a cargo travels. `exosome` only where the row itself shows the endosomal origin, `ectosome` only where
it shows budding from the plasma membrane, `none` where no vesicle carries it."""


LOSSES = ("loss of the cargo", "Rab27a knock-down")
"""Stimuli under which a row tells what less of the cargo does."""

SIGNS = {"up": 1, "down": -1, "": 0}
ARROWS = {"up": "↑", "down": "↓", "": ""}


@dataclass(frozen=True)
class Mechanism:
    """One row: a chain from sender to effect, and the evidence for it. Fields not known are empty."""

    id: str
    process: str
    senders: tuple[str, ...]
    sender_state: str
    cargos: tuple[str, ...]
    route: str
    recipients: tuple[str, ...]
    recipient_state: str
    stimulus: str
    """What sets the sender's release off or alters it."""
    via: str
    """What stands between cargo and target, such as a microRNA that a circular RNA binds."""
    targets: tuple[str, ...]
    target_action: str
    """What becomes of the targets: up, down or empty."""
    effects: tuple[str, ...]
    direction: str
    """What becomes of the effects: up or down."""
    effect_size: float | None
    effect_unit: str
    system: str
    author_year: str
    source: str
    where: str
    read: str
    status: str
    note: str
    as_read: dict[str, str]

    @property
    def retracted(self) -> bool:
        """Whether the source was withdrawn."""
        return self.status == "retracted"

    @property
    def of_loss(self) -> bool:
        """Whether `direction` and `target_action` tell what less of the cargo does."""
        return self.stimulus in LOSSES

    @property
    def sign(self) -> int:
        """What more of the cargo does to the effects: +1 raises, -1 lowers them."""
        return -SIGNS[self.direction] if self.of_loss else SIGNS[self.direction]

    @property
    def target_sign(self) -> int:
        """What more of the cargo does to the targets: +1 raises, -1 lowers them, 0 where it is not told."""
        return -SIGNS[self.target_action] if self.of_loss else SIGNS[self.target_action]

    @property
    def through(self) -> str:
        """What stands between cargo and effects in words, with what becomes of the targets."""
        targets = [f"{name} {ARROWS[self.target_action]}".strip() for name in self.targets]
        return ", ".join(part for part in (self.via, *targets) if part)

    @property
    def effects_told(self) -> str:
        """The effects in words, with what becomes of them."""
        return f"{', '.join(self.effects)} {ARROWS[self.direction]}"

    @property
    def carried(self) -> bool:
        """Whether vesicles carry the cargo, as far as the source tells."""
        return self.route != "none"

    def chain(self) -> str:
        """Sender -> cargo -> recipient -> effect in words, "?" for what the source does not tell.

        A row that tells what the loss of the cargo does says so.
        """
        sign = "more" if self.direction == "up" else "less"
        parts = [
            _named(self.senders, self.sender_state),
            _named(self.cargos),
            _named(self.recipients, self.recipient_state),
            f"{sign} {_named(self.effects)}",
        ]
        return " -> ".join(parts) + (f", under {self.stimulus}" if self.of_loss else "")


@lru_cache(maxsize=1)
def _all() -> tuple[Mechanism, ...]:
    return read_mechanisms(TABLES / "mechanisms.csv")


def read_mechanisms(path: Path) -> tuple[Mechanism, ...]:
    """All mechanisms of a table with the columns of the one that ships, in its order."""
    with path.open(newline="", encoding="utf-8") as file:
        return tuple(_mechanism(line) for line in csv.DictReader(file))


def mechanisms(*, retracted: bool = True) -> tuple[Mechanism, ...]:
    """All mechanisms in the order of the table; without the retracted ones on request."""
    return tuple(row for row in _all() if retracted or not row.retracted)


def mechanism(id: str) -> Mechanism:
    """The mechanism of an id, in any case. Raises EvidenceError with the nearest id."""
    known = {row.id: row for row in _all()}
    id = next((each for each in known if each.casefold() == id.casefold()), id)
    if id not in known:
        raise EvidenceError(
            f"no mechanism has the id {id!r}",
            wanted="the id of a row in mechanisms.csv, such as imm-IM030",
            nearest=nearest_id(id, known),
        )
    return known[id]


def _mechanism(line: dict[str, str]) -> Mechanism:
    same = "id process sender_state route recipient_state stimulus via target_action direction effect_unit "
    same += "system author_year source where read status note"
    return Mechanism(
        **{name: line[name] for name in same.split()},
        senders=several(line["sender"]),
        cargos=several(line["cargo"]),
        recipients=several(line["recipient"]),
        targets=several(line["target"]),
        effects=several(line["effect"]),
        effect_size=float(line["effect_size"]) if line["effect_size"] else None,
        as_read={name.removesuffix("_as_read"): line[name] for name in line if name.endswith("_as_read")},
    )


def _named(names: tuple[str, ...], state: str = "") -> str:
    return (" + ".join(names) or "?") + (f" ({state})" if state else "")
