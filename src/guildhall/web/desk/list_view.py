"""The list on the left: what I am offered, what I have, where I am mentioned, and who waits. References and facts only, never words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from guildhall.storage.messages import Mention
from guildhall.vocabulary.handoffs import LANE_RANK, Handoff, HandoffStatus
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.sentences import capitalised
from guildhall.vocabulary.signals import DISTRESS, HAZARDS
from guildhall.web.console.drafts import may_check
from guildhall.web.desk.access import path_of
from guildhall.web.desk.visit import DeskVisit

QUEUE_SHOWN: Final = 20
RISKS = frozenset(category.value for category in DISTRESS | HAZARDS)


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation in the list. `since` is what its time counts from; `owes` says that the resident waits for a reply of mine."""

    handoff: Handoff
    about: str
    since: datetime
    owes: bool = False
    unread: int = 0
    ends_at: datetime | None = None

    @property
    def path(self) -> str:
        """Where its page is."""
        return path_of(self.handoff.conversation_id)


@dataclass(frozen=True, slots=True)
class ListView:
    """The whole list."""

    offered: Sequence[Row]
    asked: Sequence[tuple[Row, str]]
    """What colleagues ask them to take over, each with who asks."""
    mine: Sequence[Row]
    snoozed: Sequence[Row]
    mentions: Sequence[tuple[Mention, str]]
    queue: Sequence[Row]
    """The first of those who wait."""
    waiting: int
    """How many wait in all."""
    open: str = ""
    """The conversation that is open beside it."""
    to_check: int = 0
    """How many drafted answers wait that they may check."""

    @property
    def waiting_for_me(self) -> int:
        """What the title of the window counts: offers, answers to check, and conversations with something unread."""
        return (
            len(self.offered)
            + len(self.asked)
            + self.to_check
            + sum(row.unread > 0 for row in self.mine)
            + sum(not mention.read for mention, _ in self.mentions)
        )


def list_of(visit: DeskVisit, open_here: str = "") -> ListView:
    """The list of whoever asks."""
    held = visit.desk.handoffs.held_by(visit.me)
    one_each = list({handoff.conversation_id: handoff for handoff in sorted(held, key=lambda h: -h.requested_at.timestamp())}.values())
    unread = visit.desk.threads.unread(visit.me, [handoff.conversation_id for handoff in one_each])
    mine = [_mine(visit, handoff, unread.get(handoff.conversation_id, 0)) for handoff in one_each]
    mine.sort(key=lambda row: (not row.owes, row.since))
    first, waiting = queue_of(visit)
    offered = visit.desk.handoffs.offered_to(visit.me)
    own = {handoff.reference for handoff in (*held, *offered)}  # the order of a long queue may be a moment older than what is mine
    return ListView(
        offered=[_offered(visit, handoff) for handoff in sorted(offered, key=_danger_first)],
        asked=_asked(visit),
        mine=[row for row in mine if row.handoff.status != HandoffStatus.SNOOZED],
        snoozed=[row for row in mine if row.handoff.status == HandoffStatus.SNOOZED],
        mentions=_mentions(visit),
        queue=[row for row in first if row.handoff.reference not in own],
        waiting=waiting,
        open=open_here,
        to_check=sum(may_check(visit.visit, draft) for draft in visit.guildhall.supervised.drafts.waiting()),
    )


def queue_of(visit: DeskVisit) -> tuple[list[Row], int]:
    """The first of those who wait, and how many there are: in the queues an adviser serves, in all for whoever runs the desk."""
    waiting = visit.desk.line.waiting(visit.now(), served_by(visit))
    return [Row(handoff, about(visit, handoff), handoff.requested_at) for handoff in waiting[:QUEUE_SHOWN]], len(waiting)


def served_by(visit: DeskVisit) -> list[str]:
    """The queues that somebody may look into and pick from."""
    mine = visit.adviser.queues if visit.adviser else frozenset[str]()
    return [queue for queue in visit.guildhall.profile.handoffs.queues if visit.supervises or mine & set(visit.desk.serving(queue))]


def about(visit: DeskVisit, handoff: Handoff) -> str:
    """What a request is about, as far as facts say: the kind of distress or danger, else the service, else the queue."""
    service = visit.guildhall.profile.services.get(ServiceKey(handoff.service))
    if handoff.category in RISKS:
        name = visit.words.category(handoff.category)
    else:
        name = service.name if service else visit.words.queue(handoff.queue)
    return capitalised(name)


def _mine(visit: DeskVisit, handoff: Handoff, unread: int) -> Row:
    spoke, wrote = handoff.last_adviser_at, handoff.last_resident_at
    owes = spoke is None or (wrote is not None and wrote > spoke)
    since = (wrote if owes and wrote else None) or spoke or handoff.taken_at or handoff.requested_at
    return Row(handoff, about(visit, handoff), since, owes, unread)


def _danger_first(handoff: Handoff) -> tuple[int, datetime]:
    return LANE_RANK[handoff.lane], handoff.requested_at


def _offered(visit: DeskVisit, handoff: Handoff) -> Row:
    seconds = visit.guildhall.profile.handoffs.desk.offer_seconds
    ends = handoff.offered_at + timedelta(seconds=seconds) if handoff.offered_at else None
    return Row(handoff, about(visit, handoff), handoff.requested_at, ends_at=ends)


def _asked(visit: DeskVisit) -> list[tuple[Row, str]]:
    found = []
    for row in visit.guildhall.tools.transfers.offers_to(visit.me, visit.now()):
        handoff = visit.desk.handoffs.get(row.offer.reference)
        found.append((Row(handoff, about(visit, handoff), row.offered_at, ends_at=row.ends_at), visit.words.staff(row.offer.from_id)))
    return found


def _mentions(visit: DeskVisit) -> list[tuple[Mention, str]]:
    """One for each conversation, the newest, with its reference."""
    found: dict[str, Mention] = {}
    for mention in visit.desk.messages.mentions(visit.me):
        found.setdefault(mention.conversation_id, mention)
    live = {key: visit.desk.handoffs.live_of(key) for key in found}
    return [(mention, handoff.reference) for key, mention in found.items() if (handoff := live[key])]
