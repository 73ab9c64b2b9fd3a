"""What a drawing is made of: shapes with places in its view box. `look` names a style of `static/charts.css`; `fill` one of four series."""

from collections.abc import Iterator
from dataclasses import dataclass

Place = tuple[float, float]


def _n(value: float) -> str:
    """A coordinate, to a tenth."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")


@dataclass(frozen=True, slots=True)
class Rect:
    """A filled box. `series` 1 to 4 gives its colour and pattern, 0 none; `tip` shows when it is pointed at."""

    x: float
    y: float
    width: float
    height: float
    series: int = 0
    look: str = ""
    tip: str = ""
    kind: str = "rect"

    def places(self) -> Iterator[Place]:
        """Its corners."""
        yield self.x, self.y
        yield self.x + self.width, self.y + self.height


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points, or with `closed` the area within them."""

    points: tuple[Place, ...]
    series: int = 0
    look: str = "line"
    closed: bool = False
    tip: str = ""
    kind: str = "path"

    @property
    def d(self) -> str:
        """The path as SVG writes it."""
        return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in self.points) + ("Z" if self.closed else "")

    def places(self) -> Iterator[Place]:
        """Its points."""
        yield from self.points


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A curved band from a stretch at the left to one of the same height at the right."""

    x0: float
    top0: float
    x1: float
    top1: float
    height: float
    series: int = 0
    look: str = "ribbon"
    tip: str = ""
    kind: str = "path"

    @property
    def d(self) -> str:
        """The path as SVG writes it: two curves that stay between their ends."""
        x0, x1, middle = _n(self.x0), _n(self.x1), _n((self.x0 + self.x1) / 2)
        top0, top1, low0, low1 = (_n(y) for y in (self.top0, self.top1, self.top0 + self.height, self.top1 + self.height))
        return f"M{x0} {top0}C{middle} {top0} {middle} {top1} {x1} {top1}L{x1} {low1}C{middle} {low1} {middle} {low0} {x0} {low0}Z"

    def places(self) -> Iterator[Place]:
        """Its corners; the curves stay within them."""
        for x, top in ((self.x0, self.top0), (self.x1, self.top1)):
            yield x, top
            yield x, top + self.height


@dataclass(frozen=True, slots=True)
class Mark:
    """A small sign for one value: its form differs with the series, so that colour is never alone."""

    x: float
    y: float
    series: int
    size: float = 4.0
    look: str = "mark"
    tip: str = ""
    kind: str = "path"
    href: str = ""

    @property
    def d(self) -> str:
        """A circle, square, triangle or diamond."""
        x, y, r = self.x, self.y, self.size
        if self.series == 2:
            return f"M{_n(x - r)} {_n(y - r)}h{_n(2 * r)}v{_n(2 * r)}h{_n(-2 * r)}Z"
        if self.series == 3:
            return f"M{_n(x)} {_n(y - r)}L{_n(x + r)} {_n(y + r)}H{_n(x - r)}Z"
        if self.series == 4:
            return f"M{_n(x)} {_n(y - r)}L{_n(x + r)} {_n(y)}L{_n(x)} {_n(y + r)}L{_n(x - r)} {_n(y)}Z"
        return f"M{_n(x - r)} {_n(y)}a{_n(r)} {_n(r)} 0 1 0 {_n(2 * r)} 0a{_n(r)} {_n(r)} 0 1 0 {_n(-2 * r)} 0Z"

    def places(self) -> Iterator[Place]:
        """Its corners."""
        yield self.x - self.size, self.y - self.size
        yield self.x + self.size, self.y + self.size


@dataclass(frozen=True, slots=True)
class Text:
    """Words at a place; `y` is their base line. `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    look: str = "label"
    size: float = 14.0
    kind: str = "text"

    def places(self) -> Iterator[Place]:
        """The box the words need, as wide as they are taken to be."""
        wide = text_width(self.text, self.size)
        left = self.x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        yield left, self.y - self.size * 0.8
        yield left + wide, self.y + self.size * 0.25


Shape = Rect | Path | Ribbon | Mark | Text


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes in a view box of this size, drawn in order. `size` is the height of its words."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    size: float = 14.0

    @property
    def linked(self) -> bool:
        """Whether something in it can be followed: then it is no single picture to a screen reader."""
        return any(isinstance(shape, Mark) and shape.href for shape in self.shapes)

    @property
    def box(self) -> str:
        """The view box as SVG writes it."""
        return f"0 0 {_n(self.width)} {_n(self.height)}"


NARROW_LETTERS = frozenset("iljtfr.,:;'|!()[] ")
WIDE_LETTERS = frozenset("mwMW%@")


def text_width(text: str, size: float) -> float:
    """About how wide words are; a little too wide rather than too narrow."""
    return sum(0.34 if c in NARROW_LETTERS else 0.9 if c in WIDE_LETTERS else 0.7 if c.isupper() else 0.57 for c in text) * size


def fit(text: str, size: float, room: float) -> str:
    """The words, cut with “…” where the room is too small; empty where not even one letter fits."""
    if text_width(text, size) <= room:
        return text
    for end in range(len(text) - 1, 0, -1):
        cut = text[:end].rstrip() + "…"
        if text_width(cut, size) <= room:
            return cut
    return ""


@dataclass(frozen=True, slots=True)
class Size:
    """How much place a drawing has: its width in units that are about pixels, and the height of its words."""

    width: float
    text: float

    @property
    def narrow(self) -> bool:
        """Whether it is for a narrow place, as a phone."""
        return self.width < 400


WIDE = Size(600.0, 15.0)
FULL = Size(960.0, 14.0)
NARROW = Size(300.0, 13.0)
