"""A deployment in a folder of the test's own: real database and key store, a clock that stands still, no waiting."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from guildhall.bootstrap.identifiers import new_id, new_reference
from guildhall.bootstrap.rights import CouncilTerms, Memory, Rights, wire_rights
from guildhall.councils.loading import read_retention
from guildhall.councils.yaml_files import YamlReader
from guildhall.records.sealing import Sealer
from guildhall.settings import Settings
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.keys import KeyRing
from guildhall.storage.migrating import upgrade
from guildhall.storage.people import CallbackDetails, PeopleStore
from guildhall.storage.record import Record
from guildhall.storage.tombstones import TombstoneFile
from guildhall.testing.house import FakeClock
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId
from guildhall.vocabulary.turns import Channel
from tests.storage.where import open_database

CANARY = "kanarek-7f3a Żółty ptak"
TERMS = CouncilTerms(
    "testshire",
    "Testshire Council",
    read_retention(YamlReader(), Path("councils/_baseline"), Path("councils/none")),
    ZoneInfo("Europe/London"),
    frozenset({date(2026, 12, 25), date(2026, 12, 28)}),
)


class Deployment:
    """One process of a deployment. Two over the same folder are two processes that share nothing in memory."""

    def __init__(self, folder: Path, clock: FakeClock | None = None, wait: Callable[[], None] = lambda: None) -> None:
        self.folder = folder
        self.clock = clock or FakeClock()
        self.settings = Settings(data_dir=folder)
        self.database = open_database(folder / "guildhall.sqlite3")
        upgrade(self.database)
        keys = open_database(folder / "keys" / "keys.sqlite3")
        self.seconds = 0.0
        self.keys = KeyRing(Sealer(bytes(32)), keys, TombstoneFile(self.settings.erased), new_id, stopwatch=lambda: self.seconds)
        self.keys.catch_up()
        self.record = Record(self.database, self.keys)
        self.conversations = ConversationStore(self.database, self.keys, "testshire", new_id, lambda: "secret")
        self.people = PeopleStore(self.database, self.keys, new_id, new_reference)
        memory = Memory(self.database, self.keys, self.record, self.conversations, self.people, self.clock)
        self.rights: Rights = wire_rights(TERMS, memory, folder, self.settings.folders, wait)

    def say(self, words: str, conversation_id: str = "", **facts: Any) -> str:
        """One turn with these words, in a new conversation unless one is named."""
        if not conversation_id:
            conversation_id = self.conversations.start(Channel.WEB, "en", self.clock())[0].id
        turn = TurnId(new_id("turn"))
        part = {"kind": "wording", "text": f"About {words}", "language": "en", "wording": "hello", "question": "", "service": None}
        spoken = {"utterance": words, "parts": [{**part, "citations": [], "options": []}], "places": [], "questions": [words]}
        known = {"signals": [], "decisions": [], "outcome": "answered", "reason": "evidence", "services": []} | facts
        self.record.append(
            [
                self.event(EventKind.UTTERANCE_RECEIVED, conversation_id, turn, {}, {"utterance": words}),
                self.event(EventKind.TURN_COMPLETED, conversation_id, turn, known, spoken),
            ]
        )
        return conversation_id

    def event(self, kind: EventKind, conversation_id: str, turn: TurnId, facts: dict[str, Any], words: dict[str, Any]) -> Event:
        return Event(EventId(new_id("event")), kind, self.clock(), ConversationId(conversation_id), turn, facts, words)

    def callback(self, conversation_id: str, name: str = "Sam") -> str:
        """A booked callback; its reference."""
        reference = self.people.request(ConversationId(conversation_id), "front-desk", "person_requested", "", False, self.clock())
        self.people.book(conversation_id, reference, CallbackDetails(name, "07700 900123", False), None, self.clock())
        return reference

    def erase(self, *targets: str) -> Any:
        """Decide and carry out."""
        found = [c for target in targets for c in self.rights.journal.find(target)]
        return self.rights.erasing.carry_out(self.rights.erasing.decide(found, "a test's rule", "because it is a test", "Pat Officer"))

    def words(self, conversation_id: str) -> list[str]:
        """What can still be read of it."""
        return [turn.utterance for turn in self.conversations.transcript(conversation_id) if turn.utterance]

    def events(self, kind: EventKind) -> list[dict[str, Any]]:
        """The facts of every event of a kind, with its conversation."""
        import json

        from sqlalchemy import select

        from guildhall.storage.schema import events

        query = select(events).where(events.c.kind == kind.value).order_by(events.c.seq)
        with self.database.reading() as connection:
            return [json.loads(row.facts) | {"conversation": row.conversation_id} for row in connection.execute(query)]


def bytes_everywhere(folder: Path, needle: str) -> list[str]:
    """Files under a folder that hold the text's bytes."""
    return [str(path) for path in sorted(folder.rglob("*")) if path.is_file() and needle.encode() in path.read_bytes()]
