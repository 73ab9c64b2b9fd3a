"""Which topics are answered how, as it stands in `supervision.yaml`, and the text that is approved for a service."""

from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.signals import Category
from guildhall.vocabulary.supervision import Mode, Topic, TopicKind, is_stricter

Verdict = Literal["edit", "reject"]


class Strict(BaseModel):
    """Frozen, strict and closed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TopicRule(Strict):
    """How one topic is answered, until staff set it stricter, or looser on evidence."""

    mode: Mode = Field(description="How the topic is answered: " + ", ".join(f"`{mode.value}`" for mode in Mode) + ".")
    may_loosen_to: Mode | None = Field(None, description="How far staff may loosen it on evidence; not at all when left out.")
    approve_within_seconds: int | None = Field(None, ge=30, le=3600, description="How long a draft waits before it falls to a person.")
    why: str = Field("", description="Why the topic is supervised, shown to staff.")

    @property
    def floor(self) -> Mode:
        """The freest mode that staff may set."""
        return self.may_loosen_to or self.mode

    @model_validator(mode="after")
    def _loosens(self) -> Self:
        if self.may_loosen_to and is_stricter(self.may_loosen_to, self.mode):
            raise ValueError(f"`may_loosen_to` is `{self.may_loosen_to.value}`, which is stricter than the mode `{self.mode.value}`")
        return self


class Bar(Strict):
    """What the evidence must show before a topic may be answered without an adviser."""

    decided: int = Field(50, ge=10, description="At least so many drafts were decided by a person in the period.")
    approved_unedited_low: float = Field(
        0.9, ge=0.5, le=1, description="The lower end of the 95% interval of the share approved unedited is at least this."
    )
    misses_at_most: int = Field(0, ge=0, description="So many misses on the topic may be found in the period.")
    complaints_at_most: int = Field(2, ge=0, description="So many complaints about conversations on the topic may come in the period.")
    days: int = Field(90, ge=7, le=365, description="The period, in days up to now.")


class ReasonCode(Strict):
    """Why an adviser edits or rejects a draft."""

    label: str = Field(min_length=3)
    sentence: str = Field(min_length=3, description="What it means, for whoever chooses it.")
    on: tuple[Verdict, ...] = Field(("edit", "reject"), min_length=1, description="`edit`, `reject` or both.")
    safety: bool = Field(False, description="Somebody could have come to harm. A topic with one in the period cannot be loosened.")


class ApprovedReply(Strict):
    """Text that the council approved for a service."""

    text: str = Field(min_length=10, description="Markdown.")
    approved_by: str = Field(min_length=3, description="Who approved it.")
    approved_on: date
    review_by: date | None = None


class SupervisionFile(Strict):
    """`supervision.yaml`: how each topic may be answered. A council's file may be stricter than the baseline's, never looser."""

    default: Mode = Field(Mode.FREE_WITH_EVIDENCE, description="How a service that is not listed is answered.")
    default_may_loosen_to: Mode | None = Field(None, description="How far staff may loosen a service that is not listed.")
    approve_within_seconds: int = Field(180, ge=30, le=3600, description="How long a draft waits before it falls to a person.")
    bar: Bar = Field(default_factory=Bar, description="What must be shown before a topic is answered without an adviser.")
    services: dict[str, TopicRule] = Field(default_factory=dict, description="By key of the catalogue.")
    categories: dict[Category, TopicRule] = Field(default_factory=dict, description="By category of signal heard in the turn.")
    reasons: dict[str, ReasonCode] = Field(default_factory=dict, description="Codes an adviser chooses from, by code.")
    approved_replies: dict[str, dict[Language, ApprovedReply]] = Field(
        default_factory=dict, description="Approved text by service and language; English is needed."
    )

    @model_validator(mode="after")
    def _in_english(self) -> Self:
        for service, replies in self.approved_replies.items():
            if Language.ENGLISH not in replies:
                raise ValueError(f"the approved reply for `{service}` has no English text; other languages fall back to it")
        return self

    @model_validator(mode="after")
    def _default_loosens(self) -> Self:
        if self.default_may_loosen_to and is_stricter(self.default_may_loosen_to, self.default):
            raise ValueError(
                f"`default_may_loosen_to` is `{self.default_may_loosen_to.value}`, which is stricter than the default `{self.default.value}`"
            )
        return self

    def rule_of(self, topic: Topic) -> TopicRule:
        """The rule of a topic, or what holds for one that is not listed."""
        if topic.kind == TopicKind.SERVICE and topic.key in self.services:
            return self.services[topic.key]
        if topic.kind == TopicKind.CATEGORY:
            listed = next((rule for category, rule in self.categories.items() if category.value == topic.key), None)
            return listed or TopicRule(mode=Mode.FREE_WITH_EVIDENCE)
        return TopicRule(mode=self.default, may_loosen_to=self.default_may_loosen_to)

    def within_seconds(self, topic: Topic) -> int:
        """How long a draft of a topic waits."""
        return self.rule_of(topic).approve_within_seconds or self.approve_within_seconds

    def listed(self) -> dict[Topic, TopicRule]:
        """Every topic that has a rule of its own."""
        services = {Topic(TopicKind.SERVICE, key): rule for key, rule in self.services.items()}
        return services | {Topic(TopicKind.CATEGORY, category.value): rule for category, rule in self.categories.items()}

    def codes(self, verdict: Verdict) -> dict[str, ReasonCode]:
        """The reason codes for a verdict."""
        return {code: reason for code, reason in self.reasons.items() if verdict in reason.on}

    def reply(self, service: str, language: str) -> tuple[ApprovedReply, str] | None:
        """The approved reply for a service and the language it is in: the resident's, else English."""
        replies = self.approved_replies.get(service, {})
        found = {code.value: reply for code, reply in replies.items()}
        spoken = language if language in found else Language.ENGLISH.value
        return (found[spoken], spoken) if spoken in found else None
