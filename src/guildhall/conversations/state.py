"""What is known of a turn while it runs. Steps replace it; only the runner keeps it."""

from dataclasses import dataclass, field, replace
from typing import Any, Self

from guildhall.answers.addresses import without_addresses
from guildhall.policy.judging import Judging
from guildhall.vocabulary.decisions import Act, Decision
from guildhall.vocabulary.ids import TurnId
from guildhall.vocabulary.joins import without_lead
from guildhall.vocabulary.languages import Language, LanguageGuess
from guildhall.vocabulary.outcomes import Outcome, Person, Reason
from guildhall.vocabulary.passages import Found
from guildhall.vocabulary.questions import Question, Redacted, Understanding
from guildhall.vocabulary.sentences import capitalised
from guildhall.vocabulary.services import Elsewhere, Service
from guildhall.vocabulary.signals import Detection
from guildhall.vocabulary.supervision import EVERYTHING, Mode, Supervised, Topic
from guildhall.vocabulary.switches import Switch, Switches
from guildhall.vocabulary.trials import NewWay
from guildhall.vocabulary.turns import Conversation, ReplyPart, StepTiming, Utterance


@dataclass(frozen=True, slots=True)
class Part:
    """One question on its way to an answer: what may answer it, and whether it has been."""

    question: Question
    service: Service | None = None
    found: tuple[Found, ...] = ()
    place_needed: bool = False
    place_unknown: str = ""
    looked_up: bool = False
    ward: str = ""
    """The ward of the place that was looked up, where all it may be lie in one."""
    unclear: bool = False
    answered: bool = False
    off: Switch | None = None
    """The kill switch that keeps an automatic answer from it."""
    mode: Mode = Mode.FREE_WITH_EVIDENCE
    topic: Topic = EVERYTHING
    """What asks for the mode."""
    held: tuple[ReplyPart, ...] = ()
    """Its answer, while an adviser has still to see it."""
    draft: str = ""
    """The draft that an adviser has been given."""
    for_person: Reason | None = None
    """Why only a person may answer it."""
    elsewhere: Elsewhere | None = None
    """The other body that it is for; nothing of ours is searched then."""

    @property
    def answerable(self) -> bool:
        """Whether there is evidence, and nothing that keeps an answer from it."""
        return bool(self.found) and not (self.unclear or self.place_unknown or self.answered or self.off or self.for_person)


@dataclass(frozen=True, slots=True)
class TurnState:
    """A turn in progress. `ended` means that the reply is complete and only checking and recording remain."""

    id: TurnId
    conversation: Conversation
    utterance: Utterance
    text: str = ""
    language: LanguageGuess = LanguageGuess(Language.ENGLISH)
    detection: Detection = Detection()
    decisions: tuple[Decision, ...] = ()
    judging: Judging | None = None
    shadow: tuple[Decision, ...] = ()
    redacted: Redacted = Redacted("")
    understanding: Understanding = Understanding(())
    parts: tuple[Part, ...] = ()
    said: tuple[ReplyPart, ...] = ()
    person: Person = Person.NONE
    reference: str = ""
    sensitive: bool = False
    outcome: Outcome | None = None
    reason: Reason | None = None
    ended: bool = False
    composer: str = ""
    composers: tuple[str, ...] = ()
    """Every composer that something said is from; `composer` is the last."""
    arm: str = ""
    """The way of a trial by which it is answered; empty where it is answered as for everybody."""
    new_way: NewWay | None = None
    """What differs, where that is the new way."""
    switches: Switches = Switches()
    switched_off: tuple[str, ...] = ()
    timings: tuple[StepTiming, ...] = ()
    notes: dict[str, Any] = field(default_factory=dict)

    def but(self, **changes: Any) -> Self:
        """The same turn with these fields changed."""
        return replace(self, **changes)

    def end(self, outcome: Outcome, reason: Reason) -> Self:
        """The same turn, ended."""
        return replace(self, outcome=outcome, reason=reason, ended=True)

    def noting(self, switch: Switch | None) -> Self:
        """The same turn, remembering that a kill switch changed it."""
        if switch is None or switch.name in self.switched_off:
            return self
        return replace(self, switched_off=(*self.switched_off, switch.name))

    @property
    def silenced(self) -> Switch | None:
        """The kill switch that keeps every automatic answer from this turn, if one does."""
        return self.switches.silencing(self.utterance.channel.value, self.speaks)

    @property
    def supervised(self) -> tuple[Supervised, ...]:
        """What supervision did, question by question."""
        watched = [part for part in self.parts if part.mode != Mode.FREE_WITH_EVIDENCE]
        return tuple(Supervised(part.topic.name, part.mode, _came(part), part.draft) for part in watched)

    @property
    def speaks(self) -> str:
        """The language the reply is in."""
        return self.language.language.value

    def label(self, part: Part) -> str:
        """What a part is called in the reply: the resident's words, or the service's name where several parts share the same words."""
        shared = sum(other.question.text == part.question.text for other in self.parts) > 1
        if shared and part.service:
            return part.service.name_in(self.speaks)
        words = without_addresses(without_lead(part.question.text))
        return capitalised(words)

    @property
    def acts(self) -> tuple[Act, ...]:
        """Every act of every decision so far, most protective first within each."""
        return tuple(act for decision in self.decisions for act in decision.acts)


def _came(part: Part) -> str:
    if part.draft:
        return "draft"
    if part.for_person:
        return "person"
    return "approved_text" if part.answered and part.mode == Mode.APPROVED_TEXT_ONLY else ""
