"""A proposed change as a page of text that a board can read in a meeting: what changes, who would be treated otherwise, what stands in the way."""

from collections.abc import Iterator
from difflib import unified_diff
from typing import Any

from guildhall.governance.approving import HOLDS_FOR, OPEN, standing
from guildhall.governance.changes import Change
from guildhall.governance.packs import SHORT
from guildhall.governance.proposing import stands_at
from guildhall.governance.reports import kept
from guildhall.governance.words import rule_in_words
from guildhall.policy.compare import Difference
from guildhall.policy.config import RuleFile
from guildhall.vocabulary.gates import GATE_LABELS, Gate
from guildhall.vocabulary.governance import PHASE_LABELS, Proposal

SHOWN = 10


def page_of(change: Change) -> Iterator[str]:
    """The page, line by line."""
    yield from _head(change.proposal)
    if change.proposal.phase in OPEN and change.office.in_force().active != change.before.id:
        yield "The rules in force have changed since, so what was tested is out of date: it has to be proposed again."
    yield from _what_changes(change)
    yield from _who_is_treated_otherwise(change)
    yield from _replayed(change)
    yield from _gates(change)
    yield from _signatures(change)


def as_json(change: Change) -> dict[str, Any]:
    """The same for programs."""
    now = standing(change)
    proposal = change.proposal
    return {
        "id": proposal.id,
        "phase": proposal.phase.value,
        "author": proposal.author,
        "why": proposal.why,
        "base": change.before.id,
        "pack": change.after.id,
        "loosens": proposal.loosens,
        "proposed_at": proposal.proposed_at.isoformat(),
        "share": proposal.share,
        "lapses_at": proposal.lapses_at.isoformat() if proposal.lapses_at else None,
        "changed": [rule.id for rule in change.changed],
        "removed": [rule.id for rule in change.removed],
        "differences": [_difference_as_json(difference) for difference in change.comparison.differences],
        "gates": [result.as_json() for result in stands_at(change)],
        "signed_by": [signature.name for signature in now.valid],
        "void": [{"name": signature.name, "why": why} for signature, why in now.void],
        "missing": [need.label for need in now.missing],
    }


def _difference_as_json(difference: Difference) -> dict[str, Any]:
    message = difference.message.text if difference.message else ""
    return {"kind": difference.kind.value, "rule": difference.rule_id, "sentence": difference.sentence, "message": message}


def _head(proposal: Proposal) -> Iterator[str]:
    label, sentence = PHASE_LABELS[proposal.phase]
    yield f"{proposal.id}: {proposal.why}"
    yield f"Proposed by {proposal.author} on {proposal.proposed_at:%d %B %Y}. {label}: {sentence[0].lower()}{sentence[1:]}"
    yield f"From pack {proposal.base[:SHORT]} to pack {proposal.pack[:SHORT]}."
    if proposal.share:
        yield f"It judges {proposal.share}% of new conversations."
    if proposal.lapses_at:
        yield f"It lapses at {proposal.lapses_at:%H:%M} UTC on {proposal.lapses_at:%d %B %Y} unless it is ratified."


def _what_changes(change: Change) -> Iterator[str]:
    yield from ("", "WHAT CHANGES")
    for rule in change.changed:
        before = change.before.rule(rule.id)
        if before is None:
            yield from ("", "New:", *rule_in_words(rule))
        else:
            yield from (
                "",
                f"Changed: {rule.title} ({rule.id}, version {before.version} to {rule.version})",
                *(f"  {sign} {line}" for sign, line in differing(before, rule)),
            )
    for rule in change.removed:
        yield from ("", "Taken out:", *rule_in_words(rule))
    limits, steps = change.replay_limits, change.rollout
    yield ""
    yield (
        f"Its own test: {limits.days} days replayed with at most {limits.max_newly_missed} newly missed; {steps.shadow_days} days and "
        f"{steps.shadow_turns} turns in shadow; then {', '.join(str(share) for share in steps.canary)}% of new conversations, {steps.step_turns} turns each."
    )


def differing(before: RuleFile, after: RuleFile) -> list[tuple[str, str]]:
    """The sentences that differ, with a minus for what was and a plus for what would be."""
    was, now = list(rule_in_words(before))[1:], list(rule_in_words(after))[1:]
    lines = list(unified_diff(was, now, lineterm="", n=0))[2:]
    shown = [(line[0], line[1:].strip()) for line in lines if not line.startswith("@@")]
    return shown or [(" ", "Only its examples, its duties or its own test.")]


def _who_is_treated_otherwise(change: Change) -> Iterator[str]:
    yield from ("", "WHO WOULD BE TREATED OTHERWISE")
    comparison = change.comparison
    groups = (("Less protectively", comparison.less), ("More protectively", comparison.more))
    other = tuple(difference for difference in comparison.differences if difference not in comparison.less + comparison.more)
    for title, differences in (*groups, ("Otherwise", other)):
        if not differences:
            continue
        yield f"{title}:"
        for difference in differences[:SHOWN]:
            yield f"  - {difference.sentence}" + (f" For example: “{difference.message.text}”" if difference.message else "")
        if len(differences) > SHOWN:
            yield f"  … and {len(differences) - SHOWN} more kinds of message."
    for what in comparison.undecided:
        yield f"Not proved: {what}"
    if not comparison.differences and not comparison.undecided:
        yield "Nobody: every message there can be is treated as before."


def _replayed(change: Change) -> Iterator[str]:
    for gate in (Gate.REPLAY, Gate.FULL_REPLAY):
        found = kept(change, gate)
        if not found.facts:
            continue
        facts = found.facts
        yield from ("", f"{GATE_LABELS[gate][0].upper()} OF THE LAST {facts['days']} DAYS", found.reason)
        for kind, subjects in facts["counts"].items():
            for subject, languages in subjects.items():
                spread = ", ".join(f"{language} {number}" for language, number in languages.items())
                yield f"  {kind.replace('_', ' ')}: {subject.replace('_', ' ')} ({spread})"
        if facts["sample"]:
            yield "A sample to read:"
            yield from (f"  - {item['sentence']} (turn {item['turn']})" for item in facts["sample"][:SHOWN])


def _gates(change: Change) -> Iterator[str]:
    yield from ("", "GATES")
    results = stands_at(change)
    for result in results:
        yield f"  {'passed ' if result.passed else 'REFUSED'}  {GATE_LABELS[result.gate][0]}: {result.reason}"


def _signatures(change: Change) -> Iterator[str]:
    yield from ("", "SIGNATURES")
    now = standing(change)
    for signature in now.valid:
        yield f"  {signature.name} ({', '.join(role.value.replace('_', ' ') for role in signature.roles)}), until {signature.at + HOLDS_FOR:%d %B %Y}"
    for signature, why in now.void:
        yield f"  {signature.name}: does not count, because {why}"
    for need in now.missing:
        yield f"  missing: {need.label}, because {need.because}"
