"""Rules, conditions and consequences in plain English, for people who do not read YAML."""

from collections.abc import Iterator

from guildhall.policy.config import Case, Condition, Consequence, Parameter, RuleFile
from guildhall.policy.protections import protections, protections_in_words
from guildhall.vocabulary.decisions import Effect, Stage

EFFECTS = {
    Effect.STOP: "stop",
    Effect.ESCALATE: "bring a person in",
    Effect.REQUIRE_APPROVAL: "wait for a person's approval",
    Effect.TRANSFORM: "change the words",
    Effect.OFFER: "offer a person",
    Effect.WARN: "warn",
    Effect.ALLOW: "go on",
}
STAGES = {
    Stage.ON_INPUT: "when words arrive",
    Stage.ON_INTENT: "when the service meant is known",
    Stage.ON_ANSWER: "when an answer is drafted",
}
DRAFTS = {
    "unsupported": "a drafted answer says something that its pages do not",
    "uncited": "a drafted answer rests on no page",
    "link_off_list": "a drafted answer has a link that is not on the list",
    "personal_data": "a drafted answer has personal data in it",
}


def rule_in_words(rule: RuleFile) -> Iterator[str]:
    """A rule as lines of text."""
    floor = ", a floor that may only be tightened" if rule.floor else ""
    yield f"{rule.title} ({rule.id}, version {rule.version}, {rule.status}{floor})"
    yield f"  Why: {rule.why}"
    yield f"  Owner: {rule.owner.replace('-', ' ')}. To be reviewed by {rule.review_by:%d %B %Y}."
    where = ", ".join(STAGES[stage] for stage in rule.scope.stages)
    yield f"  Asked {where}, on {', '.join(rule.scope.channels)}, for {rule.scope.audience}."
    for case in rule.cases:
        yield f"  {case_in_words(case)}"
    if rule.on_error:
        yield f"  If {' or '.join(rule.on_error.reads)} fails: {consequence_in_words(rule.on_error.then)}."
    for name, parameter in rule.parameters.items():
        yield f"  {knob_in_words(name, parameter)}"


def knob_in_words(name: str, parameter: Parameter) -> str:
    """Where a knob stands and how far it may be turned."""
    at = parameter.default if parameter.value is None else parameter.value
    return f"Knob {name}: {parameter.what} It stands at {at:g} and may be set from {parameter.min:g} to {parameter.max:g}."


def case_in_words(case: Case) -> str:
    """One case of a rule."""
    return f"When {condition_in_words(case.when)}: {consequence_in_words(case.then)}."


def condition_in_words(condition: Condition) -> str:
    """What must hold."""
    if condition.any is not None:
        return f"({' or '.join(condition_in_words(inner) for inner in condition.any)})"
    if condition.all is not None:
        return f"({' and '.join(condition_in_words(inner) for inner in condition.all)})"
    if condition.not_ is not None:
        return f"not {condition_in_words(condition.not_)}"
    if condition.signal is not None:
        grade = {"screen": " (a weak sign is enough)", "confirm": " (a sure sign)"}.get(condition.grade or "", "")
        strength = f" of strength {condition.at:g} or more" if condition.at is not None else ""
        return f"there is {condition.signal.replace('_', ' ')}{grade}{strength}"
    return _context_in_words(condition)


def _context_in_words(condition: Condition) -> str:
    if condition.detector_failed is not None:
        return f"the detector {condition.detector_failed} failed"
    if condition.unvalidated is not None:
        return f"the detector {condition.unvalidated} is not validated for the language"
    if condition.service is not None:
        return f"it is about {' or '.join(condition.service)}"
    if condition.failed_turns is not None:
        return f"{condition.failed_turns} turns in a row did not help"
    if condition.language_supported is not None:
        return f"the council {'offers' if condition.language_supported else 'does not offer'} the language"
    if condition.language is not None:
        return f"the language is {' or '.join(condition.language)}"
    if condition.draft is not None:
        return DRAFTS[condition.draft]
    return f"the desk is {'open' if condition.desk_open else 'closed'}"


def consequence_in_words(then: Consequence) -> str:
    """What follows."""
    said = list(protections_in_words(protections(then)))
    effect = EFFECTS[then.effect]
    details = [words for words in said if not words.startswith(("the effect", "a person is offered"))]
    return f"{effect}{'; ' if details else ''}{', '.join(details)}"
