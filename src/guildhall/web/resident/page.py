"""What every page of the resident knows: its language, its conversation, how it says things and where its links lead."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from guildhall.conversations.dates import date_in_words
from guildhall.storage.read_marks import RESIDENT
from guildhall.vocabulary.languages import OWN_NAMES, Language, direction
from guildhall.vocabulary.turns import Owner
from guildhall.web.front_door import FrontDoor
from guildhall.web.sessions import Session

EXIT_TO = "https://www.bbc.co.uk/weather"  # where the exit-this-page pattern of the GOV.UK Design System leads

ISOLATE, END = "\u2066", "\u2069"  # left-to-right isolate, and its end


@dataclass(frozen=True)
class Page:
    """One request's page. `chosen` is the language the resident picked, empty when it was guessed."""

    door: FrontDoor
    request: Request
    language: str
    chosen: str
    embed: bool
    session: Session | None

    @property
    def token(self) -> str:
        """What the page's forms carry to show that they are its own."""
        if self.session is None:
            return ""
        return self.session.carried if self.embed else self.session.form_token

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return direction(self.language)

    def text(self, wording_id: str, **values: str) -> str:
        """Approved wording as plain text, for attributes and titles."""
        profile = self.door.guildhall.profile
        council = profile.council
        phone, relay = profile.reached_by, council.contact.text_relay or profile.reached_by
        if self.direction == "rtl":  # the groups of a number would change places between words read from the right
            phone, relay = f"{ISOLATE}{phone}{END}", f"{ISOLATE}{relay}{END}"
        known = {"council": council.name, "phone": phone, "email": council.contact.email, "relay": relay}
        return self.door.guildhall.profile.wordings.say(wording_id, self.language, **(known | values))

    def say(self, wording_id: str, **values: str) -> Markup:
        """Approved wording as HTML, marked with its language where the page's own lacks it."""
        spoken = self.door.guildhall.profile.wordings.language_of(wording_id, self.language)
        text = self.text(wording_id, **values)
        if spoken == self.language:
            return Markup("{}").format(text)
        return Markup('<span lang="{}" dir="{}">{}</span>').format(spoken, direction(spoken), text)

    def date(self, iso: str) -> str:
        """A date in the page's language."""
        return date_in_words(iso, self.door.guildhall.profile.wordings, self.language)

    def queue_name(self, queue: str) -> str:
        """A team's name in the page's language; empty for none of ours."""
        found = self.door.guildhall.profile.handoffs.queues.get(queue)
        return found.named(self.language) if found else ""

    def here(self, path: str, fragment: str = "", **query: str) -> str:
        """A path of ours that keeps the language and the frame."""
        kept = {"lang": self.chosen} if self.chosen else {}
        if self.embed:
            kept["embed"] = "1"
        pairs = {key: value for key, value in (kept | query).items() if value}
        return path + (f"?{urlencode(pairs)}" if pairs else "") + (f"#{fragment}" if fragment else "")

    def note_read(self, seq: int, owner: Owner) -> None:
        """The resident has been shown everything up to here; an adviser who has the conversation sees that."""
        if self.session is not None and owner == Owner.ADVISER:
            guildhall = self.door.guildhall
            guildhall.desk.marks.mark(self.session.conversation_id, RESIDENT, seq, guildhall.house.clock())

    @property
    def languages(self) -> list[dict[str, Any]]:
        """The language navigation."""
        return [
            {"code": code, "name": OWN_NAMES[Language(code)], "dir": direction(code), "href": self.here("/", lang=code)}
            for code in self.door.languages
        ]

    @property
    def translation_is_draft(self) -> bool:
        """Whether a native speaker has still to check this language."""
        return self.language != "en" and self.door.guildhall.profile.wordings.status("page.heading", self.language) != "approved"

    @property
    def phone(self) -> str:
        """The council's number."""
        return self.door.guildhall.profile.council.contact.phone

    def html(self, template: str, **values: Any) -> str:
        """A template filled for this page."""
        nonce = self.request.scope.get("guildhall.nonce", "")
        context = {"page": self, "say": self.say, "text": self.text, "nonce": nonce, "exit_to": EXIT_TO}
        return self.door.templates.get_template(template).render(**(context | values))

    def respond(self, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any) -> Response:
        """A whole page."""
        return HTMLResponse(self.html(template, **values), status, dict(headers or {}))


def open_page(
    door: FrontDoor, request: Request, *, lang: str = "", embed: bool = False, token: str = "", with_session: bool = True
) -> Page:
    """The page of a request: language by choice, then the conversation's, then the browser's."""
    session = door.cookies.read(request, embed, token) if with_session else None
    chosen = lang if lang in door.languages else ""
    language = chosen
    if not language and session:
        conversation = door.guildhall.conversations.load(session.conversation_id)
        language = conversation.language if conversation and conversation.language in door.languages else ""
    return Page(door, request, language or preferred(request, door.languages), chosen, embed, session)


def preferred(request: Request, offered: tuple[str, ...]) -> str:
    """The first language of the browser's list that the council offers; English when none is."""
    weighted: list[tuple[float, str]] = []
    for item in request.headers.get("accept-language", "")[:500].split(","):
        tag, _, weight = item.strip().partition(";q=")
        try:
            weighted.append((float(weight or 1), tag.split("-")[0].lower()))
        except ValueError:
            continue
    best = sorted(weighted, key=lambda pair: -pair[0])
    return next((code for weight, code in best if code in offered and weight > 0), offered[0] if offered else "en")


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing to put right. `field` is the id of the control it belongs to, or empty."""

    message: Markup
    field: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """What was typed and is shown again, so that no words are lost."""

    message: str = ""
    callback: Mapping[str, str] = field(default_factory=dict)
    aftercare: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    agreed: bool = False
