"""Turns to draw from, and draws with marks, made up."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from guildhall.value.auditing.marking import Draw, GivenMark, Item
from guildhall.value.auditing.sampling import Candidate, Stratum
from guildhall.vocabulary.auditing import Fault, Group, Mark

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)


def turns(n: int, group: Group = Group.ANSWERED, language: str = "en", channel: str = "web", name: str = "t") -> list[Candidate]:
    return [Candidate(f"{name}-{group}-{language}-{channel}-{at}", f"conv-{at}", AT, group, language, channel) for at in range(n)]


def given(item: str, marks: Sequence[tuple[str, Mark, Fault | None]]) -> tuple[GivenMark, ...]:
    return tuple(GivenMark(f"mark-{item}-{at}", item, mark, fault, by, AT) for at, (by, mark, fault) in enumerate(marks))


def drawn(
    strata: Mapping[str, tuple[int, int]], marks: Mapping[str, Sequence[tuple[str, Mark, Fault | None]]],
    stand_by: int = 2, double: int = 0, gone: Sequence[str] = (),
) -> Draw:  # fmt: skip
    """A draw whose items are named after their stratum and place: `answered/english/web:1`."""
    items = []
    for key, (_, number) in strata.items():
        group, language, channel = key.split("/")
        for place in range(1, number + stand_by + 1):
            name = f"{key}:{place}"
            turn = Candidate(name, name, AT, Group(group), "en" if language == "english" else "pl", channel)
            items.append(Item(name, turn, place, name in gone, given(name, marks.get(name, ()))))
    kinds = tuple(Stratum(key, size, number) for key, (size, number) in strata.items())
    size = sum(one.drawn for one in kinds)
    return Draw("audit-1", date(2026, 10, 1), date(2026, 10, 31), size, 2, double, 1, "lead", AT, False, kinds, tuple(items))
