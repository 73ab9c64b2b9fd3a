"""The front door, today and over the period: contacts, how they ended, waits, and people in distress."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import mean

from guildhall.storage.analysis.pictures import Asked, Hour, hours
from guildhall.web.charts import Column, Figure, Point, Series, Unit, columns, lines, say
from guildhall.web.console.value.ladder import ladder_bars, ladder_by
from guildhall.web.console.value.sight import Page, Sight, View
from guildhall.web.console.value.tiles import split_bars, tiles, unit_of

WEEKS = 4
PATH = "/console/value"


def front_door(sight: Sight) -> View:
    """The dashboard."""
    figures = [today(sight), ladder_bars(sight), trend(sight), arrivals(sight), ladder_by(sight, "channel", "by-channel", "By channel")]
    service = split_bars(sight, "verified_share", "service", "by-service", "Resolved (verified) by service")
    made = tiles(
        sight, "contacts", "verified_share", "recontact_7d", "human_honoured", "wait_p50", "wait_p90", "abandonment", "distress_to_person"
    )
    return View([figure for figure in (*figures, service) if figure is not None], {"tiles": made, "so_far": so_far(sight)})


def _days(sight: Sight) -> tuple[date, dict[date, dict[int, int]]]:
    """Contacts by day and hour of the last five of this weekday; narrowed as the page is."""
    day = sight.snapshot.today
    asked = Asked(day - timedelta(days=7 * WEEKS), day, dict(sight.asking.where), sight.snapshot.simulated)
    found: Sequence[Hour] = sight.snapshot.picture(hours, asked)
    by_day: dict[date, dict[int, int]] = defaultdict(lambda: dict.fromkeys(range(24), 0))
    for row in found:
        if (day - row.day).days % 7 == 0:
            by_day[row.day][row.hour] += row.n
    return day, by_day


def so_far(sight: Sight) -> dict[str, str]:
    """Today in words: how many so far, and how many by the last full hour, on this day and on the same weekday before."""
    day, by_day = _days(sight)
    until = _hour(sight)
    now = sum(n for hour, n in by_day.get(day, {}).items() if hour <= until)
    before = [sum(n for hour, n in counts.items() if hour < until) for on, counts in by_day.items() if on != day]
    if not before:
        return {"now": f"{now:,}", "before": f"No earlier {day:%A} is in the record to compare with."}
    by_then = sum(n for hour, n in by_day.get(day, {}).items() if hour < until)
    before_words = f"{mean(before):,.0f} on average on the last {len(before)} {day:%A}{'' if len(before) == 1 else 's'}"
    return {"now": f"{now:,}", "before": f"By {until:02}:00 there were {by_then:,}, and {before_words}."}


def _hour(sight: Sight) -> int:
    """The hour that is under way on the council's clocks."""
    return sight.snapshot.as_at.astimezone(sight.visit.console.guildhall.profile.calendar.zone).hour


def today(sight: Sight) -> Figure:
    """Contacts hour by hour: today, and on average on the same weekday."""
    day, by_day = _days(sight)
    until = _hour(sight)
    before = [counts for on, counts in by_day.items() if on != day]
    usual = tuple(Point(hour, mean(counts[hour] for counts in before) if before else None) for hour in range(24))
    now = tuple(Point(hour, by_day[day][hour] if day in by_day and hour <= until else None) for hour in range(24))
    told = so_far(sight)
    return lines(
        "today", "Today so far", f"{told['now']} {'contact' if told['now'] == '1' else 'contacts'} today so far. {told['before']}",
        [Series(f"{day:%A} {day.day} {day:%B}", now), Series(f"The last {len(before)} {day:%A}s, on average", usual)] if before else [Series("Today", now)],
        Unit.COUNT, names=[f"{hour:02}:00" for hour in range(24)], column="Hour",
        note="The current hour is not over yet.", csv=sight.asking.link(f"{PATH}/figures/today.csv"),
    )  # fmt: skip


def trend(sight: Sight) -> Figure | None:
    """Verified resolution over the period with its interval, by day or by week."""
    by = "week" if sight.asking.long else "day"
    result = sight.measure("verified_share", by)
    if result is None:
        return None
    unit = unit_of(result)
    points = tuple(Point(at, row.value, row.low, row.high, row.n) for at, row in enumerate(result.rows))
    days = [row.value for row in result.rows if row.value is not None]
    whole = sight.measure("verified_share")
    finding = "No contact is old enough to judge yet. Guildhall waits 7 days to see whether the resident comes back."
    if whole is not None and days:
        over = (
            f"{say(whole.rows[0].value, unit)} over the period. Single {by}s were between {say(min(days), unit)} and {say(max(days), unit)}"
        )
        finding = f"{over}. Where there were few contacts, the intervals are wide."
    return lines(
        "trend", "Resolved (verified) over time", finding, [Series("Verified", points)], unit,
        names=[sight.name(by, row.group) for row in result.rows], column=by.capitalize(),
        note="Contacts less than 7 days old are left out, because nobody knows yet whether those residents will come back.", csv=sight.asking.link(f"{PATH}/figures/trend.csv"),
    )  # fmt: skip


def arrivals(sight: Sight) -> Figure:
    """Contacts over the period, by channel."""
    by = "week" if sight.asking.long else "day"
    found: dict[str, dict[str, float]] = defaultdict(dict)
    channels = [channel for channel, _ in sight.snapshot.groups("channel")][:4]
    for channel in channels:
        where = dict(sight.asking.where) | {"channel": channel}
        if sight.asking.where.get("channel") in (None, channel):
            split = sight.snapshot.measure("contacts", sight.asking.since, sight.asking.until, by, where)
            for row in split.rows if split else ():
                found[row.group][channel] = row.value or 0.0
    bars = [Column(sight.name(by, group), tuple(found[group].get(channel, 0.0) for channel in channels)) for group in sorted(found)]
    busiest = max(bars, key=lambda bar: sum(bar.parts), default=None)
    finding = (
        f"The busiest {by} was {busiest.name}, with {sum(busiest.parts):,.0f} contacts."
        if busiest
        else "There are no contacts in this period."
    )
    names = [sight.name("channel", channel) for channel in channels]
    return columns(
        "arrivals", f"Contacts by {by}", finding, names, bars, column=by.capitalize(), csv=sight.asking.link(f"{PATH}/figures/arrivals.csv")
    )


PAGE = Page(PATH, "Front door", "The front door", "front_door.html", front_door)
