"""The turns of a period that an audit may draw from: read from the record, facts only."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from sqlalchemy import Connection, select

from guildhall.storage.database import in_lots
from guildhall.storage.schema import conversations, events
from guildhall.value.auditing.sampling import Candidate, Place, group_of
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.turns import SIMULATED

FETCHED: Final = 5_000
LATE: Final = timedelta(days=1)
"""A turn ends at most so long after its words came; the day that counts is the day on which they came."""


def frame(connection: Connection, council: str, since: date, until: date, zone: tzinfo) -> tuple[tuple[Candidate, ...], bool]:
    """Every turn that came in on these days of the council's and can be judged, and whether they are simulated.

    Simulated ones are given only where there is no real one in the period, so that the two are never mixed.
    """
    real: list[Candidate] = []
    made: list[Candidate] = []
    for row in _turns(connection, council, since, until, zone):
        facts = json.loads(row.facts)
        at = datetime.fromisoformat(facts["received_at"]) if "received_at" in facts else row.at
        group = group_of(facts["outcome"], facts["reason"])
        if group is None or not since <= at.astimezone(zone).date() <= until:
            continue
        meant: dict[str, Any] = next((matches[0] for matches in facts.get("services", ()) if matches), {})
        candidate = Candidate(
            row.turn_id, row.conversation_id, at.astimezone(UTC), group, facts.get("language") or "", facts.get("channel") or row.channel,
            meant.get("key") or "", next(iter(facts.get("wards", ())), ""),
        )  # fmt: skip
        (made if row.source == SIMULATED else real).append(candidate)
    return (tuple(real), False) if real else (tuple(made), bool(made))


def _turns(connection: Connection, council: str, since: date, until: date, zone: tzinfo) -> Iterator[Any]:
    first = datetime.combine(since, time(), zone).astimezone(UTC)
    last = (datetime.combine(until, time(), zone) + timedelta(days=1)).astimezone(UTC) + LATE
    columns = (
        events.c.seq,
        events.c.at,
        events.c.turn_id,
        events.c.conversation_id,
        events.c.facts,
        conversations.c.source,
        conversations.c.channel,
    )
    query = (
        select(*columns)
        .join(conversations, conversations.c.id == events.c.conversation_id)
        .where(
            conversations.c.council == council, events.c.kind == EventKind.TURN_COMPLETED.value, events.c.at >= first, events.c.at < last
        )
        .order_by(events.c.seq)
        .limit(FETCHED)
    )
    after = 0
    while rows := connection.execute(query.where(events.c.seq > after)).all():
        yield from rows
        after = rows[-1].seq


def with_arms(connection: Connection, places: Sequence[Place]) -> tuple[Place, ...]:
    """The places with the arm of the trial, if any, to which each conversation belonged."""
    arms: dict[str, str] = {}
    for lot in in_lots(sorted({place.candidate.conversation_id for place in places})):
        query = select(events.c.conversation_id, events.c.facts).where(
            events.c.kind == EventKind.CONVERSATION_STARTED.value, events.c.conversation_id.in_(lot)
        )
        arms |= {row.conversation_id: str(json.loads(row.facts).get("arm", "")) for row in connection.execute(query)}
    return tuple(replace(place, candidate=replace(place.candidate, arm=arms.get(place.candidate.conversation_id, ""))) for place in places)
