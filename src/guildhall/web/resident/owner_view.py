"""Who has the conversation, and what the resident may do about it: the panel between the thread and the box to write in."""

from dataclasses import dataclass, field, replace
from typing import Any

from guildhall.conversations.people import minutes_in_words
from guildhall.vocabulary.aftercare import CommunicationNeeds, FollowUp, Need
from guildhall.vocabulary.handoffs import Handoff
from guildhall.vocabulary.turns import Owner
from guildhall.web.resident.page import Page
from guildhall.web.told import AdviserNames


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody waits, all of it true now. `minutes` is empty when nobody knows."""

    queue: str
    position: str = ""
    minutes: str = ""
    somebody_there: bool = True
    gives_up_after: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class OwnerPanel:
    """The panel's content. `key` changes when the panel has to be drawn anew, not when somebody merely moved up in the queue."""

    owner: Owner
    place: Place | None = None
    adviser: str = ""
    queue: str = ""
    judges: bool = False
    judged: bool = False
    needs_said: str = field(default="", repr=False)
    follow_up: FollowUp | None = field(default=None, repr=False)
    may_follow_up: bool = True
    """Whether a summary may be offered: where it would be withheld, nothing is promised."""
    key: str = ""


def panel_of(page: Page, owner: Owner, asks: bool = True) -> OwnerPanel | None:
    """What stands there; None while the assistant has the conversation. `asks` whether a summary may be offered, which its key does not need."""
    if page.session is None or owner == Owner.ASSISTANT:
        return None
    if not asks:
        return _panel(page, page.session.conversation_id, owner)
    may = page.door.guildhall.after.messages.may_offer(page.session.conversation_id)
    return replace(_panel(page, page.session.conversation_id, owner), may_follow_up=may)


def _panel(page: Page, conversation_id: str, owner: Owner) -> OwnerPanel:
    desk = page.door.guildhall.desk
    known, follow_up = desk.needs.of(conversation_id), desk.follow_ups.asked(conversation_id)
    needs = needs_in_words(page, known) if known else ""
    told = f"{known.given_at if known else ''}{follow_up.id if follow_up else ''}"
    if owner == Owner.CLOSED:
        judges = desk.satisfaction.open_for(conversation_id) is not None
        judged = not judges and bool(desk.satisfaction.of(conversation_id))
        return OwnerPanel(owner, judges=judges, judged=judged, needs_said=needs, follow_up=follow_up, key=f"closed{judges}{told}")
    handoff = desk.handoffs.live_of(conversation_id)
    if owner == Owner.ADVISER:
        staff_id = handoff.adviser_id if handoff else ""
        queue = page.queue_name(handoff.queue) if handoff else ""
        name = AdviserNames(page.door.guildhall, page.text).of(staff_id)
        return OwnerPanel(owner, adviser=name, queue=queue, needs_said=needs, follow_up=follow_up, key=f"adviser{staff_id}{queue}{told}")
    place = place_of(page, handoff) if handoff else None
    return OwnerPanel(owner, place, needs_said=needs, follow_up=follow_up, key=f"queue{handoff.reference if handoff else ''}{told}")


def place_of(page: Page, handoff: Handoff, since: float | None = None) -> Place:
    """The place in the queue, and what happens when nobody comes."""
    queue = page.door.guildhall.profile.handoffs.queues.get(handoff.queue)
    name = page.queue_name(handoff.queue)
    gives_up, phone = (str(queue.give_up_after_minutes), queue.phone) if queue else ("", "")
    standing = page.door.standings.of(handoff.reference, since)
    if standing is None:
        return Place(name, gives_up_after=gives_up, phone=phone)
    minutes = "" if standing.expected_seconds is None else str(minutes_in_words(standing.expected_seconds))
    return Place(name, str(standing.position), minutes, standing.present > 0, gives_up, phone)


def needs_in_words(page: Page, known: CommunicationNeeds) -> str:
    """What was told, for the one who told it."""
    said = [page.text(f"needs.{need.value}") for need in known.needs if need != Need.OTHER]
    return "; ".join([*said, *([known.other] if known.other else [])])


def need_items(page: Page) -> list[dict[str, Any]]:
    """The needs that can be chosen. Something else is told in the box for words."""
    return [{"value": need.value, "html": page.say(f"needs.{need.value}")} for need in Need if need != Need.OTHER]
