"""The web edge's own journal: a line before each request that may change something, and one after. It never holds words.

It is written by the edge, not by the record, so that an event which the record never took in leaves a trace elsewhere.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from guildhall.records.findings import Finding, FindingKind
from guildhall.vocabulary.events import EventKind

PROMISES: Final[Mapping[tuple[str, str], EventKind]] = {
    ("POST", "/ask"): EventKind.TURN_COMPLETED,
    ("POST", "/person"): EventKind.TURN_COMPLETED,
    ("POST", "/callback"): EventKind.CALLBACK_BOOKED,
    ("POST", "/needs"): EventKind.NEEDS_GIVEN,
    ("POST", "/follow-up"): EventKind.FOLLOW_UP_ASKED,
    ("POST", "/api/v1/conversations"): EventKind.CONVERSATION_STARTED,
    ("POST", "/api/v1/conversations/*/utterances"): EventKind.TURN_COMPLETED,
    ("POST", "/api/v1/conversations/*/person"): EventKind.TURN_COMPLETED,
    ("POST", "/api/v1/conversations/*/callback"): EventKind.CALLBACK_BOOKED,
    ("DELETE", "/api/v1/conversations/*/callback/*"): EventKind.CALLBACK_BOOKED,
    ("POST", "/api/v1/conversations/*/turns/*/feedback"): EventKind.FEEDBACK_GIVEN,
    ("POST", "/api/v1/conversations/*/satisfaction"): EventKind.SATISFACTION_GIVEN,
    ("POST", "/api/v1/conversations/*/needs"): EventKind.NEEDS_GIVEN,
    ("POST", "/api/v1/conversations/*/follow-up"): EventKind.FOLLOW_UP_ASKED,
    ("POST", "/api/v1/phone/calls"): EventKind.CALL_BEGAN,
    ("POST", "/api/v1/phone/calls/*/turns"): EventKind.TURN_COMPLETED,
    ("POST", "/api/v1/phone/calls/*/over"): EventKind.CALL_ENDED,
}
"""Routes whose success always leaves an event. Others may rightly do nothing, such as feedback on a turn that is gone."""
ONCE: Final = frozenset({EventKind.CALL_BEGAN, EventKind.CALL_ENDED})
"""Of these a conversation has one, however often a gateway tells of it."""
NOTHING_SETTLED: Final = 204
"""The status of a turn in a call whose words were only said back."""


GOES_ON: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the edge saw it. `status` is 0 and `ended_at` None when it never ended; `resent` names the turn it repeated, or, in a
    call, the turn that it was."""

    id: str
    method: str
    route: str
    conversation: str
    begun_at: datetime
    ended_at: datetime | None = None
    status: int = 0
    resent: str = ""

    @property
    def promised(self) -> EventKind | None:
        """The event that must have come of it, if any."""
        kind = PROMISES.get((self.method, self.route))
        if self.ended_at is not None and not 200 <= self.status < 400:
            return None
        return None if kind == EventKind.TURN_COMPLETED and self.status == NOTHING_SETTLED else kind


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, as far as it is compared with the journal."""

    id: str
    kind: EventKind
    at: datetime
    conversation: str
    turn: str


def begun_line(request: Request) -> str:
    """The line before a request."""
    facts = {"at": request.begun_at.isoformat(), "conversation": request.conversation, "id": request.id}
    return json.dumps(facts | {"method": request.method, "route": request.route}) + "\n"


def ended_line(request_id: str, at: datetime, status: int, conversation: str, resent: str) -> str:
    """The line after it."""
    return json.dumps({"at": at.isoformat(), "conversation": conversation, "ended": request_id, "resent": resent, "status": status}) + "\n"


def read_journal(lines: Iterable[str]) -> tuple[list[Request], int]:
    """The requests of the journal's lines, and how many lines could not be read (a line cut by a crash, or a journal that was changed)."""
    begun: dict[str, dict[str, Any]] = {}
    unreadable = 0
    for line in lines:
        try:
            facts = json.loads(line)
            at = datetime.fromisoformat(facts["at"])
            if "ended" in facts:
                begun[facts["ended"]] |= {
                    "ended_at": at,
                    "status": int(facts["status"]),
                    "resent": facts["resent"],
                    "conversation": facts["conversation"] or begun[facts["ended"]]["conversation"],
                }
            else:
                begun[facts["id"]] = {name: facts[name] for name in ("id", "method", "route", "conversation")} | {"begun_at": at}
        except (ValueError, KeyError, TypeError):
            unreadable += 1
    return [Request(**fields) for fields in begun.values()], unreadable


def missing_events(requests: Sequence[Request], events: Iterable[Happened], now: datetime) -> list[Finding]:
    """The requests of which the record holds nothing.

    Each request takes one event of the promised kind, of its own conversation, from between its beginning and its end.
    """
    waiting: dict[EventKind, list[Happened]] = {}
    turns = set()
    for event in sorted(events, key=lambda event: event.at):
        waiting.setdefault(event.kind, []).append(event)
        if event.kind == EventKind.TURN_COMPLETED:
            turns.add((event.conversation, event.turn))
    findings = []
    # those that know their conversation choose first, and of them those that ended first
    for request in sorted(requests, key=lambda request: (not request.conversation, request.ended_at or now)):
        kind = request.promised
        if kind is None or (request.resent and (request.conversation, request.resent) in turns):
            continue
        if kind in ONCE and request.conversation:
            if not any(event.conversation == request.conversation for event in waiting.get(kind, ())):
                findings.append(_finding(request, kind))
            continue
        if request.resent:
            findings.append(_finding(request, kind))
            continue
        found = next((event for event in waiting.get(kind, ()) if _came_of(event, request, now)), None)
        if found:
            waiting[kind].remove(found)
        else:
            findings.append(_finding(request, kind))
    return findings


def _came_of(event: Happened, request: Request, now: datetime) -> bool:
    # a turn goes on to its end although its reader went away, so it may end a little after its request did
    mine = not request.conversation or event.conversation == request.conversation
    return mine and request.begun_at <= event.at <= (request.ended_at + GOES_ON if request.ended_at else now)


def _finding(request: Request, kind: EventKind) -> Finding:
    if request.ended_at is None:
        what = f"the request {request.id} to {request.route} never ended, and the record holds no {kind.value} of it"
        return Finding(FindingKind.REQUEST_UNFINISHED, what, request.conversation, request.begun_at)
    what = f"the request {request.id} to {request.route} succeeded, but the record holds no {kind.value} of it"
    return Finding(FindingKind.EVENT_NEVER_WRITTEN, what, request.conversation, request.begun_at)
