"""Decides on which rung of the ladder a contact ended, from what the record says happened. These are the definitions.

The same rules are written again as SQL over the export (storage/analysis/sql), because placing millions of contacts one by one is too slow.
If the two differ, this module is right. A test makes up histories, and both must give the same rung for each.

A contact is one conversation on any channel, even one in which nobody said a word. Its rung is the first of these that is true:

1. Blocked: it failed at the edge before a conversation began.
2. Passed on: a person came. It went to the wrong team if a wrap-up says so and was not taken back, or if it was passed on to another team.
3. Left, before or after an answer: a person was needed and did not come, and the resident did not choose to go on without one.
4. Otherwise the last turn in which the resident wanted something decides. Answered or done: verified or unverified. Sent elsewhere:
   signposted. Refused or failed with nothing answered before: blocked. Anything else: left, before or after an answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from guildhall.value.requests import Ending, requests_of, speaks, was_met
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ladder import Rung
from guildhall.vocabulary.outcomes import Outcome, Reason
from guildhall.vocabulary.turns import Channel


class TurnKind(StrEnum):
    """What a turn comes to on the ladder."""

    NOTHING = "nothing"
    """Nothing was wanted: a greeting, thanks, silence, or words for a person who has the conversation."""
    ANSWER = "answer"
    PARTLY = "partly"
    BEGUN = "begun"
    """A task was started, and there is no receipt."""
    DONE = "done"
    """A task, with its receipt."""
    SIGNPOST = "signpost"
    PERSON = "person"
    REFUSED = "refused"
    OPEN = "open"
    """Something was wanted and is not there yet: asked back, no evidence, or an answer that the caller did not hear to an end."""


NOTHING_WANTED: Final = (Reason.SMALL_TALK, Reason.NOT_THE_OWNER, Reason.NOTHING_SAID)
REFUSALS: Final = (Reason.ATTACK, Reason.SWITCHED_OFF, Reason.UNREADABLE)
ELSEWHERE: Final = (Reason.OTHER_BODY, Reason.OUT_OF_SCOPE, Reason.RULE, Reason.DISTRESS, Reason.HAZARD, Reason.LANGUAGE_NOT_OFFERED)
SOMETHING: Final = (TurnKind.ANSWER, TurnKind.PARTLY, TurnKind.DONE)


def kind_of_turn(facts: Mapping[str, Any], heard: bool) -> TurnKind:
    """What a turn comes to, by the facts that the record keeps of it. `heard`: some part of it was heard to its end by a caller."""
    outcome, reason = Outcome(facts["outcome"]), Reason(facts["reason"])
    if reason in NOTHING_WANTED:
        return TurnKind.NOTHING
    if outcome == Outcome.HANDED_OVER:
        return TurnKind.PERSON
    if outcome == Outcome.FAIL_SAFE or (outcome == Outcome.DECLINED and reason in REFUSALS):
        return TurnKind.REFUSED
    if outcome == Outcome.ASKED_BACK or (facts["channel"] == Channel.PHONE and not heard):
        return TurnKind.OPEN
    if outcome == Outcome.TASK_STARTED:
        return TurnKind.DONE if facts.get("receipt") else TurnKind.BEGUN
    if reason in ELSEWHERE:
        return TurnKind.SIGNPOST
    return {Outcome.ANSWERED: TurnKind.ANSWER, Outcome.PARTLY_ANSWERED: TurnKind.PARTLY}.get(outcome, TurnKind.OPEN)


class Note(StrEnum):
    """What is to be said beside a rung."""

    NONE = ""
    TOO_EARLY = "too_early"
    """It may still be verified: the resident is recognised, and the seven days are not over."""
    SAID_NO = "said_no"
    """The resident said that it did not help."""
    CALLBACK_WAITS = "callback_waits"
    """A callback is booked and not made yet."""
    WAITS_STILL = "waits_still"
    """Nothing has ended the waiting for a person yet."""


@dataclass(frozen=True, slots=True)
class Again:
    """Whether the same resident came again about the same matter. `week` and `day` are None until the window is over; nobody who did not
    agree to be recognised is known. `person_day`: they asked for a person or a callback within 24 hours."""

    recognised: bool = False
    matter: bool = False
    day: bool | None = None
    week: bool | None = None
    person_day: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a contact stands, and the three measures, which are three and never one."""

    rung: Rung
    note: Note
    answered: bool
    deflected: bool
    contained: bool
    resolved: bool


MEASURES: Final[dict[str, tuple[str, str, str]]] = {
    "deflected": (
        "Deflected",
        (
            "Contacts that ended with no person, out of all contacts. This includes people who hung up, were sent elsewhere or were refused. It leaves "
            "out people who are still waiting for a person or a booked callback. It is never shown without how many came again."
        ),
        "when the contact ended",
    ),
    "contained": (
        "Contained",
        (
            "Contacts answered or done in the channel with no person, out of all contacts. Answers in part, and people who left, do not count. A contact "
            "stops counting if the resident says that it did not help, or asks for a person or a callback about the same matter within 24 hours."
        ),
        "24 hours",
    ),
    "resolved": (
        "Resolved",
        (
            "Verified contacts, out of all contacts: a task's receipt, the resident's yes, or an answer of fixed facts to a resident who agreed to be "
            "recognised and did not come back about the same matter within seven days."
        ),
        "7 days",
    ),
}
"""Label, definition and window of each."""


