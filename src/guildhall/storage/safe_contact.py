"""Reads, inside the transaction that would send something, what decides whether it may be sent."""

import json
from typing import Any

from sqlalchemy import Connection, select

from guildhall.aftercare.safe_contact import Known, WhyNot, why_not
from guildhall.records.sealing import SealError
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import callbacks, events, handoffs
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import EventKind

HEARD = (EventKind.TURN_COMPLETED.value, EventKind.HANDOFF_REQUESTED.value, EventKind.HANDOFF_RAISED.value)


def why_not_write(connection: Connection, keys: KeyRing, conversation_id: str, protected: frozenset[str]) -> WhyNot | None:
    """Why nothing may be sent to the resident of a conversation; None when it may. Every message to a resident goes through here."""
    try:
        known = known_of(connection, keys, conversation_id)
    except (NotFoundError, SealError):
        return WhyNot.ERASED  # what cannot be read cannot be called safe
    return why_not(known, protected)


def known_of(connection: Connection, keys: KeyRing, conversation_id: str) -> Known:
    """What is known of a conversation. Raises NotFoundError when its callback's details cannot be opened any more."""
    sensitive, kept, heard, queues = False, set[str](), set[str](), set[str]()
    query = select(events.c.facts).where(events.c.conversation_id == conversation_id, events.c.kind.in_(HEARD))
    for row in connection.execute(query):
        facts: dict[str, Any] = json.loads(row.facts)
        sensitive = sensitive or bool(facts.get("sensitive"))
        kept |= set(facts.get("kept_from", ()))
        heard |= {str(signal["category"]) for signal in facts.get("signals", ())} | {str(facts.get("category", ""))}
    asked = select(handoffs.c.id, handoffs.c.category, handoffs.c.queue, handoffs.c.overflowed_from, callbacks.c.sealed)
    asked = asked.outerjoin(callbacks, callbacks.c.handoff_id == handoffs.c.id).where(handoffs.c.conversation_id == conversation_id)
    no_message = False
    for row in connection.execute(asked):
        heard.add(row.category)
        queues |= {row.queue, row.overflowed_from}
        if row.sealed:
            no_message = no_message or not keys.sealer.open(keys.get(conversation_id), row.sealed, row.id)["safe"]
    consent = consented(connection, conversation_id) is not None
    return Known(sensitive, frozenset(kept), frozenset(heard - {""}), frozenset(queues - {""}), no_message, consent)


def consented(connection: Connection, conversation_id: str) -> str | None:
    """The event by which the resident agreed to a summary, if that still stands."""
    asked = (events.c.conversation_id == conversation_id, events.c.kind == EventKind.FOLLOW_UP_ASKED.value)
    last = connection.execute(select(events.c.id, events.c.facts).where(*asked).order_by(events.c.seq.desc()).limit(1)).one_or_none()
    return str(last.id) if last and json.loads(last.facts).get("consent") is True else None
