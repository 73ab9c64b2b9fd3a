"""What pages draw beside measures: flows between stages, how long people wait, what is not answered, who took over from whom.

Every query counts contacts of the days asked for, either real ones or simulated ones and never both. Text from outside is only ever a
parameter; names of columns come from the closed list `NARROWED`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol

from guildhall.vocabulary.errors import RefusedError

NARROWED: Final = ("channel", "language", "service", "ward")
HAPPENED: Final = """CASE
    WHEN rung = 'blocked' THEN 'stopped' WHEN person_reached THEN 'person' WHEN person_brought OR asked_person THEN 'no_person'
    WHEN answered THEN 'answered' ELSE 'not_answered' END"""
AGAIN: Final = "CASE WHEN again_7d THEN 'again' WHEN NOT again_7d THEN 'not_again' ELSE 'not_known' END"


class Queried(Protocol):
    """The views of an export."""

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a question."""


@dataclass(frozen=True)
class Asked:
    """Which contacts: of the days from `since` to `until`, both included, narrowed by `where`, simulated or real."""

    since: date
    until: date
    where: Mapping[str, str] = field(default_factory=dict)
    simulated: bool = False

    def condition(self, view: str = "c") -> tuple[str, list[object]]:
        """SQL over the contacts named `view`, and its values. Raises RefusedError for a column that nothing is narrowed by."""
        sql, values = f"{view}.day BETWEEN ? AND ? AND coalesce({view}.simulated, false) = ?", [self.since, self.until, self.simulated]
        for name, wanted in self.where.items():
            if name not in NARROWED:
                raise RefusedError(f"a page cannot be narrowed by `{name}`; use one of {', '.join(NARROWED)}.")
            sql += f" AND coalesce({view}.{name}, '') = ?"
            values.append(wanted)
        return sql, list(values)


@dataclass(frozen=True, slots=True)
class Passage:
    """How many contacts took one way through all stages: channel, what happened, rung, whether they came again."""

    channel: str
    happened: str
    rung: str
    again: str
    n: int


def passages(views: Queried, asked: Asked) -> tuple[Passage, ...]:
    """Every way that was taken; together they are all contacts."""
    condition, values = asked.condition()
    sql = f"SELECT channel, {HAPPENED} AS happened, rung, {AGAIN} AS again, count(*) FROM contacts AS c WHERE {condition} GROUP BY ALL ORDER BY ALL"
    return tuple(Passage(str(a), str(b), str(c), str(d), int(n)) for a, b, c, d, n in views.query(sql, values))


@dataclass(frozen=True, slots=True)
class Waited:
    """So many requests for a person whose waiting ended after about so many seconds, reached or not."""

    kind: str
    seconds: float
    ending: str
    n: int


def waited(views: Queried, asked: Asked) -> tuple[Waited, ...]:
    """Requests for a person by kind: in distress (`danger`), else in or out of hours. Withdrawn ones are left out."""
    condition, values = asked.condition()
    kind = "CASE WHEN w.lane = 'danger' THEN 'danger' WHEN w.in_hours THEN 'in_hours' ELSE 'out_of_hours' END"
    sql = f"""SELECT {kind} AS kind, round(w.seconds) AS seconds, w.ending, count(*) FROM waits AS w JOIN contacts AS c USING (contact)
        WHERE {condition} AND w.ending <> 'withdrawn' AND w.seconds IS NOT NULL GROUP BY ALL ORDER BY ALL"""
    return tuple(Waited(str(kind), float(seconds), str(ending), int(n)) for kind, seconds, ending, n in views.query(sql, values))


@dataclass(frozen=True, slots=True)
class Curve:
    """The share not yet reached by a person after so many seconds, with those who left or still wait taken out when they do (Kaplan-Meier)."""

    kind: str
    n: int
    reached: int
    left: int
    places: tuple[tuple[float, float], ...]


def curves(found: Sequence[Waited]) -> tuple[Curve, ...]:
    """A curve for each kind of request, from 1 at once downwards; whoever is not reached counts as waiting until they go, not as gone at once."""
    kinds = dict.fromkeys(row.kind for row in found)
    return tuple(_curve(kind, [row for row in found if row.kind == kind]) for kind in kinds)


def _curve(kind: str, rows: Sequence[Waited]) -> Curve:
    at_risk = total = sum(row.n for row in rows)
    still, places = 1.0, [(0.0, 1.0)]
    for second in sorted({row.seconds for row in rows}):
        here = [row for row in rows if row.seconds == second]
        reached = sum(row.n for row in here if row.ending == "reached")
        if reached and at_risk:
            still *= 1 - reached / at_risk
            places.append((second, still))
        at_risk -= sum(row.n for row in here)
    reached = sum(row.n for row in rows if row.ending == "reached")
    left = sum(row.n for row in rows if row.ending == "abandoned")
    return Curve(kind, total, reached, left, tuple(places))


@dataclass(frozen=True, slots=True)
class Hour:
    """Contacts that began in one hour of one day."""

    day: date
    hour: int
    n: int


def hours(views: Queried, asked: Asked) -> tuple[Hour, ...]:
    """Contacts by day and hour, on the council's own clocks."""
    condition, values = asked.condition()
    sql = f"SELECT day, hour, count(*) FROM contacts AS c WHERE {condition} GROUP BY ALL ORDER BY ALL"
    return tuple(Hour(day, int(hour), int(n)) for day, hour, n in views.query(sql, values))


