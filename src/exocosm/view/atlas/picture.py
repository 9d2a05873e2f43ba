"""Which picture an atlas gets, and how much room that takes."""

from __future__ import annotations

from exocosm.library import Atlas, network
from exocosm.view.atlas.chain import chain_picture
from exocosm.view.atlas.hub import hub_picture
from exocosm.view.atlas.shapes import Drawing, point

FEW = 12
"""Up to so many arrows are drawn as chains from left to right, more around a middle."""

MARGIN = 0.25
TITLE = "Who sends what to whom, and what it does there"


def picture(found: Atlas) -> Drawing:
    """Shapes of the network of an atlas: chains where it is small, a ring where it is large."""
    apart = network(found.standing, merged=False)
    return chain_picture(apart) if len(apart.arrows) <= FEW else hub_picture(found.network)


def bounds(drawing: Drawing) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a picture (inches)."""
    along = [point(strand.curve, t / 8) for strand in drawing.strands for t in range(9)]
    xs, ys = [x for x, _ in along], [y for _, y in along]
    for each in drawing.pills:
        xs += [each.x - each.width / 2, each.x + each.width / 2]
        ys += [each.y - each.height / 2, each.y + each.height / 2]
    for words in drawing.words:
        reach = len(words.text) * words.size * 0.5 / 72
        before = 0.0 if words.anchor == "start" else reach / 2
        xs += [words.x - before, words.x + reach - before]
        ys.append(words.y)
    return min(xs) - MARGIN, min(ys) - MARGIN, max(xs) + MARGIN, max(ys) + MARGIN
