"""What the API takes and gives. What comes in is strict and closed."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from guildhall.bootstrap.callback_slots import NAME_AT_MOST, NEEDS_AT_MOST
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.outcomes import Outcome, Person, Reason
from guildhall.vocabulary.turns import Owner, PartKind
from guildhall.web.admission import LONGEST
from guildhall.web.complaints import COMPLAINT_AT_MOST, CONTACT_AT_MOST

Code = Literal["", "en", "ar", "cs", "pa", "pl", "ps", "ro", "sk", "so", "ur"]
assert set(Code.__args__) == {"", *(language.value for language in Language)}  # type: ignore[attr-defined]
EXAMPLE_PART: dict[str, Any] = {
    "kind": "answer",
    "text": "You can put garden waste in the brown bin from March to November.",
    "language": "en",
    "citations": [{"passage": "p1", "title": "Garden waste", "section": "When", "url": "https://www.council.example/bins#when"}],
}


class Strict(BaseModel):
    """Closed: an unknown field is an error, and nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class StartIn(Strict):
    """How a conversation starts."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [{"language": "pl"}]})

    language: Code = Field("", description="Language the resident chose; empty when they chose none.")


class StartedOut(BaseModel):
    """A new conversation."""

    id: str = Field(description="Names the conversation in addresses.")
    token: str = Field(description="Opens the conversation; given this once. Send it as a bearer token.")
    greeting: str = Field(description="To be shown first: it says that an automated assistant answers.")
    language: str = Field(description="Language of the greeting.")
    notice: str = Field("", description="To be shown instead of the greeting when it is not empty: automatic answers are switched off.")


class UtteranceIn(Strict):
    """What the resident says."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"text": "When are my bins collected and how do I pay council tax?"}]}
    )

    text: str = Field(min_length=1, max_length=LONGEST, description="The resident's own words, unchanged.")
    language: Code = Field("", description="Language the resident chose, if that changed.")


class PersonIn(Strict):
    """A request for a person."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [{"text": "It is about my mother's care."}]})

    text: str = Field("", max_length=LONGEST, description="What the person should know, in the resident's words; may be empty.")
    language: Code = ""


class CitationOut(BaseModel):
    """What a part rests on. `url` is empty where the council does not allow the link; `updated` is an ISO date or empty."""

    passage: str
    title: str
    section: str = ""
    url: str = ""
    updated: str = ""


class OptionOut(BaseModel):
    """One choice of a clarifying question: post `say` when the resident chooses `label`."""

    label: str
    say: str


class PartOut(BaseModel):
    """One block of a reply, as Markdown (paragraphs, lists, tables, links). Show it escaped; it holds no HTML."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_PART]})

    kind: PartKind
    text: str
    language: str
    wording: str = Field("", description="The approved text that was used, if one was.")
    question: str = Field("", description="The resident's question this part answers, when there were several.")
    service: str | None = Field(None, description="Key of the service it is about.")
    citations: list[CitationOut] = []
    options: list[OptionOut] = []


class TurnOut(BaseModel):
    """One turn. `outcome` is null while it runs, or when it was cut short."""

    id: str = Field(description="Names the turn when feedback is given.")
    utterance: str
    parts: list[PartOut]
    outcome: Outcome | None
    reason: Reason | None
    person: Person
    reference: str = Field("", description="Reference of the request for a person, when one was brought in.")
    sensitive: bool = Field(False, description="Whether the page should let the resident leave quickly.")
    language: str = ""


class CallbackOut(BaseModel):
    """A booked callback. No times mean as soon as somebody is free."""

    starts_at: AwareDatetime | None
    ends_at: AwareDatetime | None
    name: str
    phone: str
    safe_to_leave_message: bool
    needs: str


class RequestOut(BaseModel):
    """An open request for a person."""

    reference: str
    queue: str
    requested_at: AwareDatetime
    callback: CallbackOut | None


class ConversationOut(BaseModel):
    """A conversation as it stands."""

    id: str
    owner: Owner = Field(description="Who answers next: the assistant, a queue, an adviser, or nobody any more.")
    language: str
    turns: list[TurnOut]
    requests: list[RequestOut]


class CallbackIn(Strict):
    """Whom to phone, when, and how to do it safely."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [{"reference": "K7RM-2Q9D", "name": "Sam", "phone": "01632 960001", "safe_to_leave_message": False}]
        },
    )

    reference: Annotated[str, StringConstraints(min_length=1, max_length=16)] = Field(description="Reference of the request for a person.")
    name: Annotated[str, StringConstraints(min_length=1, max_length=NAME_AT_MOST)]
    phone: Annotated[str, StringConstraints(min_length=1, max_length=40)] = Field(description="A UK number on which it is safe to phone.")
    starts_at: Annotated[AwareDatetime | None, Field(strict=False)] = Field(
        None, description="Start of one of the offered slots; null for as soon as somebody is free."
    )
    safe_to_leave_message: bool
    needs: Annotated[str, StringConstraints(max_length=NEEDS_AT_MOST)] = Field(
        "", description="Anything the caller should know, such as an interpreter or Relay UK."
    )


class SlotOut(BaseModel):
    """A time that can be promised."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime


class SlotsOut(BaseModel):
    """The times offered for one request."""

    reference: str
    queue: str
    slots: list[SlotOut]


class ComplaintIn(Strict):
    """A complaint about how personal data are used."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"text": "You kept my number after I asked you not to."}]}
    )

    text: Annotated[str, StringConstraints(min_length=1, max_length=COMPLAINT_AT_MOST)] = Field(description="What went wrong.")
    contact: Annotated[str, StringConstraints(max_length=CONTACT_AT_MOST)] = Field(
        "", description="How to reach them safely; empty to stay anonymous."
    )
    language: Code = ""


class ComplaintOut(BaseModel):
    """A complaint that was taken."""

    reference: str
    acknowledge_by: AwareDatetime = Field(description="When it will be acknowledged at the latest.")
    care: str = Field("", description="To be shown first, when what was written shows that somebody may be at risk.")


class FeedbackIn(Strict):
    """Whether a reply helped."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [{"helpful": True}]})

    helpful: bool