@dataclass(frozen=True, slots=True)
class Unmet:
    """What one service's residents asked and did not get: contacts, parts asked, parts not answered, turns without evidence, contacts never answered."""

    service: str
    contacts: int
    asked: int
    unanswered: int
    without_evidence: int
    never_answered: int


def unmet(views: Queried, asked: Asked) -> tuple[Unmet, ...]:
    """Unmet demand by service, the most parts without an answer first."""
    condition, values = asked.condition()
    sql = f"""WITH asked AS (SELECT * FROM contacts AS c WHERE {condition}),
        declined AS (
            SELECT t.contact, count(*) AS turns FROM turns AS t JOIN asked USING (contact)
            WHERE t.reason IN ('no_evidence', 'no_approved_text', 'part_unanswered') GROUP BY t.contact
        )
        SELECT coalesce(c.service, ''), count(*), sum(c.parts_asked), sum(greatest(c.parts_asked - c.parts_answered, 0)),
            coalesce(sum(d.turns), 0), count(*) FILTER (c.parts_asked > 0 AND NOT c.answered AND NOT c.person_reached)
        FROM asked AS c LEFT JOIN declined AS d USING (contact) GROUP BY 1"""
    found = [Unmet(str(row[0]), *(int(value or 0) for value in row[1:])) for row in views.query(sql, values)]
    return tuple(sorted(found, key=lambda row: (-row.unanswered, row.service)))


def reasons(views: Queried, asked: Asked) -> tuple[tuple[str, int], ...]:
    """Why turns were not answered: reasons of turns that were declined, failed or handed over, with how many, the most common first.

    Left out are turns in which nothing was asked of us: silence, thanks, and what a resident wrote to an adviser.
    """
    condition, values = asked.condition()
    sql = f"""SELECT t.reason, count(*) AS n FROM turns AS t JOIN contacts AS c USING (contact)
        WHERE {condition} AND t.kind <> 'nothing' AND t.outcome IN ('declined', 'fail_safe', 'handed_over', 'partly_answered')
        GROUP BY 1 ORDER BY n DESC, 1"""
    return tuple((str(reason), int(n)) for reason, n in views.query(sql, values))


@dataclass(frozen=True, slots=True)
class Team:
    """One queue: contacts a person there took first, those that can be judged, those that were wrong there, and those passed on."""

    queue: str
    taken: int
    judged: int
    wrong: int
    passed_on: int


def teams(views: Queried, asked: Asked) -> tuple[Team, ...]:
    """Each queue's first takings, the most often wrong first."""
    condition, values = asked.condition()
    sql = f"""SELECT coalesce(c.queue, ''), count(*), count(c.right_team), count(*) FILTER (c.rung = 'transferred_wrong'), count(*) FILTER (c.transfers > 0)
        FROM contacts AS c WHERE {condition} AND c.person_reached GROUP BY 1"""
    found = [Team(str(row[0]), *(int(value) for value in row[1:])) for row in views.query(sql, values)]
    return tuple(sorted(found, key=lambda row: (-row.wrong, row.queue)))


@dataclass(frozen=True, slots=True)
class Instead:
    """So many contacts that a team took first and that were for another: which, and how that is known.

    `by` is `said` (the adviser, on wrapping up), `passed_on` (to a queue) or `put_through` (the caller, to another team's number). Where `right`
    is empty nobody said which team it was for.
    """

    first: str
    right: str
    by: str
    n: int


def instead(views: Queried, asked: Asked) -> tuple[Instead, ...]:
    """For contacts that came to the wrong team, the right one, the most common first."""
    condition, values = asked.condition()
    sql = f"""SELECT coalesce(c.queue, ''), c.right_queue, c.right_by, count(*) FROM contacts AS c
        WHERE {condition} AND c.rung = 'transferred_wrong' GROUP BY ALL ORDER BY 4 DESC, 1, 2, 3"""
    return tuple(Instead(str(first), str(right), str(by), int(n)) for first, right, by, n in views.query(sql, values))


def groups(views: Queried, name: str, simulated: bool, most: int = 200) -> tuple[tuple[str, int], ...]:
    """The values that a filter offers, with their contacts. Raises RefusedError for what nothing is narrowed by."""
    if name not in NARROWED:
        raise RefusedError(f"a page cannot be narrowed by `{name}`; use one of {', '.join(NARROWED)}.")
    sql = f"SELECT coalesce({name}, ''), count(*) FROM contacts WHERE coalesce(simulated, false) = ? GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?"
    return tuple((str(value), int(n)) for value, n in views.query(sql, [simulated, most]))


@dataclass(frozen=True, slots=True)
class Extent:
    """How many real and simulated contacts an export holds, and their first and last day."""

    real: int
    simulated: int
    first: date | None
    last: date | None


def extent(views: Queried) -> Extent:
    """What there is."""
    sql = "SELECT count(*) FILTER (NOT coalesce(simulated, false)), count(*) FILTER (coalesce(simulated, false)), min(day), max(day) FROM contacts"
    ((real, simulated, first, last),) = views.query(sql)
    return Extent(int(real), int(simulated), first, last)
