"""A request that failed before its turn could be run: it is recorded, and distress in the words that came with it is answered all the same."""

import json
from typing import Any
from urllib.parse import parse_qs

from starlette.types import Scope

from guildhall.conversations.unkept import hear_unkept
from guildhall.policy.stored import signal_as_json
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.turns import ReplyPart
from guildhall.web.admission import LONGEST
from guildhall.web.front_door import FrontDoor
from guildhall.web.surviving import surviving

SAID_FIRST = "guildhall.said_first"
"""Where in a request's scope the page of an error finds what must be said first."""

CHOSEN = "guildhall.language"
"""And there the language that was chosen in the form."""


def note_failure(
    door: FrontDoor, path: str, error: Exception, text: str = "", language: str = "", begun: bool = False
) -> tuple[ReplyPart, ...]:
    """Record the failure, now or as soon as it can be, without words; give back what the rules want said first about the words. Never fails.

    `begun` says that it happened within a conversation, so that nobody counts it as a contact of its own.
    """
    house = door.guildhall.house
    facts: dict[str, Any] = {"path": path, "error": type(error).__name__, "signals": [], "wording": [], "begun": begun}
    first: tuple[ReplyPart, ...] = ()
    if text.strip():
        with surviving("words_not_heard"):  # the page with a person's number comes first
            turn, first = hear_unkept(text[:LONGEST], language if language in set(Language) else "", house)
            facts |= {"signals": [signal_as_json(s) for s in turn.detection.signals], "detectors_failed": list(turn.detection.failed)}
            facts |= {"wording": [part.wording for part in first]}
    event = Event(EventId(house.new_id("event")), EventKind.REQUEST_FAILED, house.clock(), facts=facts)
    with surviving("record_failed") as recording:  # the record may be what failed
        house.records.append([event])
    if recording.error is not None:
        house.spool.keep(event)
    return first


def words_of(scope: Scope, body: bytes) -> tuple[str, str]:
    """The words of a resident in a request's body, and the language they chose; both empty when there are none."""
    kind = dict(scope["headers"]).get(b"content-type", b"").decode("latin-1")
    try:
        if kind.startswith("application/json"):
            plain = json.loads(body)
            return _text(plain, "text"), _text(plain, "language")
        if kind.startswith("application/x-www-form-urlencoded"):
            form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
            return form.get("option") or form.get("message", ""), form.get("lang", "")
    except ValueError:
        pass
    return "", ""


def _text(plain: object, name: str) -> str:
    value = plain.get(name) if isinstance(plain, dict) else None
    return value if isinstance(value, str) else ""
