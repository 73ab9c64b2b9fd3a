"""The journal of erasures, and what is known about conversations that may be erased."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, insert, select, update

from guildhall.records.erasures import Concern, Erasure
from guildhall.records.sealing import SealError
from guildhall.storage.database import Database, in_lots
from guildhall.storage.keys import KeyRing
from guildhall.storage.knowledge import passages
from guildhall.storage.rights_schema import erasures, rights_requests
from guildhall.storage.schema import callbacks, conversations, events, handoffs, payloads
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.rights import RightsKind
from guildhall.vocabulary.signals import DISTRESS, Category, Grade
from guildhall.vocabulary.turns import Owner

SHORTEST_SAMPLE = 10
"""Bytes: what is shorter is found by chance."""
SAMPLED = 200
"""Conversations that samples are taken from, at most."""
OPEN = ("requested", "booked")


class ErasureJournal:
    """Repository of erasures."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    def find(self, target: str) -> tuple[str, ...]:
        """The conversations that a reference, a conversation or a person's reference names. Raises NotFoundError."""
        if named := self._keys.conversations_of(target):
            return named
        with self._database.reading() as connection:
            asked = connection.execute(select(rights_requests).where(rights_requests.c.reference == target)).one_or_none()
            if asked is not None and (linked := tuple(json.loads(asked.conversations))):
                return linked
            own = connection.execute(select(handoffs.c.conversation_id).where(handoffs.c.reference == target)).scalar()
            known = own or connection.execute(select(conversations.c.id).where(conversations.c.id == target)).scalar()
        if known is None and asked is not None and asked.kind == RightsKind.COMPLAINT.value:
            return (str(asked.id),)  # the words of the complaint itself
        if known is None and asked is not None:
            raise NotFoundError(f"no conversation is linked to the request {target} yet; link one with `guildhall rights link`")
        if known is None:
            raise NotFoundError(
                f"nothing here is called {target}; give the reference the resident was told, the id of a conversation, or a request's reference"
            )
        return (str(known),)

    def decided(self, erasure: Erasure) -> None:
        """Remember a decision before anything is done about it."""
        self._keep(erasure, "decided")

    def refused(self, erasure: Erasure) -> None:
        """Remember that it was decided not to erase."""
        self._keep(erasure, "refused")

    def _keep(self, erasure: Erasure, status: str) -> None:
        with self._database.writing() as connection:
            connection.execute(
                insert(erasures).values(
                    id=erasure.id,
                    status=status,
                    conversations=json.dumps(erasure.conversations),
                    rule=erasure.rule,
                    reason=erasure.reason,
                    decided_by=erasure.decided_by,
                    decided_at=erasure.decided_at,
                    certificate="",
                )
            )

    def unfinished(self) -> tuple[Erasure, ...]:
        """Decisions that are not carried out yet, the oldest first."""
        query = select(erasures).where(erasures.c.status == "decided").order_by(erasures.c.decided_at)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(Erasure(r.id, tuple(json.loads(r.conversations)), r.rule, r.reason, r.decided_by, r.decided_at) for r in rows)

    def finished(self, erasure_id: str, certificate: str) -> None:
        """Remember that all is done, with the certificate."""
        with self._database.writing() as connection:
            where = erasures.c.id == erasure_id
            connection.execute(update(erasures).where(where).values(status="done", certificate=certificate))

    def certificates(self, conversation_id: str = "") -> tuple[dict[str, Any], ...]:
        """Certificates, the newest first; those of one conversation, if one is named."""
        query = select(erasures.c.certificate).where(erasures.c.status == "done").order_by(erasures.c.decided_at.desc())
        with self._database.reading() as connection:
            found = [json.loads(text) for text in connection.scalars(query)]
        return tuple(c for c in found if not conversation_id or conversation_id in c["conversations"])

    def shut(self, conversation_ids: Collection[str]) -> None:
        """Nobody can go on with these conversations: no browser opens them, and nobody waits in a queue for them."""
        with self._database.writing() as connection:
            for lot in in_lots(sorted(conversation_ids)):
                there = conversations.c.id.in_(lot)
                connection.execute(update(conversations).where(there).values(owner=Owner.CLOSED.value, secret_digest=""))
                waiting = handoffs.c.conversation_id.in_(lot)
                connection.execute(update(handoffs).where(waiting, handoffs.c.status.in_(OPEN)).values(status="erased"))

    def concerns(self, conversation_ids: Collection[str]) -> tuple[Concern, ...]:
        """What an officer should weigh: somebody at risk, somebody still waiting, a request for the same words."""
        found: list[Concern] = []
        with self._database.reading() as connection:
            for conversation_id in conversation_ids:
                found += [Concern(conversation_id, what) for what in _concerns_of(connection, conversation_id)]
            asked = connection.execute(select(rights_requests).where(rights_requests.c.closed_at.is_(None))).all()
        for request in asked:
            if request.kind != RightsKind.ERASURE.value:
                shared = sorted(set(json.loads(request.conversations)) & set(conversation_ids))
                found += [Concern(c, f"the request {request.reference} ({request.kind}) about it is open") for c in shared]
        return tuple(found)

    def samples(self, conversation_ids: Collection[str], most: int) -> tuple[bytes, ...]:
        """Some of the words themselves, long enough to be found again, which stand in no public page."""
        found: dict[str, None] = {}
        for conversation_id in list(conversation_ids)[:SAMPLED]:
            if len(found) >= most:
                break
            found |= dict.fromkeys(self._said(conversation_id))
        with self._database.reading() as connection:
            private = [text for text in found if len(text.encode()) >= SHORTEST_SAMPLE and not _is_public(connection, text)]
        return tuple(text.encode() for text in private[:most])

    def _said(self, conversation_id: str) -> list[str]:
        """What was said, as far as it can be opened: damaged words, or a wrong master key, stand in no erasure's way."""
        try:
            return self._opened(conversation_id)
        except (NotFoundError, SealError):
            return []

    def _opened(self, conversation_id: str) -> list[str]:
        key = self._keys.get(conversation_id)
        spoken = select(payloads.c.event_id, payloads.c.sealed).where(payloads.c.conversation_id == conversation_id)
        booked = select(callbacks.c.handoff_id, callbacks.c.sealed).where(callbacks.c.conversation_id == conversation_id)
        with self._database.reading() as connection:
            rows = [*connection.execute(spoken).all(), *connection.execute(booked).all()]
        opened = [self._keys.sealer.open(key, sealed, bound) for bound, sealed in rows]
        texts = [words.get(name, "") for words in opened for name in ("utterance", "name", "phone", "needs")]
        return [text for text in texts if isinstance(text, str) and text]


def _concerns_of(connection: Connection, conversation_id: str) -> list[str]:
    found = []
    done = EventKind.TURN_COMPLETED.value
    turns = select(events.c.facts).where(events.c.conversation_id == conversation_id, events.c.kind == done)
    signals = [signal for facts in connection.scalars(turns) for signal in json.loads(facts)["signals"]]
    risks = sorted({s["category"] for s in signals if Category(s["category"]) in DISTRESS and s["grade"] == Grade.CONFIRM.value})
    if risks:
        found.append(f"somebody may have been at risk ({', '.join(risks)}): is it in the case record?")
    open_ones = select(handoffs.c.reference).where(handoffs.c.conversation_id == conversation_id, handoffs.c.status.in_(OPEN))
    found += [f"somebody still waits for a person ({reference})" for reference in connection.scalars(open_ones)]
    return found


def _is_public(connection: Connection, text: str) -> bool:
    query = select(passages.c.id).where(passages.c.text.contains(text, autoescape=True)).limit(1)
    return connection.execute(query).scalar() is not None
