"""A council whose drafts are checked: supervised answers over a test's database, with advisers who come and go."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from guildhall.bootstrap.desk import open_desk
from guildhall.bootstrap.supervised import open_supervised
from guildhall.conversations.ports import ToCheck
from guildhall.storage.schema import events
from guildhall.storage.staff import StaffStore
from guildhall.storage.threads import Entry, ThreadReader
from guildhall.testing.house import FakeClock
from guildhall.testing.library import PASSAGES
from guildhall.vocabulary.handoffs import AdviserStatus
from guildhall.vocabulary.ids import ConversationId, ServiceKey, TurnId
from guildhall.vocabulary.passages import Citation, Found
from guildhall.vocabulary.staff import StaffId
from guildhall.vocabulary.supervision import DraftAnswer, Topic, TopicKind
from guildhall.vocabulary.turns import Channel, PartKind, ReplyPart
from tests.conversations.talk import profile
from tests.storage.memory import Memory

PRIYA, TOM = "staff-priya", "staff-tom"
BULKY = Topic(TopicKind.SERVICE, "bulky-waste")
QUESTION = "How much is bulky waste?"


class Checking:
    """Supervised answers, and a conversation to check them in."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.clock = FakeClock()
        self.desk = open_desk(memory.database, memory.keys, profile())
        self.supervised = open_supervised(memory.database, memory.keys, profile(), memory.people, self.desk, self.clock, seconds=0.0)
        self.conversation: ConversationId = memory.conversations.start(Channel.WEB, "", self.clock())[0].id
        self.turns = 0

    def comes(self, staff_id: str = PRIYA, name: str = "Priya") -> None:
        """An adviser of the front desk comes."""
        StaffStore(self.memory.database).add(StaffId(staff_id), name, "", self.clock())
        self.desk.advisers.set(staff_id, ["front-desk", "revenues"], ["en"], False, 4, "test", self.clock())
        self.desk.advisers.set_status(staff_id, AdviserStatus.AVAILABLE, self.clock())

    def queue(self, question: str = QUESTION, topic: Topic = BULKY, text: str = "") -> DraftAnswer:
        """A draft that quotes the page on bulky waste, with a note before it."""
        page, self.turns = PASSAGES["bulky"], self.turns + 1
        cited = (Citation(page.id, page.title, page.section, page.url, page.updated),)
        note = ReplyPart(PartKind.WORDING, "The page is in English.", "en", wording="language.english_content")
        answer = ReplyPart(PartKind.ANSWER, text or page.text.split("\n\n")[0], "en", citations=cited, service=ServiceKey("bulky-waste"))
        given = ToCheck(
            self.conversation, TurnId(f"turn-{self.turns}"), topic, "bulky-waste", "front-desk", "en", "quoting@1", question,
            (note, answer), (Found(page, 0.9, 1),), self.clock(),
        )  # fmt: skip
        return self.supervised.drafts.get(self.supervised.queue(given)[0])

    def approve(self, draft: DraftAnswer, by: str = PRIYA) -> DraftAnswer:
        """Approve it."""
        return self.supervised.approve(draft, self.supervised.drafts.words(draft), by)

    def reject(self, draft: DraftAnswer, by: str = PRIYA, code: str = "incomplete", note: str = "") -> DraftAnswer:
        """Reject it."""
        return self.supervised.reject(draft, self.supervised.drafts.words(draft), by, code, note)

    def edit(self, draft: DraftAnswer, text: str, by: str = PRIYA, *, ticked: bool = False, why: str = "") -> DraftAnswer:
        """Send it with another text."""
        return self.supervised.edit(draft, self.supervised.drafts.words(draft), by, text, "hard_to_read", ticked=ticked, why=why)

    def thread(self, private: bool = False) -> tuple[Entry, ...]:
        """What the resident, or an adviser, sees of the conversation."""
        return ThreadReader(self.memory.database, self.memory.keys).read(self.conversation, private=private)

    def kinds(self) -> list[str]:
        """The events of the conversation, in their order."""
        with self.memory.database.reading() as connection:
            mine = events.c.conversation_id == self.conversation
            return list(connection.execute(select(events.c.kind).where(mine).order_by(events.c.seq)).scalars())


@pytest.fixture
def checking(tmp_path: Path) -> Iterator[Checking]:
    """A fresh council, with nobody at the desk."""
    memory = Memory(tmp_path / "checking.sqlite3")
    yield Checking(memory)
    memory.database.close()
