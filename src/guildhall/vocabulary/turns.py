"""A turn: one utterance in, one reply out, and everything that was found and decided between."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from guildhall.vocabulary.decisions import Decision
from guildhall.vocabulary.ids import ConversationId, ServiceKey, TurnId
from guildhall.vocabulary.languages import LanguageGuess
from guildhall.vocabulary.outcomes import Outcome, Person, Reason
from guildhall.vocabulary.passages import Citation, Found
from guildhall.vocabulary.questions import Question
from guildhall.vocabulary.signals import Detection
from guildhall.vocabulary.supervision import Supervised
from guildhall.vocabulary.trials import Assigned


class Channel(StrEnum):
    """How words travel."""

    WEB = "web"
    PHONE = "phone"
    STAFF = "staff"


SIMULATED: Final = "simulated"
"""What a conversation's source says when nobody was there: the simulator held it."""


class Owner(StrEnum):
    """Who owns a conversation: exactly one party at a time."""

    ASSISTANT = "assistant"
    QUEUE = "queue"
    ADVISER = "adviser"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Utterance:
    """What was said to us. `language_hint` is what the resident chose on the page, or empty."""

    text: str
    channel: Channel
    received_at: datetime
    language_hint: str = ""


class PartKind(StrEnum):
    """What a part of a reply is, so that a page or a voice can render it rightly."""

    WORDING = "wording"
    ANSWER = "answer"
    SIGNPOSTS = "signposts"
    CLARIFICATION = "clarification"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a clarifying question. `say` is what is sent when it is chosen."""

    label: str
    say: str


@dataclass(frozen=True, slots=True)
class ReplyPart:
    """One block of a reply. `text` is Markdown (paragraphs, lists, tables, links); `wording` names the approved text used."""

    kind: PartKind
    text: str
    language: str
    citations: tuple[Citation, ...] = ()
    wording: str = ""
    question: str = ""
    """The resident's question this part answers, when there were several."""
    service: ServiceKey | None = None
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What we said. `reference` is the handoff's reference when a person was brought in."""

    parts: tuple[ReplyPart, ...] = ()
    person: Person = Person.NONE
    reference: str = ""
    sensitive: bool = False

    @property
    def text(self) -> str:
        """The whole reply as Markdown."""
        return "\n\n".join(part.text for part in self.parts)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation once, in the order of first use."""
        return tuple(dict.fromkeys(c for part in self.parts for c in part.citations))


@dataclass(frozen=True, slots=True)
class StepTiming:
    """How long a step of the pipeline took."""

    step: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Turn:
    """A finished turn, as it is recorded."""

    id: TurnId
    conversation_id: ConversationId
    number: int
    utterance: Utterance
    language: LanguageGuess
    detection: Detection
    decisions: tuple[Decision, ...]
    questions: tuple[Question, ...]
    found: tuple[Found, ...]
    reply: Reply
    outcome: Outcome
    reason: Reason
    timings: tuple[StepTiming, ...] = ()
    composer: str = ""
    versions: tuple[str, ...] = ()
    finished_at: datetime | None = None
    shadow: tuple[Decision, ...] = ()
    """What packs in shadow would have decided. Recorded, never acted upon."""
    switched_off: tuple[str, ...] = ()
    """The kill switches that changed what was done, as `kind:target`."""
    supervised: tuple[Supervised, ...] = ()
    """What supervision did with the questions whose topic is supervised."""
    parts_asked: int = 0
    parts_answered: int = 0
    quoted: bool = False
    """Every block of the answer is quoted from the council's content, looked up or a card of facts; no model wrote any of it."""
    wards: tuple[str, ...] = ()
    """The ward of each place that was looked up, by its public name."""
    arm: str = ""
    """The way of a trial by which it was answered; empty where it was answered as for everybody."""


@dataclass(frozen=True, slots=True)
class PastTurn:
    """What a later turn of the same conversation may look back on."""

    utterance: str
    reply: str
    outcome: Outcome
    services: tuple[ServiceKey, ...] = ()
    places: tuple[str, ...] = ()
    asked_about: str = ""
    """The question our clarifying question was about, when this turn asked back."""
    reason: str = ""
    """The turn's Reason, as its code."""
    wordings: tuple[str, ...] = ()
    """The approved wordings it said."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as the next turn finds it. `turns` is oldest first."""

    id: ConversationId
    channel: Channel
    owner: Owner
    language: str = ""
    turns: tuple[PastTurn, ...] = ()
    pack: str = ""
    """The policy pack that judged its first turn, and so judges all; empty until then."""
    assigned: Assigned | None = None
    """The way of a trial that goes on, for a resident who agreed to take part."""

    @property
    def failed_turns(self) -> int:
        """How many turns in a row, counted from the last, did not help."""
        count = 0
        for turn in reversed(self.turns):
            if turn.outcome not in FAILED or turn.reason in (Reason.PLACE_NEEDED, Reason.SMALL_TALK, Reason.OTHER_BODY):
                break
            count += 1
        return count


FAILED = frozenset({Outcome.ASKED_BACK, Outcome.DECLINED, Outcome.FAIL_SAFE})
