"""A council's opening hours and queues, as written in `council.yaml` and `handoffs.yaml`."""

import re
from datetime import date, time
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from guildhall.vocabulary.languages import Language

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RANGE = re.compile(r"^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$")


class Strict(BaseModel):
    """Frozen, strict and closed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _checked_range(text: object) -> object:
    if not isinstance(text, str) or not RANGE.match(text):
        raise ValueError(f"`{text}` is not a span of hours; write it like 08:30-17:30")
    opens, closes = text.split("-")
    if opens >= closes:
        raise ValueError(f"`{text}` closes before it opens")
    return text


Span = Annotated[str, BeforeValidator(_checked_range)]


class Weekdays(Strict):
    """Spans of opening for each day; several spans for split hours, none for closed."""

    mon: tuple[Span, ...] = ()
    tue: tuple[Span, ...] = ()
    wed: tuple[Span, ...] = ()
    thu: tuple[Span, ...] = ()
    fri: tuple[Span, ...] = ()
    sat: tuple[Span, ...] = ()
    sun: tuple[Span, ...] = ()

    def of(self, day: int) -> tuple[str, ...]:
        """The spans of a weekday, 0 for Monday."""
        spans: tuple[str, ...] = getattr(self, DAYS[day])
        return spans


class ExceptionDay(Strict):
    """A date with hours of its own; no spans means closed."""

    on: date
    open: tuple[Span, ...] = ()
    note: str = ""


class OpeningHours(Strict):
    """When a door or a phone line is open, in the council's time zone."""

    name: str = Field(min_length=2)
    weekdays: Weekdays
    phones_only_days: tuple[str, ...] = ()
    closed_on_bank_holidays: bool = True
    exceptions: tuple[ExceptionDay, ...] = ()
    season: str = ""

    @model_validator(mode="after")
    def _dates_once(self) -> Self:
        seen = [day.on for day in self.exceptions]
        if twice := {day for day in seen if seen.count(day) > 1}:
            raise ValueError(f"the date {min(twice).isoformat()} is given twice in `exceptions`")
        return self


class BankHoliday(Strict):
    """A public holiday."""

    on: date
    name: str


class Queue(Strict):
    """Where residents wait for a person: who answers, when, and what happens when it is shut."""

    name: str = Field(min_length=2)
    names: dict[Language, str] = Field(default_factory=dict, description="The name in other languages, by ISO 639-1 code.")
    hours: str = Field(description="A key of the council's opening hours.")
    phone: str = Field("", description="Direct line, shown to residents.")
    out_of_hours_phone: str = Field("", description="Duty line when the queue is shut, shown to residents.")
    urgent: bool = Field(False, description="Goes ahead of the other queues.")
    callback_within_minutes: int = Field(480, ge=5, description="The promise for a callback, in the queue's open hours.")
    join_within_minutes: int = Field(10, ge=1, description="An adviser should have joined a live conversation by then.")
    reply_within_minutes: int = Field(5, ge=1, description="A resident who wrote to an adviser should have a reply by then.")
    give_up_after_minutes: int = Field(
        30,
        ge=2,
        description="When no adviser has joined by then, the resident gets a callback or the duty line, and may go on with the assistant.",
    )
    overflow: str = Field("", description="The queue whose advisers help out when this one is full.")
    overflow_after_minutes: int = Field(5, ge=1, description="How long somebody waits before the overflow queue is asked.")

    def named(self, language: str) -> str:
        """The name as residents of a language read it, English where there is none."""
        return next((name for code, name in self.names.items() if code == language), self.name)


