"""A policy pack: a set of rules under one content address, compiled so that judging a turn is quick."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from guildhall.policy.config import RuleFile
from guildhall.vocabulary.decisions import Stage
from guildhall.vocabulary.signals import Category


@dataclass(frozen=True)
class Pack:
    """Rules in force together. `id` is the SHA-256 of their canonical JSON, so equal rules have equal ids."""

    rules: tuple[RuleFile, ...]
    id: str = field(init=False)
    by_stage: dict[Stage, tuple[RuleFile, ...]] = field(init=False, compare=False, repr=False)
    subjects: dict[str, frozenset[Category]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.rules, key=lambda rule: rule.id))
        enforced = [rule for rule in ordered if rule.status == "enforced"]
        object.__setattr__(self, "rules", ordered)
        object.__setattr__(self, "id", content_address(ordered))
        object.__setattr__(self, "by_stage", {stage: tuple(r for r in enforced if stage in r.scope.stages) for stage in Stage})
        object.__setattr__(self, "subjects", {rule.id: subjects_of(rule) for rule in ordered})

    def rule(self, rule_id: str) -> RuleFile | None:
        """The rule of that id, if the pack has it."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def content_address(rules: Sequence[RuleFile]) -> str:
    """SHA-256 (hex) of the rules as canonical JSON: sorted keys, no spaces, UTF-8."""
    body = [rule.model_dump(mode="json", by_alias=True) for rule in rules]
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def subjects_of(rule: RuleFile) -> frozenset[Category]:
    """Every category of evidence the rule looks at."""
    return frozenset().union(*(case.when.categories for case in rule.cases))


def pack_of(rules: Iterable[RuleFile]) -> Pack:
    """A pack of these rules, in any order."""
    return Pack(tuple(rules))
