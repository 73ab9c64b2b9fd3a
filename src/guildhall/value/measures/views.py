"""What a measure may look at: the columns of each view of the record, and what they hold. A definition that names anything else is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from guildhall.vocabulary.auditing import UNDECIDED, Fault, Group, Mark
from guildhall.vocabulary.handoffs import Lane
from guildhall.vocabulary.ladder import Rung
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.outcomes import Outcome, Person, Reason
from guildhall.vocabulary.turns import Channel


class Holds(StrEnum):
    """What a column holds."""

    TEXT = "text"
    YES_NO = "yes or no"
    NUMBER = "a number"
    SECONDS = "seconds"
    SCORE = "a score"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `values` are all it can be, where that is a closed list."""

    holds: Holds
    values: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether it can be compared, averaged and put in order."""
        return self.holds in (Holds.NUMBER, Holds.SECONDS, Holds.SCORE)


def _one_of(*values: str) -> Column:
    return Column(Holds.TEXT, values)


TEXT: Final = Column(Holds.TEXT)
YES_NO: Final = Column(Holds.YES_NO)
NUMBER: Final = Column(Holds.NUMBER)
SECONDS: Final = Column(Holds.SECONDS)
SCORE: Final = Column(Holds.SCORE)
CHANNEL: Final = _one_of(*Channel)
LANGUAGE: Final = _one_of("", *Language)
LANE: Final = _one_of("", *Lane)
WAIT_ENDINGS: Final = ("reached", "abandoned", "callback", "still")

VIEWS: Final[Mapping[str, Mapping[str, Column]]] = {
    "contacts": {
        "channel": CHANNEL, "language": LANGUAGE, "service": TEXT, "lgsl": NUMBER, "ward": TEXT, "hour": NUMBER, "weekday": NUMBER,
        "turns": NUMBER, "rung": _one_of(*Rung), "answered": YES_NO, "parts_asked": NUMBER, "parts_answered": NUMBER,
        "asked_person": YES_NO, "chased": YES_NO, "person_brought": YES_NO, "person_reached": YES_NO, "callback_booked": YES_NO, "distress": YES_NO,
        "lane": LANE, "queue": TEXT, "right_team": YES_NO, "transfers": NUMBER, "waited_seconds": SECONDS,
        "waiting_ended": _one_of("", *WAIT_ENDINGS), "wait_observed_seconds": SECONDS, "to_human_seconds": SECONDS,
        "handled_seconds": SECONDS, "satisfaction": SCORE, "said_helped": YES_NO, "recognised": YES_NO, "again_24h": YES_NO,
        "again_7d": YES_NO, "task_receipt": YES_NO, "fixed_fact": YES_NO, "deflected": YES_NO,
        "contained": YES_NO, "resolved": YES_NO, "simulated": YES_NO, "arm": TEXT,
    },
    "turns": {
        "number": NUMBER, "channel": CHANNEL, "language": LANGUAGE, "service": TEXT, "outcome": _one_of(*Outcome),
        "reason": _one_of(*Reason), "person": _one_of(*Person), "composer": TEXT, "parts_asked": NUMBER, "parts_answered": NUMBER,
        "milliseconds": NUMBER, "distress": YES_NO, "grounded": YES_NO,
    },
    "waits": {
        "queue": TEXT, "lane": LANE, "reason": TEXT, "category": TEXT, "in_hours": YES_NO,
        "ending": _one_of(*WAIT_ENDINGS, "withdrawn"), "seconds": SECONDS, "right_team": YES_NO, "breached": YES_NO,
    },
    "audits": {
        "channel": CHANNEL, "language": LANGUAGE, "service": TEXT, "ward": TEXT, "hour": NUMBER, "did": _one_of(*Group),
        "mark": _one_of(*Mark, UNDECIDED), "fault": _one_of("", *Fault), "weight": NUMBER, "stratum": TEXT, "simulated": YES_NO,
    },
}  # fmt: skip
"""One row a contact, a turn, a request for a person, a turn of an audited sample whose marks are all in. The queries are in storage/analysis/sql."""

PERIODS: Final = ("day", "week", "month", "weekday", "hour")
ABOUT_PEOPLE: Final = ("service", "channel", "language", "ward", "queue", "rung", "lane", "arm")
"""What a figure may be split or narrowed by. Few people in such a group could be singled out, so small numbers are not shown."""
GROUPINGS: Final = (*PERIODS, *ABOUT_PEOPLE)
"""A turn and a request take from their contact what they do not have of their own."""
OLD_SINCE: Final = {"contacts": "ended_at", "turns": "at", "waits": "asked_at", "audits": "at"}
"""The time from which a row's window runs."""
DRAWN: Final = ("audits",)
"""Views whose rows were drawn by strata: each stands for as many turns as its `weight` says, within its `stratum`."""
