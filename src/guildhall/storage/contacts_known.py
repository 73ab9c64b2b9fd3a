"""Residents who agreed to be recognised by the phone number or e-mail address they gave.

What is kept is a keyed digest. A plain hash of a phone number is no protection: there are so few numbers that all can be tried in seconds.
With a key that lies in the key store alone, nobody who has only the database can do that, and destroying the key ends it for everybody.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, insert, select

from guildhall.aftercare.recontact import Recognised, Recontact, normalised, recontact
from guildhall.storage.after_schema import contacts_known
from guildhall.storage.database import Database
from guildhall.storage.handoffs import EventWriter, lock
from guildhall.storage.keys import KeyRing
from guildhall.storage.purpose_keys import PurposeKeys
from guildhall.storage.schema import conversations, events, handoffs
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import EventKind

PURPOSE: Final = "recognise contacts"


class ContactStore:
    """Repository of who agreed to be recognised."""

    def __init__(self, database: Database, keys: KeyRing, new_id: Callable[[str], str]) -> None:
        self._database = database
        self._keys = PurposeKeys(keys.database, keys.sealer)
        self._writer = EventWriter(keys, new_id)

    def recognise(self, conversation_id: str, contact: str, at: datetime) -> None:
        """Remember, with the resident's consent, that this conversation is theirs. What was agreed last counts. Raises RefusedError."""
        known_as = normalised(contact)
        if not known_as:
            raise RefusedError("that is neither a phone number nor an e-mail address.")
        digest = self._keys.digest(PURPOSE, known_as)
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            last = select(handoffs.c.service, handoffs.c.queue).where(handoffs.c.conversation_id == conversation_id)
            about = connection.execute(last.order_by(handoffs.c.requested_at.desc()).limit(1)).one_or_none()
            service, queue = (about.service, about.queue) if about else ("", "")
            connection.execute(delete(contacts_known).where(contacts_known.c.conversation_id == conversation_id))
            row = {"digest": digest, "conversation_id": conversation_id, "at": at, "service": service, "queue": queue}
            connection.execute(insert(contacts_known).values(**row))
            self._writer.note(connection, EventKind.CONTACT_RECOGNISED, at, conversation_id, {"agreed": True, "queue": queue})

    def forget(self, conversation_id: str, at: datetime) -> bool:
        """The resident took it back. False when there was nothing."""
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            gone = connection.execute(delete(contacts_known).where(contacts_known.c.conversation_id == conversation_id)).rowcount > 0
            if gone:
                self._writer.note(connection, EventKind.CONTACT_RECOGNISED, at, conversation_id, {"agreed": False})
        return gone

    def forget_everybody(self) -> bool:
        """Destroy the key: no digest leads to anybody any more, in this database or in any copy of it. False when there was none."""
        gone = self._keys.destroy(PURPOSE)
        with self._database.writing() as connection:
            connection.execute(delete(contacts_known))
        return gone

    def figure(self, since: datetime, now: datetime) -> Recontact:
        """Of the conversations that advisers closed since a time, how many were followed by another of the same person and matter."""
        closings = select(events.c.conversation_id, func.max(events.c.at).label("at")).where(
            events.c.kind == EventKind.HANDOFF_CLOSED.value, events.c.at >= since, events.c.conversation_id.is_not(None)
        )
        joined = select(contacts_known, conversations.c.started_at).join(
            conversations, conversations.c.id == contacts_known.c.conversation_id
        )
        with self._database.reading() as connection:
            closed = {row.conversation_id: row.at for row in connection.execute(closings.group_by(events.c.conversation_id))}
            rows = connection.execute(joined.where(contacts_known.c.at >= since)).all()
        known = [Recognised(r.digest, r.conversation_id, r.started_at, r.service, r.queue) for r in rows]
        return recontact(known, closed, now)
