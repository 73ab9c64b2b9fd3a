"""One proposed change as its page shows it: gates, what changes in words, what the replay found, who has signed, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from shlex import quote
from typing import Any, Final

from guildhall.governance.approving import OPEN, Standing, standing
from guildhall.governance.changes import Change
from guildhall.governance.observing import Disagreement, disagreements
from guildhall.governance.page import differing
from guildhall.governance.proposing import life_of
from guildhall.governance.reports import kept
from guildhall.governance.rollout import WHOLE
from guildhall.governance.words import rule_in_words
from guildhall.policy.config import RuleFile
from guildhall.vocabulary.errors import GuildhallError
from guildhall.vocabulary.gates import GATE_LABELS, Counterexample, Gate
from guildhall.vocabulary.governance import Member, Observed, Phase, Proposal

PHASE_TAGS: Final = {
    Phase.PROPOSED: "grey",
    Phase.SHADOW: "blue",
    Phase.CANARY: "turquoise",
    Phase.ENFORCED: "green",
    Phase.EMERGENCY: "red",
    Phase.LAPSED: "grey",
    Phase.ROLLED_BACK: "orange",
    Phase.WITHDRAWN: "grey",
}
REPLAY_KINDS: Final = {"newly_missed": "Newly missed", "newly_fired": "Newly fired", "changed_action": "Changed action"}
COMPARED_AT_MOST: Final = 2000
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class GateRow:
    """What a gate says now. `state` is passed, refused or waiting."""

    gate: Gate
    state: str
    reason: str
    shown: tuple[Counterexample, ...]

    @property
    def label(self) -> tuple[str, str]:
        """Its name and what it asks."""
        return GATE_LABELS[self.gate]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule that changes: how (new, changed, taken out), its versions, and its lines: with a plus or a minus where it changed."""

    id: str
    title: str
    how: str
    versions: str
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay found: kind of difference, subject, language, how often; and a sample to read."""

    title: str
    days: int
    reason: str
    rows: Sequence[tuple[str, str, str, int]]
    sample: Sequence[Any]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Everything on the page of one change."""

    change: Change
    proposal: Proposal
    stale: bool
    """Whether the rules in force are no longer those it was tested against."""
    gates: Sequence[GateRow]
    rules: Sequence[RuleRow]
    treated: Sequence[Counterexample]
    replays: Sequence[Replayed]
    signatures: Standing
    seen: Observed
    disagreements: Sequence[Disagreement]
    next: Sequence[tuple[str, str]]


def view_of(change: Change) -> ChangeView:
    """The page. Asks each gate that is cheap to ask, and reads what was kept of the others."""
    office, proposal = change.office, change.proposal
    gates = _gates(change)
    now = standing(change)
    stale = proposal.phase in OPEN and office.in_force().active != change.before.id
    return ChangeView(
        change=change,
        proposal=proposal,
        stale=stale,
        gates=gates,
        rules=_rules(change),
        treated=kept(change, Gate.PROPERTY).counterexamples,
        replays=_replays(change),
        signatures=now,
        seen=office.store.proposal(proposal.id).observed,  # counted anew when the gates were asked
        disagreements=_disagreements(change),
        next=_next(change, gates, now, stale),
    )


def _gates(change: Change) -> list[GateRow]:
    reports = change.office.store.reports(change.proposal.id)
    rows: dict[Gate, GateRow] = {}
    steps = [(step.gate, step.ask, step.kept) for step in life_of(change)]
    for gate, ask, is_kept in steps:
        try:
            result = kept(change, gate) if is_kept else ask(change)
        except GuildhallError as error:  # a gate that cannot be asked has not passed
            rows[gate] = GateRow(gate, "waiting", str(error), ())
            continue
        refused = gate.value in reports if is_kept else gate == Gate.FAIRNESS
        rows[gate] = GateRow(
            gate, "passed" if result.passed else "refused" if refused else "waiting", result.reason, result.counterexamples
        )
    return list(rows.values())


