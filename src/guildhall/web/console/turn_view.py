"""A recorded turn told in words: the facts of the record, read against the rules in force now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guildhall.policy.config import RuleFile
from guildhall.policy.packs import Pack
from guildhall.storage.turns import FinishedTurn
from guildhall.vocabulary.outcomes import Person
from guildhall.vocabulary.signals import Grade
from guildhall.web.console.visit import Visit
from guildhall.web.console.words import Words

ON_ERROR = "-1"


@dataclass(frozen=True, slots=True)
class RuleThen:
    """A rule that spoke or nearly did. `now` is its version in force, 0 when it is gone; `effect` is known while that is the version that spoke."""

    id: str
    title: str
    version: int
    case: str
    now: int
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """One stage's decision."""

    stage: str
    effect: str
    rules: tuple[RuleThen, ...]
    near: tuple[RuleThen, ...]
    pack: str


@dataclass(frozen=True, slots=True)
class Told:
    """A turn in words."""

    story: tuple[str, ...]
    decisions: tuple[Decided, ...]
    same_pack: bool
    longest: float
    total: float


def told(visit: Visit, turn: FinishedTurn) -> Told:
    """Tell a turn."""
    facts, pack = turn.facts, visit.console.rules
    decisions = tuple(
        Decided(
            decision["stage"],
            decision["effect"],
            tuple(_rule(pack, text) for text in decision["rules"]),
            tuple(_rule(pack, text) for text in decision["near"]),
            decision["pack"],
        )
        for decision in facts.get("decisions", ())
    )
    timings = facts.get("timings_ms", {})
    return Told(
        story=tuple(_story(visit.words, facts, decisions)),
        decisions=decisions,
        same_pack=all(decision.pack == pack.id for decision in decisions),
        longest=max(timings.values(), default=1.0) or 1.0,
        total=sum(timings.values()),
    )


def _rule(pack: Pack, text: str) -> RuleThen:
    name, _, rest = text.partition("@")
    version, _, case = rest.partition("#")
    rule = pack.rule(name)
    said = "" if not case else "the answer to a failed detector" if case == ON_ERROR else f"case {int(case) + 1}"
    effect = _effect(rule, int(case)) if rule and case and rule.version == int(version) else ""
    return RuleThen(name, rule.title if rule else name, int(version), said, rule.version if rule else 0, effect)


def _effect(rule: RuleFile, case: int) -> str:
    if case < 0:
        return rule.on_error.then.effect.value if rule.on_error else ""
    return rule.cases[case].then.effect.value if case < len(rule.cases) else ""


def _story(words: Words, facts: Mapping[str, Any], decisions: tuple[Decided, ...]) -> list[str]:
    found = [_found(words, facts)]
    spoke = [rule for decision in decisions for rule in decision.rules]
    for rule in spoke:
        asked = f" asked to {words.effect(rule.effect).lower()}" if rule.effect else " spoke"
        found.append(f"The rule “{rule.title}” (version {rule.version}){asked}.")
    if not spoke:
        found.append("No rule had anything to say.")
    cited = len(set(facts.get("citations", ())))
    passages = len(facts.get("passages", ()))
    if cited:
        found.append(f"Of {passages} passages of the council's content that search brought back, the reply rests on {cited}.")
    elif passages:
        found.append(f"Search brought back {passages} passages of the council's content; the reply rests on none of them.")
    person = facts.get("person", "")
    if person == Person.BROUGHT.value:
        found.append(f"A person was brought in, under the reference {facts.get('reference') or 'that the conversation had already'}.")
    elif person == Person.OFFERED.value:
        found.append("A person was offered.")
    found.append(f"The turn ended as “{words.label(facts['outcome'])}”: {words.reason(facts['reason'])}")
    return found


def _found(words: Words, facts: Mapping[str, Any]) -> str:
    signals = facts.get("signals", ())
    failed = facts.get("detectors_failed", ())
    lead = f"{len(failed)} of the detectors failed. " if failed else ""
    if not signals:
        return f"{lead}The detectors found no sign of risk, hazard or anything else that a rule looks at."
    kinds = dict.fromkeys(
        f"{'clear signs' if signal['grade'] == Grade.CONFIRM.value else 'weak signs'} of {words.category(signal['category'])}"
        for signal in signals
    )
    return f"{lead}The detectors found {' and '.join(kinds)}."
