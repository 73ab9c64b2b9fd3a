"""Everything a route needs, made once when the application starts."""

from dataclasses import dataclass

from jinja2 import Environment
from starlette.requests import Request

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.turns import Turns
from guildhall.channels.web.links import LinkPolicy
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId
from guildhall.vocabulary.switches import SwitchKind
from guildhall.vocabulary.turns import Channel, Conversation
from guildhall.web.assets import Assets
from guildhall.web.live import LiveHub
from guildhall.web.open_streams import OpenStreams
from guildhall.web.rate_limits import Limits
from guildhall.web.sessions import SessionCookies
from guildhall.web.standings import Standings


def address_of(request: Request) -> str:
    """The client's address, as the server sees it."""
    return request.client.host if request.client else ""


@dataclass(frozen=True)
class FrontDoor:
    """One council's web front door."""

    guildhall: Guildhall
    templates: Environment
    assets: Assets
    cookies: SessionCookies
    limits: Limits
    turns: Turns
    links: LinkPolicy
    live: LiveHub
    standings: Standings
    streams: OpenStreams

    @property
    def address(self) -> str:
        """The address residents see."""
        return self.guildhall.settings.address

    def start(self, request: Request, language: str, agreed: bool = False) -> tuple[Conversation, str]:
        """A new conversation on the web and the secret that opens it. Of the address it came from a code is kept for a day, and nothing else.

        `agreed`: the resident takes part in the trial that goes on, if one does.
        """
        now = self.guildhall.house.clock()
        source = self.guildhall.desk.sources.code(address_of(request), now)
        return self.guildhall.conversations.start(Channel.WEB, language, now, source, self.guildhall.trials.joining(agreed))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages the council offers, as codes."""
        return tuple(language.value for language in self.guildhall.profile.council.languages)

    def notice(self, language: str) -> str:
        """The wording that says, before anything is typed, that automatic answers are off; empty while they are on."""
        off = self.guildhall.house.switches().silencing(Channel.WEB.value, language)
        if off is None:
            return ""
        return "switched_off.language" if off.kind == SwitchKind.LANGUAGE else "page.switched_off"

    def give_feedback(self, conversation_id: ConversationId, turn_id: str, helpful: bool) -> bool:
        """Record whether a reply helped; false when the conversation has no such finished turn."""
        house = self.guildhall.house
        turns = self.guildhall.conversations.transcript(conversation_id)
        if not any(turn.id == turn_id and turn.completed for turn in turns):
            return False
        event_id, facts = EventId(house.new_id("event")), {"helpful": helpful}
        event = Event(event_id, EventKind.FEEDBACK_GIVEN, house.clock(), conversation_id, TurnId(turn_id), facts)
        house.records.append([event])
        return True
