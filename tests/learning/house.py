"""Gaps over a database of a test's own, with an encoder that goes by letters and words, and turns that are written as they are needed."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from guildhall.knowledge.analyser import Analyser
from guildhall.learning.gathering import Gathering
from guildhall.learning.meaning import MeaningSpace
from guildhall.learning.titles import Titler
from guildhall.storage import learning_schema
from guildhall.storage.gaps import GapStore
from guildhall.storage.phrases import PhraseStore
from guildhall.storage.schema import events
from guildhall.storage.unhelped import UnhelpedReader
from guildhall.testing.embedder import HashingEmbedder
from guildhall.testing.house import FakeClock
from guildhall.understanding.redaction import redact
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId
from guildhall.vocabulary.turns import Channel
from tests.storage.memory import Memory

USUAL = ("council tax", "bulky waste collection", "parking permits", "school admissions", "housing register", "street lights", "libraries")


class FakeEncoder:
    """Texts that share words mean the same."""

    def __init__(self, identity: str = "fake@1") -> None:
        self.identity = identity
        self._hashing, self._analyser = HashingEmbedder(256), Analyser()
        self.read: list[str] = []

    def features(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.read.extend(texts)
        return self._hashing.embed([" ".join(self._analyser.terms(text)) for text in texts])


class PlainSpace(MeaningSpace):
    """Takes vectors as they are, for an encoder whose vectors tell texts apart already."""

    def __init__(self) -> None:
        pass

    def place(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        return features


class Council:
    """One council's conversations and what is learned from them."""

    def __init__(self, path: Path) -> None:
        assert learning_schema.phrases is not None
        self.memory = Memory(path)
        self.clock = FakeClock()
        self.encoder = FakeEncoder()
        database, keys = self.memory.database, self.memory.keys
        self.store = GapStore(database, keys, "testshire", self.memory.new_id)
        self.phrases = PhraseStore(database, keys, "testshire", self.memory.new_id)
        self.reader = UnhelpedReader(database, keys, "testshire")

    def gathering(self, encoder: FakeEncoder | None = None) -> Gathering:
        return Gathering(
            self.reader, self.store, encoder or self.encoder, PlainSpace(), Titler(USUAL), lambda text: redact(text).text,
            lambda: {"p1": "/page"}, self.clock, self.memory.new_id,
        )  # fmt: skip

    def start(self, language: str = "en") -> str:
        return str(self.memory.conversations.start(Channel.WEB, language, self.clock())[0].id)

    def ask(self, text: str, conversation: str = "", ago: timedelta = timedelta(), **facts: Any) -> tuple[str, str]:
        """A finished turn, to which nothing was found unless `facts` say something else; its conversation and its id."""
        conversation = conversation or self.start(str(facts.get("language", "en")))
        turn = self.memory.new_id("turn")
        words = {"utterance": text, "parts": facts.pop("parts", []), "places": [], "questions": facts.pop("questions", [text])}
        known = {"outcome": "declined", "reason": "no_evidence", "language": "en", "channel": "web", "person": "offered", "services": []}
        self.note(EventKind.TURN_COMPLETED, conversation, turn, known | facts, words, self.clock() - ago)
        return conversation, turn

    def note(
        self, kind: EventKind, conversation: str, turn: str, facts: dict[str, Any], words: Any = None, at: datetime | None = None
    ) -> None:
        event_id, turn_id = EventId(self.memory.new_id("event")), TurnId(turn) if turn else None
        self.memory.record.append([Event(event_id, kind, at or self.clock(), ConversationId(conversation), turn_id, facts, words or {})])

    def events(self, kind: EventKind) -> list[dict[str, Any]]:
        with self.memory.database.reading() as connection:
            rows = connection.execute(select(events.c.facts).where(events.c.kind == kind.value).order_by(events.c.seq))
            return [json.loads(row.facts) for row in rows]
