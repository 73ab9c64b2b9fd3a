"""Made-up histories of contacts, as events: put into a real record, and handed to whoever says where each contact stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from sqlalchemy import insert

from guildhall.storage.after_schema import contacts_known
from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.storage.analysis.export import Exporter
from guildhall.storage.analysis.rows import Exporting
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId
from guildhall.vocabulary.outcomes import Outcome, Reason
from guildhall.vocabulary.turns import Channel
from tests.storage.memory import Memory

BEGIN = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
Step = tuple[EventKind, dict[str, Any]]


def turn(outcome: Outcome, reason: Reason, channel: str = "web", **more: Any) -> Step:
    """A turn with the facts that the record keeps of every one."""
    facts = {
        "channel": channel, "language": "en", "signals": [], "number": 1, "services": [[]], "citations": ["p1"], "outcome": outcome.value,
        "reason": reason.value, "person": "none", "composer": "", "quoted": False, "parts": {"asked": 1, "answered": 0},
    }  # fmt: skip
    return EventKind.TURN_COMPLETED, facts | more


def answered(channel: str = "web", **more: Any) -> Step:
    return turn(Outcome.ANSWERED, Reason.EVIDENCE_FOUND, channel, **({"quoted": True} | more))


def requested(reference: str = "R1", reason: str = "person_requested", **more: Any) -> Step:
    facts = {
        "reference": reference,
        "queue": "front-desk",
        "reason": reason,
        "category": "",
        "urgent": False,
        "lane": "ordinary",
        "live": True,
    }
    return EventKind.HANDOFF_REQUESTED, facts | more


def closed(wrap_up: str = "resolved", right_team: bool = True, reference: str = "R1") -> Step:
    facts = {"reference": reference, "by": "A", "queue": "front-desk", "wrap_up": wrap_up, "look": False}
    return EventKind.HANDOFF_CLOSED, facts | {"right_team": right_team, "right_queue": ""}


def told(kind: EventKind, **facts: Any) -> Step:
    return kind, facts


def _turns() -> st.SearchStrategy[Step]:
    outcomes = st.sampled_from(list(Outcome))
    return st.builds(
        lambda outcome, reason, quoted, receipt, service: turn(
            outcome, reason, quoted=quoted, receipt=receipt, services=[[{"key": service, "lgsl": 1, "confidence": 0.9}]] if service else [[]]
        ),
        outcomes, st.sampled_from(list(Reason)), st.booleans(), st.booleans(), st.sampled_from(["", "bins", "tax"]),
    )  # fmt: skip


REFERENCES = st.sampled_from(["R1", "R2"])
STEPS: st.SearchStrategy[Step] = st.one_of(
    _turns(),
    st.just(answered()),
    st.builds(lambda yes: told(EventKind.FEEDBACK_GIVEN, helpful=yes), st.booleans()),
    st.builds(requested, REFERENCES, st.sampled_from(["person_requested", "distress", "no_evidence"])),
    st.builds(lambda r: told(EventKind.HANDOFF_RAISED, reference=r, lane="danger", queue="duty", category="distress"), REFERENCES),
    st.builds(lambda r: told(EventKind.HANDOFF_ACCEPTED, reference=r, by="A", queue="front-desk"), REFERENCES),
    st.just(told(EventKind.MESSAGE_SENT, by="A")),
    st.builds(lambda s: told(EventKind.DRAFT_DECIDED, status=s), st.sampled_from(["approved", "edited", "rejected", "timed_out"])),
    st.builds(closed, st.sampled_from(["resolved", "no_reply", "resident_left", "called_back"]), st.booleans(), REFERENCES),
    st.builds(lambda r: told(EventKind.HANDOFF_REOPENED, reference=r, by="A"), REFERENCES),
    st.builds(
        lambda r, how: told(EventKind.HANDOFF_TRANSFERRED, reference=r, how=how), REFERENCES, st.sampled_from(["taken", "to_queue", "declined"])
    ),
    st.builds(lambda owner: told(EventKind.HANDOFF_WITHDRAWN, requests=1, owner=owner), st.sampled_from(["assistant", "closed"])),
    st.builds(lambda r, why: told(EventKind.HANDOFF_GIVEN_UP, reference=r, why=why), REFERENCES, st.sampled_from(["hung_up", "closed"])),
    st.builds(lambda r, c: told(EventKind.CALLBACK_BOOKED, reference=r, cancelled=c), REFERENCES, st.booleans()),
    st.builds(lambda r, p: told(EventKind.HANDOFF_BREACHED, reference=r, promise=p), REFERENCES, st.sampled_from(["join", "reply"])),
    st.builds(
        lambda day, week, person: told(EventKind.RECONTACT_KNOWN, within_24_hours=day, within_7_days=week, asked_for_person=person),
        st.booleans(), st.booleans(), st.booleans(),
    ),
    st.just(told(EventKind.CALL_BRIDGED, reference="R1", queue="front-desk", waited_seconds=3)),
    st.just(told(EventKind.CALL_ENDED, cause="caller", talked=False)),
    st.builds(lambda score: told(EventKind.SATISFACTION_GIVEN, score=score), st.sampled_from(["very_satisfied", "dissatisfied"])),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """One contact: how it goes, when it begins (minutes after the first may), who they are, and what was noted of them."""

    steps: tuple[Step, ...] = ()
    minutes: int = 0
    phone: bool = False
    resident: str = ""
    service: str = ""
    heard: tuple[bool, ...] = ()


def contacts() -> st.SearchStrategy[Made]:
    """Any contact, hang-ups without a word included. A request is made once under each reference."""
    return st.builds(
        Made,
        st.lists(STEPS, max_size=7).map(_once),
        st.integers(0, 9 * 24 * 60),
        st.booleans(),
        st.sampled_from(["", "", "ann", "bob"]),
        st.sampled_from(["", "bins"]),
        st.lists(st.booleans(), min_size=7, max_size=7).map(tuple),
    )


def _once(steps: list[Step]) -> tuple[Step, ...]:
    seen: set[str] = set()
    kept: list[Step] = []
    for kind, facts in steps:
        if kind == EventKind.HANDOFF_REQUESTED:
            if facts["reference"] in seen:
                continue
            seen.add(facts["reference"])
        kept.append((kind, facts))
    return tuple(kept)


def record(memory: Memory, made: Sequence[Made]) -> list[tuple[Event, ...]]:
    """Put the contacts into the record, one after another; their events, contact by contact."""
    histories = []
    for number, contact in enumerate(made):
        at = BEGIN + timedelta(minutes=contact.minutes)
        channel = Channel.PHONE if contact.phone else Channel.WEB
        conversation, _ = memory.conversations.start(channel, "en", at)
        written = [Event(EventId(""), EventKind.CONVERSATION_STARTED, at, conversation.id)]
        for place, (kind, facts) in enumerate(contact.steps):
            at += timedelta(seconds=30)
            own = dict(facts)
            if "reference" in own:
                own["reference"] = f"{own['reference']}-{number}"
            turn_id = TurnId(memory.new_id("turn")) if kind == EventKind.TURN_COMPLETED else None
            if kind == EventKind.TURN_COMPLETED:
                own |= {"channel": channel.value, "received_at": (at - timedelta(seconds=2)).isoformat()}
            written.append(_event(memory, kind, at, conversation.id, turn_id, own))
            if turn_id and contact.phone and contact.heard and contact.heard[place % len(contact.heard)]:
                heard = {"part": 0, "ends": True}
                written.append(_event(memory, EventKind.REPLY_HEARD, at + timedelta(seconds=5), conversation.id, turn_id, heard))
        memory.record.append(written[1:])
        if contact.resident:
            _recognise(memory, conversation.id, contact)
        histories.append(tuple(written))
    return histories


def _event(
    memory: Memory, kind: EventKind, at: datetime, conversation: ConversationId, turn_id: TurnId | None, facts: dict[str, Any]
) -> Event:
    return Event(EventId(memory.new_id("event")), kind, at, conversation, turn_id, facts)


def _recognise(memory: Memory, conversation_id: str, contact: Made) -> None:
    row = {"digest": contact.resident, "conversation_id": conversation_id, "at": BEGIN, "service": contact.service, "queue": "front-desk"}
    with memory.database.writing() as connection:
        connection.execute(insert(contacts_known).values(**row))


def name_of(text: str) -> str:
    """A pseudonym that a test can say aloud."""
    return f"<{text}>"


def exporter(memory: Memory, folder: Any, lot: int = 100_000, key: str = "k1") -> Exporter:
    made = Exporting("testshire", LONDON, name_of, lambda queue, at: 8 <= at.hour < 18)
    return Exporter(memory.database, made, key, folder, lambda: 0.0, lot)


def placed(engine: AnalysisEngine) -> dict[str, tuple[Any, ...]]:
    """What the views say of each contact, by its pseudonym."""
    columns = "rung, note, answered, deflected, contained, resolved, again_24h, again_7d"
    return {row[0]: row[1:] for row in engine.query(f"SELECT contact, {columns} FROM contacts")}
