"""Answers that come from place data rather than pages: bin days and councillors, given as a passage that can be cited."""

from datetime import date, timedelta

from guildhall.knowledge.places import Places, Street
from guildhall.vocabulary.ids import PassageId, SourceId
from guildhall.vocabulary.passages import Passage

STREAMS = {
    "refuse": "General waste (black bin)",
    "recycling": "Recycling (blue bin)",
    "garden": "Garden waste (brown bin)",
    "food": "Food waste (green caddy)",
}
LOOK_AHEAD_WEEKS = 20


def look_up(kind: str, street: Street, places: Places, today: date) -> Passage | None:
    """The passage that answers a lookup of this kind for a street; None when the place data do not hold it."""
    if kind == "bin_days":
        return _bin_days(street, places, today)
    if kind in ("councillor", "ward"):
        return _councillors(street, places)
    return None


def in_words(day: date) -> str:
    """A date as councils write it: Friday 4 December 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def next_collections(street: Street, places: Places, today: date) -> dict[str, tuple[date, str]]:
    """For each stream of the street's round, the next day of collection (holiday shifts applied) and a note."""
    found: dict[str, tuple[date, str]] = {}
    round_ = places.rounds.get(street.round)
    if round_ is None or places.week_a is None:
        return found
    moved = {shift.from_day: shift for shift in places.shifts}
    start = today - timedelta(days=today.weekday() + 7)
    for stream, week in round_.streams.items():
        for number in range(LOOK_AHEAD_WEEKS):
            monday = start + timedelta(weeks=number)
            letter = "A" if ((monday - places.week_a).days // 7) % 2 == 0 else "B"
            day = monday + timedelta(days=round_.weekday)
            if week not in ("every", letter) or not _in_season(stream, day, places):
                continue
            shift = moved.get(day)
            actual = shift.to_day if shift else day
            if actual >= today:
                found[stream] = (actual, shift.note if shift else "")
                break
    return found


def _in_season(stream: str, day: date, places: Places) -> bool:
    spans = places.seasons.get(stream)
    return spans is None or any(first <= day <= last for first, last in spans)


def _bin_days(street: Street, places: Places, today: date) -> Passage | None:
    days = next_collections(street, places, today)
    if not days:
        return None
    place = f"{street.name}, {street.town} ({street.postcode})"
    lines = [f"Next bin collections for {place}:", "", "| Bin | Next collection |", "|---|---|"]
    lines += [
        f"| {STREAMS.get(stream, stream)} | {in_words(day)} |" for stream, (day, _) in sorted(days.items(), key=lambda item: item[1][0])
    ]
    notes = dict.fromkeys(note for _, note in days.values() if note)
    lines += ["", *notes]
    if places.put_out_by:
        lines.append(f"Put each bin out by {places.put_out_by} on the day of collection.")
    return _passage("bin-days", street, "Bin collection calendar", place, "\n".join(lines), "/bins/collection-days", today)


def _councillors(street: Street, places: Places) -> Passage | None:
    members = places.councillors.get(street.ward_id, ())
    ward = places.wards.get(street.ward_id)
    if not members or ward is None:
        return None
    place = f"{street.name}, {street.town} ({street.postcode})"
    lines = [f"{place} is in {ward} ward. The councillors are:", "", "| Councillor | Party | Contact |", "|---|---|---|"]
    lines += [f"| {member.name} | {member.party} | {member.email}, {member.phone} |" for member in members]
    return _passage("councillors", street, "Find your councillor", f"{ward} ward", "\n".join(lines), "/council/councillors", None)


def _passage(kind: str, street: Street, title: str, section: str, text: str, url: str, today: date | None) -> Passage:
    identity = f"lookup:{kind}:{street.id}"
    updated = today.isoformat() if today else ""
    return Passage(PassageId(identity), SourceId(f"lookup:{kind}"), title, section, text, url, updated)
