"""Counts what happened since a change went into shadow or canary, from the record: turns, alarms, handoffs, disagreements."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from guildhall.governance.office import Office
from guildhall.storage.governance import next_turns
from guildhall.vocabulary.decisions import PROTECTION, Effect
from guildhall.vocabulary.governance import Counted, Observed, Phase, Proposal
from guildhall.vocabulary.outcomes import Person

AT_ONCE = 1000
ALARM = PROTECTION[Effect.OFFER]
"""From this effect on, a decision is an alarm: it brings in or offers a person, or stops something."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One decision that a change in shadow would have made otherwise."""

    turn_id: str
    stage: str
    language: str
    was: str
    now: str
    rules_were: tuple[str, ...]
    rules_now: tuple[str, ...]

    @property
    def less_protective(self) -> bool:
        """Whether the change would have done less."""
        return PROTECTION[Effect(self.now)] < PROTECTION[Effect(self.was)]


def observe(office: Office, proposal: Proposal) -> Observed:
    """Everything seen up to now. Safe from several processes: each event is counted once."""
    while True:
        before = office.store.proposal(proposal.id).observed
        seen = office.store.observe(proposal.id, lambda observed, connection: _counted(observed, connection, proposal, office.council))
        if seen.upto == before.upto:
            return seen


def _counted(observed: Observed, connection: Connection, proposal: Proposal, council: str) -> Observed:
    for seq, text in next_turns(connection, council, observed.upto, AT_ONCE):
        observed = replace(_with_turn(observed, json.loads(text), proposal), upto=seq)
    return observed


def _with_turn(observed: Observed, facts: dict[str, Any], proposal: Proposal) -> Observed:
    live = count_of(facts["decisions"], facts["person"])
    if proposal.phase == Phase.SHADOW:
        watched = [decision for decision in facts.get("shadow", ()) if decision["pack"] == proposal.pack]
        if not watched:
            return observed
        return replace(
            observed,
            changed=observed.changed.plus(count_of(watched)),
            control=observed.control.plus(live),
            disagreed=observed.disagreed + (1 if list(disagreements("", facts, proposal.pack)) else 0),
        )
    pack = facts["decisions"][0]["pack"] if facts["decisions"] else ""
    if pack == proposal.pack:
        return replace(observed, changed=observed.changed.plus(live), step_turns=observed.step_turns + 1)
    return replace(observed, control=observed.control.plus(live)) if pack == proposal.base else observed


def count_of(decisions: list[dict[str, Any]], person: str = "") -> Counted:
    """One turn, as counted."""
    alarm = any(PROTECTION[Effect(decision["effect"])] >= ALARM for decision in decisions)
    brought = person == Person.BROUGHT if person else any(decision["effect"] == Effect.ESCALATE for decision in decisions)
    return Counted(1, int(alarm), int(brought))


def disagreements(turn_id: str, facts: dict[str, Any], pack: str) -> Iterator[Disagreement]:
    """Where a pack in shadow would have decided otherwise, in one recorded turn."""
    watched = [decision for decision in facts.get("shadow", ()) if decision["pack"] == pack]
    for live, other in zip(facts["decisions"], watched, strict=False):
        were, now = _names(live), _names(other)
        if live["effect"] != other["effect"] or were != now:
            yield Disagreement(turn_id, live["stage"], facts["language"], live["effect"], other["effect"], were, now)


def _names(decision: dict[str, Any]) -> tuple[str, ...]:
    """The rules that spoke and their cases. A version that changed without effect is no disagreement."""
    return tuple(f"{rule.partition('@')[0]}#{rule.rpartition('#')[2]}" for rule in decision["rules"])
