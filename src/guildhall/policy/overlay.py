"""A council's rules over the baseline's: tightening is free, loosening a floor cannot load, other loosening is owned up to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guildhall.policy.config import RuleFile
from guildhall.vocabulary.decisions import PROTECTION


@dataclass(frozen=True, slots=True)
class Loosening:
    """One way in which an overlay protects less than the rule it replaces."""

    rule_id: str
    what: str


def loosenings(before: RuleFile, after: RuleFile) -> tuple[Loosening, ...]:
    """Every way in which `after` protects less than `before`. Adding cases, signposts or protection is not one."""
    found = []
    if before.status == "enforced" and after.status != "enforced":
        found.append(f"its status is `{after.status}`")
    for number, case in enumerate(before.cases):
        if number >= len(after.cases):
            found.append(f"case {number + 1} is gone")
            continue
        new = after.cases[number]
        if new.when != case.when:
            found.append(f"the condition of case {number + 1} is another one")
        if PROTECTION[new.then.effect] < PROTECTION[case.then.effect]:
            found.append(f"case {number + 1} does `{new.then.effect}` where it did `{case.then.effect}`")
        if missing := set(case.then.signposts) - set(new.then.signposts):
            found.append(f"case {number + 1} no longer shows {', '.join(sorted(missing))}")
        if missing_kept := set(case.then.keep_from) - set(new.then.keep_from):
            found.append(f"case {number + 1} no longer keeps words from {', '.join(sorted(missing_kept))}")
        if case.then.sensitive and not new.then.sensitive:
            found.append(f"case {number + 1} no longer shows the exit button")
    if before.on_error and (after.on_error is None or PROTECTION[after.on_error.then.effect] < PROTECTION[before.on_error.then.effect]):
        found.append("a failed detector is treated less protectively")
    for name, was, now in (("stages", before.scope.stages, after.scope.stages), ("channels", before.scope.channels, after.scope.channels)):
        if gone := set(was) - set(now):
            found.append(f"it no longer holds for {name} {', '.join(sorted(gone))}")
    if after.scope.audience not in (before.scope.audience, "anyone"):
        found.append(f"it holds only for `{after.scope.audience}`")
    return tuple(Loosening(before.id, what) for what in found)


def refusals(baseline: Mapping[str, RuleFile], overlay: Sequence[RuleFile]) -> list[tuple[RuleFile, str]]:
    """The overlay rules that may not load, each with the reason."""
    refused = []
    for rule in overlay:
        before = baseline.get(rule.id)
        if before is None:
            continue
        loose = "; ".join(item.what for item in loosenings(before, rule))
        if loose and before.floor:
            refused.append((rule, f"it loosens `{rule.id}`, which is a floor: {loose}."))
        elif loose and rule.relaxes is None:
            refused.append((rule, f"it loosens `{rule.id}` without saying why: {loose}."))
        elif before.floor and not rule.floor:
            refused.append((rule, f"it takes the floor away from `{rule.id}`."))
    return refused
