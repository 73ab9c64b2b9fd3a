"""How a figure is said in a sentence: whole percentages, times in words, money to the pound."""

from guildhall.value.measures.units import Unit


def figure(value: float | None, unit: Unit) -> str:
    """A value in words; a share is never rounded to none or all."""
    if value is None:
        return "not known"
    match unit:
        case Unit.SHARE:
            return _percent(value)
        case Unit.SECONDS:
            return _length(value)
        case Unit.PENCE:
            return _pounds(value)
        case Unit.POINTS:
            return f"{value:.1f} points"
        case Unit.COUNT:
            return f"{value:,.0f}"
        case _:
            return f"{value:.2f}"


def interval(low: float | None, high: float | None, unit: Unit) -> str:
    """An interval in words; empty where there is none."""
    return "" if low is None or high is None else f"{figure(low, unit)} to {figure(high, unit)}"


def _percent(value: float) -> str:
    percent = 100 * value
    if 0 < percent < 1:
        return "under 1%"
    return "over 99%" if 99 < percent < 100 else f"{percent:.0f}%"


def _length(seconds: float) -> str:
    left = round(seconds)
    hours, minutes, rest = left // 3600, left % 3600 // 60, left % 60
    parts = [f"{n} {name}{'' if n == 1 else 's'}" for n, name in ((hours, "hour"), (minutes, "minute"), (rest, "second")) if n]
    return " ".join(parts[:2]) or "no time"


def _pounds(pence: float) -> str:
    size = abs(pence) / 100
    return ("minus " if pence < 0 else "") + (f"£{size:,.0f}" if size >= 100 else f"£{size:,.2f}")
