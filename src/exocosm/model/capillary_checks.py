"""What must hold for vessels as lines and for the cells that arrive by them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from exocosm.model.faults import Fault, Place
from exocosm.model.parts.capillaries import Capillaries, Immigration
from exocosm.model.vessel_lines import lattice_number, segments_of

if TYPE_CHECKING:
    from exocosm.model.model import Model

# Assumed, as guards far beyond use: a node of a line holds about 300 B in the engine.
MOST_LINES = 1e5
MOST_NODES = 2e7
MOST_ARRIVALS = 5e7
NODES_PER_VOXEL = 4


def check_capillaries(model: Model) -> None:
    """Vessels lie in the block, and no more cells arrive than can be. Raises Fault."""
    for name, network in model.tissue.capillaries.items():
        at: Place = ("tissue", "capillaries", name)
        _few_lines(at, network, model)
        _narrow(at, network, model)
        _in_the_block(at, network, model)
        if model.tissue.geometry.shape[2] == 1:
            _across_the_layer(at, network)
    names: dict[str, int] = {}
    for index, entry in enumerate(model.tissue.immigration):
        at = ("tissue", "immigration", index)
        first = names.setdefault(entry.name, index)
        if first != index:
            found, wanted = f"{entry.name}, as in tissue.immigration[{first}]", "a name for each"
            raise Fault("two ways in have one name", at=(*at, "name"), found=found, wanted=wanted)
        _few_arrivals(at, entry, model)


def _size(model: Model) -> tuple[float, ...]:
    return tuple(float(length) for length in model.tissue.geometry.size)


def network_length(network: Capillaries, model: Model) -> float:
    """Length of all vessels of a network, µm."""
    return math.fsum(math.dist(*ends) for ends in segments_of(network, _size(model)))


def _narrow(at: Place, network: Capillaries, model: Model) -> None:
    """A vessel is narrower than the block, and its openings are narrower than the vessel."""
    width, edge = 2 * float(network.radius), min(model.tissue.geometry.size)
    if width >= edge:
        wanted = f"less than half of the smallest edge of {edge.text}"
        problem, place = "the vessel is as wide as the tissue", (*at, "radius")
        raise Fault(problem, at=place, found=network.radius.text, wanted=wanted)
    if network.fenestrae is not None and network.fenestrae.diameter >= width:
        place, found = (*at, "fenestrae", "diameter"), network.fenestrae.diameter.text
        wanted = f"less than the vessel's diameter of {width:g} um"
        raise Fault("the openings are wider than the vessel", at=place, found=found, wanted=wanted)


def _few_lines(at: Place, network: Capillaries, model: Model) -> None:
    if network.hexagonal is not None:
        number, at_lines = lattice_number(network, _size(model)), (*at, "hexagonal", "spacing")
    else:
        number, at_lines = float(len(network.lines)), (*at, "lines")
    if number > MOST_LINES:
        found, wanted = f"{number:.3g} lines", f"at most {MOST_LINES:g}"
        raise Fault("these are too many vessels", at=at_lines, found=found, wanted=wanted)
    nodes = NODES_PER_VOXEL * network_length(network, model) / float(model.tissue.geometry.voxel)
    if nodes > MOST_NODES:
        found = f"vessels through {nodes / NODES_PER_VOXEL:.3g} voxels"
        wanted = f"at most {MOST_NODES / NODES_PER_VOXEL:g}"
        raise Fault("these are too many vessels", at=at_lines, found=found, wanted=wanted)


def _in_the_block(at: Place, network: Capillaries, model: Model) -> None:
    size = model.tissue.geometry.size
    block = " x ".join(length.text for length in size)
    for index, line in enumerate(network.lines):
        for end in ("start", "end"):
            point = getattr(line, end)
            if any(not 0 <= c <= length for c, length in zip(point, size, strict=True)):
                place, found = (*at, "lines", index, end), ", ".join(c.text for c in point)
                wanted = f"a place within 0 to {block}"
                raise Fault("the vessel lies outside the tissue", at=place, found=found, wanted=wanted)
    _each_once(at, network)
    if not segments_of(network, _size(model)):
        spacing = network.hexagonal.spacing.text if network.hexagonal else ""
        found, wanted = f"no line at a spacing of {spacing}", "a larger region or a narrower spacing"
        raise Fault("the network has no vessel", at=(*at, "hexagonal"), found=found, wanted=wanted)


def _rounded(place: Iterable[float]) -> tuple[float, ...]:
    """A place as precisely as it tells the keys of those who arrive apart."""
    return tuple(round(float(x), 9) for x in place)


def _each_once(at: Place, network: Capillaries) -> None:
    seen: dict[tuple[tuple[float, ...], ...], int] = {}
    for index, line in enumerate(network.lines):
        first = seen.setdefault((_rounded(line.start), _rounded(line.end)), index)
        if first != index:
            place, found = (*at, "lines", index), f"the ends of lines[{first}]"
            raise Fault("two vessels have the same place", at=place, found=found, wanted="a vessel once")


def _across_the_layer(at: Place, network: Capillaries) -> None:
    """In a layer of one voxel a vessel is a point, as diffusion there is two-dimensional."""
    wanted = "a line along z: start and end with the same x and y"
    problem = "a vessel runs across a layer of one voxel"
    if network.hexagonal is not None and network.hexagonal.axis != "z":
        found, place = f"axis {network.hexagonal.axis}", (*at, "hexagonal", "axis")
        raise Fault(problem, at=place, found=found, wanted="axis: z")
    for index, line in enumerate(network.lines):
        if any(float(line.start[a]) != float(line.end[a]) for a in (0, 1)):
            ends = (", ".join(c.text for c in point) for point in (line.start, line.end))
            raise Fault(problem, at=(*at, "lines", index), found=" to ".join(ends), wanted=wanted)


def _few_arrivals(at: Place, entry: Immigration, model: Model) -> None:
    if entry.start > model.duration:
        found, wanted = entry.start.text, f"a time within the duration of {model.duration.text}"
        raise Fault("cells arrive after the end", at=(*at, "start"), found=found, wanted=wanted)
    length = network_length(model.tissue.capillaries[entry.through], model)
    arrivals = float(entry.rate) * length * float(model.duration)
    if arrivals > MOST_ARRIVALS:
        found = f"{entry.rate.text} along {length:.4g} um: {arrivals:.3g} cells"
        wanted = f"a lower rate, for at most {MOST_ARRIVALS:g} cells"
        raise Fault("these are too many cells", at=(*at, "rate"), found=found, wanted=wanted)
