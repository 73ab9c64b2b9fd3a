"""Opens a safeguarding record in the transaction that asks for a person, so that no escalation can be without one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from guildhall.storage.after_schema import safeguarding_records
from guildhall.storage.handoffs import EventWriter
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.safeguarding import Evidence


@dataclass(frozen=True, slots=True)
class Escalation:
    """The request for a person that a record is about."""

    handoff_id: str
    reference: str
    conversation_id: str
    category: str
    queue: str
    at: datetime
    out_of_hours: bool


def open_record(connection: Connection, writer: EventWriter, escalation: Escalation, evidence: Evidence | None) -> str:
    """Open the record of an escalation, unless it has one; its id, or nothing. The caller has locked the conversation.

    Without evidence it is one that the sweep found: an adviser or an older version asked for the person.
    """
    there = select(safeguarding_records.c.id).where(
        safeguarding_records.c.handoff_id == escalation.handoff_id, safeguarding_records.c.category == escalation.category
    )
    if connection.execute(there).scalar() is not None:
        return ""
    record_id = writer.new_id("safeguarding")
    of_turn = _of_turn(writer, record_id, escalation.conversation_id, evidence)
    connection.execute(
        insert(safeguarding_records).values(
            id=record_id,
            handoff_id=escalation.handoff_id,
            reference=escalation.reference,
            conversation_id=escalation.conversation_id,
            category=escalation.category,
            queue=escalation.queue,
            raised_at=escalation.at,
            next_at=escalation.at,
            out_of_hours=escalation.out_of_hours,
            found_later=evidence is None,
            **of_turn,
        )
    )
    rules: Sequence[str] = evidence.rules if evidence else ()
    facts = {
        "record": record_id,
        "reference": escalation.reference,
        "category": escalation.category,
        "queue": escalation.queue,
        "grade": evidence.grade if evidence else "",
        "pack": evidence.pack if evidence else "",
        "rules": list(rules),
        "turn": evidence.turn_id if evidence else "",
        "detectors": list(evidence.detectors) if evidence else [],
        "out_of_hours": escalation.out_of_hours,
        "found_later": evidence is None,
    }
    writer.note(connection, EventKind.SAFEGUARDING_RAISED, escalation.at, escalation.conversation_id, facts)
    return record_id


def _of_turn(writer: EventWriter, record_id: str, conversation_id: str, evidence: Evidence | None) -> dict[str, Any]:
    if evidence is None:
        return {}
    words = {"words": evidence.words, "spans": [list(span) for span in evidence.spans]}
    try:
        sealed = writer.keys.sealer.seal(writer.keys.get(conversation_id), words, record_id)
    except NotFoundError:
        sealed = b""  # erased a moment ago: the fact that it happened is kept, the words are not
    return {
        "turn_id": evidence.turn_id,
        "grade": evidence.grade,
        "pack": evidence.pack,
        "rules": json.dumps(list(evidence.rules)),
        "sealed": sealed,
    }
