"""The one place where the desk reads what was said. Who opens a conversation is in the record first; reading on in it is not recorded again."""

from datetime import timedelta
from typing import Final

from guildhall.storage.messages import Draft
from guildhall.storage.threads import Entry
from guildhall.vocabulary.briefs import Brief
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.ids import ConversationId
from guildhall.web.desk.access import Part, Place
from guildhall.web.desk.visit import DeskVisit

OPENING_LASTS: Final = timedelta(minutes=15)
"""Loading the page again within so long is the same opening; coming back later is another."""


def record_opening(visit: DeskVisit, place: Place) -> None:
    """Put into the record that they look, and as what. Raises when it cannot be written: then nothing is shown."""
    since = visit.visit.session.started_at if visit.refreshes else visit.now() - OPENING_LASTS
    what = "brief of a conversation that is offered" if place.part == Part.OFFERED else "conversation at the desk"
    visit.guildhall.rights.views.opens(visit.looker, what, place.conversation_id, since)


def thread_of(visit: DeskVisit, place: Place) -> tuple[Entry, ...]:
    """Everything of a conversation, private notes too."""
    record_opening(visit, place)
    return visit.desk.threads.read(place.conversation_id, private=True)


def brief_of(visit: DeskVisit, place: Place) -> Brief | None:
    """What an adviser has to know before their first word."""
    record_opening(visit, place)
    try:
        return visit.desk.brief(ConversationId(place.conversation_id))
    except NotFoundError:  # nothing was recorded of it that can still be read
        return None


def draft_of(visit: DeskVisit, conversation_id: str) -> Draft:
    """What they themselves typed and did not send: their own words, whoever has the conversation now."""
    return visit.desk.messages.draft(conversation_id, visit.me)
