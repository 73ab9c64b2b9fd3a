"""Reads what the record is compared with: its own log, the rows that other repositories wrote, and the turns that never ended."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from guildhall.records.commitments import as_stored
from guildhall.records.comparing import Comparison, EventRow, named_fields
from guildhall.records.findings import Finding, FindingKind
from guildhall.records.journal import PROMISES, Happened
from guildhall.records.log_record import FIRST
from guildhall.records.merkle import Frontier, range_root
from guildhall.records.sealing import SealError
from guildhall.storage.after_schema import safeguarding_records
from guildhall.storage.calls_schema import calls
from guildhall.storage.keys import KeyRing
from guildhall.storage.log import READ_AT_ONCE, LogHashes, log_checkpoints, log_records
from guildhall.storage.schema import callbacks, conversations, events, handoffs, payloads
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import EventKind

TURN_TAKES_AT_MOST = timedelta(minutes=10)

Progress = Callable[[int], None]


def compare_log(connection: Connection, keys: KeyRing | None, progress: Progress = lambda _done: None, start: int = 0) -> Iterator[Finding]:
    """The log against itself, the signed roots and the events. With `keys`, what was said is opened and compared as well.

    From record `start` on: what is before it counts by the hashes that are kept of it.
    """
    roots = {row.size: row.root for row in connection.execute(select(log_checkpoints.c.size, log_checkpoints.c.root)) if row.size}
    comparison = Comparison(roots, erased_in(connection), *_before(connection, start))
    after = start - 1
    while rows := connection.execute(_RECORDS.where(log_records.c.seq > after)).all():
        stored = _stored_events(connection, keys, [_named(row.record) for row in rows])
        for row in rows:
            yield from comparison.take(row.seq, row.leaf, row.record, stored.get(_named(row.record)))
        after = rows[-1].seq
        progress(after + 1)
    yield from comparison.end()
    outside = select(events.c.id, events.c.kind, events.c.at).outerjoin(log_records, log_records.c.seq == events.c.log_seq)
    for row in connection.execute(outside.where(log_records.c.seq.is_(None))):
        yield Finding(FindingKind.EVENT_NOT_IN_LOG, f"event {row.id} ({row.kind}) is not in the log", row.id, row.at)


def _before(connection: Connection, start: int) -> tuple[Frontier, str]:
    """The edge of the tree over the first `start` records, and the hash of the last of them."""
    if start == 0:
        return Frontier(), FIRST
    hashes, peaks, first = LogHashes(connection), list[bytes](), 0
    for height in reversed(range(start.bit_length())):
        if start >> height & 1:
            peaks.append(range_root(hashes, first, first + (1 << height)))
            first += 1 << height
    return Frontier(start, peaks), hashes.read(0, start - 1, start)[0].hex()


def compare_rows(connection: Connection, now: datetime) -> Iterator[Finding]:
    """Conversations, calls, requests for a person and callbacks that no event speaks of, and turns that were received and never completed."""
    started = {row.conversation_id for row in _said(connection, EventKind.CONVERSATION_STARTED)}
    for begun in connection.execute(select(conversations.c.id, conversations.c.started_at)):
        if begun.id not in started:
            yield Finding(FindingKind.ROW_WITHOUT_EVENT, f"conversation {begun.id} has no ConversationStarted", begun.id, begun.started_at)
    rang = {row.conversation_id for row in _said(connection, EventKind.CALL_BEGAN)}
    for call in connection.execute(select(calls.c.conversation_id, calls.c.began_at)):
        if call.conversation_id not in rang:
            what = f"the call that is conversation {call.conversation_id} has no CallBegan"
            yield Finding(FindingKind.ROW_WITHOUT_EVENT, what, call.conversation_id, call.began_at)
    requested = _references(connection, EventKind.HANDOFF_REQUESTED)
    for asked in connection.execute(select(handoffs.c.reference, handoffs.c.conversation_id, handoffs.c.requested_at)):
        if (asked.conversation_id, asked.reference) not in requested:
            what = f"the request for a person {asked.reference} has no HandoffRequested"
            yield Finding(FindingKind.ROW_WITHOUT_EVENT, what, asked.conversation_id, asked.requested_at)
    booked = _references(connection, EventKind.CALLBACK_BOOKED)
    joined = callbacks.join(handoffs, handoffs.c.id == callbacks.c.handoff_id)
    columns = (handoffs.c.reference, callbacks.c.conversation_id, callbacks.c.booked_at)
    for callback in connection.execute(select(*columns).select_from(joined)):
        if (callback.conversation_id, callback.reference) not in booked:
            what = f"the callback on {callback.reference} has no CallbackBooked"
            yield Finding(FindingKind.ROW_WITHOUT_EVENT, what, callback.conversation_id, callback.booked_at)
    yield from _unfinished(connection, now)


def compare_safeguarding(connection: Connection, categories: frozenset[str]) -> Iterator[Finding]:
    """Requests for a person about somebody at risk that have no safeguarding record, and records that no event speaks of.

    Requests from before there were any records are not looked at.
    """
    kept = connection.execute(select(safeguarding_records.c.id, safeguarding_records.c.conversation_id, safeguarding_records.c.raised_at))
    rows = {row.id: row for row in kept}
    raised = list(_said(connection, EventKind.SAFEGUARDING_RAISED))
    named = {json.loads(row.facts).get("record", "") for row in raised}
    for row in rows.values():
        if row.id not in named:
            what = f"the safeguarding record {row.id} has no SafeguardingRaised"
            yield Finding(FindingKind.ROW_WITHOUT_EVENT, what, row.conversation_id, row.raised_at)
    began = min((row.at for row in raised), default=None)
    here = {(row.conversation_id, json.loads(row.facts).get("category", "")) for row in raised if _record_of(row) in rows}
    for kind in (EventKind.HANDOFF_REQUESTED, EventKind.HANDOFF_RAISED) if began else ():
        for row in _said(connection, kind):
            category = json.loads(row.facts).get("category", "")
            if category in categories and row.at >= began and (row.conversation_id, category) not in here:
                what = f"the request for a person {json.loads(row.facts).get('reference', '')} has no safeguarding record"
                yield Finding(FindingKind.RECORD_MISSING, what, row.conversation_id or "", row.at)


def _record_of(row: Any) -> str:
    return str(json.loads(row.facts).get("record", ""))


def happened_since(connection: Connection, since: datetime) -> Iterator[Happened]:
    """The events that the web edge's journal promises, from a time on."""
    promised = {kind.value for kind in PROMISES.values()}
    query = select(events).where(events.c.at >= since, events.c.kind.in_(promised)).order_by(events.c.seq)
    for row in connection.execute(query):
        yield Happened(row.id, EventKind(row.kind), row.at, row.conversation_id or "", row.turn_id or "")


