"""One cell that makes vesicles, event by event (Gillespie 1977, 10.1021/j100540a008): what genesis equals.

Every body is a list of its vesicles, every vesicle the number of copies that it took from the pool.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

Body = list[int]


@dataclass
class Sender:
    """Rates as in `Genesis`, the pool, the bodies, and what has happened so far."""

    formation: float
    per_body: float
    docking: float
    lysosomal: float
    budding: float
    share: float = 0.0
    pool: int = 0
    bodies: list[Body] = field(default_factory=list)
    released: int = 0
    released_copies: int = 0
    degraded: int = 0
    degraded_copies: int = 0

    def vesicle(self, random: np.random.Generator) -> int:
        """A new vesicle: the copies that it takes from the pool."""
        copies = int(random.binomial(self.pool, self.share))
        self.pool -= copies
        return copies

    def live(self, minutes: float, random: np.random.Generator) -> None:
        """Let event follow event for a time."""
        time = 0.0
        while True:
            forming = self.formation / self.per_body
            ending = (self.docking + self.lysosomal) * len(self.bodies)
            rates = np.array([forming, self.budding, ending])
            time += random.exponential(1.0 / rates.sum()) if rates.sum() > 0 else np.inf
            if time > minutes:
                return
            event = random.choice(3, p=rates / rates.sum())
            if event == 0:
                self.bodies.append([self.vesicle(random) for _ in range(random.poisson(self.per_body))])
            elif event == 1:
                self.released += 1
                self.released_copies += self.vesicle(random)
            else:
                self.end(self.bodies.pop(random.integers(len(self.bodies))), random)

    def end(self, body: Body, random: np.random.Generator) -> None:
        """A body fuses or is degraded, with all that it holds."""
        if random.random() < self.docking / (self.docking + self.lysosomal):
            self.released += len(body)
            self.released_copies += sum(body)
        else:
            self.degraded += len(body)
            self.degraded_copies += sum(body)
