"""Where the blocks and bands of a flow chart stand: every band is as high as its value, and each block as high as what passes through it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """A block: its name, what passes through it, and its place from the top."""

    name: str
    value: float
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Band:
    """A flow between two blocks: its place from the top at each end, and its height at both."""

    source: str
    target: str
    value: float
    top0: float
    top1: float
    height: float


@dataclass(frozen=True, slots=True)
class Laid:
    """Blocks and bands with their places. `layers` is each block's stage."""

    blocks: tuple[Block, ...]
    bands: tuple[Band, ...]
    layers: Mapping[str, int]


def lay(layers: Mapping[str, int], flows: Sequence[tuple[str, str, float]], top: float, height: float, gap: float) -> Laid:
    """Lay blocks, in the order given, from `top` down within `height`; blocks of a stage stand at least `gap` apart.

    All stages have one scale, so that a band keeps its height. Flows of zero and blocks without a flow are left out.
    """
    flows = [flow for flow in flows if flow[2] > 0]
    came, left = defaultdict[str, float](float), defaultdict[str, float](float)
    for source, target, value in flows:
        left[source] += value
        came[target] += value
    values = {name: max(came[name], left[name]) for name in layers if came[name] or left[name]}
    stages: dict[int, list[str]] = defaultdict(list)
    for name in values:
        stages[layers[name]].append(name)
    room = {stage: height - gap * len(names) for stage, names in stages.items()}
    scale = min((max(room[stage], 1.0) / sum(values[name] for name in names) for stage, names in stages.items()), default=0.0)
    blocks: dict[str, Block] = {}
    for names in stages.values():
        used = sum(values[name] for name in names) * scale
        between = max((height - used) / len(names), 0.0)
        y = top + between / 2
        for name in names:
            blocks[name] = Block(name, values[name], y, values[name] * scale)
            y += values[name] * scale + between
    return Laid(tuple(blocks.values()), tuple(_bands(flows, blocks, scale)), {name: layers[name] for name in blocks})


def _bands(flows: Sequence[tuple[str, str, float]], blocks: Mapping[str, Block], scale: float) -> list[Band]:
    """At each block the bands stand in the order of where they go to and come from, so that fewer cross."""
    order = {name: number for number, name in enumerate(blocks)}
    leaving: dict[int, float] = {}
    filled = defaultdict[str, float](float)
    numbered = list(enumerate(flows))
    for number, (source, _, value) in sorted(numbered, key=lambda each: (order[each[1][0]], order[each[1][1]])):
        leaving[number] = blocks[source].top + filled[source]
        filled[source] += value * scale
    arriving: dict[int, float] = {}
    filled.clear()
    for number, (_, target, value) in sorted(numbered, key=lambda each: (order[each[1][1]], order[each[1][0]])):
        arriving[number] = blocks[target].top + filled[target]
        filled[target] += value * scale
    return [Band(source, target, value, leaving[n], arriving[n], value * scale) for n, (source, target, value) in numbered]
