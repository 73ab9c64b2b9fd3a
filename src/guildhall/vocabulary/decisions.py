"""What policy is asked and what it answers: stages, effects, facts in, decision out."""

from dataclasses import dataclass, field
from enum import StrEnum

from guildhall.vocabulary.ids import RuleId, ServiceKey, WordingId
from guildhall.vocabulary.services import ServiceMatch
from guildhall.vocabulary.signals import Signal


class Stage(StrEnum):
    """Where in the turn rules are asked."""

    ON_INPUT = "on_input"
    ON_INTENT = "on_intent"
    ON_ANSWER = "on_answer"


class Effect(StrEnum):
    """What a rule can bring about, from the most protective to the least."""

    STOP = "stop"
    ESCALATE = "escalate"
    REQUIRE_APPROVAL = "require_approval"
    TRANSFORM = "transform"
    OFFER = "offer"
    WARN = "warn"
    ALLOW = "allow"


PROTECTION: dict[Effect, int] = {effect: rank for rank, effect in enumerate(reversed(Effect))}


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What verification found in a drafted part of a reply."""

    cited: bool = True
    unsupported: tuple[str, ...] = ()
    links_off_list: tuple[str, ...] = ()
    personal_data: tuple[str, ...] = ()
    words: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a decision may rest on. No clock, no network, no text: the same facts always give the same decision."""

    stage: Stage
    channel: str
    language: str
    audience: str = "resident"
    signals: tuple[Signal, ...] = ()
    failed_detectors: tuple[str, ...] = ()
    unvalidated_detectors: tuple[str, ...] = ()
    services: tuple[ServiceMatch, ...] = ()
    failed_turns: int = 0
    desk_open: bool = False
    language_supported: bool = True
    draft: DraftFacts | None = None


@dataclass(frozen=True, slots=True)
class RuleRef:
    """A rule and the version of it that spoke. `case` is the 0-based case that matched."""

    id: RuleId
    version: int
    case: int = 0


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a rule asks for. Only `conversations` carries acts out."""

    effect: Effect
    rule: RuleRef
    wording: WordingId | None = None
    signposts: tuple[str, ...] = ()
    queue: str = ""
    answer: str = "beside"
    """`beside`: an answer may stand beside this act; `instead`: nothing else is said; `approved`: approved text only."""
    sensitive: bool = False
    keep_from: tuple[str, ...] = ()
    """Where the turn's words must not go: `model`, `analytics`, `transcript_email`."""
    service: ServiceKey | None = None
    category: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict of one stage. `effect` is the most protective of the acts; `pack` is the content address of the policy pack."""

    stage: Stage
    effect: Effect
    acts: tuple[Act, ...]
    pack: str
    near: tuple[RuleRef, ...] = ()
    """Rules whose subject was present but whose conditions did not quite match."""
    beside: tuple[str, ...] = ()
    """Packs that judged beside `pack`, such as an emergency tightening; the most protective counted."""
    facts: Facts | None = field(default=None, compare=False, repr=False)
    """What was judged, kept so that the record can be judged again by other rules."""

    @property
    def rules(self) -> tuple[RuleRef, ...]:
        """The rules that spoke, in order."""
        return tuple(act.rule for act in self.acts)

    def has(self, effect: Effect) -> bool:
        """Whether any act has this effect."""
        return any(act.effect == effect for act in self.acts)
