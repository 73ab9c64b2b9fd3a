"""The advisers' desk, wired: handoffs, messages, threads, advisers and what tells every process that something changed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from guildhall.bootstrap.identifiers import new_id
from guildhall.councils.profile import CouncilProfile
from guildhall.handoffs.ordering import in_order
from guildhall.storage.advisers import AdviserStore
from guildhall.storage.changes import Changes, say_typing
from guildhall.storage.database import Database
from guildhall.storage.follow_ups import FollowUpStore
from guildhall.storage.handoffs import HandoffStore
from guildhall.storage.keys import KeyRing
from guildhall.storage.messages import MessageStore
from guildhall.storage.needs import NeedsStore
from guildhall.storage.read_marks import ReadMarks
from guildhall.storage.satisfaction import SatisfactionStore
from guildhall.storage.threads import ThreadReader
from guildhall.vocabulary.handoffs import Standing
from guildhall.vocabulary.ids import ConversationId


@dataclass(frozen=True)
class Desk:
    """Everything the desk's pages, the turn and the ticker use."""

    profile: CouncilProfile
    database: Database
    handoffs: HandoffStore
    messages: MessageStore
    threads: ThreadReader
    advisers: AdviserStore
    changes: Changes
    marks: ReadMarks
    needs: NeedsStore
    satisfaction: SatisfactionStore
    follow_ups: FollowUpStore

    def present(self, queue: str, at: datetime) -> int:
        """How many advisers are here for a queue; none when it is closed."""
        found = self.profile.handoffs.queues.get(queue)
        if found is None or not self.profile.calendar.is_open(found.hours, at):
            return 0
        return len(self.advisers.present(at, self.serving(queue)))

    def serving(self, queue: str) -> tuple[str, ...]:
        """The queues whose advisers take this one: itself, and the one it overflows into."""
        found = self.profile.handoffs.queues.get(queue)
        return (queue, found.overflow) if found and found.overflow else (queue,)

    def standing(self, reference: str, at: datetime) -> Standing | None:
        """The place of a live request in its queue."""
        return self.standings(at).get(reference)

    def standings(self, at: datetime) -> Mapping[str, Standing]:
        """The place of everybody who waits in a conversation, by reference."""
        places: Counter[str] = Counter()
        present: dict[str, int] = {}
        found: dict[str, Standing] = {}
        for handoff in in_order(h for h in self.handoffs.waiting() if h.live):
            places[handoff.queue] += 1
            if handoff.queue not in present:
                present[handoff.queue] = self.present(handoff.queue, at)
            found[handoff.reference] = Standing(handoff.reference, handoff.queue, places[handoff.queue], present[handoff.queue])
        return found

    def resident_wrote(self, conversation_id: ConversationId, at: datetime) -> None:
        """The resident said something to the person who has, or will have, the conversation."""
        self.handoffs.resident_wrote(conversation_id, at)

    def say_typing(self, conversation_id: str, side: str, at: datetime) -> None:
        """A side is writing: `resident` or `adviser`. Every process hears it at once; nothing of it stays."""
        say_typing(self.database, conversation_id, side, at)

    def close(self) -> None:
        """Stop listening for changes."""
        self.changes.close()


def open_desk(database: Database, keys: KeyRing, profile: CouncilProfile) -> Desk:
    """The desk over a database."""
    return Desk(
        profile=profile,
        database=database,
        handoffs=HandoffStore(database, keys, new_id),
        messages=MessageStore(database, keys, new_id),
        threads=ThreadReader(database, keys),
        advisers=AdviserStore(database, new_id),
        changes=Changes(database),
        marks=ReadMarks(database),
        needs=NeedsStore(database, keys, new_id),
        satisfaction=SatisfactionStore(database, keys, new_id),
        follow_ups=FollowUpStore(database, keys, new_id),
    )
