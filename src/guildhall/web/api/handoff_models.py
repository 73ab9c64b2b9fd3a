"""What the API takes and gives around a conversation with a person. What comes in is strict and closed."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from guildhall.storage.needs import OTHER_AT_MOST
from guildhall.storage.satisfaction import COMMENT_AT_MOST
from guildhall.vocabulary.aftercare import FollowUpKind, Need, Score
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.turns import Owner
from guildhall.web.api.models import Code, PartOut, Strict
from guildhall.web.contacts import EMAIL_AT_MOST

LAST_SEQ = 2**53 - 1


def _whole(value: object) -> object:
    """To JSON Schema 1.0 is an integer."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class EntryOut(BaseModel):
    """One entry of a thread. Show `parts` in their order; a notice is a sentence about what happened, for the resident to read."""

    seq: int = Field(description="Orders entries, and names a place to go on from.")
    id: str
    kind: Literal["said", "reply", "message", "notice"] = Field(description="The resident, the assistant, an adviser, or what happened.")
    at: AwareDatetime
    turn: str = Field(
        "", description="The turn it belongs to. Its last reply holds all its parts; what was shown of it before is replaced."
    )
    text: str = Field("", description="The resident's words, the adviser's, or the notice. Plain text: show it escaped.")
    language: str = ""
    original: str = Field("", description="What the adviser wrote, where `text` is a translation by a program.")
    by: str = Field("", description="The adviser, by the name that the council shows.")
    event: EventKind | None = Field(None, description="What a notice is about.")
    parts: list[PartOut] = []


class ThreadOut(BaseModel):
    """A conversation, or what is new in it."""

    owner: Owner
    seq: int = Field(description="Give this as `after` to read only what comes later.")
    entries: list[EntryOut]
    seen: int = Field(description="Staff have read up to here.")


class StandingOut(BaseModel):
    """Who has the conversation, and the place in the queue while somebody waits in it."""

    owner: Owner
    reference: str = ""
    queue: str = ""
    position: int | None = Field(None, description="Place in the queue, counted from 1.")
    present: int | None = Field(None, description="Advisers of that queue who are here and take something new.")
    expected_seconds: int | None = Field(None, description="Expected wait; null when nobody knows.")
    gives_up_after_minutes: int | None = Field(None, description="A callback is offered when nobody has joined by then.")
    adviser: str = Field("", description="Who has it, by the name that the council shows.")


class WithdrawIn(Strict):
    """How the resident goes on without a person."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [{"to": "assistant"}]})

    to: Literal["assistant", "closed"] = Field(description="With the assistant, or not at all.")


class SatisfactionIn(Strict):
    """How satisfied the resident was with a conversation that has ended."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [{"score": "satisfied", "comment": ""}]})

    score: Annotated[Score, Field(strict=False)]
    comment: Annotated[str, StringConstraints(max_length=COMMENT_AT_MOST)] = ""


class NeedsIn(Strict):
    """How to talk with the resident. Staff who help see it; `consent` says that the resident agreed to that."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [{"needs": ["interpreter"], "consent": True}]})

    needs: list[Annotated[Need, Field(strict=False)]] = Field([], max_length=len(Need))
    other: Annotated[str, StringConstraints(max_length=OTHER_AT_MOST)] = Field("", description="In the resident's own words.")
    consent: Literal[True]


class FollowUpIn(Strict):
    """Where to send a summary. `consent` says that the resident agreed to that."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [{"contact": "07700 900001", "consent": True}]})

    contact: Annotated[str, StringConstraints(min_length=1, max_length=EMAIL_AT_MOST)] = Field(
        description="An e-mail address or a UK mobile number, where it is safe to send it."
    )
    language: Code = ""
    consent: Literal[True]


class FollowUpOut(BaseModel):
    """What will be sent."""

    kind: FollowUpKind
    contact: str


class SignsIn(Strict):
    """That the resident is writing, or how far they have read."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [{"writing": True}]})

    writing: bool = False
    seen: Annotated[int, BeforeValidator(_whole)] = Field(0, ge=0, le=LAST_SEQ, description="The `seq` of the newest entry that was shown.")
