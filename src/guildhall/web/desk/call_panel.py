"""The call of a resident who rings: where the caller is, how long they waited for a human voice, what they heard, and whom to ring back."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from guildhall.storage.threads import Entry
from guildhall.vocabulary.calls import CALL_LABELS, Call, CallStanding, Hearing
from guildhall.web.desk.access import Part
from guildhall.web.desk.opened import Opened
from guildhall.web.desk.panel import Panel


def _call(opened: Opened) -> Call | None:
    return opened.visit.desk.calls.get(opened.place.conversation_id)


def _values(opened: Opened) -> Mapping[str, Any]:
    visit, call = opened.visit, _call(opened)
    assert call is not None
    standing = _standing(opened, call)
    noted = visit.desk.calls.noted(opened.place.conversation_id)
    replies = [
        facts["v2v_seconds"] for facts in noted if facts["what"] == "turn_timing" and isinstance(facts.get("v2v_seconds"), int | float)
    ]
    mine = call.rings == visit.me and standing == CallStanding.RINGING
    return {
        "call": call,
        "standing": CALL_LABELS[standing],
        "state": call.state.replace("_", " "),
        "only_expected_words": call.hearing == Hearing.GRAMMAR,
        "rings_me": mine and visit.adviser is not None and visit.adviser.phone,
        "number": visit.desk.calls.numbers(call.conversation_id)[0] if opened.place.part == Part.HOLDS else "",
        "may_see_number": opened.place.part == Part.HOLDS,
        "not_heard": _not_heard(opened.entries),
        "pressed": sum(facts["what"] == "keys" for facts in noted),
        "replies": f"{median(replies):.1f}" if replies else "",
        "unanswered": sum(visit.desk.calls.tried(call.conversation_id).values()),
    }


def _standing(opened: Opened, call: Call) -> CallStanding:
    if call.ended_at:
        return CallStanding.OVER
    return opened.handoff.call if opened.handoff else CallStanding.NONE


def _not_heard(entries: Sequence[Entry]) -> int:
    """How many replies the caller did not hear to their end."""
    spoken = [entry for entry in entries if entry.heard is not None]
    return sum(
        any(number not in entry.heard or not entry.heard[number].whole for number in range(len(entry.parts)))
        for entry in spoken
        if entry.heard is not None
    )


PANEL = Panel("call", "Call", "call.html", _values, shows=lambda opened: _call(opened) is not None, starts_open=True, live=True)
