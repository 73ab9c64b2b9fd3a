"""What of an event is exported: one row of one table, or nothing. Codes and numbers only; the words stay sealed where they are."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from guildhall.vocabulary.aftercare import Score
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.exported import ARMS, AUDITS, STARTS, STEPS, TURNS
from guildhall.vocabulary.outcomes import Outcome, Reason
from guildhall.vocabulary.signals import DISTRESS, Grade
from guildhall.vocabulary.supervision import SENT

STAFF_PATHS: Final = ("/console", "/desk")
ANSWERED: Final = (Outcome.ANSWERED.value, Outcome.PARTLY_ANSWERED.value)
MISSING: Final = -1
"""Stands for a number or a yes or no that is not known."""
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Exporting:
    """What the rows of one council are made with. `pseudonym` stands for an id, `is_open` says whether a queue's desk is open at a time."""

    council: str
    zone: ZoneInfo
    pseudonym: Callable[[str], str]
    is_open: Callable[[str, datetime], bool]


def exported(event: Row[Any], made: Exporting) -> tuple[str, dict[str, Any]] | None:
    """The table and the row of an event; None for one that says nothing about how a contact went."""
    kind = EventKind(event.kind)
    facts: Facts = json.loads(event.facts)
    if kind == EventKind.REQUEST_FAILED:
        return (STARTS, _failed(event, facts, made)) if _is_contact(facts) else None
    if kind == EventKind.AUDIT_COUNTED:
        return (AUDITS, _audited(event, facts, made)) if facts["council"] == made.council else None
    if kind == EventKind.TRIAL_STOPPED:
        stop = {"trial": facts["trial"], "arm": "", "until": "", "planned": MISSING, "stops": 1}
        return (ARMS, _placed(event, event.at, made) | stop) if facts["council"] == made.council else None
    if event.conversation_id is None:
        return None
    if kind == EventKind.CONVERSATION_STARTED:
        return STARTS, _start(event, facts, made)
    if kind == EventKind.TURN_COMPLETED:
        return TURNS, _turn(event, facts, made)
    if kind == EventKind.TRIAL_JOINED:
        own = {"trial": facts["trial"], "arm": facts["arm"], "until": facts["until"], "planned": facts["contacts"], "stops": 0}
        return ARMS, _placed(event, event.at, made) | own
    step = STEP_FACTS[kind](facts)
    return (STEPS, _step(event, facts, step, made)) if step is not None else None


def _placed(event: Row[Any], at: datetime, made: Exporting) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "contact": made.pseudonym(event.conversation_id or event.id),
        "happened_at": microseconds(at),
        "local_at": microseconds(at.astimezone(made.zone).replace(tzinfo=UTC)),
    }


def microseconds(at: datetime) -> int:
    """A time as a number, as the files hold it."""
    return (at - _EPOCH) // timedelta(microseconds=1)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _start(event: Row[Any], facts: Facts, made: Exporting) -> dict[str, Any]:
    return _placed(event, event.at, made) | {
        "council": made.council,
        "channel": facts["channel"],
        "language": facts.get("language") or "",
        "simulated": int(bool(facts.get("simulated"))),
        "failed": "",
    }


def _is_contact(facts: Facts) -> bool:
    """Whether a failed request was somebody's first word to us: nobody's at the desk, and no conversation was there that counts itself."""
    return facts.get("begun") is False and not str(facts.get("path", "")).startswith(STAFF_PATHS)


def _failed(event: Row[Any], facts: Facts, made: Exporting) -> dict[str, Any]:
    own = {"council": made.council, "channel": "web", "language": "", "simulated": 0, "failed": facts["error"]}
    return _placed(event, event.at, made) | own


def _turn(event: Row[Any], facts: Facts, made: Exporting) -> dict[str, Any]:
    at = datetime.fromisoformat(facts["received_at"]) if "received_at" in facts else event.at
    services = facts.get("services", ())
    meant: Facts = next((matches[0] for matches in services if matches), {})
    outcome = facts["outcome"]
    asked = len(services)  # what turns say that were recorded before parts were counted
    parts = facts.get("parts") or {"asked": asked, "answered": asked if outcome == Outcome.ANSWERED else int(outcome in ANSWERED)}
    return _placed(event, at, made) | {
        "turn": made.pseudonym(event.turn_id or event.id),
        "number": facts.get("number", MISSING),
        "channel": facts.get("channel", ""),
        "language": facts.get("language", ""),
        "service": meant.get("key") or "",
        "lgsl": meant.get("lgsl") or MISSING,
        "ward": next(iter(facts.get("wards", ())), ""),
        "outcome": outcome,
        "reason": facts["reason"],
        "person": facts.get("person", ""),
        "composer": facts.get("composer", ""),
        "parts_asked": parts["asked"],
        "parts_answered": parts["answered"],
        "milliseconds": max(0.0, (event.at - at).total_seconds() * 1000),
        "distress": int(any(s["category"] in DISTRESS and s["grade"] == Grade.CONFIRM for s in facts.get("signals", ()))),
        "grounded": int(bool(facts.get("citations"))) if outcome in ANSWERED else MISSING,
        "fixed": int(bool(facts.get("quoted")) and outcome in ANSWERED and facts["reason"] != Reason.CHASED),
        "receipt": int(bool(facts.get("receipt"))),
    }


