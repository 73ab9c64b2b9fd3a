"""A council's rules over the baseline's: tightening is free, loosening a floor cannot load, other loosening is owned up to.

What counts is what the rules do, not how they are written: the two versions of a rule are compared for all facts there can be.
A council has its own queues and may say things in its own words, so another queue or another wording in the same place is no loosening.
"""

from collections.abc import Mapping, Sequence

from guildhall.policy.compare import Difference, compare_packs
from guildhall.policy.config import RuleFile
from guildhall.policy.packs import pack_of


def loosenings(before: RuleFile, after: RuleFile) -> tuple[str, ...]:
    """Every way in which `after` protects less than `before`, in sentences. Adding cases, signposts or protection is not one."""
    comparison = compare_packs(pack_of([before]), pack_of([after]))
    return (
        *(difference.sentence for difference in comparison.less if _is_less(difference)),
        *(f"it cannot be told {words}." for words in comparison.undecided),
    )


def _is_less(difference: Difference) -> bool:
    replaced = {kind for kind, _ in difference.gained if kind in ("person", "wording")}
    return any(kind not in replaced for kind, _ in difference.lost)


def refusals(baseline: Mapping[str, RuleFile], overlay: Sequence[RuleFile]) -> list[tuple[RuleFile, str]]:
    """The overlay rules that may not load, each with the reason."""
    refused = []
    for rule in overlay:
        before = baseline.get(rule.id)
        if before is None:
            continue
        loose = loosenings(before, rule)
        if loose and before.floor:
            refused.append((rule, f"it loosens `{rule.id}`, which is a floor. {_first(loose)}"))
        elif loose and rule.relaxes is None:
            refused.append((rule, f"it loosens `{rule.id}` without saying why. {_first(loose)}"))
        elif before.floor and not rule.floor:
            refused.append((rule, f"it takes the floor away from `{rule.id}`."))
    return refused


def _first(sentences: Sequence[str]) -> str:
    more = f" And {len(sentences) - 1} more." if len(sentences) > 1 else ""
    return f"{sentences[0]}{more}"
