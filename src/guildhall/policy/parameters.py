"""The knobs that a rule declares: where they stand, and turning one within its bounds."""

import json

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


def _turned(rule: RuleFile, name: str, value: float) -> RuleFile:
    data = rule.model_dump(mode="json", by_alias=True, exclude_defaults=True)
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
