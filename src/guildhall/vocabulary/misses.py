"""Misses found later: what the service should have done in a turn and did not. Cases to learn from, with nobody to blame."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from guildhall.vocabulary.ids import ConversationId, TurnId


class MissKind(StrEnum):
    """What went wrong."""

    NOT_HEARD = "not_heard"
    WRONGLY_HEARD = "wrongly_heard"
    PERSON_TOO_LATE = "person_too_late"
    WRONG_ANSWER = "wrong_answer"
    WORDING = "wording"
    FALSE_ALARM = "false_alarm"


class FoundBy(StrEnum):
    """How it came to light."""

    ADVISER = "adviser"
    RESIDENT = "resident"
    COMPLAINT = "complaint"
    SAMPLING = "sampling"
    PARTNER = "partner"


MISS_LABELS: Final[dict[MissKind, tuple[str, str]]] = {
    MissKind.NOT_HEARD: ("Not heard", "Somebody was at risk, or asked for a person, and the service did not notice."),
    MissKind.WRONGLY_HEARD: ("Taken for something else", "It was noticed, but as another kind of need."),
    MissKind.PERSON_TOO_LATE: ("A person came too late", "A person was asked for and did not come in time."),
    MissKind.WRONG_ANSWER: ("Wrong answer", "What the resident was told was wrong, out of date or about something else."),
    MissKind.WORDING: ("Wrong words", "What was said was right and was said badly."),
    MissKind.FALSE_ALARM: ("False alarm", "The service saw a risk where there was none, and it mattered."),
}

FOUND_BY_LABELS: Final[dict[FoundBy, tuple[str, str]]] = {
    FoundBy.ADVISER: ("An adviser", "A person at the desk noticed."),
    FoundBy.RESIDENT: ("The resident", "The resident said so."),
    FoundBy.COMPLAINT: ("A complaint", "It was found while looking into a complaint."),
    FoundBy.SAMPLING: ("Looking at a sample", "It was found by reading a sample of turns."),
    FoundBy.PARTNER: ("Another service", "The police, health, a school or a charity told us."),
}


@dataclass(frozen=True, slots=True)
class Miss:
    """One case. `category` is a Category's code or empty; `learned` says what was changed, once the case is closed."""

    id: str
    turn_id: TurnId
    conversation_id: ConversationId
    turn_at: datetime
    kind: MissKind
    category: str
    found_by: FoundBy
    found_at: datetime
    recorded_by: str
    learned: str = ""
    closed_at: datetime | None = None