def _unfinished(connection: Connection, now: datetime) -> Iterator[Finding]:
    done = {row.turn_id for row in _said(connection, EventKind.TURN_COMPLETED)}
    for row in _said(connection, EventKind.UTTERANCE_RECEIVED):
        if row.turn_id not in done and row.at < now - TURN_TAKES_AT_MOST:
            what = f"turn {row.turn_id} was received and never completed"
            yield Finding(FindingKind.TURN_UNFINISHED, what, row.conversation_id or "", row.at)


_RECORDS = select(log_records).order_by(log_records.c.seq).limit(READ_AT_ONCE)


def _named(record: bytes) -> str:
    """The event a record speaks of."""
    return str(named_fields(record).get("id", ""))


def _stored_events(connection: Connection, keys: KeyRing | None, ids: list[str]) -> dict[str, EventRow]:
    joined = events.outerjoin(payloads, payloads.c.event_id == events.c.id)
    query = select(events, payloads.c.sealed, payloads.c.words_salt).select_from(joined).where(events.c.id.in_(ids))
    return {row.id: _event_row(keys, row) for row in connection.execute(query).all()}


def _event_row(keys: KeyRing | None, row: Row[Any]) -> EventRow:
    words = _opened(keys, row) if keys and row.sealed is not None else None
    return EventRow(
        place=row.log_seq,
        id=row.id,
        kind=row.kind,
        at=row.at,
        conversation=row.conversation_id or "",
        turn=row.turn_id or "",
        facts=row.facts,
        facts_salt=row.facts_salt,
        sealed=row.sealed,
        words_salt=row.words_salt,
        words=words,
    )


def _opened(keys: KeyRing, row: Row[Any]) -> bytes:
    try:
        return as_stored(keys.sealer.open(keys.get(row.conversation_id), row.sealed, row.id)).encode()
    except (SealError, NotFoundError):
        return b""  # words that cannot be opened are not the words that were committed to


def erased_in(connection: Connection) -> frozenset[str]:
    """The conversations that an erasure names, by its event's own conversation or in its facts."""
    found: set[str] = set()
    for row in _said(connection, EventKind.WORDS_ERASED):
        named = json.loads(row.facts).get("conversations", [])
        listed = named if isinstance(named, list) else []  # the event that ends an erasure says only how many there were
        found |= {row.conversation_id or "", *(name for name in listed if isinstance(name, str))}
    return frozenset(found - {""})


def _references(connection: Connection, kind: EventKind) -> set[tuple[str, str]]:
    return {(row.conversation_id, json.loads(row.facts).get("reference", "")) for row in _said(connection, kind)}


def _said(connection: Connection, kind: EventKind) -> Iterator[Any]:
    """The events of a kind."""
    query = select(events.c.conversation_id, events.c.turn_id, events.c.at, events.c.facts)
    yield from connection.execute(query.where(events.c.kind == kind.value))
