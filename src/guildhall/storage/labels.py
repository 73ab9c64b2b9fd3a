"""The labels of a conversation and the service it is about, as staff set them. A label never says who somebody is."""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from guildhall.storage.database import Database
from guildhall.storage.desk_schema import labels
from guildhall.storage.handoffs import EventWriter, lock, locked
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import handoffs
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.handoffs import LIVE


class LabelStore:
    """Repository of labels. `allowed` are the council's; there are no others."""

    def __init__(self, database: Database, keys: KeyRing, new_id: Callable[[str], str], allowed: Collection[str]) -> None:
        self._database = database
        self._writer = EventWriter(keys, new_id)
        self._allowed = frozenset(allowed)

    def of(self, conversation_id: str) -> frozenset[str]:
        """The labels of one conversation."""
        return self.of_each([conversation_id]).get(conversation_id, frozenset())

    def of_each(self, conversation_ids: Collection[str]) -> dict[str, frozenset[str]]:
        """The labels of many; those without any are left out."""
        query = select(labels).where(labels.c.conversation_id.in_(list(conversation_ids)))
        found: dict[str, set[str]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                found.setdefault(row.conversation_id, set()).add(row.label)
        return {key: frozenset(names) for key, names in found.items()}

    def change(
        self, conversation_id: str, by: str, at: datetime, *, add: Collection[str] = (), remove: Collection[str] = ()
    ) -> frozenset[str]:
        """Add and take off labels; what they are now. Nothing is written when nothing changes. Raises RefusedError for an unknown label."""
        if unknown := sorted(set(add) - self._allowed):
            raise RefusedError(f"`{unknown[0]}` is not a label of this council; the labels are {', '.join(sorted(self._allowed))}.")
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            mine = labels.c.conversation_id == conversation_id
            before = set(connection.execute(select(labels.c.label).where(mine)).scalars())
            added, removed = sorted(set(add) - before), sorted(set(remove) & before - set(add))
            if added or removed:
                connection.execute(delete(labels).where(mine, labels.c.label.in_(removed)))
                if added:
                    connection.execute(insert(labels), [{"conversation_id": conversation_id, "label": label} for label in added])
                facts = {"by": by, "added": added, "removed": removed}
                self._writer.note(connection, EventKind.CONVERSATION_LABELLED, at, conversation_id, facts)
        return frozenset((before | set(added)) - set(removed))

    def link(self, reference: str, service: str, by: str, at: datetime) -> None:
        """Say which service a handoff is about, for every open request of its conversation; an empty key takes the link away."""
        with self._database.writing() as connection:
            found = locked(connection, reference)
            if found.service == service:
                return
            here = (handoffs.c.conversation_id == found.conversation_id, handoffs.c.status.in_(LIVE))
            connection.execute(update(handoffs).where(*here).values(service=service))
            facts = {"reference": reference, "by": by, "service": service, "before": found.service}
            self._writer.note(connection, EventKind.CONVERSATION_LABELLED, at, found.conversation_id, facts)
