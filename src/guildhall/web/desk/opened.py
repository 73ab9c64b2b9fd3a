"""A conversation as somebody opened it: their part in it, what was said, the brief, and what they have typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from guildhall.channels.web.markdown_html import markdown_to_html
from guildhall.storage.messages import Draft
from guildhall.storage.threads import Entry
from guildhall.vocabulary.briefs import Brief
from guildhall.vocabulary.calls import CallStanding
from guildhall.vocabulary.handoffs import Handoff
from guildhall.web.desk.access import Part, Place
from guildhall.web.desk.danger import Alarm, alarm_of
from guildhall.web.desk.list_view import about
from guildhall.web.desk.reading import brief_of, draft_of, thread_of
from guildhall.web.desk.thread_view import ThreadView, thread_view
from guildhall.web.desk.visit import DeskVisit


@dataclass(frozen=True)
class Opened:
    """What the page and its panels are filled from. `entries` are empty while the conversation is only offered."""

    visit: DeskVisit
    place: Place
    brief: Brief | None
    entries: Sequence[Entry]
    draft: Draft

    @property
    def handoff(self) -> Handoff | None:
        """The request that counts."""
        return self.place.handoff

    @property
    def shows_brief(self) -> bool:
        """Whether the brief belongs to what is sent: not again when the page of an answered conversation only refreshes itself."""
        return self.brief is not None or not self.visit.refreshes

    @property
    def rings(self) -> str:
        """The number of theirs that rings for the caller now; empty when none does."""
        adviser, handoff = self.visit.adviser, self.handoff
        ringing = handoff is not None and handoff.call == CallStanding.RINGING and handoff.adviser_id == self.visit.me
        return adviser.phone if ringing and adviser else ""

    @property
    def language(self) -> str:
        """The resident's language."""
        return (self.handoff.language if self.handoff else "") or "en"

    @property
    def title(self) -> str:
        """What it is about, as the list says it."""
        return about(self.visit, self.handoff) if self.handoff else "Conversation"

    def reply_html(self, text: str) -> str:
        """What was said to the resident, as they saw it."""
        return markdown_to_html(text, self.visit.visit.front.links, table_label="Table in the brief", new_tab="opens in a new tab")

    @cached_property
    def thread(self) -> ThreadView:
        """The thread as it is shown."""
        return thread_view(self.visit, self.place.conversation_id, self.entries)

    @cached_property
    def alarm(self) -> Alarm | None:
        """A new sign of danger that is not answered yet."""
        return alarm_of(self.visit, self.entries, self.language) if self.place.part == Part.HOLDS else None


def open_conversation(visit: DeskVisit, place: Place) -> Opened:
    """Open a conversation that is theirs to open. The record knows first; raises when it cannot be written."""
    answered = visit.refreshes and place.handoff is not None and place.handoff.first_reply_at is not None
    brief = None if answered else brief_of(visit, place)  # the page has it already, and it was for before the first word
    entries = () if place.part == Part.OFFERED else thread_of(visit, place)
    return Opened(visit, place, brief, entries, draft_of(visit, place.conversation_id))
