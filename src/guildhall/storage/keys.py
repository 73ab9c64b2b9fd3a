"""Keys, apart from what they open: a person's key under the master key, a conversation's key under the person's.

They live in a database of their own, so that no backup holds both words and keys. Unwrapped keys stay in memory for a while;
a destroyed one is forgotten within a second by every process, because each looks at the list of what was erased.
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, delete, func, insert, select, update

from guildhall.records.sealing import Sealer
from guildhall.storage.database import Database, in_lots
from guildhall.storage.keys_schema import make_tables, subjects, tombstones, wrapped_keys
from guildhall.storage.tombstones import Tombstone, TombstoneFile
from guildhall.vocabulary.errors import NotFoundError, RefusedError

KEPT = 4096
FORGET_SECONDS = 1.0
"""A destroyed key is in use no longer than this, in any process."""
OVERLAP = 64  # on PostgreSQL a lower number may be committed after a higher one

Forgets = Callable[[Sequence[str]], None]


def random_reference(kind: str) -> str:
    """A reference that says nothing of whom it stands for."""
    return f"{kind[:4]}_{secrets.token_urlsafe(16)}"


class KeyRing:
    """The key store with its unwrapped keys in memory, least recently used dropped."""

    def __init__(
        self,
        sealer: Sealer,
        database: Database,
        erased: TombstoneFile | None = None,
        new_id: Callable[[str], str] = random_reference,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self.sealer = sealer
        self.database = database
        self._erased = erased
        self._new_id = new_id
        self._stopwatch = stopwatch
        self._kept: OrderedDict[str, AESGCM] = OrderedDict()
        self._lock = threading.Lock()
        self._looked_at = -FORGET_SECONDS
        self._seen: set[int] = set()
        self._highest: int | None = None
        self._listeners: list[Forgets] = []
        make_tables(database)

    def create(self, conversation_id: str) -> None:
        """Make the key of a new conversation, under a new key of a person we do not know yet."""
        self.add({conversation_id: b""})

    def add(self, keys: Mapping[str, bytes]) -> None:
        """Store keys for conversations, a fresh one for an empty one; what has a key, or had one that was destroyed, is left alone."""
        erased = self.erased_among(keys) if len(keys) > 1 else frozenset()
        with self.database.writing() as connection:
            there = wrapped_keys.c.conversation_id
            known = {c for lot in in_lots(sorted(keys)) for c in connection.scalars(select(there).where(there.in_(lot)))}
            made = [self._wrapped(c, key) for c, key in keys.items() if c not in known and c not in erased]
            if made:
                connection.execute(insert(subjects), [subject for subject, _ in made])
                connection.execute(insert(wrapped_keys), [key for _, key in made])

    def _wrapped(self, conversation_id: str, key: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
        """A new person's key, and the conversation's key under it, as rows."""
        subject = self._new_id("subject")
        wrapped_subject = self.sealer.new_key(subject)
        over = self.sealer.key_of(wrapped_subject, subject)
        wrapped = self.sealer.wrap(key, conversation_id, over) if key else self.sealer.new_key(conversation_id, over)
        row = {"conversation_id": conversation_id, "subject_id": subject, "wrapped": wrapped}
        return {"id": subject, "wrapped": wrapped_subject}, row

    def get(self, conversation_id: str) -> AESGCM:
        """The conversation's key. Raises NotFoundError when it was destroyed or never made."""
        self.watch()
        with self._lock:
            if key := self._kept.get(conversation_id):
                self._kept.move_to_end(conversation_id)
                return key
        with self.database.reading() as connection:
            row = self._row(connection, conversation_id)
        if row is None:
            raise NotFoundError(f"conversation {conversation_id} has no key: its words were erased, or it does not exist")
        over = self.sealer.key_of(row.over, row.subject_id)
        key = self.sealer.unwrap(row.wrapped, conversation_id, over)
        with self._lock:
            self._kept[conversation_id] = key
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return key

    def _row(self, connection: Connection, conversation_id: str) -> Any:
        return connection.execute(
            select(wrapped_keys.c.subject_id, wrapped_keys.c.wrapped, subjects.c.wrapped.label("over"))
            .join(subjects, subjects.c.id == wrapped_keys.c.subject_id)
            .where(wrapped_keys.c.conversation_id == conversation_id)
        ).one_or_none()

    def is_empty(self) -> bool:
        """Whether there is no key at all."""
        with self.database.reading() as connection:
            return connection.execute(select(subjects.c.id).limit(1)).scalar() is None

    def subject_of(self, conversation_id: str) -> str:
        """The random reference of the person a conversation belongs to. Raises NotFoundError."""
        with self.database.reading() as connection:
            row = self._row(connection, conversation_id)
        if row is None:
            raise NotFoundError(f"conversation {conversation_id} has no key: its words were erased, or it does not exist")
        return str(row.subject_id)

    def conversations_of(self, subject_id: str) -> tuple[str, ...]:
        """The conversations linked to one person; none when there is no such person."""
        query = select(wrapped_keys.c.conversation_id).where(wrapped_keys.c.subject_id == subject_id)
        with self.database.reading() as connection:
            return tuple(connection.scalars(query.order_by(wrapped_keys.c.conversation_id)))

    def link(self, conversation_ids: Sequence[str]) -> str:
        """Put conversations, and whatever is linked to them already, under the key of one person; its reference."""
        first = self.subject_of(conversation_ids[0])
        others = {self.subject_of(conversation_id) for conversation_id in conversation_ids[1:]} - {first}
        moving = [conversation_id for other in sorted(others) for conversation_id in self.conversations_of(other)]
        with self.database.writing() as connection:
            target = connection.execute(select(subjects.c.wrapped).where(subjects.c.id == first)).scalar()
            if target is None:
                raise RefusedError("the words of one of these conversations were erased meanwhile; nothing was linked")
            over = self.sealer.key_of(target, first)
            for conversation_id in moving:
                row = self._row(connection, conversation_id)
                if row is None:
                    raise RefusedError("the words of one of these conversations were erased meanwhile; nothing was linked")
                key = self.sealer.key_of(row.wrapped, conversation_id, self.sealer.key_of(row.over, row.subject_id))
                again = self.sealer.wrap(key, conversation_id, over)
                where = wrapped_keys.c.conversation_id == conversation_id
                connection.execute(update(wrapped_keys).where(where).values(subject_id=first, wrapped=again))
            connection.execute(delete(subjects).where(subjects.c.id.in_(others)))
        return first

    def destroy(self, conversation_ids: Collection[str], erasure: str, at: datetime) -> int:
        """Destroy the keys of conversations, and of people none of whose conversations is left. Safe to do again; how many there were."""
        wanted = sorted(set(conversation_ids))
        known = self.erased_among(wanted)
        new = [Tombstone(conversation_id, erasure, at) for conversation_id in wanted if conversation_id not in known]
        if self._erased is not None and new:
            self._erased.add(new)
        return self._destroy(wanted, erasure, at)

    def _destroy(self, wanted: Sequence[str], erasure: str, at: datetime) -> int:
        gone = 0
        with self.database.writing() as connection:
            for lot in in_lots(wanted):
                known = set(connection.scalars(select(tombstones.c.conversation_id).where(tombstones.c.conversation_id.in_(lot))))
                rows = [{"conversation_id": c, "erasure": erasure, "at": at} for c in lot if c not in known]
                if rows:
                    connection.execute(insert(tombstones), rows)
                gone += connection.execute(delete(wrapped_keys).where(wrapped_keys.c.conversation_id.in_(lot))).rowcount
            connection.execute(delete(subjects).where(subjects.c.id.not_in(select(wrapped_keys.c.subject_id))))
        self._forget(wanted)
        return gone

    def erased_among(self, conversation_ids: Collection[str]) -> frozenset[str]:
        """Those whose keys were destroyed."""
        found: set[str] = set()
        with self.database.reading() as connection:
            for lot in in_lots(sorted(set(conversation_ids))):
                found |= set(connection.scalars(select(tombstones.c.conversation_id).where(tombstones.c.conversation_id.in_(lot))))
        return frozenset(found)

    def all_erased(self) -> tuple[Tombstone, ...]:
        """Everything that must stay gone, by the key store and by the list outside it."""
        with self.database.reading() as connection:
            rows = connection.execute(select(tombstones).order_by(tombstones.c.seq)).all()
        stones = {row.conversation_id: Tombstone(row.conversation_id, row.erasure, row.at) for row in rows}
        for stone in self._erased or ():
            stones.setdefault(stone.conversation_id, stone)
        return tuple(stones.values())

    def catch_up(self) -> int:
        """Bring keys and the list outside in line with each other, as after a restore; how many keys had come back and are gone again."""
        stones = self.all_erased()
        written = {stone.conversation_id for stone in self._erased or ()}
        if self._erased is not None and (missing := [stone for stone in stones if stone.conversation_id not in written]):
            self._erased.add(missing)
        known = self.erased_among([stone.conversation_id for stone in stones])
        back = [stone for stone in stones if stone.conversation_id not in known]
        gone = sum(self._destroy([s.conversation_id for s in back if s.erasure == erasure], erasure, at) for erasure, at in _acts(back))
        if gone:
            self.database.scrub()
        return gone

    def when_forgotten(self, listener: Forgets) -> None:
        """Be told which conversations were erased, here or in another process."""
        self._listeners.append(listener)

    def watch(self) -> None:
        """Look, at most once a second, what other processes erased, and forget it here too."""
        now = self._stopwatch()
        with self._lock:
            if now - self._looked_at < FORGET_SECONDS:
                return
            self._looked_at = now
            since = self._highest
        with self.database.reading() as connection:
            if since is None:
                self._highest = connection.execute(select(func.coalesce(func.max(tombstones.c.seq), 0))).scalar()
                return
            query = select(tombstones.c.seq, tombstones.c.conversation_id).where(tombstones.c.seq > since - OVERLAP)
            rows = [row for row in connection.execute(query).all() if row.seq not in self._seen]
        if rows:
            self._seen = {seq for seq in self._seen if seq > since - OVERLAP} | {row.seq for row in rows}
            self._highest = max(since, *(row.seq for row in rows))
            self._forget([row.conversation_id for row in rows])

    def _forget(self, conversation_ids: Sequence[str]) -> None:
        with self._lock:
            for conversation_id in conversation_ids:
                self._kept.pop(conversation_id, None)
        for listener in self._listeners:
            listener(conversation_ids)


def _acts(stones: Sequence[Tombstone]) -> list[tuple[str, datetime]]:
    return list({stone.erasure: stone.at for stone in stones}.items())
