"""Rules as sentences, for a board that reads them: when a rule speaks, and what follows."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from guildhall.policy.config import Condition, Consequence, OnError, RuleFile
from guildhall.vocabulary.categories import category_name
from guildhall.vocabulary.decisions import Effect, Stage
from guildhall.vocabulary.sentences import capitalised
from guildhall.vocabulary.signals import Grade

EFFECT_NAMES: Final[dict[Effect, str]] = {
    Effect.STOP: "Stop",
    Effect.ESCALATE: "Bring in a person",
    Effect.REQUIRE_APPROVAL: "Wait for approval",
    Effect.TRANSFORM: "Change or mask",
    Effect.OFFER: "Offer a person",
    Effect.WARN: "Take note",
    Effect.ALLOW: "Let it be",
}
EFFECT_SENTENCES: Final[dict[Effect, str]] = {
    Effect.STOP: "that part of the reply is stopped",
    Effect.ESCALATE: "a person is brought in",
    Effect.REQUIRE_APPROVAL: "nothing happens until a person approves",
    Effect.TRANSFORM: "what is said is changed or masked first",
    Effect.OFFER: "a person is offered",
    Effect.WARN: "it is noted, and the turn goes on",
    Effect.ALLOW: "the turn goes on as it was",
}
STAGE_NAMES: Final[dict[Stage, str]] = {
    Stage.ON_INPUT: "When the resident has spoken",
    Stage.ON_INTENT: "When it is understood what is asked",
    Stage.ON_ANSWER: "When a reply is drafted",
}
DRAFTS: Final = {
    "unsupported": "the draft says something that its sources do not",
    "uncited": "the draft names no source",
    "link_off_list": "the draft has a link that is not on the council's list",
    "personal_data": "the draft has personal data that this resident did not give",
}
KEPT_FROM: Final = {"model": "any language model", "analytics": "analytics", "transcript_email": "e-mailed transcripts"}
GROUP_NAMES: Final = {"distress": "distress, vulnerability or danger of any kind", "hazard": "a physical hazard of any kind"}

DETECTOR_NAMES: Final = {
    "phrases.*": "the detector that listens for plain statements",
    "classifier.*": "the learned detector",
    "personal_data*": "the detector of personal data",
}
DUTY_NAMES: Final = {
    "psed": "Public sector equality duty",
    "psbar_2018": "Public Sector Bodies Accessibility Regulations 2018",
    "uk_gdpr": "UK GDPR",
    "ncsc_secure_ai": "NCSC guidelines for secure AI",
    "ai_playbook": "AI Playbook for government",
    "childrens_code": "Children's code",
}
_PLACES: Final = ((r"\bs(\d+)\b", r"section \1"), (r"\bart(\d+)\b", r"Article \1"), (r"\bpt(\d+)\b", r"Part \1"), (r"\bact\b", "Act"))


@dataclass(frozen=True, slots=True)
class Said:
    """One case of a rule in words. `then` are full sentences; `wording` and `signposts` are what residents see."""

    when: str
    then: tuple[str, ...]
    effect: str
    wording: str = ""
    signposts: tuple[str, ...] = ()


def case_by_case(rule: RuleFile, queue_name: Callable[[str], str]) -> tuple[Said, ...]:
    """Every case of a rule, and what happens when a detector fails, in the order they are tried."""
    found = [_said(f"If {condition_in_words(case.when)}", case.then, queue_name) for case in rule.cases]
    if rule.on_error:
        found.append(_said(_failing(rule.on_error), rule.on_error.then, queue_name))
    return tuple(found)


def condition_in_words(condition: Condition) -> str:
    """A condition as part of a sentence that begins with `If`."""
    if condition.any is not None:
        return _listed([condition_in_words(inner) for inner in condition.any], "or")
    if condition.all is not None:
        return _listed([condition_in_words(inner) for inner in condition.all], "and")
    if condition.not_ is not None:
        return f"it is not so that {condition_in_words(condition.not_)}"
    if condition.signal is not None:
        return _signal(condition)
    return _context(condition)


def consequence_in_words(then: Consequence, queue_name: Callable[[str], str]) -> tuple[str, ...]:
    """What follows, as sentences."""
    effect = EFFECT_SENTENCES[then.effect] + (f" from the {queue_name(then.queue)} team" if then.queue else "")
    sentences = [f"{effect[0].upper()}{effect[1:]}."]
    if then.answer == "instead":
        sentences.append("Nothing else is said.")
    elif then.answer == "approved":
        sentences.append("Only approved text may answer the question.")
    elif then.effect in (Effect.ESCALATE, Effect.OFFER):
        sentences.append("An answer to what was asked may stand beside it.")
    if then.sensitive:
        sentences.append("From here on the page shows the button to leave it quickly.")
    if then.keep_from:
        sentences.append(f"The words are kept from {_listed([KEPT_FROM.get(name, name) for name in then.keep_from], 'and')}.")
    return tuple(sentences)


def scope_in_words(rule: RuleFile) -> str:
    """Where the rule is asked, as a sentence."""
    stages = _listed([STAGE_NAMES[stage][0].lower() + STAGE_NAMES[stage][1:] for stage in rule.scope.stages], "and")
    whom = {"resident": "for residents", "staff": "for staff", "anyone": "for everybody"}[rule.scope.audience]
    return f"Asked {stages}, on {_listed(list(rule.scope.channels), 'and')}, {whom}."


def duty_in_words(code: str) -> str:
    """A duty as a rule names it, in words."""
    text = DUTY_NAMES.get(code) or code.replace("_", " ")
    for pattern, words in _PLACES:
        text = re.sub(pattern, words, text)
    return capitalised(text)


def _said(when: str, then: Consequence, queue_name: Callable[[str], str]) -> Said:
    return Said(f"{when}:", consequence_in_words(then, queue_name), EFFECT_NAMES[then.effect], then.wording or "", then.signposts)


def _signal(condition: Condition) -> str:
    what = GROUP_NAMES.get(condition.signal or "") or category_name(condition.signal or "")
    sure = "clear signs" if condition.grade == Grade.CONFIRM else "signs, however weak," if condition.grade == Grade.SCREEN else "signs"
    strength = f" of a strength of {condition.at:g} or more" if condition.at else ""
    return f"there are {sure} of {what}{strength}"


def _context(condition: Condition) -> str:
    if condition.draft is not None:
        return DRAFTS[condition.draft]
    if condition.detector_failed is not None:
        return f"{_detectors(condition.detector_failed)} failed"
    if condition.unvalidated is not None:
        return f"{_detectors(condition.unvalidated)} has not been validated in the resident's language"
    if condition.service is not None:
        return f"the service most likely meant is {_listed([name.replace('-', ' ') for name in condition.service], 'or')}"
    if condition.failed_turns is not None:
        return f"{condition.failed_turns} turns in a row did not help"
    if condition.language_supported is not None:
        return f"the resident's language is {'' if condition.language_supported else 'not '}one the council offers"
    if condition.language is not None:
        return f"the language is {_listed(list(condition.language), 'or')}"
    if condition.desk_open is not None:
        return f"the desk is {'open' if condition.desk_open else 'closed'}"
    given = condition.model_dump(exclude_none=True, by_alias=True, mode="json")
    return _listed([f"{name.replace('_', ' ')} is {value}" for name, value in given.items()], "and")


def _detectors(pattern: str) -> str:
    return DETECTOR_NAMES.get(pattern, f"a detector called {pattern}")


def _failing(on_error: OnError) -> str:
    return f"If {_listed([f'{_detectors(pattern)} failed' for pattern in on_error.reads], 'or')}"


def _listed(items: Sequence[str], joint: str) -> str:
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {joint} {items[-1]}"
