"""What the page of growth says in plain words about each case; numbers of runs are worked out here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from growth_cases import Point

Predicted = Mapping[Point, Sequence[float]]

OPENING = """# Growth

What was published of growing colonies and spheroids beside what the shipped scenarios give. A few
parameters of each scenario were fitted to a part of the measurements, marked *fitted*; all else is
predicted, also where it is poor. `benchmarks/growth.py` wrote this page (`make growth-page`): <runs>
runs, <minutes> minutes of one core for those made so far; what has not been run is named. Runs are kept
under `build/growth`, so that an interrupted fit goes on where it stopped. Sources and licences of the
measurements stand in `benchmarks/measured/README.md`.

"""

SET_UP = {
    "monolayer": """`monolayer-growth`: from one cell of 1,150 µm³ at the start of G1 at hour 0, a cycle
of 18 h (G1 7 h, S 6 h, G2 3 h, M 2 h, each with a tenth of it as standard deviation), no death,
nutrients in plenty. Pressure of neighbours holds cells in G1; the pressure that halves the rate of
leaving G1 is the only number fitted, to the first two diameters. Diameter is twice the distance of the
outermost cell edge from the centre, averaged over 64 sectors. The size of a cell is assumed: a larger
cell makes a wider rim, so another size would be answered by another pressure.""",
    "spheroid-structure": """`spheroid-structure`: a packed ball of cells at any place of their cycle,
in still medium whose oxygen is held at the faces of a block of 1.44 mm. It starts on day 3 with the
outer radius measured for 5,000 seeded cells; the other two seedings start with half and twice as many
cells, and no number of theirs is used. Cells in low oxygen stay in G1, cells in next to none die; what
dies swells, bursts and shrinks at the default rates of PhysiCell. Days 4 to 10 of 5,000 cells are
fitted (12 numbers, in units of 10, 25 and 15 µm for the outer, inhibited and necrotic radius), days 12
to 21 and both other seedings are predicted. The necrotic core is the ball that holds most dead cells
more than live ones. The inhibited core is the ball that parts cells best where the share in S, G2 and M
is half of that near the surface, and what is dead counts as inhibited; it was measured with a
fluorescent indicator of the cycle. Outer radius is the outermost cell edge, averaged over 64
directions.""",
    "spheroid-growth": """`spheroid-growth`: from 600 cells in a ball at hour 101.69, the first measured
point, in medium with 0.28 mM oxygen and 16.5 mM glucose at the faces of a block of 1.44 mm. Cells take
up both. The first half of G1 waits for glucose, the second for oxygen; S lasts 8 h, G2 and M 4 h; cells
die where oxygen is all but gone, and where glucose is. The first six of eleven points are the first
half: one is the start, five are fitted, cells and diameter alike on a logarithmic scale. Which medium
the growth curve belongs to is not given with it: the richest of the study is assumed. Cells are the
live ones, as the measured ones are those that came off whole when spheroids were taken apart. The
medium is still in the scenario and was stirred in the flask.""",
}


def speed(points: Sequence[Point], values: Mapping[Point, float]) -> float:
    """Mean growth per hour between the first and the last of some points."""
    first, last = min(points, key=lambda p: p.hour), max(points, key=lambda p: p.hour)
    return (values[last] - values[first]) / (last.hour - first.hour)


def monolayer(predicted: Predicted) -> str:
    """How fast the colony widens where it was fitted and after, and why that differs."""
    model = {point: sum(values) / len(values) for point, values in predicted.items()}
    measured = {point: point.value for point in predicted}
    fitted = [point for point in predicted if point.fitted]
    later = [point for point in predicted if not point.fitted]
    return f"""Between the two fitted points the colony widened by {speed(fitted, measured):.2f} µm/h,
afterwards by {speed(later, measured):.2f} µm/h. In the scenario the rim in which cells cycle keeps its
width, so the diameter rises almost evenly: by {speed(fitted, model):.2f} and then {
        speed(
            later, model
        ):.2f} µm/h. A colony that speeds up needs something that is not in the scenario, such as cells that
migrate at its edge; and two points that lie close together, read off a figure, tell the speed poorly."""


def off(points: Sequence[Point], predicted: Predicted) -> float:
    """Mean relative error of some points, in per cent."""
    errors = [sum(predicted[point]) / len(predicted[point]) / point.value - 1 for point in points]
    return 100 * sum(errors) / len(errors)


def spheroid_structure(predicted: Predicted) -> str:
    """How far outer and necrotic radii are off early and late, and the rim that stays alive."""
    held_out = [point for point in predicted if point.start != "5000 cells"]
    outer = [point for point in held_out if point.quantity == "outer"]
    early = off([point for point in outer if point.hour <= 240], predicted)
    late = off([point for point in outer if point.hour >= 432], predicted)
    dead = [point for point in held_out if point.quantity == "necrotic" and point.hour >= 240]
    core = off(dead, predicted)
    last = max(point.hour for point in predicted)
    ends = {(p.start, p.quantity): p for p in predicted if p.hour == last}
    rims = [
        f"{outside.value - inside.value:.0f} µm measured and "
        f"{predicted[outside][0] - predicted[inside][0]:.0f} µm predicted ({start})"
        for start in ("2500 cells", "10000 cells")
        for outside, inside in [(ends[start, "outer"], ends[start, "necrotic"])]
    ]
    return f"""For the two seedings that were not fitted, necrotic radii are off by {core:+.0f} % on
average from day 10 on, outer radii by {early:+.0f} % up to day 10 and by {late:+.0f} % on days 18 and
21. Measured spheroids all but stop growing near 350 µm; predicted ones grow on. The living rim on day
21 is {rims[0]}, {rims[1]}. In the scenario the oxygen of the medium stays what it is, so the rim keeps
its width at a given size; measured rims go on thinning at one size, so something else runs short or
builds up with time, such as glucose or waste in the well, which the scenario does not have. Its cells
are also never lost from the rim, and its dead ones shrink at rates that were not measured in these
spheroids. Seedings start with cells in proportion to those seeded; on day 3 the small spheroids
measured are larger than that, the large ones smaller. Outer radii
of day 4 lie above those of day 5 for 5,000 and 10,000 cells, which no growing spheroid meets."""


def spheroid_growth(predicted: Predicted) -> str:
    """How far cells and diameters of the second half are off, and the scatter of what was measured."""
    later = [point for point in predicted if not point.fitted]
    cells, width = (off([p for p in later if p.quantity == q], predicted) for q in ("cells", "diameter"))
    return f"""In the second half cells are off by {cells:+.0f} % and diameters by {width:+.0f} % on
average. Measured cells scatter: at 269.83 h there are 30,327 and six hours later 16,577, while the
diameter grows; a volume per live cell of 3,000 to 7,200 µm³ follows from the numbers, without a trend,
so no model can meet both columns well."""


REMARKS = {
    "monolayer": monolayer,
    "spheroid-structure": spheroid_structure,
    "spheroid-growth": spheroid_growth,
}


def remark(name: str, predicted: Predicted) -> str:
    """Where a case is poor, and why."""
    return " ".join(REMARKS[name](predicted).split()) if name in REMARKS else ""
