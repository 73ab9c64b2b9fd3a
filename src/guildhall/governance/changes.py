"""A proposed change opened up: both packs, which rules differ, and everything that is treated otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from guildhall.governance.office import Office
from guildhall.policy.compare import PackComparison, compare_packs
from guildhall.policy.config import ReplayLimits, Rollout, RuleFile
from guildhall.policy.packs import Pack, pack_of, subjects_of
from guildhall.vocabulary.governance import Proposal
from guildhall.vocabulary.signals import Category


@dataclass(frozen=True)
class Change:
    """From `before` to `after`. What is slow to work out is worked out once, when it is asked for."""

    proposal: Proposal
    before: Pack
    after: Pack
    office: Office

    @property
    def changed(self) -> tuple[RuleFile, ...]:
        """The rules that are new or not as they were."""
        return tuple(rule for rule in self.after.rules if self.before.rule(rule.id) != rule)

    @property
    def removed(self) -> tuple[RuleFile, ...]:
        """The rules that are gone."""
        return tuple(rule for rule in self.before.rules if self.after.rule(rule.id) is None)

    @property
    def touched(self) -> tuple[RuleFile, ...]:
        """Every rule that changes, as it was (or as it is, when it is new)."""
        return tuple(self.before.rule(rule.id) or rule for rule in (*self.changed, *self.removed))

    @cached_property
    def comparison(self) -> PackComparison:
        """Everything that would be treated otherwise."""
        rules = (*self.changed, *self.touched)
        return compare_packs(self.before, self.after, self.office.bench.messages(rules), self.office.bench.detectors())

    @cached_property
    def floors(self) -> PackComparison:
        """The same for floors alone: what one of them held, another rule that is no floor cannot hold for it."""
        before, after = _floors(self.before), _floors(self.after)
        if before == after:
            return PackComparison(before.id, after.id, (), 0)
        rules = (*self.changed, *self.touched)
        return compare_packs(before, after, self.office.bench.messages(rules), self.office.bench.detectors())

    @property
    def new_evidence(self) -> tuple[str, ...]:
        """What the rules did not rest on before: categories of evidence and detectors."""
        return tuple(sorted(_evidence(self.after.rules) - _evidence(self.before.rules)))

    @property
    def replay_limits(self) -> ReplayLimits:
        """The strictest of every rule that changes, so that a change cannot relax its own test.

        One that says that it loosens says in the rule itself how many past turns that may cost, for those who sign to see.
        """
        limits = [rule.replay for rule in self.touched] or [ReplayLimits()]
        allowed = [rule.replay.max_newly_missed for rule in self.changed] if self.proposal.loosens else []
        return ReplayLimits(days=max(x.days for x in limits), max_newly_missed=max([min(x.max_newly_missed for x in limits), *allowed]))

    @property
    def rollout(self) -> Rollout:
        """The strictest of every rule that changes: as it was, and as it is only where it is new."""
        steps = [rule.rollout for rule in self.touched] or [Rollout()]
        return Rollout(
            shadow_days=max(x.shadow_days for x in steps),
            shadow_turns=max(x.shadow_turns for x in steps),
            canary=max((x.canary for x in steps), key=len),
            step_turns=max(x.step_turns for x in steps),
            sigma=min(x.sigma for x in steps),
            max_handoffs=min(x.max_handoffs for x in steps),
        )


def open_change(office: Office, proposal: Proposal) -> Change:
    """The change with both packs read. Raises UnreadablePackError."""
    return Change(proposal, office.packs.get(proposal.base), office.packs.get(proposal.pack), office)


def _floors(pack: Pack) -> Pack:
    return pack_of(rule for rule in pack.rules if rule.floor)


def _evidence(rules: Sequence[RuleFile]) -> set[str]:
    categories: set[Category] = set().union(*(subjects_of(rule) for rule in rules)) if rules else set()
    reads = {pattern for rule in rules if rule.on_error for pattern in rule.on_error.reads}
    return {category.value for category in categories} | reads
