"""What advisers insert by a short code, as written in `desk.yaml`: approved replies, and macros that do several things at once."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from guildhall.vocabulary.handoffs import WrapUp
from guildhall.vocabulary.languages import Language

PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
PLACEHOLDERS: Final = ("reference", "queue", "council", "adviser")
"""What a reply may be filled with. None of it is about the resident, so an approved text stays the text that was approved."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]


class Strict(BaseModel):
    """Frozen, strict and closed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SnoozeFor(StrEnum):
    """How long a conversation is put aside. Every one of them ends within the queue's opening hours."""

    QUARTER = "quarter"
    HOUR = "hour"
    TOMORROW = "tomorrow"
    NEXT_WEEK = "next_week"


SNOOZE_LABELS: Final[dict[SnoozeFor, tuple[str, str]]] = {
    SnoozeFor.QUARTER: ("15 minutes", "Looks again in a quarter of an hour of opening time."),
    SnoozeFor.HOUR: ("1 hour", "Looks again in an hour of opening time."),
    SnoozeFor.TOMORROW: ("When we next open", "Looks again when the team opens on its next day."),
    SnoozeFor.NEXT_WEEK: ("Next week", "Looks again when the team opens in the next week."),
}


def _checked_text(text: object) -> object:
    if isinstance(text, str):
        for name in PLACEHOLDER.findall(text):
            if name not in PLACEHOLDERS:
                allowed = ", ".join(f"{{{known}}}" for known in PLACEHOLDERS)
                raise ValueError(f"`{{{name}}}` is no placeholder of a reply; use {allowed}, or write the words out")
        if text.count("{") != text.count("}"):
            raise ValueError("a brace is opened and not closed, or closed and not opened")
    return text


class ReplyText(Strict):
    """A reply in one language. `status` says whether a speaker of the language has checked it."""

    text: Annotated[str, BeforeValidator(_checked_text)] = Field(
        min_length=1, max_length=2000, description="May hold {reference}, {queue}, {council} and {adviser}."
    )
    status: Literal["approved", "draft"] = Field(description="`approved` by the reply's owner, or `draft` until a speaker has checked it.")


class ApprovedReply(Strict):
    """A reply that advisers insert by its code: a text of its own in each language, or the council's approved wording of an id."""

    title: str = Field(min_length=3, max_length=80, description="What advisers choose it by.")
    owner: str = Field(min_length=2, description="The team that answers for the words.")
    review_by: date = Field(description="From this day on the desk says that it should be checked again; it can still be inserted.")
    wording: str = Field("", description="The id of an approved wording, instead of `texts`.")
    texts: dict[Language, ReplyText] = Field(default_factory=dict, description="The text in each language; English is needed.")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if bool(self.wording) == bool(self.texts):
            raise ValueError("a reply has either `texts` or the id of a `wording`; give one of the two")
        if self.texts and Language.ENGLISH not in self.texts:
            raise ValueError("`texts` lacks English, which stands in where a language is missing; add `en`")
        if self.texts and self.texts[Language.ENGLISH].status != "approved":
            raise ValueError("the English text must be `approved`; a reply that nobody approved cannot be offered")
        english = set(PLACEHOLDER.findall(self.texts[Language.ENGLISH].text)) if self.texts else set()
        for language, entry in self.texts.items():
            if set(PLACEHOLDER.findall(entry.text)) != english:
                raise ValueError(f"the text in `{language}` has other placeholders than the English one; use the same")
        return self


class Macro(Strict):
    """Several things that go together, done by one code. It never sends anything: a reply is put into the box for the adviser to send."""

    title: str = Field(min_length=3, max_length=80)
    owner: str = Field(min_length=2, description="The team that answers for it.")
    review_by: date
    reply: str = Field("", description="The code of the reply that is put into the box.")
    labels: tuple[str, ...] = Field((), description="Labels to add, from `desk.labels` of handoffs.yaml.")
    service: str = Field("", description="The service to link.")
    snooze: SnoozeFor | None = Field(None, description="How long to put the conversation aside.")
    wrap_up: WrapUp | None = Field(None, description="The wrap-up code to choose beforehand; the adviser still confirms it.")

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not (self.reply or self.labels or self.service or self.snooze or self.wrap_up):
            raise ValueError("a macro does at least one of `reply`, `labels`, `service`, `snooze` and `wrap_up`")
        if self.snooze and self.wrap_up:
            raise ValueError("a macro cannot both `snooze` and `wrap_up`; a conversation that is over is not put aside")
        return self


class DeskFile(Strict):
    """`desk.yaml`: what advisers insert or do by typing `/` and a code. A council's entries replace the baseline's of the same code."""

    reviewed_by: str = Field("", description="Who approved the texts of this file.")
    reviewed_on: date | None = None
    replies: dict[Code, ApprovedReply] = Field(default_factory=dict)
    macros: dict[Code, Macro] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _codes_once(self) -> Self:
        if both := sorted(set(self.replies) & set(self.macros)):
            raise ValueError(f"`{both[0]}` is the code of a reply and of a macro; give one of the two another code")
        if not self.reviewed_by and any(reply.texts for reply in self.replies.values()):
            raise ValueError("approved replies need `reviewed_by`")
        return self
