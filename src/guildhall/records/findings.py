"""What a comparison of the record with itself and with the world can find wrong."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class FindingKind(StrEnum):
    """The codes of findings."""

    LOG_CHANGED = "log_changed"
    ROOT_DIFFERS = "root_differs"
    EVENT_NOT_IN_LOG = "event_not_in_log"
    EVENT_MISSING = "event_missing"
    EVENT_CHANGED = "event_changed"
    FACTS_CHANGED = "facts_changed"
    WORDS_CHANGED = "words_changed"
    WORDS_MISSING = "words_missing"
    NUMBER_GAP = "number_gap"
    TURN_UNFINISHED = "turn_unfinished"
    ROW_WITHOUT_EVENT = "row_without_event"
    RECORD_MISSING = "record_missing"
    EVENT_NEVER_WRITTEN = "event_never_written"
    REQUEST_UNFINISHED = "request_unfinished"
    JOURNAL_UNREADABLE = "journal_unreadable"


FINDING_LABELS: Final[dict[FindingKind, str]] = {
    FindingKind.LOG_CHANGED: "A record of the log was changed after it was written.",
    FindingKind.ROOT_DIFFERS: "The log no longer leads to a root that was signed.",
    FindingKind.EVENT_NOT_IN_LOG: "An event was written around the log.",
    FindingKind.EVENT_MISSING: "The log holds an event that is gone from the record.",
    FindingKind.EVENT_CHANGED: "An event no longer says what the log says of it.",
    FindingKind.FACTS_CHANGED: "An event's facts are not those that were committed to.",
    FindingKind.WORDS_CHANGED: "What was said is not what was committed to.",
    FindingKind.WORDS_MISSING: "What was said is gone, and no erasure says why.",
    FindingKind.NUMBER_GAP: "A number is missing in a conversation.",
    FindingKind.TURN_UNFINISHED: "A turn was received and never completed.",
    FindingKind.ROW_WITHOUT_EVENT: "Something is stored of which the record has no event.",
    FindingKind.RECORD_MISSING: "Somebody at risk was escalated and has no safeguarding record.",
    FindingKind.EVENT_NEVER_WRITTEN: "A request succeeded and left no event.",
    FindingKind.REQUEST_UNFINISHED: "A request began, never ended and left no event.",
    FindingKind.JOURNAL_UNREADABLE: "Lines of the web edge's journal cannot be read.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit. `where` is an id or a place in the log."""

    kind: FindingKind
    what: str
    where: str = ""
    at: datetime | None = None
