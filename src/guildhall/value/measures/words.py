"""Figures in words."""

from guildhall.value.measures.result import Row
from guildhall.value.measures.units import Unit


def in_words(value: float | None, unit: Unit) -> str:
    """A figure with its unit: `61.3%`, `4 min 10 s`, `£1,200.50`, `5.2 points`; `not known` where there is none."""
    if value is None:
        return "not known"
    match unit:
        case Unit.COUNT:
            return f"{value:,.0f}"
        case Unit.SHARE:
            return f"{100 * value:.1f}%"
        case Unit.POINTS:
            return f"{value:.1f} points"
        case Unit.SECONDS:
            return _length(value)
        case Unit.PENCE:
            return f"{'−' if value < 0 else ''}£{abs(value) / 100:,.2f}"
        case _:
            return f"{value:,.2f}"


def interval_in_words(row: Row, unit: Unit) -> str:
    """The 95% interval, as `58.9% to 63.7%`; an end that lies beyond what was seen is said so; empty where there is none."""
    if row.low is None and row.high is None:
        return ""
    low = in_words(row.low, unit) if row.low is not None else "not known"
    return f"{low} to {in_words(row.high, unit) if row.high is not None else 'not known'}"


def _length(seconds: float) -> str:
    whole, sign = round(abs(seconds)), "−" if seconds < 0 else ""
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    if hours:
        return f"{sign}{hours} h {minutes} min"
    return f"{sign}{minutes} min {rest} s" if minutes else f"{sign}{rest} s"
