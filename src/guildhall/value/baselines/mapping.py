"""A mapping says which column of a file is what.

It is guessed from the headings, shown to a person who corrects it, and kept so that the next import can repeat it.
"""

import re
from collections.abc import Mapping as ReadMapping
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from guildhall.value.baselines.dates import DateOrder
from guildhall.value.baselines.durations import DurationUnit

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class Kind(StrEnum):
    """What one row of a file is."""

    CALLS = "calls"
    """One call or other contact."""
    MONTHS = "months"
    """One month's figure, perhaps of one queue."""


class Role(StrEnum):
    """What a column says."""

    WHEN = "when"
    TIME = "time"
    REFERENCE = "reference"
    QUEUE = "queue"
    CHANNEL = "channel"
    ENDING = "ending"
    WAIT = "wait"
    TALK = "talk"
    MONTH = "month"
    VALUE = "value"
    AMOUNT = "amount"
    COUNT = "count"


ROLE_LABELS: Final[dict[Role, tuple[str, str]]] = {
    Role.WHEN: ("Date, or date and time", "When the contact began."),
    Role.TIME: ("Time of day", "When it stands in a column of its own."),
    Role.REFERENCE: ("Call reference", "Only tells calls that are there twice; it is not kept."),
    Role.QUEUE: ("Queue or service", "What it was about."),
    Role.CHANNEL: ("Channel", "Phone, web, e-mail, face to face."),
    Role.ENDING: ("Answered or abandoned", "How it ended."),
    Role.WAIT: ("Time waited", "Until somebody answered, or the caller gave up."),
    Role.TALK: ("Time handled", "An adviser's time."),
    Role.MONTH: ("Month", "Which month the figure is of."),
    Role.VALUE: ("The figure", "A number that is no money: a share, a count, seconds."),
    Role.AMOUNT: ("Amount of money", "In pounds; it is kept in pence."),
    Role.COUNT: ("How many", "How many contacts stand behind a row or a figure."),
}
FOR_KIND: Final = {
    Kind.CALLS: (
        Role.WHEN,
        Role.TIME,
        Role.REFERENCE,
        Role.QUEUE,
        Role.CHANNEL,
        Role.ENDING,
        Role.WAIT,
        Role.TALK,
        Role.AMOUNT,
        Role.COUNT,
    ),
    Kind.MONTHS: (Role.MONTH, Role.QUEUE, Role.CHANNEL, Role.VALUE, Role.AMOUNT, Role.COUNT),
}
SYNONYMS: Final[dict[Role, tuple[str, ...]]] = {
    Role.MONTH: ("month", "period", "month ending", "month starting", "month commencing", "reporting month"),
    Role.WHEN: ("date time", "datetime", "date and time", "call date", "call start", "start time", "started", "started at", "start date", "date of call",
                "contact date", "received", "received at", "created", "created at", "timestamp", "call time and date", "date", "day", "call started", "offered at"),
    Role.TIME: ("time", "call time", "time of call", "time of day", "start time of day"),
    Role.REFERENCE: ("call id", "callid", "reference", "ref", "contact id", "interaction id", "call reference", "call ref", "case ref", "contact ref", "interaction ref", "ref no", "reference number", "unique id", "session id", "ucid", "case id", "ticket"),
    Role.QUEUE: ("queue", "queue name", "service", "service area", "skill", "skill group", "team", "department", "call type", "topic", "line", "hunt group", "directorate", "ivr option"),
    Role.CHANNEL: ("channel", "contact channel", "media", "media type", "contact method", "contact type"),
    Role.ENDING: ("answered", "abandoned", "outcome", "result", "disposition", "call result", "call outcome", "answered abandoned", "answered or abandoned", "status", "call status", "was answered", "answered y n", "abandoned y n"),
    Role.WAIT: ("wait", "wait time", "waiting time", "time waited", "queue time", "time in queue", "time to answer", "speed of answer", "asa", "ring time", "answer time", "waited"),
    Role.TALK: ("talk", "talk time", "handle time", "handling time", "duration", "call duration", "call length", "aht", "average handling time", "length", "conversation time"),
    Role.AMOUNT: ("amount", "cost", "net cost", "total cost", "spend", "expenditure", "net expenditure", "actual", "actuals", "saving", "price", "net amount", "monthly cost"),
    Role.COUNT: ("count", "number", "volume", "calls", "number of calls", "contacts", "number of contacts", "total calls", "calls offered", "offered", "quantity", "cases", "n"),
    Role.VALUE: ("value", "figure", "measure", "rate", "share", "percentage", "per cent", "average", "mean", "unit cost", "cost per contact", "cost per call", "score"),
}  # fmt: skip
PERSONAL: Final = re.compile(
    r"\b(caller|phone|telephone|tel|mobile|cli|ani|number dialled|dialled number|from number|name|surname|forename|first ?name|last ?name|e ?mail|address|"
    r"post ?code|dob|date of birth|birth|nino?|national insurance|nhs|agent|adviser|advisor|operator|handled by|answered by|staff|employee|user ?name|"
    r"account|uprn|gender|sex|ethnicity|notes?|comments?|description|customer|resident|citizen|contact number|from|caller id)\b",
    re.IGNORECASE,
)
ANSWERED: Final = (
    "answered",
    "handled",
    "connected",
    "completed",
    "complete",
    "served",
    "resolved",
    "yes",
    "y",
    "true",
    "1",
    "closed",
    "transferred",
)
ABANDONED: Final = ("abandoned", "abandon", "lost", "hung up", "hang up", "dropped", "no answer", "not answered", "unanswered", "missed", "no", "n", "false",
                    "0", "timeout", "timed out", "caller hung up", "abandoned in queue", "overflowed")  # fmt: skip


