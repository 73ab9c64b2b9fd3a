"""What comes after a conversation, wired: the outbox and its sender, safeguarding records and their alerts, follow-ups, who came back."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from guildhall.aftercare.outbox import Outbox, Tally
from guildhall.aftercare.ports import Notifies
from guildhall.bootstrap.identifiers import new_id
from guildhall.bootstrap.knowledge import say_to_terminal
from guildhall.bootstrap.notifying import open_notifies
from guildhall.bootstrap.rights import Memory, open_memory
from guildhall.conversations.dates import when_in_words
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.settings import Settings
from guildhall.storage.comments import CommentStore
from guildhall.storage.contacts_known import ContactStore
from guildhall.storage.follow_up_sending import FollowUpSender, FollowUpTerms
from guildhall.storage.notifications import OutboxStore
from guildhall.storage.safeguarding import AlertTerms, SafeguardingStore
from guildhall.vocabulary.errors import GuildhallError


@dataclass(frozen=True)
class After:
    """Everything after a conversation. `tick` is called by the one ticking thread of each process."""

    outbox: Outbox
    messages: OutboxStore
    notifies: Notifies
    safeguarding: SafeguardingStore
    follow_ups: FollowUpSender
    contacts: ContactStore
    comments: CommentStore
    say: Callable[[str], None] = say_to_terminal
    _sending: threading.Lock = field(default_factory=threading.Lock)

    def tick(self, now: datetime) -> None:
        """Tell whoever is due, put follow-ups into the outbox, and send. Sending has a thread of its own, so that a provider that stalls
        holds up no alert's clock; while one tick sends, the next ones leave that alone."""
        self.safeguarding.tick(now)
        self.follow_ups.tick(now)
        if self._sending.acquire(blocking=False):
            threading.Thread(target=self._send, args=(now,), name="outbox", daemon=True).start()

    def tick_and_wait(self, now: datetime) -> Tally:
        """The same, and what was sent: for commands and tests."""
        self.safeguarding.tick(now)
        self.follow_ups.tick(now)
        with self._sending:
            return self.outbox.tick(now)

    def _send(self, now: datetime) -> None:
        try:
            self.outbox.tick(now)
        except (GuildhallError, SQLAlchemyError, OSError) as error:
            # Said without the error's own words, which may quote a statement. What waited waits on.
            self.say(f"Messages could not be sent: {error if isinstance(error, GuildhallError) else type(error).__name__}")
        finally:
            self._sending.release()

    def close(self) -> None:
        """Wait for what is being sent, and give everything back."""
        with self._sending:
            self.notifies.close()


def open_after_alone(settings: Settings, council: str = "") -> After:
    """What comes after a conversation, for commands that need no models. Raises ConfigurationError."""
    slug = council or settings.council
    profile = load_council(settings.councils_dir, slug, settings.data_dir / "cache" / "yaml")
    return open_after(settings, profile, open_memory(settings, slug))


def open_after(settings: Settings, profile: CouncilProfile, memory: Memory, notifies: Notifies | None = None) -> After:
    """What comes after a conversation, over open stores. Raises ConfigurationError for settings that cannot be."""
    database, keys, calendar = memory.database, memory.keys, profile.calendar
    file = profile.safeguarding
    sender = notifies or open_notifies(settings)
    protected = frozenset(file.no_messages_from_queues)
    messages = OutboxStore(database, keys, new_id, file.contact, protected)

    def when(at: datetime, language: str) -> str:
        # a message is read later than it is written: `today` would be wrong then, so the day is always named
        local = at.astimezone(calendar.zone)
        return when_in_words(local, local.replace(year=local.year - 1), profile.wordings, language)

    place = {"council": profile.council.name, "phone": profile.reached_by, "link": settings.address}
    terms = FollowUpTerms(profile.wordings.say, when, place, profile.council.website, protected)
    return After(
        outbox=Outbox(messages, sender, new_id("worker")),
        messages=messages,
        notifies=sender,
        safeguarding=SafeguardingStore(database, keys, new_id, AlertTerms(file, profile.queue_is_open, settings.address, calendar.zone)),
        follow_ups=FollowUpSender(database, keys, new_id, memory.conversations, terms),
        contacts=ContactStore(database, keys, new_id),
        comments=CommentStore(database, keys, new_id),
    )
