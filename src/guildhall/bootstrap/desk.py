"""The advisers' desk, wired: handoffs, messages, threads, advisers and what tells every process that something changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from guildhall.bootstrap.briefs import Briefs, open_briefs
from guildhall.bootstrap.desk_line import DeskLine
from guildhall.bootstrap.desk_moment import Moment
from guildhall.bootstrap.identifiers import Clock, new_id, new_secret
from guildhall.bootstrap.keys import open_keys
from guildhall.bootstrap.translations import Interpreting, Translations, open_translations
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.handoffs.figures import QueueFigures, figures
from guildhall.records.sources import Sources
from guildhall.settings import Settings
from guildhall.storage.advisers import AdviserStore
from guildhall.storage.calls import CallStore
from guildhall.storage.changes import Changes, say_typing
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database
from guildhall.storage.follow_ups import FollowUpStore
from guildhall.storage.handoffs import HandoffStore
from guildhall.storage.keys import KeyRing
from guildhall.storage.lines import LineReader
from guildhall.storage.messages import MessageStore
from guildhall.storage.migrating import upgrade
from guildhall.storage.needs import NeedsStore
from guildhall.storage.promises import PromiseStore
from guildhall.storage.queue_figures import QueueFiguresReader
from guildhall.storage.read_marks import ReadMarks
from guildhall.storage.satisfaction import SatisfactionStore
from guildhall.storage.staff import StaffStore
from guildhall.storage.threads import Entry, ThreadReader
from guildhall.storage.transfers import TransferStore
from guildhall.vocabulary.briefs import Brief
from guildhall.vocabulary.handoffs import Standing
from guildhall.vocabulary.ids import ConversationId


@dataclass(frozen=True)
class Desk:
    """Everything the desk's pages, the turn and the ticker use."""

    profile: CouncilProfile
    database: Database
    handoffs: HandoffStore
    transfers: TransferStore
    messages: MessageStore
    threads: ThreadReader
    advisers: AdviserStore
    promises: PromiseStore
    line: DeskLine
    moment: Moment
    day: QueueFiguresReader
    sources: Sources
    changes: Changes
    marks: ReadMarks
    translations: Translations
    needs: NeedsStore
    satisfaction: SatisfactionStore
    follow_ups: FollowUpStore
    briefs: Briefs
    calls: CallStore

    def brief(self, conversation_id: ConversationId) -> Brief:
        """What an adviser reads before their first word. Staff get it after `StaffViews` has noted that they look. Raises NotFoundError."""
        return self.briefs.brief(conversation_id)

    def brief_language(self, conversation_id: str, entries: Sequence[Entry] | None = None) -> str:
        """The language the resident writes in now; `entries` are what was said, where that was just read. Raises NotFoundError."""
        return self.briefs.language(conversation_id, entries)

    def present(self, queue: str, at: datetime) -> int:
        """How many advisers are here for a queue; none when it is closed."""
        if not self.profile.queue_is_open(queue, at):
            return 0
        return len(self.advisers.present(at, self.serving(queue)))

    def serving(self, queue: str) -> tuple[str, ...]:
        """The queues whose advisers take this one: itself, and those that help it out."""
        return (queue, *self.profile.handoffs.helping(queue))

    def standing(self, reference: str, at: datetime) -> Standing | None:
        """The place of a live request in its queue."""
        return self.standings(at).get(reference)

    def standings(self, at: datetime) -> Mapping[str, Standing]:
        """The place of everybody who waits in a conversation, by reference."""
        return self.line.standings(at)

    def figures(self, at: datetime) -> tuple[QueueFigures, ...]:
        """How every queue stands, after all of them together; breaches and waits are today's, in the council's time zone."""
        morning = at.astimezone(self.profile.calendar.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return figures(self.line.look(at), self.day.broken_since(morning), self.day.answered_since(morning))

    def resident_wrote(self, conversation_id: ConversationId, at: datetime) -> None:
        """The resident said something to the person who has, or will have, the conversation."""
        self.handoffs.resident_wrote(conversation_id, at)

    def say_typing(self, conversation_id: str, side: str, at: datetime) -> None:
        """A side is writing: `resident` or `adviser`. Every process hears it at once; nothing of it stays."""
        say_typing(self.database, conversation_id, side, at)

    def close(self) -> None:
        """Stop listening for changes."""
        self.changes.close()


@dataclass(frozen=True)
class DeskAlone:
    """A desk without a turn or a page, for commands and for a worker: it needs no models."""

    desk: Desk
    staff: StaffStore
    clock: Clock
    database: Database

    def close(self) -> None:
        """Give everything back."""
        self.desk.close()
        self.database.close()


def open_desk_alone(settings: Settings, council: str = "") -> DeskAlone:
    """The desk of a deployment. Raises ConfigurationError."""
    database = Database(settings.database)
    upgrade(database)
    profile = load_council(settings.councils_dir, council or settings.council, settings.data_dir / "cache" / "yaml")
    desk = open_desk(database, open_keys(settings, database), profile)
    return DeskAlone(desk, StaffStore(database), Clock(settings.today), database)


def open_desk(
    database: Database,
    keys: KeyRing,
    profile: CouncilProfile,
    content: Database | None = None,
    interpreting: Interpreting | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Desk:
    """The desk over a database. `content` is where the council's passages are, when that is another one; `interpreting` what translates."""
    advisers, lines = AdviserStore(database, new_id), LineReader(database)
    return Desk(
        profile=profile,
        database=database,
        handoffs=HandoffStore(database, keys, new_id),
        transfers=TransferStore(database, keys, new_id, timedelta(seconds=profile.handoffs.desk.transfer_seconds)),
        messages=MessageStore(database, keys, new_id),
        threads=ThreadReader(database, keys),
        advisers=advisers,
        promises=PromiseStore(database, keys, new_id),
        day=QueueFiguresReader(database),
        sources=Sources(keys.sealer.derive),
        line=DeskLine(profile, lines, advisers),
        moment=Moment(lines.last_change),
        changes=Changes(database),
        marks=ReadMarks(database),
        briefs=open_briefs(database, keys, profile, content or database),
        translations=open_translations(database, keys, profile, clock or Clock(), interpreting),
        needs=NeedsStore(database, keys, new_id),
        satisfaction=SatisfactionStore(database, keys, new_id),
        follow_ups=FollowUpStore(database, keys, new_id),
        calls=CallStore(database, keys, profile.slug, ConversationStore(database, keys, profile.slug, new_id, new_secret), new_id),
    )
