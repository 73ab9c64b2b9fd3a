"""A rule's examples as facts, so that the rule and changed copies of it can be tried on them without a detector."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guildhall.policy.config import Example, FactsExample, RuleFile
from guildhall.policy.evaluate import in_scope, judge
from guildhall.vocabulary.decisions import DraftFacts, Effect, Facts, Stage
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.services import ServiceMatch
from guildhall.vocabulary.signals import Category, Grade, Signal

FactsOfWords = Callable[[RuleFile, Example], Facts]
"""What the detectors make of an example's words; supplied by whoever has detectors."""

STRENGTH = 0.9
CONFIDENCE = 0.9
SAYS_NOTHING = "none"


@dataclass(frozen=True, slots=True)
class Trial:
    """One example: its facts, whether the rule must speak, and with which effect (None: any)."""

    facts: Facts
    fires: bool
    effect: Effect | None
    says: str | None
    """The wording it must say, `none` for none (None: any)."""
    name: str
    """The message itself, or the facts in short form."""
    language: str = "en"
    words: bool = False
    """Whether `name` is a message."""


def trials_of(rule: RuleFile, facts_of_words: FactsOfWords | None = None) -> tuple[Trial, ...]:
    """Every example of a rule as a trial. Without `facts_of_words` only the facts examples are taken."""
    trials: list[Trial] = []
    if rule.examples and facts_of_words:
        for fires, examples in ((True, rule.examples.fires), (False, rule.examples.quiet)):
            trials += [Trial(facts_of_words(rule, e), fires, e.effect, None, e.text, e.language, words=True) for e in examples]
    if rule.facts_examples:
        for fires, short in ((True, rule.facts_examples.fires), (False, rule.facts_examples.quiet)):
            trials += [Trial(facts_of_example(rule, e), fires, e.effect, e.says, _short(e), e.language) for e in short]
    return tuple(trials)


def failing(rule: RuleFile, trials: Sequence[Trial]) -> tuple[tuple[Trial, str], ...]:
    """The trials a rule does not pass, each with what happened instead, such as `stayed quiet`."""
    return tuple((trial, wrong) for trial in trials if (wrong := _wrong(rule, trial)))


def passes(rule: RuleFile, trials: Sequence[Trial]) -> bool:
    """Whether a rule passes every trial."""
    return not any(_wrong(rule, trial) for trial in trials)


def _wrong(rule: RuleFile, trial: Trial) -> str:
    act = judge(rule, trial.facts) if trial.facts.stage in rule.scope.stages and in_scope(rule, trial.facts) else None
    if act is None:
        return "stayed quiet" if trial.fires else ""
    if not trial.fires:
        return f"fired with `{act.effect}`"
    if trial.effect not in (None, act.effect):
        return f"fired with `{act.effect}`, not `{trial.effect}`"
    said = act.wording or SAYS_NOTHING
    return f"said `{said}`, not `{trial.says}`" if trial.says not in (None, said) else ""


def facts_of_example(rule: RuleFile, example: FactsExample) -> Facts:
    """The facts that a short form stands for, at the rule's first stage."""
    stage = rule.scope.stages[0]
    draft = DraftFacts(example.cited, example.unsupported, example.links_off_list, example.personal_data)
    return Facts(
        stage=stage,
        channel=example.channel,
        language=example.language,
        audience=example.audience,
        signals=tuple(signal_of(text) for text in example.signals),
        failed_detectors=example.failed_detectors,
        unvalidated_detectors=example.unvalidated_detectors,
        services=tuple(ServiceMatch(ServiceKey(key), CONFIDENCE) for key in example.services),
        failed_turns=example.failed_turns,
        desk_open=example.desk_open,
        language_supported=example.language_supported,
        draft=draft if stage == Stage.ON_ANSWER else None,
    )


def signal_of(text: str) -> Signal:
    """A signal from its short form: `category grade strength`; the grade is `confirm` and the strength 0.9 when left out."""
    category, grade, strength = [*text.split(), "", ""][:3]
    return Signal(Category(category), Grade(grade or "confirm"), float(strength or STRENGTH), "example")


def _short(example: FactsExample) -> str:
    given = example.model_dump(mode="json", exclude_defaults=True, exclude={"effect", "says"})
    return (
        "; ".join(f"{key}: {', '.join(map(str, value)) if isinstance(value, list) else value}" for key, value in given.items()) or "nothing"
    )
