"""How a rule is written in YAML: every field, its type and what it means. Unknown keys are refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from guildhall.vocabulary.decisions import Effect, Stage
from guildhall.vocabulary.signals import DISTRESS, HAZARDS, Category, Grade

PatternText = Annotated[str, StringConstraints(pattern=r"^[\w.@*-]+$")]
"""A detector's name and version, or several by `*`; no other wildcard, so that two packs can be compared for every name there can be."""
RuleIdText = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[.-][a-z0-9]+)*$")]
GROUPS: dict[str, frozenset[Category]] = {"distress": DISTRESS, "hazard": HAZARDS}


class Strict(BaseModel):
    """Frozen, strict and closed: what is not declared is refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Condition(Strict):
    """A test of the facts. Exactly one of the subjects is given; `grade` and `at` narrow a `signal`."""

    any: tuple[Condition, ...] | None = Field(None, description="True when at least one of these is.")
    all: tuple[Condition, ...] | None = Field(None, description="True when every one of these is.")
    not_: Condition | None = Field(None, alias="not", description="True when this is not.")
    signal: str | None = Field(None, description="A category of evidence, or a group of them: `distress`, `hazard`.")
    grade: Grade | None = Field(None, description="Only signals of this grade; `screen` takes `confirm` too.")
    at: float | None = Field(None, ge=0, le=1, description="Only signals at least this strong.")
    at_parameter: str | None = Field(None, description="The parameter of the rule that says what `at` is.")
    detector_failed: PatternText | None = Field(None, description="A detector that failed, by name pattern such as `classifier.*`.")
    unvalidated: PatternText | None = Field(None, description="A detector not validated in this language, by name pattern.")
    service: tuple[str, ...] | None = Field(None, description="One of these services is the likeliest meant.")
    failed_turns: int | None = Field(None, ge=1, description="At least so many turns in a row did not help.")
    language_supported: bool | None = Field(None, description="Whether the language is one of the council's.")
    language: tuple[str, ...] | None = Field(None, description="The language is one of these codes.")
    desk_open: bool | None = Field(None, description="Whether advisers are at the desk now.")
    draft: Literal["unsupported", "uncited", "link_off_list", "personal_data"] | None = Field(
        None, description="What verification found in a drafted part of a reply."
    )

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        subjects = [
            name for name in type(self).model_fields if name not in ("grade", "at", "at_parameter") and getattr(self, name) is not None
        ]
        if len(subjects) != 1:
            raise ValueError(f"a condition tests exactly one thing, and this one tests {', '.join(subjects) or 'nothing'}")
        if self.signal is None and (self.grade or self.at is not None or self.at_parameter):
            raise ValueError("`grade`, `at` and `at_parameter` go with `signal` only")
        if self.signal is not None and self.signal not in GROUPS and self.signal not in set(Category):
            raise ValueError(f"`{self.signal}` is not a category of evidence; the categories are {', '.join([*GROUPS, *Category])}")
        return self

    @property
    def categories(self) -> frozenset[Category]:
        """Every category this condition, or one inside it, looks at."""
        if self.signal is not None:
            return GROUPS.get(self.signal) or frozenset({Category(self.signal)})
        inner = [*(self.any or ()), *(self.all or ()), *((self.not_,) if self.not_ else ())]
        return frozenset().union(*(c.categories for c in inner)) if inner else frozenset()


class Consequence(Strict):
    """What follows when a case matches."""

    effect: Effect = Field(description="The effect, from `stop` (most protective) to `allow`.")
    wording: str | None = Field(None, description="Approved wording to say, by id.")
    signposts: tuple[str, ...] = Field((), description="Entries of signposts.yaml to show, in this order.")
    queue: str = Field("", description="The queue a person is asked from; needed by `escalate`.")
    answer: Literal["beside", "instead", "approved"] = Field(
        "beside", description="Whether an answer may stand beside this, is replaced by it, or may only be approved text."
    )
    sensitive: bool = Field(False, description="Show the exit-this-page button from here on.")
    keep_from: tuple[Literal["model", "analytics", "transcript_email"], ...] = Field((), description="Where this turn's words must not go.")

    @model_validator(mode="after")
    def _escalation_has_a_queue(self) -> Self:
        if self.effect == Effect.ESCALATE and not self.queue:
            raise ValueError("`escalate` needs a `queue` that the person comes from")
        return self


class Case(Strict):
    """One condition and what follows. The first case that matches speaks for the rule."""

    when: Condition
    then: Consequence


class OnError(Strict):
    """The declared safe thing when a detector this rule rests on fails."""

    reads: tuple[PatternText, ...] = Field(min_length=1, description="Name patterns of the detectors this rule rests on.")
    then: Consequence


class Scope(Strict):
    """Where the rule is asked."""

    stages: tuple[Stage, ...] = Field(min_length=1, description="Stages of the turn.")
    channels: tuple[Literal["web", "phone", "staff"], ...] = Field(("web", "phone", "staff"), description="Channels it holds on.")
    audience: Literal["resident", "staff", "anyone"] = Field("anyone", description="Who is speaking.")


class Example(Strict):
    """A message that must make the rule fire, or must leave it quiet."""

    text: str = Field(min_length=1)
    language: str = "en"
    effect: Effect | None = Field(None, description="The effect expected; any when left out.")


class Examples(Strict):
    """Proof by example, run with the real detectors."""

    fires: tuple[Example, ...] = Field(min_length=1)
    quiet: tuple[Example, ...] = Field(min_length=1)


SignalText = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(?: (?:screen|confirm)(?: (?:0|1|0\.\d+|1\.0))?)?$")]


class FactsExample(Strict):
    """Facts in short form: what no message can say (a failed detector, a draft), or exactly one grade of one signal."""

    signals: tuple[SignalText, ...] = Field((), description="Evidence as `category grade strength`, such as `attack confirm 0.8`.")
    effect: Effect | None = Field(None, description="The effect expected; any when left out.")
    says: str | None = Field(None, description="The wording expected, by id; `none` when it must say none, any when left out.")
    channel: Literal["web", "phone", "staff"] = "web"
    audience: Literal["resident", "staff"] = "resident"
    desk_open: bool = True
    failed_detectors: tuple[str, ...] = ()
    unvalidated_detectors: tuple[str, ...] = ()
    failed_turns: int = 0
    language: str = "en"
    language_supported: bool = True
    services: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()
    links_off_list: tuple[str, ...] = ()
    personal_data: tuple[str, ...] = ()
    cited: bool = True

    @model_validator(mode="after")
    def _known_categories(self) -> Self:
        for name in (text.split()[0] for text in self.signals):
            if name not in set(Category):
                raise ValueError(f"`{name}` is not a category of evidence; the categories are {', '.join(Category)}")
        return self


class FactsExamples(Strict):
    """Facts that must make the rule fire, or must leave it quiet."""

    fires: tuple[FactsExample, ...] = Field(min_length=1)
    quiet: tuple[FactsExample, ...] = Field(min_length=1)


class Relaxation(Strict):
    """Why a council loosens a baseline rule, and who approved it."""

    reason: str = Field(min_length=10)
    approver: str = Field(min_length=2)


class Parameter(Strict):
    """A knob that a service manager may turn, within its bounds. The conditions that follow it say `at_parameter`."""

    what: str = Field(min_length=5, description="What turning it does, in a sentence.")
    default: float = Field(ge=0, le=1, description="Where it stands until somebody turns it.")
    min: float = Field(ge=0, le=1, description="The lowest it may be set.")
    max: float = Field(ge=0, le=1, description="The highest it may be set.")
    value: float | None = Field(None, ge=0, le=1, description="Where it stands now; written by `guildhall policy set`, not by hand.")

    @model_validator(mode="after")
    def _within_bounds(self) -> Self:
        if not self.min <= self.default <= self.max:
            raise ValueError(f"the default {self.default:g} is not between {self.min:g} and {self.max:g}")
        if self.value is not None and not self.min <= self.value <= self.max:
            raise ValueError(f"the value {self.value:g} is not between {self.min:g} and {self.max:g}")
        return self


class ReplayLimits(Strict):
    """How far back a change of this rule is replayed, and what may come of it."""

    days: int = Field(90, ge=1, le=730, description="Days of stored decisions to judge again.")
    max_newly_missed: int = Field(0, ge=0, description="Past turns that may now be treated less protectively.")


class Rollout(Strict):
    """How a change of this rule comes into force, step by step."""

    shadow_days: int = Field(7, ge=0, description="Days the change is judged beside the rules in force, without effect.")
    shadow_turns: int = Field(500, ge=0, description="Turns that must have been judged so.")
    canary: tuple[int, ...] = Field((1, 5, 25, 100), min_length=1, description="Shares of conversations, in per cent, up to 100.")
    step_turns: int = Field(50, ge=0, description="Turns that each share must have judged before the next.")
    sigma: float = Field(3.0, gt=0, le=6, description="Standard deviations of the alarm rate at which the change is rolled back.")
    max_handoffs: float = Field(0.5, gt=0, le=1, description="Share of turns that may bring a person in before it is rolled back.")

    @model_validator(mode="after")
    def _rising_to_all(self) -> Self:
        rising = list(self.canary) == sorted(set(self.canary))
        if not rising or self.canary[0] < 1 or self.canary[-1] != 100:
            raise ValueError("`canary` rises in whole per cents and ends at 100, such as [1, 5, 25, 100]")
        return self


class RuleFile(Strict):
    """One rule, one file: owned, dated and tested."""

    kind: Literal["rule"]
    id: RuleIdText = Field(description="Stable for life, never used again.")
    version: int = Field(ge=1, description="Raised with every change.")
    title: str = Field(min_length=5, description="What the rule is about, in a sentence.")
    why: str = Field(min_length=10, description="The reason, for the board.")
    duties: tuple[str, ...] = Field((), description="Laws and standards it serves.")
    owner: str = Field(min_length=2, description="The role that answers for it.")
    floor: bool = Field(False, description="Overlays may tighten it, never loosen it.")
    status: Literal["enforced", "suspended", "retired"] = Field("enforced", description="Only enforced rules speak.")
    review_by: date = Field(description="When it must be looked at again.")
    scope: Scope
    cases: tuple[Case, ...] = Field(min_length=1)
    on_error: OnError | None = Field(None, description="What happens when a detector it rests on fails.")
    examples: Examples | None = Field(None, description="Messages that fire it and messages that do not.")
    facts_examples: FactsExamples | None = Field(None, description="Facts that fire it and facts that do not.")
    relaxes: Relaxation | None = Field(None, description="Needed in a council's overlay that loosens a rule.")
    parameters: dict[str, Parameter] = Field({}, description="The only knobs a service manager may turn.")
    replay: ReplayLimits = Field(ReplayLimits(), description="The replay a change of this rule must pass.")
    rollout: Rollout = Field(Rollout(), description="The steps by which a change of this rule comes into force.")

    @model_validator(mode="after")
    def _parameters_say_at(self) -> Self:
        cases = tuple(case.model_copy(update={"when": _filled(case.when, self.parameters)}) for case in self.cases)
        if cases != self.cases:
            object.__setattr__(self, "cases", cases)
        return self

    @model_validator(mode="after")
    def _has_examples(self) -> Self:
        if self.examples is None and self.facts_examples is None:
            raise ValueError("a rule needs `examples` (messages) or `facts_examples`, with some that fire and some that stay quiet")
        return self


def _filled(condition: Condition, parameters: Mapping[str, Parameter]) -> Condition:
    """The same condition with `at` wherever it, or one inside it, follows a parameter."""
    changes: dict[str, Any] = {}
    for name in ("any", "all"):
        if inner := getattr(condition, name):
            changes[name] = tuple(_filled(item, parameters) for item in inner)
    if condition.not_ is not None:
        changes["not_"] = _filled(condition.not_, parameters)
    if condition.at_parameter is not None:
        changes["at"] = _at(condition, parameters)
    return condition.model_copy(update=changes) if changes else condition


def _at(condition: Condition, parameters: Mapping[str, Parameter]) -> float:
    name = condition.at_parameter or ""
    if name not in parameters:
        raise ValueError(f"a condition follows the parameter `{name}`, which the rule does not declare under `parameters`")
    parameter = parameters[name]
    at = parameter.default if parameter.value is None else parameter.value
    if condition.at not in (None, at):
        raise ValueError(
            f"a condition says `at: {condition.at:g}` and follows the parameter `{name}`, which says {at:g}; keep one of the two"
        )
    return at