def _rules(change: Change) -> list[RuleRow]:
    rows = []
    for rule in change.changed:
        before = change.before.rule(rule.id)
        if before is None:
            rows.append(RuleRow(rule.id, rule.title, "new", f"version {rule.version}", _whole(rule)))
        else:
            rows.append(RuleRow(rule.id, rule.title, "changed", f"version {before.version} to {rule.version}", differing(before, rule)))
    for rule in change.removed:
        rows.append(RuleRow(rule.id, rule.title, "taken out", f"version {rule.version}", _whole(rule)))
    return rows


def _whole(rule: RuleFile) -> list[tuple[str, str]]:
    """A rule's lines below its title."""
    return [("", line.strip()) for line in list(rule_in_words(rule))[1:]]


def _replays(change: Change) -> list[Replayed]:
    found = []
    for gate in (Gate.REPLAY, Gate.FULL_REPLAY):
        result = kept(change, gate)
        if not result.facts:
            continue
        rows = [
            (REPLAY_KINDS.get(kind, kind), subject, language, number)
            for kind, subjects in result.facts["counts"].items()
            for subject, languages in subjects.items()
            for language, number in languages.items()
        ]
        found.append(Replayed(GATE_LABELS[gate][0], result.facts["days"], result.reason, rows, result.facts["sample"][:SHOWN]))
    return found


def _disagreements(change: Change) -> list[Disagreement]:
    """Where it would have decided otherwise, in the newest turns; what would do less comes first."""
    proposal = change.proposal
    if proposal.phase not in (Phase.SHADOW, Phase.CANARY):
        return []
    turns = change.office.past.newest(proposal.proposed_at, COMPARED_AT_MOST)
    found = [each for turn in turns for each in disagreements(turn.turn_id, turn.facts, proposal.pack)]
    return sorted(found, key=lambda each: not each.less_protective)


def may_sign(members: Sequence[Member], change: Change, now: Standing) -> list[tuple[str, str]]:
    """Everybody who could give a signature that is missing, and the command that gives it."""
    signed = {signature.name for signature in now.valid}
    roles = {role for need in now.missing for role in need.roles}
    found = [member for member in members if roles & set(member.roles) and member.name not in signed | {change.proposal.author}]
    return [(member.name, f"guildhall policy sign {change.proposal.id} --as {quote(member.name)} --key KEY-FILE") for member in found]


def _next(change: Change, gates: Sequence[GateRow], now: Standing, stale: bool) -> list[tuple[str, str]]:
    """What can be done next, with the exact command."""
    proposal, states = change.proposal, {row.gate: row.state for row in gates}
    this = proposal.id
    if proposal.phase not in OPEN:
        return []
    if stale or "refused" in [state for gate, state in states.items() if gate != Gate.FAIRNESS]:
        return [("Put the files right and propose again", "guildhall policy propose --as NAME --key KEY-FILE --why SENTENCE")]
    tests = [gate for gate in (Gate.LINT, Gate.OVERLAY, Gate.PROPERTY, Gate.EXAMPLES, Gate.MUTATION) if states.get(gate) == "waiting"]
    if tests:
        return [("Test it", f"guildhall policy check {this}")]
    if states.get(Gate.REPLAY) == "waiting":
        return [("Judge the past by it", f"guildhall policy replay {this}")]
    found = [("Start it in shadow", f"guildhall policy shadow {this} --start")] if proposal.phase == Phase.PROPOSED else []
    found += [(f"{name} can sign", command) for name, command in may_sign(change.office.store.members(), change, now)]
    if proposal.phase == Phase.SHADOW and "waiting" not in (states[Gate.SHADOW], states[Gate.SIGNATURES]):
        found.append(("Try it on a first share of conversations", f"guildhall policy canary {this} --as NAME"))
    if proposal.phase == Phase.CANARY:
        whole = proposal.share >= WHOLE
        found.append(("Put it in force", f"guildhall policy activate {this} --as NAME") if whole else
                     ("Try it on the next share, when enough turns are judged", f"guildhall policy canary {this} --as NAME"))  # fmt: skip
        found.append(("Take it back", "guildhall policy rollback --as NAME --key KEY-FILE --why SENTENCE"))
    if proposal.phase == Phase.EMERGENCY and not now.missing:
        found.append(("Let it stay", f"guildhall policy ratify {this} --as NAME"))
    return found