def place(events: Sequence[Event], again: Again = Again()) -> Placed:
    """The rung of one contact from its events in the order of the record, of which the first began it."""
    if any(event.kind == EventKind.REQUEST_FAILED for event in events):
        return Placed(Rung.BLOCKED, Note.NONE, False, True, False, False)
    turns = _turns(events)
    wanted = [(number, kind, facts) for number, kind, facts in turns if kind != TurnKind.NOTHING]
    last = wanted[-1][1] if wanted else TurnKind.NOTHING
    says = _says(events, wanted[-1][0]) if wanted else None
    answered = any(kind in SOMETHING for _, kind, _ in turns)
    begun = answered or any(kind == TurnKind.BEGUN for _, kind, _ in turns)
    left = Rung.ABANDONED_AFTER if begun else Rung.ABANDONED_BEFORE
    requests = requests_of(events)
    reached = _person_came(events)
    if reached:
        rung = Rung.TRANSFERRED_WRONG if _wrong_team(events) else Rung.TRANSFERRED_RIGHT
    elif any(request.ending != Ending.WITHDRAWN for request in requests) or last == TurnKind.PERSON:
        rung = left
    elif last in SOMETHING:
        rung = _of_answer(last, says, _fixed(turns), again, left)
    elif last == TurnKind.SIGNPOST:
        rung = Rung.SIGNPOSTED
    else:
        rung = Rung.BLOCKED if last == TurnKind.REFUSED and not begun else left
    callback = any(request.ending == Ending.CALLBACK for request in requests)
    still = any(request.ending == Ending.STILL for request in requests)
    met = rung in (Rung.VERIFIED, Rung.UNVERIFIED) and last != TurnKind.PARTLY
    return Placed(
        rung,
        _note(rung, reached, callback, still, says, again, _fixed(turns)),
        answered,
        deflected=not (reached or callback or still),
        contained=met and says is not False and not again.person_day,
        resolved=rung == Rung.VERIFIED,
    )


def _of_answer(last: TurnKind, says: bool | None, fixed: bool, again: Again, left: Rung) -> Rung:
    if says:
        return Rung.VERIFIED
    if last == TurnKind.PARTLY:
        return left
    shown = last == TurnKind.DONE or (fixed and again.recognised and again.week is False)
    return Rung.VERIFIED if shown and says is None else Rung.UNVERIFIED


def _note(rung: Rung, reached: bool, callback: bool, still: bool, says: bool | None, again: Again, fixed: bool) -> Note:
    if reached:
        return Note.NONE
    if callback or still:
        return Note.CALLBACK_WAITS if callback else Note.WAITS_STILL
    if rung != Rung.UNVERIFIED:
        return Note.NONE
    if says is False:
        return Note.SAID_NO
    return Note.TOO_EARLY if fixed and again.recognised and again.matter and again.week is None else Note.NONE


def _turns(events: Sequence[Event]) -> list[tuple[int, TurnKind, Mapping[str, Any]]]:
    heard = {event.turn_id for event in events if event.kind == EventKind.REPLY_HEARD and event.facts["ends"]}
    done = [(number, event) for number, event in enumerate(events) if event.kind == EventKind.TURN_COMPLETED]
    return [(number, kind_of_turn(event.facts, event.turn_id in heard), event.facts) for number, event in done]


def _fixed(turns: Sequence[tuple[int, TurnKind, Mapping[str, Any]]]) -> bool:
    """Every answer was quoted from the council's content, looked up or a card of facts, with its figures verified; none was in part.

    What was said to somebody who had asked before shows nothing: it had not helped then.
    """
    answers = [(kind, facts) for _, kind, facts in turns if kind in (TurnKind.ANSWER, TurnKind.PARTLY)]
    whole = all(kind == TurnKind.ANSWER and bool(facts.get("quoted")) and facts["reason"] != Reason.CHASED for kind, facts in answers)
    return bool(answers) and whole


def _says(events: Sequence[Event], after: int) -> bool | None:
    """The resident's last yes or no, if it came after the last turn in which something was wanted."""
    said = [(number, event) for number, event in enumerate(events) if event.kind == EventKind.FEEDBACK_GIVEN]
    return bool(said[-1][1].facts["helpful"]) if said and said[-1][0] > after else None


def _person_came(events: Sequence[Event]) -> bool:
    """Somebody's own words reached the resident, or an adviser took it and wrapped it up as more than 'nobody was there any more'."""
    taken = next((number for number, event in enumerate(events) if event.kind == EventKind.HANDOFF_ACCEPTED), None)
    met = taken is not None and any(was_met(event) for event in events[taken:])
    return met or any(speaks(event) for event in events)


def _wrong_team(events: Sequence[Event]) -> bool:
    """By a wrap-up that was not taken back, or by a further transfer to another team."""
    taken_back = {
        event.facts["reference"]: number for number, event in enumerate(events) if event.kind == EventKind.HANDOFF_REOPENED
    }  # the last time of each
    said = any(
        event.kind == EventKind.HANDOFF_CLOSED
        and event.facts.get("right_team") is False
        and number > taken_back.get(event.facts["reference"], -1)
        for number, event in enumerate(events)
    )
    passed = any(event.kind == EventKind.HANDOFF_TRANSFERRED and event.facts["how"] == "to_queue" for event in events)
    return said or passed
