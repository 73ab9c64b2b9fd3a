"""Forms of an open conversation: who may send them, and what is said when the conversation is somebody else's by now."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from guildhall.storage.handoffs import NotTheOwnerError
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.handoffs import Handoff
from guildhall.vocabulary.sentences import capitalised
from guildhall.web.desk.access import Place, path_of, place_of
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.visit import DeskVisit

BASE = "/desk/conversations/{conversation}"


@dataclass(frozen=True)
class Acting:
    """Somebody who does something with a conversation that has a request."""

    visit: DeskVisit
    place: Place
    handoff: Handoff

    @property
    def conversation_id(self) -> str:
        """The conversation."""
        return self.place.conversation_id

    def back(self, fragment: str = "", **query: str) -> Response:
        """The conversation again, so that loading it once more does nothing twice."""
        return self.visit.go_to(path_of(self.conversation_id), fragment, **query)


Act = Callable[[Acting], Response]


def holder_acts(routes: DeskRoutes, path: str) -> Callable[[Act], Act]:
    """A form that only whoever answers the resident may send."""
    return _acts(routes, path, lambda place: place.may_send)


def reader_acts(routes: DeskRoutes, path: str) -> Callable[[Act], Act]:
    """A form for everybody who may write a note about the conversation: its holder, who was mentioned, who runs the desk."""
    return _acts(routes, path, lambda place: place.may_note)


def _acts(routes: DeskRoutes, path: str, may: Callable[[Place], bool]) -> Callable[[Act], Act]:
    def register(act: Act) -> Act:
        @routes.acts(BASE + path)
        def sent(visit: DeskVisit) -> Response:
            place = place_of(visit, visit.path("conversation"))
            if place is None:
                return visit.say("Conversation not found", "It may have been mistyped, or it was never here.", status=404)
            if place.handoff is None or not may(place):
                return visit.say(
                    "You do not have this conversation", "Somebody else has it, or it is over. Nothing was changed.", status=409
                )
            try:
                return act(Acting(visit, place, place.handoff))
            except NotTheOwnerError as error:
                return visit.say("You do not have this conversation", _sentence(error), "Nothing was changed.", status=409)
            except RefusedError as error:
                return visit.say("Nothing was changed", _sentence(error), status=400)

        return act

    return register


def _sentence(error: RefusedError) -> str:
    text = str(error)
    return capitalised(text).rstrip(".") + "."
