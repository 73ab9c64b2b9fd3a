"""What happened to a conversation between the words, as one line each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guildhall.storage.threads import Entry
from guildhall.vocabulary.events import EVENT_LABELS, EventKind
from guildhall.vocabulary.handoffs import WRAP_UP_LABELS, PassedBack, WrapUp
from guildhall.vocabulary.transfers import SUPERVISOR_REASON_LABELS, SupervisorReason, Transfer
from guildhall.web.desk.visit import DeskVisit

BACK = {
    PassedBack.DECLINED: "declined it",
    PassedBack.NOT_TAKEN: "did not answer in time",
    PassedBack.WENT_QUIET: "left the resident without a reply",
    PassedBack.GONE: "is not at the desk any more",
    PassedBack.TRANSFERRED: "passed it on",
    PassedBack.SUPERVISOR: "had it until a supervisor placed it",
    PassedBack.MISSED_CALL: "did not answer the phone",
    PassedBack.CALLER_GONE: "was being rung when the caller rang off",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence without its full stop. `urgent` ones are red."""

    text: str
    urgent: bool = False


def line_of(visit: DeskVisit, entry: Entry, names: Mapping[str, str]) -> Line | None:
    """The line of an event; None for what another line says already."""
    facts = entry.facts
    who = names.get(str(facts.get("by", "")), "An adviser")
    match entry.event:
        case EventKind.OWNER_CHANGED:
            return Line("The assistant answers again") if facts.get("owner") == "assistant" else None
        case EventKind.HANDOFF_REQUESTED:
            return Line(f"A person was asked for: {_why(visit, facts)}")
        case EventKind.HANDOFF_OFFERED:
            return Line(f"Offered to {names.get(str(facts.get('to', '')), 'an adviser')}")
        case EventKind.HANDOFF_ACCEPTED:
            return Line(f"{who} took the conversation")
        case EventKind.HANDOFF_PASSED_BACK:
            return Line(_passed_back(visit, facts, names))
        case EventKind.HANDOFF_RAISED:
            return Line(f"More urgent now: {visit.words.category(str(facts.get('category', '')))}", urgent=True)
        case EventKind.HANDOFF_TRANSFERRED:
            return _transferred(visit, facts, names)
        case EventKind.HANDOFF_REOPENED:
            return Line(f"{who} took the wrap-up back")
        case EventKind.CONVERSATION_LABELLED:
            return _labelled(visit, facts, who)
        case EventKind.HANDOFF_SNOOZED:
            until = facts.get("until")
            return Line(f"Put aside until {visit.clock_time(datetime.fromisoformat(until))}" if until else "Taken up again")
        case EventKind.HANDOFF_CLOSED:
            return Line(f"{who} wrapped it up: {_wrap_up(facts)}")
        case EventKind.CALL_RUNG:
            return Line(f"{_whose_phone(visit, facts, names)} rings")
        case EventKind.CALL_BRIDGED:
            waited = facts.get("waited_seconds")
            after = f", {waited} seconds after a person was needed" if waited is not None else ""
            return Line(f"{_whose_phone(visit, facts, names)} was answered{after}")
        case EventKind.CALL_NOT_BRIDGED:
            return Line(f"{_whose_phone(visit, {**facts, 'to': facts.get('had', '')}, names)} was not answered", urgent=True)
        case EventKind.HANDOFF_BREACHED:
            return Line("Waited longer than was promised", urgent=True)
    return Line(EVENT_LABELS[entry.event][1].rstrip("."))


def _whose_phone(visit: DeskVisit, facts: Mapping[str, Any], names: Mapping[str, str]) -> str:
    if facts.get("to"):
        return f"The phone of {names.get(str(facts['to']), 'an adviser')}"
    kind = "duty line" if facts.get("duty") else "line"
    return f"The {kind} of {visit.words.queue(str(facts['queue']))}" if facts.get("queue") else "A person's phone"


def _why(visit: DeskVisit, facts: Mapping[str, Any]) -> str:
    category = str(facts.get("category", ""))
    return visit.words.category(category) if category else visit.words.reason(str(facts.get("reason", ""))).rstrip(".")


def _passed_back(visit: DeskVisit, facts: Mapping[str, Any], names: Mapping[str, str]) -> str:
    had = names.get(str(facts.get("had", "")), "The adviser")
    why = BACK[PassedBack(facts["why"])] if facts.get("why") in set(PassedBack) else "passed it back"
    to = f", to {names[facts['to']]}" if facts.get("to") in names else f", back to {visit.words.queue(str(facts.get('queue', '')))}"
    return f"{had} {why}{to}"


def _transferred(visit: DeskVisit, facts: Mapping[str, Any], names: Mapping[str, str]) -> Line | None:
    by, to = names.get(str(facts.get("by", "")), "An adviser"), names.get(str(facts.get("to", "")), "a colleague")
    match facts.get("how"):
        case Transfer.OFFERED:
            return Line(f"{by} asked {to} to take it over")
        case Transfer.TAKEN:
            return Line(f"{by} passed it to {to}")
        case Transfer.DECLINED:
            return Line(f"{to} declined; it stayed with {by}")
        case Transfer.LAPSED:
            return Line(f"{to} did not answer in time; it stayed with {by}")
        case Transfer.WITHDRAWN:
            return Line(f"{by} took the question to {to} back")
        case Transfer.TO_QUEUE:
            return Line(f"{by} passed it to {visit.words.queue(str(facts.get('queue', '')))}")
        case Transfer.SUPERVISOR:
            why = SUPERVISOR_REASON_LABELS.get(SupervisorReason(facts["why"]), ("",))[0].lower() if facts.get("why") else ""
            return Line(f"{by}, who runs the desk, placed it ({why})" if why else f"{by}, who runs the desk, placed it")
    return None


def _labelled(visit: DeskVisit, facts: Mapping[str, Any], who: str) -> Line:
    if "service" in facts:
        services = {str(key): service.name for key, service in visit.guildhall.profile.services.items()}
        name = services.get(str(facts["service"]), str(facts["service"]))
        return Line(f"{who} linked the service {name}" if name else f"{who} took the service off")
    added, removed = facts.get("added", []), facts.get("removed", [])
    parts = [f"labelled it {', '.join(added)}"] if added else []
    parts += [f"took off {', '.join(removed)}"] if removed else []
    return Line(f"{who} {' and '.join(parts)}")


def _wrap_up(facts: Mapping[str, Any]) -> str:
    code = facts.get("wrap_up")
    label = WRAP_UP_LABELS[WrapUp(code)][0].lower() if code in set(WrapUp) else "closed"
    return f"{label}, {'right team' if facts.get('right_team') else 'wrong team'}"
