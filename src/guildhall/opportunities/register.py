"""One opportunity: what would meet the need, its status, and everything that is known of it.

What would meet the need is the first question, asked before anything is scored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Answer(StrEnum):
    """What would meet the need. Only one answer is AI, and one is to stop doing it."""

    FORM = "form"
    RULE = "rule"
    CONTENT_FIX = "content_fix"
    INTEGRATION = "integration"
    AI = "ai"
    STOP = "stop"


ANSWER_LABELS: Final[dict[Answer, tuple[str, str]]] = {
    Answer.FORM: ("A form", "A better form would do."),
    Answer.RULE: ("A rule", "A fixed rule would do. Nothing has to be understood."),
    Answer.CONTENT_FIX: ("A content fix", "A page that explains it plainly would do."),
    Answer.INTEGRATION: ("An integration", "Two systems that share data would do."),
    Answer.AI: ("AI", "It needs understanding or writing that a form, rule, page or integration cannot give."),
    Answer.STOP: ("Stop doing it", "Nobody needs it any more."),
}


class Status(StrEnum):
    """How far an opportunity is."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    MERGED = "merged"


STATUS_LABELS: Final[dict[Status, tuple[str, str]]] = {
    Status.PROPOSED: ("Waiting for a decision", "It was found in notes. Nobody has accepted it or left it out yet."),
    Status.ACCEPTED: ("In the register", "A person accepted it into the register."),
    Status.REFUSED: ("Left out", "A person decided that it is not an opportunity, and said why."),
    Status.MERGED: ("Merged", "It is the same as another opportunity, which keeps its quotes."),
}


class Deciding(StrEnum):
    """What it would decide about people, and whether anybody looks first."""

    NOTHING = "nothing"
    SUGGESTS = "suggests"
    SOLELY_AUTOMATED = "solely_automated"


DECIDING_LABELS: Final[dict[Deciding, tuple[str, str]]] = {
    Deciding.NOTHING: ("It decides nothing about people", "It answers, copies, counts or drafts."),
    Deciding.SUGGESTS: ("It suggests, and a person decides", "A person who can say no looks at each case."),
    Deciding.SOLELY_AUTOMATED: (
        "It decides alone, with a significant effect on people",
        "No person looks before the decision counts. It is always excluded, whatever it would be worth.",
    ),
}


class TimeGoes(StrEnum):
    """What would happen with the time saved. Time becomes money only by a named act."""

    CAPACITY = "capacity"
    GROWTH = "growth"
    AGENCY = "agency"
    OVERTIME = "overtime"
    POST = "post"


TIME_GOES_LABELS: Final[dict[TimeGoes, tuple[str, str]]] = {
    TimeGoes.CAPACITY: ("Other work", "People would use it for other work. It counts as reinvested capacity, not as cash."),
    TimeGoes.GROWTH: (
        "Growing demand",
        "Demand grows each year, and the council would not have to hire for it. It counts as avoided cost.",
    ),
    TimeGoes.AGENCY: ("Agency shifts not booked", "The council would stop booking shifts that it books today. It counts as council cash."),
    TimeGoes.OVERTIME: ("Overtime cut", "The council would stop paying overtime that it pays today. It counts as council cash."),
    TimeGoes.POST: ("A post removed", "A post that is or becomes vacant would leave the budget. It counts as council cash."),
}
DATA_CLASSES: Final[dict[str, str]] = {
    "personal": "Personal data",
    "special_category": "Special categories, such as health or belief",
    "criminal": "Criminal offences",
    "children": "Children’s data",
}
"""Kinds of data that it would touch. For the last three, the law gate has to be opened."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words exactly as they stand in a workshop's notes, and the role of who said them ('' where the notes do not say)."""

    workshop: str
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of an opportunity. Volumes are a year's, minutes are staff time for each one, days are a team's, money is pence.

    `saves_percent` is the share of that time which it would take off. None: nobody has said. What it is worth in pounds is worked out in `worth.py`.
    """

    title: str
    problem: str
    service: str = ""
    directorate: str = ""
    process_step: str = ""
    volume_pa: int = 0
    minutes_each: float = 0.0
    staff_pence_an_hour: int = 0
    error_rate: float = 0.0
    saves_percent: int | None = None
    time_goes: TimeGoes = TimeGoes.CAPACITY
    cash_pence_pa: int | None = None
    cash_act: str = ""
    avoided_pence_pa: int | None = None
    resident_pence_pa: int | None = None
    data_classes: tuple[str, ...] = ()
    deciding: Deciding = Deciding.NOTHING
    affected_groups: tuple[str, ...] = ()
    safeguarding_risk: bool = False
    answer: Answer | None = None
    owner: str = ""
    cost_pence: int = 0
    run_cost_pence_pa: int = 0
    team_days: Mapping[str, float] = field(default_factory=dict)
    must_have: bool = False
    depends_on: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()

    @property
    def hours_pa(self) -> float:
        """Hours of staff time a year that it touches. Time is capacity, never cash by itself."""
        return self.volume_pa * self.minutes_each / 60


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One entry of the register. When two are merged, one keeps the quotes of both, and `merged_into` on the other names it."""

    id: str
    details: Details
    status: Status
    quotes: tuple[Quote, ...] = ()
    merged_into: str = ""
    revealed: bool = False
    demo: bool = False

    @property
    def workshops(self) -> tuple[str, ...]:
        """The workshops it comes from, each once."""
        return tuple(dict.fromkeys(quote.workshop for quote in self.quotes))
