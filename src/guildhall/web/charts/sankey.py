"""Flows from left to right: how one whole divides and joins again, stage by stage; nothing is lost on the way."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from guildhall.web.charts.figure import Cell, Figure, Table
from guildhall.web.charts.numbers import Unit, say
from guildhall.web.charts.sankey_layout import Laid, lay
from guildhall.web.charts.shapes import FULL, NARROW, Drawing, Rect, Ribbon, Shape, Size, Text, fit, text_width

BLOCK = 12.0
LAST_LABEL = 170.0


@dataclass(frozen=True, slots=True)
class Node:
    """A block in the stage `layer` (0 is the first). `series` (1 to 4) colours it and what leaves it; 0 is grey."""

    name: str
    label: str
    layer: int
    series: int = 0
    href: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """So many go from one block to one of the next stage."""

    source: str
    target: str
    value: float


def sankey(
    name: str, title: str, finding: str, stages: Sequence[str], nodes: Sequence[Node], flows: Sequence[Flow], *,
    unit: Unit = Unit.COUNT, note: str = "", csv: str = "",
) -> Figure:  # fmt: skip
    """A figure of flows; in a narrow place each step between two stages is drawn below the one before.

    Raises ValueError for a flow from or to a block that is not there or not one stage on, and for blocks where more or less leaves than came.
    """
    known = {node.name: node for node in nodes}
    check(known, flows)
    used = [flow for flow in flows if flow.value > 0]
    rows = []
    for flow in used:
        source, target = known[flow.source], known[flow.target]
        share = f"{100 * flow.value / sum(each.value for each in used if each.source == flow.source):.1f}%"
        rows.append(
            (Cell(source.label, source.href), Cell(target.label, target.href), Cell(say(flow.value, unit), raw=flow.value), Cell(share))
        )
    table = Table(("From", "To", "Contacts" if unit == Unit.COUNT else "How much", "Share of “from”"), tuple(rows))
    wide = _wide(stages, known, used, unit)
    return Figure(name, title, finding, wide, _narrow(stages, known, used, unit), table, note=note, csv=csv, full=True)


def check(nodes: Mapping[str, Node], flows: Sequence[Flow]) -> None:
    """Raise ValueError for flows that cannot be drawn."""
    came: dict[str, float] = dict.fromkeys(nodes, 0.0)
    left: dict[str, float] = dict.fromkeys(nodes, 0.0)
    for flow in flows:
        if flow.source not in nodes or flow.target not in nodes or nodes[flow.target].layer != nodes[flow.source].layer + 1:
            raise ValueError(f"a flow from {flow.source} to {flow.target} does not lead one stage on")
        if flow.value < 0:
            raise ValueError(f"the flow from {flow.source} to {flow.target} is below zero")
        left[flow.source] += flow.value
        came[flow.target] += flow.value
    for name in nodes:
        if came[name] and left[name] and abs(came[name] - left[name]) > 1e-6 * came[name]:
            raise ValueError(f"{came[name]:g} came to {name} and {left[name]:g} left it")


def _wide(stages: Sequence[str], nodes: Mapping[str, Node], flows: Sequence[Flow], unit: Unit) -> Drawing:
    """All stages side by side."""
    size, top, height = FULL, 30.0, 540.0
    step = (size.width - LAST_LABEL - BLOCK) / max(1, len(stages) - 1)
    laid = lay({n: node.layer for n, node in nodes.items()}, [(f.source, f.target, f.value) for f in flows], top, height, size.text * 2.1)
    shapes = _flows(laid, nodes, unit, lambda layer: layer * step)
    for number, stage in enumerate(stages):
        shapes.append(Text(number * step, size.text, fit(stage, size.text, step - 8), look="stage", size=size.text))
    for found in laid.blocks:
        node = nodes[found.name]
        x = node.layer * step
        room = LAST_LABEL - 8 if node.layer == len(stages) - 1 else step - BLOCK - 10
        shapes += _block(node, x, found.top, found.height, x + BLOCK + 5, "start", room, found.value, unit, size)
    return Drawing(size.width, top + height + 4, tuple(shapes), size.text)


def _narrow(stages: Sequence[str], nodes: Mapping[str, Node], flows: Sequence[Flow], unit: Unit) -> Drawing:
    """Each step between two stages on its own, one below the other."""
    size, y, shapes = NARROW, 0.0, list[Shape]()
    for number, (before, after) in enumerate(itertools.pairwise(stages)):
        here = [flow for flow in flows if nodes[flow.source].layer == number]
        if not here:
            continue
        sides: dict[str, int] = {}
        for flow in here:
            sides[flow.source], sides[flow.target] = 0, 1
        most = max(sum(side == which for side in sides.values()) for which in (0, 1))
        height = max(110.0, most * 38.0)
        laid = lay(sides, [(f.source, f.target, f.value) for f in here], y + 24, height, size.text * 2.3)
        shapes.append(Text(0, y + size.text, fit(f"{before} → {after}", size.text, size.width), look="stage", size=size.text))
        shapes += _flows(laid, nodes, unit, lambda side: side * (size.width - BLOCK))
        for found in laid.blocks:
            last = sides[found.name] == 1
            x = size.width - BLOCK if last else 0.0
            at, anchor = (x - 5, "end") if last else (x + BLOCK + 5, "start")
            shapes += _block(nodes[found.name], x, found.top, found.height, at, anchor, size.width / 2 - 20, found.value, unit, size)
        y += 24 + height + 22
    return Drawing(size.width, max(y, 10.0), tuple(shapes), size.text)


def _flows(laid: Laid, nodes: Mapping[str, Node], unit: Unit, place: Callable[[int], float]) -> list[Shape]:
    shapes: list[Shape] = []
    for band in laid.bands:
        source, target = nodes[band.source], nodes[band.target]
        tip = f"{source.label} → {target.label}: {say(band.value, unit)}"
        x0, x1 = place(laid.layers[band.source]) + BLOCK, place(laid.layers[band.target])
        shapes.append(Ribbon(x0, band.top0, x1, band.top1, band.height, target.series or source.series, "ribbon", tip))
    return shapes


def _block(
    node: Node, x: float, top: float, height: float, at: float, anchor: str, room: float, value: float, unit: Unit, size: Size
) -> list[Shape]:
    """A block and its label with its number: on one line where there is room, else on two."""
    number, middle = say(value, unit), top + height / 2 + size.text * 0.35
    block = Rect(x, top, BLOCK, max(height, 1.0), node.series, "block", f"{node.label} {number}")
    words = f"{node.label} {number}"
    if size.narrow or text_width(words, size.text) > room:
        above, below = _two_lines(node.label, number, size.text, room)
        first = Text(at, middle - size.text * 0.5, above, anchor, "node-label", size.text)
        return [block, first, Text(at, middle + size.text * 0.55, below, anchor, "node-label", size.text)]
    return [block, Text(at, middle, words, anchor, "node-label", size.text)]


def _two_lines(label: str, number: str, size: float, room: float) -> tuple[str, str]:
    """The label over its number. Words that have no room above stand before the number, so that no name is cut that fits on two lines."""
    words = label.split(" ")
    for end in range(len(words), 0, -1):
        above, below = " ".join(words[:end]), " ".join((*words[end:], number))
        if max(text_width(above, size), text_width(below, size)) <= room:
            return above, below
    return fit(label, size, room), number
