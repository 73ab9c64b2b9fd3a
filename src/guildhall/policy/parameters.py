"""The knobs that a rule declares: where they stand, and turning one within its bounds."""

import json
from collections.abc import Iterator

from guildhall.policy.config import RuleFile
from guildhall.policy.packs import Pack, pack_of
from guildhall.vocabulary.errors import RefusedError


def with_parameter(pack: Pack, rule_id: str, name: str, value: float) -> Pack:
    """The pack with one knob turned. Raises RefusedError when there is no such knob or the value is out of its bounds."""
    rule = pack.rule(rule_id)
    if rule is None:
        raise RefusedError(f"there is no rule `{rule_id}` in the pack in force")
    parameter = rule.parameters.get(name)
    if parameter is None:
        known = ", ".join(sorted(rule.parameters)) or "none"
        raise RefusedError(
            f"`{rule_id}` declares no parameter `{name}`; its parameters are: {known}. Other changes are proposed to the board"
        )
    if not parameter.min <= value <= parameter.max:
        raise RefusedError(
            f"`{rule_id}.{name}` may be set from {parameter.min:g} to {parameter.max:g}, and {value:g} is outside; "
            "wider bounds are a change of the rule, which is proposed to the board"
        )
    return pack_of(_turned(other, name, value) if other.id == rule_id else other for other in pack.rules)


def newly_allowed(before: Pack, after: Pack) -> Iterator[tuple[str, str, Pack, Pack]]:
    """Where `after` lets a knob be turned further than `before` did: the rule, what is turned, and both packs with it turned so far.

    The old pack has the knob where it could already be turned to, so that only what is new tells the two apart.
    """
    for rule in after.rules:
        old = before.rule(rule.id)
        for name, parameter in rule.parameters.items():
            known = old.parameters.get(name) if old else None
            for bound in sorted({parameter.min, parameter.max}):
                if known and known.min <= bound <= known.max:
                    continue
                was = with_parameter(before, rule.id, name, min(max(bound, known.min), known.max)) if known else before
                yield rule.id, f"`{name}` of `{rule.id}` is set to {bound:g}", was, with_parameter(after, rule.id, name, bound)


def _turned(rule: RuleFile, name: str, value: float) -> RuleFile:
    data = rule.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    data["parameters"][name].pop("value", None)
    if value != rule.parameters[name].default:
        data["parameters"][name]["value"] = value
    _forget_at(data)
    return RuleFile.model_validate_json(json.dumps(data, ensure_ascii=False))


def _forget_at(data: object) -> None:
    """Take `at` out wherever a parameter says it, so that it is filled in again."""
    if isinstance(data, dict):
        if data.get("at_parameter"):
            data.pop("at", None)
        for value in data.values():
            _forget_at(value)
    elif isinstance(data, list):
        for value in data:
            _forget_at(value)
