"""How charts and their tables say a value in its unit, in full or short for an axis."""

import math
from enum import StrEnum


class Unit(StrEnum):
    """What a value counts. Shares are 0 to 1, money is pence, times are seconds, points are hundredths of a share."""

    COUNT = "count"
    SHARE = "share"
    SECONDS = "seconds"
    PENCE = "pence"
    POINTS = "points"
    SCORE = "score"
    RATIO = "ratio"


NOT_KNOWN = "not known"
BIG = ((1_000_000_000, "bn"), (1_000_000, "m"), (1_000, "k"))


def say(value: float | None, unit: Unit) -> str:
    """A value in words for a table: `1,204`, `61.3%`, `4 min 10 s`, `£1,200.50`, `5.2 points`."""
    if value is None or not math.isfinite(value):
        return NOT_KNOWN
    match unit:
        case Unit.COUNT:
            return f"{value:,.0f}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"
        case Unit.SHARE:
            return f"{100 * value:.1f}%"
        case Unit.SECONDS:
            return length(value)
        case Unit.PENCE:
            return money(value)
        case Unit.POINTS:
            return f"{value:.1f} {'point' if f'{abs(value):.1f}' == '1.0' else 'points'}"
        case Unit.SCORE | Unit.RATIO:
            return f"{value:,.2f}"


def span(low: float | None, high: float | None, unit: Unit) -> str:
    """An interval in words, as `58.9% to 63.7%`; empty where there is none."""
    return "" if low is None or high is None else f"{say(low, unit)} to {say(high, unit)}"


def length(seconds: float) -> str:
    """A length of time in its two largest parts."""
    left, sign = round(abs(seconds)), "−" if seconds < 0 else ""
    days, hours, minutes, rest = left // 86400, left % 86400 // 3600, left % 3600 // 60, left % 60
    if not left and seconds:
        return f"{sign}{abs(seconds):.1f} s"
    parts = [f"{n} {name}" for n, name in ((days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")) if n]
    return sign + (" ".join(parts[:2]) or "0 s")


def money(pence: float) -> str:
    """Money in pounds, with pence only where there are any."""
    whole, sign = abs(round(pence)), "−" if round(pence) < 0 else ""
    return f"{sign}£{whole / 100:,.2f}" if whole % 100 else f"{sign}£{whole // 100:,}"


def brief(value: float, unit: Unit) -> str:
    """A value short enough for an axis or a bar: `12k`, `61%`, `4m`, `£1.2m`."""
    match unit:
        case Unit.SHARE:
            percent = 100 * value
            return f"{percent:.0f}%" if abs(percent - round(percent)) < 0.05 or abs(percent) >= 10 else f"{percent:.1f}%"
        case Unit.SECONDS:
            return length(value)
        case Unit.PENCE:
            return ("−" if value < 0 else "") + "£" + _short(abs(value) / 100)
        case Unit.COUNT | Unit.POINTS | Unit.SCORE | Unit.RATIO:
            return ("−" if value < 0 else "") + _short(abs(value))


def _short(value: float) -> str:
    for size, name in BIG:
        if value >= size:
            return f"{value / size:.3g}{name}"
    return f"{value:.3g}"
