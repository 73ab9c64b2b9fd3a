"""From shadow to canary to all: how far a change has come, when it may go on, and when it is rolled back by itself."""

from dataclasses import replace
from datetime import timedelta
from math import sqrt

from guildhall.governance.changes import Change, open_change
from guildhall.governance.observing import observe
from guildhall.governance.office import Office
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.gates import Gate, GateResult
from guildhall.vocabulary.governance import Counted, Observed, Phase, Proposal

GUILDHALL = "guildhall"
JUDGED_FROM = 30
"""Turns of a canary below which its rates say nothing."""
WHOLE = 100


def shadow(change: Change) -> GateResult:
    """The change was judged beside the rules in force for long enough."""
    proposal, limits = change.proposal, change.rollout
    if proposal.phase in (Phase.CANARY, Phase.ENFORCED):
        return GateResult(Gate.SHADOW, True, "Its time in shadow is over.")
    if proposal.phase != Phase.SHADOW:
        return GateResult(Gate.SHADOW, False, f"It is not in shadow yet: `guildhall policy shadow {proposal.id} --start`.")
    seen = observe(change.office, proposal)
    days = (change.office.clock() - proposal.phase_since) / timedelta(days=1)
    facts = {"turns": seen.changed.turns, "disagreed": seen.disagreed, "days": int(days)}
    if days < limits.shadow_days or seen.changed.turns < limits.shadow_turns:
        reason = (
            f"It has been in shadow for {int(days)} of {limits.shadow_days} days and {seen.changed.turns} of {limits.shadow_turns} turns; "
            f"it disagreed in {seen.disagreed}."
        )
        return GateResult(Gate.SHADOW, False, reason, (), facts)
    return GateResult(Gate.SHADOW, True, f"{seen.changed.turns} turns in shadow, and it disagreed in {seen.disagreed}.", (), facts)


def canary(change: Change) -> GateResult:
    """Every share was tried for long enough, the whole included, and nothing left its limits."""
    proposal, limits = change.proposal, change.rollout
    if proposal.phase != Phase.CANARY:
        return GateResult(Gate.CANARY, False, f"It was not tried on a share of conversations yet: `guildhall policy canary {proposal.id}`.")
    seen = observe(change.office, proposal)
    if trouble := out_of_limits(seen, limits.sigma, limits.max_handoffs):
        return GateResult(Gate.CANARY, False, trouble)
    if proposal.share < WHOLE or seen.step_turns < limits.step_turns:
        reason = f"It judges {proposal.share}% of new conversations, {seen.step_turns} of {limits.step_turns} turns so far at that share."
        return GateResult(Gate.CANARY, False, reason)
    return GateResult(Gate.CANARY, True, f"It judged {seen.changed.turns} turns in steps up to all, within its limits.")


def out_of_limits(seen: Observed, sigma: float, max_handoffs: float) -> str:
    """Why a canary must be rolled back; empty while it need not be.

    Its alarm rate is compared with that of the rules in force at the same time, moved by the shift that shadow led to expect.
    """
    if seen.changed.turns < JUDGED_FROM:
        return ""
    if seen.changed.handoff_rate > max_handoffs:
        return f"it brought a person into {seen.changed.handoff_rate:.0%} of its turns, more than the bound of {max_handoffs:.0%}"
    if seen.control.turns < JUDGED_FROM:
        return ""
    expected = min(1.0, max(0.0, seen.control.alarm_rate + seen.expected))
    away = deviations(seen.changed, seen.control, expected)
    if abs(away) <= sigma:
        return ""
    return (
        f"its alarm rate is {seen.changed.alarm_rate:.1%} in {seen.changed.turns} turns, where {expected:.1%} was expected: "
        f"{abs(away):.1f} standard deviations, more than {sigma:g}"
    )


def deviations(changed: Counted, control: Counted, expected: float) -> float:
    """How many standard deviations the changed arm's alarm rate is from the one expected, both arms' chance included.

    One alarm and one quiet turn are added to the pool, so that a control without any alarm still has a spread.
    """
    pooled = (changed.alarms + expected * control.turns + 1) / (changed.turns + control.turns + 2)
    spread = sqrt(pooled * (1 - pooled) * (1 / changed.turns + 1 / control.turns))
    return (changed.alarm_rate - expected) / spread


def start_shadow(change: Change) -> Proposal:
    """Judge the change beside the rules in force from now on, without effect."""
    office = change.office
    _current(change)
    observed = Observed(upto=office.store.last_event())
    facts = {"gate": Gate.SHADOW.value, "phase": Phase.SHADOW.value}
    return office.store.move(
        change.proposal,
        EventKind.RULE_CHANGE_TESTED,
        office.clock(),
        facts,
        phase=Phase.SHADOW.value,
        phase_since=office.clock(),
        observed=observed,
    )


def next_share(change: Change) -> Proposal:
    """Try the change on the next share of new conversations. Raises RefusedError while the present one is not done."""
    office, proposal, limits = change.office, change.proposal, change.rollout
    _current(change)
    seen = observe(office, proposal)
    if proposal.phase == Phase.CANARY:
        if trouble := out_of_limits(seen, limits.sigma, limits.max_handoffs):
            raise RefusedError(f"{proposal.id} must be rolled back: {trouble}")
        if proposal.share >= WHOLE:
            raise RefusedError(
                f"{proposal.id} judges every new conversation already; `guildhall policy activate {proposal.id}` enforces it"
            )
        if seen.step_turns < limits.step_turns:
            raise RefusedError(
                f"{proposal.id} has judged {seen.step_turns} of {limits.step_turns} turns at {proposal.share}%; wait for the rest"
            )
        observed = replace(seen, step_turns=0)
    else:
        other = office.in_force().canary
        if other is not None:
            raise RefusedError(f"{other.id} is being tried on {other.share}% of conversations; one change at a time")
        expected = seen.changed.alarm_rate - seen.control.alarm_rate
        observed = Observed(upto=office.store.last_event(), expected=expected)
    share = next(step for step in limits.canary if step > proposal.share)
    facts = {"how": "canary", "share": share}
    at = office.clock()
    values = {"share": share, "observed": observed, "phase": Phase.CANARY.value}
    if proposal.phase != Phase.CANARY:
        values["phase_since"] = at
    return office.store.move(proposal, EventKind.PACK_ACTIVATED, at, facts, **values)


def _current(change: Change) -> None:
    active = change.office.in_force().active
    if active != change.before.id:
        raise RefusedError(
            f"the rules in force have changed since {change.proposal.id} was proposed, so its tests prove nothing about them: propose it again"
        )


def roll_back_if_out_of_limits(office: Office) -> str:
    """Look at the canary, and roll it back when it left its limits. Why it was; empty when it was not."""
    found = office.store.in_force()
    if found is None or found.canary is None:
        return ""
    change = open_change(office, found.canary)
    limits = change.rollout
    trouble = out_of_limits(observe(office, found.canary), limits.sigma, limits.max_handoffs)
    if trouble:
        take_back(office, found.canary, GUILDHALL, trouble)
    return trouble


def take_back(office: Office, proposal: Proposal, by: str, why: str) -> Proposal:
    """End a canary. Conversations that began with it are judged by it and by the rules in force, the most protective counting."""
    at = office.clock()
    facts = {"by": by, "why": why, "share": proposal.share}
    return office.store.move(proposal, EventKind.PACK_ROLLED_BACK, at, facts, phase=Phase.ROLLED_BACK.value, phase_since=at)
