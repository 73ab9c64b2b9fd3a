"""A policy pack: a set of rules under one content address, compiled so that judging a turn is quick."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from guildhall.policy.config import RuleFile
from guildhall.vocabulary.decisions import Stage
from guildhall.vocabulary.signals import Category

RULES = TypeAdapter(tuple[RuleFile, ...])


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
    """SHA-256 (hex) of the rules' canonical form."""
    return hashlib.sha256(canonical(rules)).hexdigest()


def canonical(rules: Sequence[RuleFile]) -> bytes:
    """The rules as canonical JSON: by id, sorted keys, no spaces, UTF-8.

    What a rule leaves to its default is left out, so that a later version of Guildhall, with more fields, gives old rules the same address.
    """
    body = [rule.model_dump(mode="json", by_alias=True, exclude_defaults=True) for rule in sorted(rules, key=lambda rule: rule.id)]
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def pack_from(text: bytes) -> Pack:
    """The pack that a canonical form describes; the inverse of `canonical`. Raises pydantic's ValidationError or ValueError."""
    return pack_of(RULES.validate_json(text))


def subjects_of(rule: RuleFile) -> frozenset[Category]:
    """Every category of evidence the rule looks at."""
    return frozenset().union(*(case.when.categories for case in rule.cases))


def pack_of(rules: Iterable[RuleFile]) -> Pack:
    """A pack of these rules, in any order."""
    return Pack(tuple(rules))
