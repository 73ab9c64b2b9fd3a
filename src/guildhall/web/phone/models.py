"""What a gateway sends, and what it gets. What comes in is strict and closed."""

from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from guildhall.channels.phone.house import PersonRoute
from guildhall.channels.phone.ports import TransferOutcome
from guildhall.web.admission import LONGEST

ATTEMPT = r"^turn_[A-Za-z0-9_-]{1,35}$"
EVENT = r"^(even_[A-Za-z0-9_-]{1,35})?$"
NUMBER_AT_MOST = 40
Named = Annotated[str, Path(max_length=40)]
"""A conversation or a reference in an address."""


class Strict(BaseModel):
    """Closed: an unknown field is an error, and nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class BeginIn(Strict):
    """A call that was answered."""

    call_id: str = Field(min_length=1, max_length=255)
    caller: str = Field("", max_length=NUMBER_AT_MOST)
    dialled: str = Field("", max_length=NUMBER_AT_MOST)
    language: str = Field("en", max_length=8)
    hearing: str = Field("grammar", max_length=8)


class SayIn(Strict):
    """Words that were heard."""

    text: str = Field(max_length=LONGEST)
    attempt: str = Field(pattern=ATTEMPT)
    confidence: float = Field(1.0, ge=0, le=1)


class PersonIn(Strict):
    """Why a person is needed."""

    text: str = Field("", max_length=LONGEST)
    danger: bool = False


class TransferredIn(Strict):
    """How a transfer ended."""

    reference: str = Field(max_length=16)
    outcome: str = Field(max_length=16)

    @property
    def ended(self) -> TransferOutcome:
        """What we do not know is a failure."""
        return TransferOutcome(self.outcome) if self.outcome in set(TransferOutcome) else TransferOutcome.FAILED


class TextIn(Strict):
    """Where an answer is to be sent; an empty number is the caller's own."""

    turn: str = Field(max_length=40)
    number: str = Field("", max_length=NUMBER_AT_MOST)


class BookIn(Strict):
    """A callback."""

    reference: str = Field(max_length=16)
    number: str = Field("", max_length=NUMBER_AT_MOST)
    starts_at: str = Field("", max_length=40)


class NoteIn(Strict):
    """Something that happened. The id makes it one event, however often it is sent."""

    id: str = Field("", pattern=EVENT)
    what: str = Field(min_length=1, max_length=40)
    facts: dict[str, Any] = Field(default_factory=dict)


class OverIn(Strict):
    """How a call ended."""

    cause: str = Field("", max_length=40)


def route_out(route: PersonRoute | None) -> dict[str, Any]:
    """A way to a person as JSON; empty when there is nothing more to do."""
    if route is None:
        return {}
    return {
        "answer": route.answer.value, "reference": route.reference, "queue": route.queue, "number": route.number,
        "position": route.position, "wait_seconds": route.wait_seconds, "slots": list(route.slots),
    }  # fmt: skip
