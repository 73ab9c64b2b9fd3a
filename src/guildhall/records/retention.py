"""How long what is kept, as a council's file says: one schedule for each kind of thing, with its authority. Examples are shipped to be adopted."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

KEY_BACKUPS_AT_MOST: Final = 35
"""A copy of keys that lives longer would undo erasures for longer than the law's month allows."""


class Strict(BaseModel):
    """Frozen, strict and closed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Covers(StrEnum):
    """What a schedule is about. Each is covered exactly once."""

    WORDS = "words"
    CALL_TRANSCRIPTS = "call_transcripts"
    FACTS = "facts"
    CALLBACKS = "callbacks"
    REQUESTS = "requests"
    STAFF_PROMPTS = "staff_prompts"
    RECORDINGS = "recordings"
    EXPORTS = "exports"
    MAIN_BACKUPS = "main_backups"
    KEY_BACKUPS = "key_backups"


class Trigger(StrEnum):
    """From when the days count."""

    LAST_WORDS = "last_words"
    LAST_EVENT = "last_event"
    CALLBACK_TIME = "callback_time"
    CLOSED = "closed"
    MADE = "made"


class Action(StrEnum):
    """What is done when the time is over."""

    ERASE = "erase"
    UNLINK = "unlink"
    DELETE = "delete"


HOW: Final[dict[Covers, tuple[Trigger, Action, str]]] = {
    Covers.WORDS: (Trigger.LAST_WORDS, Action.ERASE, "What residents said and were told, and what staff wrote about them"),
    Covers.CALL_TRANSCRIPTS: (Trigger.LAST_WORDS, Action.ERASE, "What callers said and were told, sooner than other words"),
    Covers.FACTS: (Trigger.LAST_EVENT, Action.UNLINK, "The link from the record's facts to a browser or a reference"),
    Covers.CALLBACKS: (Trigger.CALLBACK_TIME, Action.DELETE, "Names and numbers given for a callback"),
    Covers.REQUESTS: (Trigger.CLOSED, Action.ERASE, "The words of rights requests and complaints"),
    Covers.STAFF_PROMPTS: (Trigger.LAST_WORDS, Action.ERASE, "What staff wrote to the assistant"),
    Covers.RECORDINGS: (Trigger.MADE, Action.DELETE, "Recordings of calls"),
    Covers.EXPORTS: (Trigger.MADE, Action.DELETE, "Copies made for subject access"),
    Covers.MAIN_BACKUPS: (Trigger.MADE, Action.DELETE, "Copies of the database"),
    Covers.KEY_BACKUPS: (Trigger.MADE, Action.DELETE, "Copies of the key store"),
}
"""What each kind can be triggered by and what is done to it, with the words for it."""


class Adoption(Strict):
    """That the council has made an example its own."""

    by: str = Field(min_length=2, description="Who decided, as a role or a body.")
    on: date = Field(description="When.")


class Schedule(Strict):
    """One schedule."""

    title: str = Field(min_length=3, description="What it is called where people read it.")
    covers: Covers = Field(description="What it is about; each kind is covered exactly once.")
    trigger: Trigger = Field(description="From when the days count.")
    days: int = Field(ge=1, le=3660, description="How long it is kept.")
    action: Action = Field(description="What is done when the time is over.")
    includes: tuple[str, ...] = Field((), description="What is in it, by name, for whoever reads the schedule.")
    authority: str = Field(min_length=10, description="Under which law or decision. A sentence.")
    adopted: Adoption | None = Field(None, description="By whom and when the council adopted it; left out, it is an example still.")

    @model_validator(mode="after")
    def _can_be_done(self) -> Self:
        trigger, action, _ = HOW[self.covers]
        if self.trigger != trigger:
            raise ValueError(f"`{self.covers}` counts from `{trigger}`, not from `{self.trigger}`; write `trigger: {trigger}`")
        if self.action != action:
            raise ValueError(f"`{self.covers}` can only be done by `{action}`, not by `{self.action}`; write `action: {action}`")
        if self.covers == Covers.KEY_BACKUPS and self.days > KEY_BACKUPS_AT_MOST:
            raise ValueError(f"copies of keys may be kept for {KEY_BACKUPS_AT_MOST} days at most, not {self.days}; write a smaller number")
        return self

    def cutoff(self, now: datetime) -> datetime:
        """What is older is over."""
        return now - timedelta(days=self.days)


class RetentionFile(Strict):
    """`retention.yaml`: schedules by name. A council's file replaces those of the baseline that have the same name."""

    kind: Literal["retention"] = Field("retention", description="Always `retention`.")
    schedules: dict[str, Schedule] = Field(min_length=1, description="Schedules by name.")

    @model_validator(mode="after")
    def _covered_once(self) -> Self:
        seen: dict[Covers, str] = {}
        for name, schedule in self.schedules.items():
            if schedule.covers in seen:
                raise ValueError(f"`{name}` covers `{schedule.covers}`, which `{seen[schedule.covers]}` covers too; keep one of the two")
            seen[schedule.covers] = name
        self._opens_with_the_same_key(seen)
        return self

    def _opens_with_the_same_key(self, seen: dict[Covers, str]) -> None:
        """Recordings cannot outlive words, of conversations or of calls, whose key they hang on."""
        for covers, go in ((Covers.WORDS, "words go"), (Covers.CALL_TRANSCRIPTS, "transcripts of calls go")):
            if Covers.RECORDINGS in seen and covers in seen:
                recordings, words = self.schedules[seen[Covers.RECORDINGS]], self.schedules[seen[covers]]
                if recordings.days > words.days:
                    raise ValueError(
                        f"recordings cannot be kept for {recordings.days} days when {go} after {words.days}: they open with the same key; "
                        f"write {words.days} or less"
                    )

    def of(self, covers: Covers) -> tuple[str, Schedule]:
        """The schedule of a kind, with its name. KeyError when none covers it, which loading refuses."""
        return next((name, schedule) for name, schedule in self.schedules.items() if schedule.covers == covers)

    @property
    def missing(self) -> tuple[Covers, ...]:
        """Kinds that no schedule covers."""
        covered = {schedule.covers for schedule in self.schedules.values()}
        return tuple(kind for kind in Covers if kind not in covered)
