"""The cost of an append with the log and without it, over the same database, turn about so that a slow minute harms both."""

import time
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from guildhall.bootstrap.identifiers import new_id, new_secret
from guildhall.records.sealing import Sealer
from guildhall.storage import record
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.migrating import upgrade
from guildhall.storage.record import Record
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId, TurnId
from guildhall.vocabulary.turns import Channel

AT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
FACTS = {
    "number": 1,
    "outcome": "answered",
    "signals": [{"category": "hazard", "grade": "weak", "strength": 0.31}],
    "decisions": [{"stage": "input", "effect": "allow", "rules": [], "near": [], "pack": "5" * 64}],
    "timings_ms": dict.fromkeys(("detect", "understand", "search", "answer"), 0.123),
}
WORDS = {"utterance": "When is my brown bin collected? I live in Mill Lane.", "parts": [{"text": "Every second Tuesday. " * 10}]}


def no_log() -> AbstractContextManager[object]:
    """The same writing with nothing appended to the log."""
    return patch.object(record, "append_to_log", lambda _connection, committed: [(0, 0)] * len(committed))


def measure(folder: Path, rounds: int = 30, appends: int = 100) -> dict[str, float]:
    """Lowest processor milliseconds an event of the rounds, for one event a commit (a turn alone) and sixteen (a busy minute)."""
    database = Database(f"sqlite:///{folder / 'append.sqlite3'}")
    upgrade(database)
    keys = KeyRing(Sealer(bytes(32)), database)
    writer = Record(database, keys)
    store = ConversationStore(database, keys, "measured", new_id, new_secret)
    figures: dict[str, list[float]] = {}
    for _ in range(rounds):
        for batch in (1, 16):
            for name, with_log in (("with", True), ("without", False)):
                conversation = store.start(Channel.WEB, "en", AT)[0].id
                events = [
                    Event(EventId(new_id("event")), EventKind.TURN_COMPLETED, AT, conversation, TurnId(new_id("turn")), FACTS, WORDS)
                    for _ in range(appends)
                ]
                begun = time.process_time()
                if with_log:
                    _append(writer, events, batch)
                else:
                    with no_log():
                        _append(writer, events, batch)
                figures.setdefault(f"{name}_{batch}", []).append((time.process_time() - begun) * 1000 / appends)
    database.close()
    return {name: round(min(values), 4) for name, values in figures.items()}


def _append(writer: Record, events: list[Event], batch: int) -> None:
    for start in range(0, len(events), batch):
        writer.append(events[start : start + batch])