class Mapping(BaseModel):
    """Which column is what, and how it is read. `columns` gives each role the heading of its column."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    columns: dict[Role, Text]
    sheet: Text = ""
    dates: DateOrder = DateOrder.DAY_FIRST
    wait_unit: DurationUnit = DurationUnit.SECONDS
    talk_unit: DurationUnit = DurationUnit.SECONDS
    channel: Text = ""
    """The channel of every row, where no column says it."""
    answered: tuple[Text, ...] = ANSWERED
    abandoned: tuple[Text, ...] = ABANDONED
    measure: Text = ""
    """What a month's figure is of; the name of a measure where there is one."""
    unit: Text = ""

    @model_validator(mode="after")
    def _complete(self) -> "Mapping":
        odd = [role for role in self.columns if role not in FOR_KIND[self.kind]]
        if odd:
            raise ValueError(f"a file of {self.kind} has no column for {', '.join(odd)}; it may have {', '.join(FOR_KIND[self.kind])}")
        if missing := self.missing:
            raise ValueError(missing)
        twice = [name for name in set(self.columns.values()) if list(self.columns.values()).count(name) > 1]
        if twice:
            raise ValueError(f"the column “{twice[0]}” is named for two things; each column can be one")
        return self

    @property
    def missing(self) -> str:
        """What is lacking, in a sentence; empty when nothing is."""
        if self.kind == Kind.CALLS:
            return "" if Role.WHEN in self.columns else "say which column holds the date"
        if Role.MONTH not in self.columns:
            return "say which column holds the month"
        figures = [role for role in (Role.VALUE, Role.AMOUNT) if role in self.columns]
        if len(figures) == 2:
            return "say which one column holds the figure: a number, or an amount of money"
        return "" if figures or Role.COUNT in self.columns else "say which column holds the figure"


def plain(heading: str) -> str:
    """A heading without case, marks and units, for comparing."""
    without_units = re.sub(r"\((?:[^)]*)\)|\[[^\]]*\]", " ", heading.casefold())
    return " ".join(re.sub(r"[^a-z0-9]+", " ", without_units).split())


def guess_kind(headings: Sequence[str]) -> Kind:
    """Months when a column is headed so and none looks like a call's."""
    names = {plain(heading) for heading in headings}
    monthly = any(name.split(" ")[-1] in SYNONYMS[Role.MONTH] or name in SYNONYMS[Role.MONTH] for name in names if name)
    calls = any(name in SYNONYMS[role] for name in names for role in (Role.WHEN, Role.WAIT, Role.TALK))
    return Kind.MONTHS if monthly and not calls else Kind.CALLS


def guess_columns(headings: Sequence[str], kind: Kind) -> dict[Role, str]:
    """The likely column of each role: a heading that is a synonym, else one that ends or begins with one. No heading is taken twice."""
    found: dict[Role, str] = {}
    names = [(heading, plain(heading)) for heading in headings if heading]
    for nearly in (False, True):
        for role in FOR_KIND[kind]:
            if role in found or (nearly and role in (Role.TIME, Role.COUNT, Role.REFERENCE)):
                continue
            for heading, name in names:
                personal = PERSONAL.search(heading) and role not in (Role.ENDING, Role.WHEN)
                if heading in found.values() or personal or not name:
                    continue
                if any(
                    name == known or (nearly and (name.endswith(f" {known}") or name.startswith(f"{known} "))) for known in SYNONYMS[role]
                ):
                    found[role] = heading
                    break
    return _one_figure(found)


def _one_figure(found: dict[Role, str]) -> dict[Role, str]:
    if Role.VALUE in found and Role.AMOUNT in found:
        del found[Role.AMOUNT]
    if Role.WHEN not in found and Role.TIME in found:
        del found[Role.TIME]
    return found


def guess_unit(heading: str) -> DurationUnit:
    """Minutes when the heading says so, else seconds."""
    return (
        DurationUnit.MINUTES
        if re.search(r"\bmin(ute)?s?\b", heading.casefold()) and "sec" not in heading.casefold()
        else DurationUnit.SECONDS
    )


def personal_columns(headings: Sequence[str], columns: ReadMapping[Role, str]) -> tuple[str, ...]:
    """Headings that look like personal data and are not among those read."""
    return tuple(heading for heading in headings if heading and heading not in columns.values() and PERSONAL.search(heading))
