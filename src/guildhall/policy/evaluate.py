"""The pure function at the heart of governance: the same facts and pack always give the same decision.

A rule whose detector failed speaks by its `on_error`; a rule is never skipped because something went wrong.
"""

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from guildhall.policy.config import GROUPS, Condition, Consequence, RuleFile
from guildhall.policy.packs import Pack
from guildhall.policy.protections import protections
from guildhall.vocabulary.decisions import PROTECTION, Act, Decision, Effect, Facts, RuleRef
from guildhall.vocabulary.ids import RuleId, WordingId
from guildhall.vocabulary.signals import Category, Grade

ON_ERROR_CASE = -1
CHOSEN = {"wording", "person"}
"""Where packs would say or pass on the same thing in two ways, one of them is chosen: nobody is told twice, or put in two queues."""
ANSWERS = ("beside", "approved", "instead")  # from the least protective to the most


def decide(facts: Facts, pack: Pack) -> Decision:
    """Judge the facts of one stage by a pack. The acts come most protective first."""
    acts: list[Act] = []
    near: list[RuleRef] = []
    present = frozenset(signal.category for signal in facts.signals)
    for rule in pack.by_stage[facts.stage]:
        if not in_scope(rule, facts):
            continue
        act = judge(rule, facts)
        if act is not None:
            acts.append(act)
        elif present and present & pack.subjects[rule.id]:
            near.append(RuleRef(RuleId(rule.id), rule.version))
    acts.sort(key=lambda act: -PROTECTION[act.effect])
    effect = acts[0].effect if acts else Effect.ALLOW
    return Decision(facts.stage, effect, tuple(acts), pack.id, tuple(near))


def decide_with(facts: Facts, packs: Sequence[Pack]) -> Decision:
    """Judge by several packs and take the most protective of each rule: nothing that one asks for is cancelled by another.

    The decision is in the name of the first pack; the others stand `beside` it.
    """
    first, *others = (decide(facts, pack) for pack in packs)
    if not others:
        return first
    merged: dict[RuleId, tuple[Act, ...]] = {}
    for act in (act for decision in (first, *others) for act in decision.acts):
        merged[act.rule.id] = _both(merged[act.rule.id], act) if act.rule.id in merged else (act,)
    acts = sorted((act for spoken in merged.values() for act in spoken), key=lambda act: -PROTECTION[act.effect])
    spoke = {act.rule.id for act in acts}
    near = dict.fromkeys(ref for decision in (first, *others) for ref in decision.near if ref.id not in spoke)
    effect = acts[0].effect if acts else Effect.ALLOW
    return Decision(facts.stage, effect, tuple(acts), first.pack, tuple(near), tuple(decision.pack for decision in others))


def _both(earlier: tuple[Act, ...], other: Act) -> tuple[Act, ...]:
    """What one rule says in several packs: one act with every protection, or both where neither effect does all that the other does.

    To stop something does not offer a person, so a `stop` never takes the place of an `escalate`.
    """
    one, *more = earlier
    if one == other:
        return earlier
    chosen, left = (one, other) if PROTECTION[one.effect] > PROTECTION[other.effect] else (other, one)
    joined = replace(
        chosen,
        signposts=tuple(dict.fromkeys((*chosen.signposts, *left.signposts))),
        answer=max(chosen.answer, left.answer, key=ANSWERS.index),
        sensitive=chosen.sensitive or left.sensitive,
        keep_from=tuple(dict.fromkeys((*chosen.keep_from, *left.keep_from))),
    )
    lost = {kind for kind, _ in protections(left) - protections(joined)} - CHOSEN
    return (joined, *((left,) if lost else ()), *more)


def in_scope(rule: RuleFile, facts: Facts) -> bool:
    """Whether a rule is asked on this channel and of this speaker."""
    return facts.channel in rule.scope.channels and rule.scope.audience in ("anyone", facts.audience)


def judge(rule: RuleFile, facts: Facts) -> Act | None:
    """What one rule asks for, or None when it is quiet."""
    for number, case in enumerate(rule.cases):
        if matches(case.when, facts):
            return _act(rule, number, case.then, facts, case.when.categories)
    failed = rule.on_error and any(fnmatchcase(name, pattern) for name in facts.failed_detectors for pattern in rule.on_error.reads)
    if rule.on_error and failed:
        return _act(rule, ON_ERROR_CASE, rule.on_error.then, facts, frozenset())
    return None


def matches(condition: Condition, facts: Facts) -> bool:
    """Whether a condition holds of the facts."""
    if condition.signal is not None:
        return _has_signal(condition, facts)
    if condition.any is not None:
        return any(matches(inner, facts) for inner in condition.any)
    if condition.all is not None:
        return all(matches(inner, facts) for inner in condition.all)
    if condition.not_ is not None:
        return not matches(condition.not_, facts)
    if condition.draft is not None:
        return _draft_has(condition.draft, facts)
    return _matches_context(condition, facts)


def _matches_context(condition: Condition, facts: Facts) -> bool:
    if condition.detector_failed is not None:
        return any(fnmatchcase(name, condition.detector_failed) for name in facts.failed_detectors)
    if condition.unvalidated is not None:
        return any(fnmatchcase(name, condition.unvalidated) for name in facts.unvalidated_detectors)
    if condition.service is not None:
        return bool(facts.services) and facts.services[0].key in condition.service
    if condition.failed_turns is not None:
        return facts.failed_turns >= condition.failed_turns
    if condition.language_supported is not None:
        return facts.language_supported == condition.language_supported
    if condition.language is not None:
        return facts.language in condition.language
    return facts.desk_open == condition.desk_open


def _has_signal(condition: Condition, facts: Facts) -> bool:
    if not facts.signals:
        return False
    wanted = GROUPS.get(condition.signal or "") or {Category(condition.signal or "")}
    for signal in facts.signals:
        if signal.category not in wanted or signal.strength < (condition.at or 0.0):
            continue
        if condition.grade in (None, Grade.SCREEN) or signal.grade == condition.grade:
            return True
    return False


def _draft_has(kind: str, facts: Facts) -> bool:
    draft = facts.draft
    if draft is None:
        return False
    if kind == "uncited":
        return not draft.cited
    found = {"unsupported": draft.unsupported, "link_off_list": draft.links_off_list, "personal_data": draft.personal_data}[kind]
    return bool(found)


def _act(rule: RuleFile, case: int, then: Consequence, facts: Facts, categories: frozenset[Category]) -> Act:
    heard = [signal for signal in facts.signals if signal.category in categories]
    strongest = max(heard, key=lambda signal: (signal.grade == Grade.CONFIRM, signal.strength), default=None)
    return Act(
        effect=then.effect,
        rule=RuleRef(RuleId(rule.id), rule.version, case),
        wording=WordingId(then.wording) if then.wording else None,
        signposts=then.signposts,
        queue=then.queue,
        answer=then.answer,
        sensitive=then.sensitive,
        keep_from=then.keep_from,
        category=strongest.category.value if strongest else "",
    )
