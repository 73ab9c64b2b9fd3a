"""The peer: the same contacts placed and counted one by one in Python, from rows in memory."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.value.ladder import Again, place
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId
from guildhall.vocabulary.ladder import Rung

Rows = dict[str, list[tuple[Any, ...]]]
RAW = {
    "starts": "contact, seq, happened_at, channel, failed",
    "turns": "contact, seq, happened_at, turn, channel, outcome, reason, fixed, receipt",
    "steps": "contact, seq, happened_at, kind, turn, reference, code, flag, reason",
}


def read(engine: AnalysisEngine, contacts: int) -> tuple[Rows, dict[str, tuple[Any, ...]]]:
    """The rows of so many contacts, and what the views say of each."""
    chosen = f"SELECT contact FROM contacts ORDER BY contact LIMIT {contacts}"
    rows = {table: engine.query(f"SELECT {columns} FROM raw_{table} WHERE contact IN ({chosen})") for table, columns in RAW.items()}
    columns = "contact, rung, day, service, channel, recognised, service <> '', again_24h, again_7d, contained"
    return rows, {row[0]: row[1:] for row in engine.query(f"SELECT {columns} FROM contacts WHERE contact IN ({chosen})")}


def place_all(rows: Rows, said: dict[str, tuple[Any, ...]]) -> tuple[dict[str, Rung], Counter[tuple[Any, ...]]]:
    """The rung of each contact, and how many by day, service, channel and rung; the loop that is timed."""
    histories: dict[str, list[tuple[int, Event]]] = defaultdict(list)
    for contact, seq, at, channel, failed in rows["starts"]:
        kind = EventKind.REQUEST_FAILED if failed else EventKind.CONVERSATION_STARTED
        histories[contact].append((seq, _event(seq, kind, at, contact, "", {"channel": channel})))
    for contact, seq, at, turn, channel, outcome, reason, fixed, receipt in rows["turns"]:
        facts = {"channel": channel, "outcome": outcome, "reason": reason, "quoted": fixed, "receipt": receipt}
        histories[contact].append((seq, _event(seq, EventKind.TURN_COMPLETED, at, contact, turn, facts)))
    for contact, seq, at, kind, turn, reference, code, flag, reason in rows["steps"]:
        facts = {
            "reference": reference, "wrap_up": code, "right_team": flag, "how": code, "owner": code, "why": code, "helpful": flag, "ends": flag,
            "cancelled": flag is False, "status": code, "reason": reason,
        }  # fmt: skip
        histories[contact].append((seq, _event(seq, EventKind(kind), at, contact, turn, facts)))
    rungs, counts = {}, Counter[tuple[Any, ...]]()
    for contact, numbered in histories.items():
        _, day, service, channel, recognised, matter, again_day, again_week, _ = said[contact]
        events = [event for _, event in sorted(numbered, key=lambda pair: pair[0])]
        rungs[contact] = place(events, Again(recognised, matter, again_day, again_week)).rung
        counts[day, service, channel, rungs[contact]] += 1
    return rungs, counts


def _event(seq: int, kind: EventKind, at: datetime, contact: str, turn: str, facts: dict[str, Any]) -> Event:
    return Event(EventId(str(seq)), kind, at, ConversationId(contact), TurnId(turn), facts)


def differing(rungs: dict[str, Rung], said: dict[str, tuple[Any, ...]]) -> Sequence[str]:
    """The contacts of which the loop and the views do not say the same."""
    return [contact for contact, rung in rungs.items() if said[contact][0] != rung]
