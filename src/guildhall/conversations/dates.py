"""Dates and times as a reply or a page says them, in the resident's language, from the wording's own day and month names."""

from datetime import date, datetime, timedelta

from guildhall.answers.wording import Wordings
from guildhall.handoffs.hours import Opening, time_in_words


def _names(wordings: Wordings, wording_id: str, language: str) -> list[str]:
    return [name.strip() for name in wordings.say(wording_id, language).replace("،", ",").split(",")]


def date_in_words(iso: str, wordings: Wordings, language: str) -> str:
    """2026-10-12 as 12 October 2026; what is no ISO date stays as it is."""
    try:
        day = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    months = _names(wordings, "page.month_names", language)
    return wordings.say("page.date", language, day=str(day.day), month=months[day.month - 1], year=str(day.year))


def day_in_words(at: datetime, wordings: Wordings, language: str) -> str:
    """Thursday 26 November."""
    weekdays, months = _names(wordings, "page.day_names", language), _names(wordings, "page.month_names", language)
    return wordings.say("page.slot_day", language, weekday=weekdays[at.weekday()], day=str(at.day), month=months[at.month - 1])


def clock_in_words(at: datetime, language: str) -> str:
    """9:30am in English, 09:30 elsewhere."""
    return time_in_words(f"{at:%H:%M}") if language == "en" else f"{at:%H:%M}"


def when_in_words(at: datetime, now: datetime, wordings: Wordings, language: str) -> str:
    """8:30am today, 8:30am tomorrow, Thursday 26 November, or 8:30am on Monday 30 November. Both times are in the council's zone."""
    days = (at.date() - now.date()) // timedelta(days=1)
    wording = {0: "time.today", 1: "time.tomorrow"}.get(days, "time.on_day")
    return wordings.say(wording, language, time=clock_in_words(at, language), day=day_in_words(at, wordings, language))


def hours_in_words(slot: Opening, language: str) -> str:
    """9:30am to 10:30am; an en dash stands for the word in other languages."""
    between = " to " if language == "en" else "–"
    return f"{clock_in_words(slot.starts_at, language)}{between}{clock_in_words(slot.ends_at, language)}"


def slot_in_words(slot: Opening, wordings: Wordings, language: str) -> str:
    """Thursday 26 November, 9:30am to 10:30am."""
    start, end = clock_in_words(slot.starts_at, language), clock_in_words(slot.ends_at, language)
    return wordings.say("page.slot", language, day=day_in_words(slot.starts_at, wordings, language), start=start, end=end)