class DeskRules(Strict):
    """How the desk works, for all queues."""

    offer_seconds: int = Field(30, ge=10, le=300, description="How long an adviser has to take what they are offered.")
    transfer_seconds: int = Field(
        120, ge=10, le=900, description="How long a colleague has to take a conversation over; until then it stays with whoever asks."
    )
    quiet_minutes: int = Field(8, ge=1, le=60, description="An adviser who leaves a resident without a reply for so long has gone quiet.")
    ordinary_share: int = Field(
        4,
        ge=2,
        le=20,
        description="Of so many conversations given out one goes to whoever has waited past their promise outside the danger lane, "
        "whatever comes in that lane.",
    )
    source_minutes: int = Field(
        10,
        ge=1,
        le=120,
        description="Requests about danger from one address stand at least so far apart in the queue, so that a flood of false ones from "
        "one place does not stand before others.",
    )
    adviser_name: Literal["first", "role"] = Field(
        "first", description="What residents read as an adviser's name: their first name, or only that it is an adviser."
    )
    break_minutes: int = Field(5, ge=1, le=60, description="The break that is offered after a conversation about a crisis.")
    interpreter: str = Field(
        "Ask your supervisor how this council books interpreters. Never use a relative, a child or a machine for anything about safety, rights or money.",
        min_length=20,
        description="How an adviser gets an interpreter here: whom to phone, the account to name, and what to do out of hours. Staff read it.",
    )
    labels: tuple[str, ...] = Field(
        ("complaint", "repeat contact", "vulnerable", "accessibility need", "website fault", "wrong information", "praise"),
        description="Labels that staff may give a conversation. They must not say who somebody is.",
    )


class HandoffsFile(Strict):
    """`handoffs.yaml`: the queues, and which one takes what no rule names."""

    default_queue: str
    callback_slots_minutes: int = Field(60, ge=15, le=240, description="Length of a bookable callback slot.")
    queues: dict[str, Queue] = Field(min_length=1)
    services: dict[str, str] = Field(default_factory=dict, description="Service key to queue, where it is not the default.")
    desk: DeskRules = Field(default_factory=DeskRules, description="How the desk works, for all queues.")

    def helping(self, queue: str) -> tuple[str, ...]:
        """The queues whose advisers help a queue out, the nearest first: the one it overflows into, the one that overflows into, and so on."""
        found: list[str] = []
        following = self.queues[queue].overflow if queue in self.queues else ""
        while following and following != queue and following not in found:
            found.append(following)
            following = self.queues[following].overflow
        return tuple(found)

    @model_validator(mode="after")
    def _known_queues(self) -> Self:
        if self.default_queue not in self.queues:
            raise ValueError(f"`default_queue` names `{self.default_queue}`, which is not one of the queues {', '.join(self.queues)}")
        for name, entry in self.queues.items():
            if entry.overflow and (entry.overflow not in self.queues or entry.overflow == name):
                raise ValueError(
                    f"queue `{name}` overflows into `{entry.overflow}`, which is not another of the queues {', '.join(self.queues)}"
                )
            if not entry.overflow and "overflow_after_minutes" in entry.model_fields_set:
                raise ValueError(f"queue `{name}` has `overflow_after_minutes` but no `overflow`; name the queue that helps out")
            for key in ("join_within_minutes", "overflow_after_minutes"):
                if getattr(entry, key) >= entry.give_up_after_minutes:
                    raise ValueError(
                        f"queue `{name}` has `{key}: {getattr(entry, key)}`, but gives up after {entry.give_up_after_minutes} minutes; "
                        "make `give_up_after_minutes` longer"
                    )
            if entry.reply_within_minutes > self.desk.quiet_minutes:
                raise ValueError(
                    f"queue `{name}` promises a reply within {entry.reply_within_minutes} minutes, but an adviser has gone quiet after "
                    f"{self.desk.quiet_minutes}; make `desk.quiet_minutes` longer"
                )
        for service, queue in self.services.items():
            if queue not in self.queues:
                raise ValueError(f"service `{service}` goes to queue `{queue}`, which is not one of the queues {', '.join(self.queues)}")
        return self


def span_times(span: str) -> tuple[time, time]:
    """A span as two times; 24:00 is the last microsecond of the day."""
    opens, closes = span.split("-")
    end = time.max if closes == "24:00" else time.fromisoformat(closes)
    return time.fromisoformat(opens), end
