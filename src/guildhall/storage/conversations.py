"""Conversations: started with a secret that binds them to one resident, and read back from the record."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from guildhall.conversations.recording import heard_piece, pack_of_turn, part_from_json, past_turn
from guildhall.storage.database import Database
from guildhall.storage.handoffs import EventWriter, lock, own, start_afresh
from guildhall.storage.keys import KeyRing
from guildhall.storage.record import write_events
from guildhall.storage.schema import conversations, events, payloads
from guildhall.storage.trials import assigned_in
from guildhall.vocabulary.calls import PartHeard, heard_parts
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId
from guildhall.vocabulary.outcomes import Outcome
from guildhall.vocabulary.supervision import SENT
from guildhall.vocabulary.turns import SIMULATED, Channel, Conversation, Owner, ReplyPart

LOOK_BACK_TURNS = 8


@dataclass(frozen=True, slots=True)
class TranscriptTurn:
    """One turn as it can be shown again, without words once they were erased.

    `completed` is false when the process died before the turn ended. `heard` is what a caller heard of each part; None where words are read.
    """

    id: TurnId
    utterance: str
    parts: tuple[ReplyPart, ...]
    at: datetime
    completed: bool
    facts: dict[str, Any]
    heard: Mapping[int, PartHeard] | None = None


class ConversationStore:
    """Repository of conversations for one council."""

    def __init__(
        self, database: Database, keys: KeyRing, council: str, new_id: Callable[[str], str], new_secret: Callable[[], str]
    ) -> None:
        self._database = database
        self._keys = keys
        self._council = council
        self._new_id = new_id
        self._new_secret = new_secret

    def start(
        self, channel: Channel, language: str, at: datetime, source: str = "", beside: Callable[[Connection, str], None] | None = None
    ) -> tuple[Conversation, str]:
        """A new conversation and the secret that opens it. Only the secret's digest is stored.

        `source` stands for where it comes from, so that a flood from one place waits its turn; it must not say who it is. That a conversation
        is simulated stands in its event too. `beside` writes more in the same transaction.
        """
        conversation_id, secret = self._new_id("conversation"), self._new_secret()
        self._keys.create(conversation_id)  # first: a key without a conversation harms nobody
        with self._database.writing() as connection:
            connection.execute(
                insert(conversations).values(
                    id=conversation_id,
                    council=self._council,
                    channel=channel.value,
                    language=language,
                    owner=Owner.ASSISTANT.value,
                    secret_digest=_digest(secret),
                    started_at=at,
                    source=source,
                )
            )
            event = Event(
                EventId(self._new_id("event")),
                EventKind.CONVERSATION_STARTED,
                at,
                ConversationId(conversation_id),
                facts={"channel": channel.value, "language": language, "council": self._council}
                | ({"simulated": True} if source == SIMULATED else {}),
            )
            write_events(connection, self._keys, [event])
            if beside:
                beside(connection, conversation_id)
        return Conversation(ConversationId(conversation_id), channel, Owner.ASSISTANT, language), secret

    def holds_secret(self, conversation_id: str, secret: str) -> bool:
        """Whether the secret opens the conversation, compared in constant time."""
        with self._database.reading() as connection:
            stored = connection.execute(
                select(conversations.c.secret_digest).where(conversations.c.id == conversation_id, conversations.c.council == self._council)
            ).scalar()
        return hmac.compare_digest(stored or "", _digest(secret)) if stored else False

    def load(self, conversation_id: ConversationId) -> Conversation | None:
        """The conversation with its last turns, or None."""
        with self._database.reading() as connection:
            row = connection.execute(select(conversations).where(conversations.c.id == conversation_id)).one_or_none()
            if row is None:
                return None
            turns = self._past(connection, conversation_id, row.context_from)
            heard = self._heard(connection, conversation_id, list(turns)) if row.channel == Channel.PHONE.value else None
            assigned = assigned_in(connection, self._council, conversation_id) if row.channel == Channel.WEB.value else None
        past = tuple(past_turn(*turn, None if heard is None else heard.get(turn_id, {})) for turn_id, turn in turns.items())
        pack = next((pack for facts, _ in turns.values() if (pack := pack_of_turn(facts))), "")
        return Conversation(conversation_id, Channel(row.channel), Owner(row.owner), row.language, past, pack, assigned)

    def owner_of(self, conversation_id: ConversationId) -> Owner | None:
        """Who owns the conversation now, or None when there is none of that id."""
        with self._database.reading() as connection:
            owner = connection.execute(select(conversations.c.owner).where(conversations.c.id == conversation_id)).scalar()
        return Owner(owner) if owner else None

    def reopen(self, conversation_id: ConversationId, at: datetime) -> Conversation | None:
        """Give a closed conversation back to the assistant, with nothing of before as context. One that is not closed stays as it is."""
        with self._database.writing() as connection:
            if lock(connection, conversation_id).owner == Owner.CLOSED.value:
                own(connection, EventWriter(self._keys, self._new_id), conversation_id, Owner.ASSISTANT, "", at)
                start_afresh(connection, conversation_id)
        return self.load(conversation_id)

    def _past(self, connection: Connection, conversation_id: str, after: int) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
        query = (
            select(events.c.id, events.c.turn_id, events.c.facts, payloads.c.sealed)
            .join(payloads, payloads.c.event_id == events.c.id)
            .where(events.c.conversation_id == conversation_id, events.c.kind == EventKind.TURN_COMPLETED.value, events.c.seq > after)
            .order_by(events.c.seq.desc())
            .limit(LOOK_BACK_TURNS)
        )
        rows = connection.execute(query).all()
        if not rows:
            return {}
        try:
            key = self._keys.get(conversation_id)
        except NotFoundError:
            return {}  # erased a moment ago: the rows are about to go
        turns = {row.turn_id: (json.loads(row.facts), self._keys.sealer.open(key, row.sealed, row.id)) for row in reversed(rows)}
        for row in self._checked(connection, conversation_id, list(turns)):
            facts, words = turns[row.turn_id]
            later = self._keys.sealer.open(key, row.sealed, row.id)
            answered = facts | ({"outcome": Outcome.ANSWERED.value} if json.loads(row.facts)["status"] in SENT else {})
            turns[row.turn_id] = (answered, words | {"parts": [*words.get("parts", ()), *later.get("parts", ())]})
        return turns

    def _heard(self, connection: Connection, conversation_id: str, turn_ids: list[str]) -> dict[str, dict[int, PartHeard]]:
        """What a caller heard of these turns' replies."""
        query = (
            select(events.c.id, events.c.turn_id, events.c.facts, payloads.c.sealed)
            .join(payloads, payloads.c.event_id == events.c.id)
            .where(
                events.c.conversation_id == conversation_id,
                events.c.kind == EventKind.REPLY_HEARD.value,
                events.c.turn_id.in_(turn_ids),
            )
            .order_by(events.c.seq)
        )
        pieces: dict[str, list[tuple[int, str, bool]]] = {}
        for row in connection.execute(query):
            words = self._keys.sealer.open(self._keys.get(conversation_id), row.sealed, row.id)
            pieces.setdefault(row.turn_id, []).append(heard_piece(json.loads(row.facts), words))
        return {turn_id: heard_parts(of_turn) for turn_id, of_turn in pieces.items()}

    def _checked(self, connection: Connection, conversation_id: str, turn_ids: list[str]) -> Sequence[Any]:
        """What came later of answers that an adviser checked: whatever is asked next may lean on it like on any other."""
        return connection.execute(
            select(events.c.id, events.c.turn_id, events.c.facts, payloads.c.sealed)
            .join(payloads, payloads.c.event_id == events.c.id)
            .where(
                events.c.conversation_id == conversation_id,
                events.c.kind == EventKind.DRAFT_DECIDED.value,
                events.c.turn_id.in_(turn_ids),
            )
            .order_by(events.c.seq)
        ).all()

    def set_language(self, conversation_id: str, language: str) -> None:
        """Remember the language the resident chose on the page."""
        with self._database.writing() as connection:
            connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(language=language))

    def transcript(self, conversation_id: str) -> tuple[TranscriptTurn, ...]:
        """Every turn, oldest first, the interrupted ones included."""
        query = (
            select(events.c.id, events.c.kind, events.c.at, events.c.turn_id, events.c.facts, payloads.c.sealed)
            .outerjoin(payloads, payloads.c.event_id == events.c.id)
            .where(events.c.conversation_id == conversation_id, events.c.turn_id.is_not(None))
            .order_by(events.c.seq)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return ()
        sealed = any(row.sealed for row in rows)
        try:
            key = self._keys.get(conversation_id) if sealed else None
        except NotFoundError:
            key = None
        grouped: dict[str, list[tuple[Any, dict[str, Any]]]] = {}
        for row in rows:
            words = self._keys.sealer.open(key, row.sealed, row.id) if row.sealed and key else {}
            grouped.setdefault(row.turn_id, []).append((row, words))
        return tuple(_shown_turn(turn_id, rows) for turn_id, rows in grouped.items())


def _shown_turn(turn_id: str, rows: list[tuple[Any, dict[str, Any]]]) -> TranscriptTurn:
    utterance, parts, facts, completed = "", [], {}, False
    later: list[Any] = []
    pieces: list[tuple[int, str, bool]] = []
    for row, words in rows:
        utterance = words.get("utterance", utterance)
        if row.kind == EventKind.REPLY_PART_PREPARED.value:
            parts.extend([words["part"]] if "part" in words else [])
        elif row.kind == EventKind.TURN_COMPLETED.value:
            parts, facts, completed = list(words.get("parts", parts)), json.loads(row.facts), True
        elif (
            row.kind == EventKind.DRAFT_DECIDED.value
        ):  # an answer that an adviser checked comes after the turn, and may come before its end
            later.extend(words.get("parts", ()))
        elif row.kind == EventKind.REPLY_HEARD.value:
            pieces.append(heard_piece(json.loads(row.facts), words))
    heard = heard_parts(pieces) if facts.get("channel") == Channel.PHONE.value else None
    shown = tuple(part_from_json(part) for part in (*parts, *later))
    return TranscriptTurn(TurnId(turn_id), utterance, shown, rows[0][0].at, completed, facts, heard)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