def _audited(event: Row[Any], facts: Facts, made: Exporting) -> dict[str, Any]:
    """A turn of a finished sample. It has a name of its own and only its hour, so that nothing leads from it to the turn or its conversation."""
    at = datetime.fromisoformat(facts["turn_at"]).replace(minute=0, second=0, microsecond=0)
    return {
        "seq": event.seq,
        "item": made.pseudonym(facts["item"]),
        "happened_at": microseconds(at),
        "local_at": microseconds(at.astimezone(made.zone).replace(tzinfo=UTC)),
        "stratum": made.pseudonym(facts["draw"]) + "/" + facts["stratum"],
        "simulated": int(bool(facts["simulated"])),
    } | {name: facts[name] for name in ("did", "mark", "fault", "weight", "channel", "language", "service", "ward")}


@dataclass(frozen=True, slots=True)
class Step:
    """What a kind of event says in the columns that all kinds share."""

    code: str = ""
    flag: bool | None = None
    number: float | None = None
    asks: bool = False


def _step(event: Row[Any], facts: Facts, step: Step, made: Exporting) -> dict[str, Any]:
    queue = str(facts.get("queue") or "")
    return _placed(event, event.at, made) | {
        "kind": event.kind,
        "turn": made.pseudonym(event.turn_id) if event.turn_id else "",
        "reference": made.pseudonym(facts["reference"]) if facts.get("reference") else "",
        "queue": queue,
        "lane": str(facts.get("lane") or ""),
        "reason": str(facts.get("reason") or ""),
        "category": str(facts.get("category") or facts.get("right_queue") or ""),
        "code": step.code,
        "flag": MISSING if step.flag is None else int(step.flag),
        "number": float("nan") if step.number is None else step.number,
        "in_hours": int(made.is_open(queue, event.at)) if step.asks else MISSING,
    }


STEP_FACTS: Final[dict[EventKind, Callable[[Facts], Step | None]]] = {
    EventKind.HANDOFF_REQUESTED: lambda f: Step(flag=bool(f.get("live")), asks=True),
    EventKind.HANDOFF_RAISED: lambda _: Step(),
    EventKind.HANDOFF_ACCEPTED: lambda _: Step(),
    EventKind.HANDOFF_TRANSFERRED: lambda f: Step(f["how"]),
    EventKind.HANDOFF_BREACHED: lambda f: Step(f["promise"]),
    EventKind.HANDOFF_GIVEN_UP: lambda f: Step(f["why"]),
    EventKind.HANDOFF_CLOSED: lambda f: Step(f["wrap_up"], f.get("right_team")),
    EventKind.HANDOFF_REOPENED: lambda _: Step(),
    EventKind.HANDOFF_WITHDRAWN: lambda f: Step(f["owner"]),
    EventKind.CALLBACK_BOOKED: lambda f: Step(flag=not f.get("cancelled", False)),
    EventKind.MESSAGE_SENT: lambda _: Step(),
    EventKind.DRAFT_DECIDED: lambda f: Step(f["status"], f["status"] in SENT),
    EventKind.CALL_BRIDGED: lambda f: Step(number=f.get("waited_seconds")),
    EventKind.CALL_ENDED: lambda f: Step(f["cause"], f.get("talked")),
    EventKind.REPLY_HEARD: lambda f: Step(flag=True) if f["ends"] else None,
    EventKind.RECONTACT_KNOWN: lambda f: Step(
        "asked_for_person" if f["asked_for_person"] else "", f["within_7_days"], float(f["within_24_hours"])
    ),
    EventKind.FEEDBACK_GIVEN: lambda f: Step(flag=bool(f["helpful"])),
    EventKind.SATISFACTION_GIVEN: lambda f: Step(f["score"], number=Score(f["score"]).points),
}
"""What each kind of event says beside its reference, queue and lane."""

EXPORTED: Final = (
    EventKind.CONVERSATION_STARTED,
    EventKind.TURN_COMPLETED,
    EventKind.REQUEST_FAILED,
    EventKind.TRIAL_JOINED,
    EventKind.AUDIT_COUNTED,
    EventKind.TRIAL_STOPPED,
    *STEP_FACTS,
)
