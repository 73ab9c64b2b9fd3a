"""Everything that two packs can tell apart, as a finite set of variables with finitely many values.

A condition looks at facts through a few questions only: how strong the evidence of a category is beside each threshold, whether a
detector of a name failed, which of the named services is meant, and so on. Facts with the same answers are one **cell**: the packs
cannot tell them apart, so one member speaks for all.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final

from guildhall.policy.config import GROUPS, Condition, RuleFile
from guildhall.policy.packs import Pack
from guildhall.vocabulary.decisions import DraftFacts, Facts, Stage
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.services import ServiceMatch
from guildhall.vocabulary.signals import Category, Grade, Signal

Key = tuple[str, str]
"""A variable: what kind of fact, and which one."""
Known = Mapping[Key, Any]
"""What is settled of some facts: variables that are not in it may have any value."""

NONE: Final = (-1, -1)
"""No evidence. Else (how strong the surest confirmed evidence is, how strong the strongest of any grade), as numbers of regions."""
CHANNEL, AUDIENCE, SERVICE = ("channel", ""), ("audience", ""), ("service", "")
FAILED_TURNS, LANGUAGE, SUPPORTED, DESK = ("failed_turns", ""), ("language", ""), ("language_supported", ""), ("desk_open", "")
DRAFT_KINDS: Final = ("uncited", "unsupported", "link_off_list", "personal_data")
OTHER_SERVICE: Final = "another-service"
FILLER: Final = "~~"
CONTEXT: Final = (CHANNEL, AUDIENCE, SERVICE, FAILED_TURNS, LANGUAGE, SUPPORTED, DESK)


def leaves_of(condition: Condition) -> Iterator[Condition]:
    """The conditions that test one fact each."""
    inner = [*(condition.any or ()), *(condition.all or ()), *((condition.not_,) if condition.not_ else ())]
    if not inner and condition.any is None and condition.all is None:
        yield condition
    for part in inner:
        yield from leaves_of(part)


@dataclass(frozen=True)
class Domain:
    """The variables of some packs. The first value of each is the ordinary one: nothing found, nothing failed, the desk open."""

    values: Mapping[Key, tuple[Any, ...]]
    thresholds: Mapping[Category, tuple[float, ...]]
    """Where the regions of strength begin, from 0 up."""
    ordinary: Mapping[Key, Any] = field(init=False)
    other_language: str = "en"

    def __post_init__(self) -> None:
        object.__setattr__(self, "ordinary", {key: values[0] for key, values in self.values.items()})

    @classmethod
    def of(cls, packs: Sequence[Pack], detectors: Iterable[str] = ()) -> "Domain":
        """The domain of these packs together. `detectors` are names that really run, preferred to invented ones."""
        rules = [rule for pack in packs for rule in pack.rules]
        leaves = [leaf for rule in rules for case in rule.cases for leaf in leaves_of(case.when)]
        thresholds = {category: _regions(category, leaves) for category in Category}
        spoken = {language for leaf in leaves for language in leaf.language or ()}
        other = next((code for code in (*Language, "zz") if code not in spoken), "zz")
        values: dict[Key, tuple[Any, ...]] = {
            CHANNEL: ("web", "phone", "staff"),
            AUDIENCE: ("resident", "staff"),
            SERVICE: ("", *sorted({name for leaf in leaves for name in leaf.service or ()}), OTHER_SERVICE),
            FAILED_TURNS: (0, *sorted({leaf.failed_turns for leaf in leaves if leaf.failed_turns})),
            LANGUAGE: tuple(dict.fromkeys((str(other), *sorted(spoken)))),
            SUPPORTED: (True, False),
            DESK: (True, False),
        }
        values |= {("signal", category.value): _grades(len(thresholds[category])) for category in Category}
        reads = {pattern for rule in rules if rule.on_error for pattern in rule.on_error.reads}
        failed = _names({leaf.detector_failed for leaf in leaves if leaf.detector_failed} | reads, detectors)
        unvalidated = _names({leaf.unvalidated for leaf in leaves if leaf.unvalidated}, detectors)
        values |= {("failed", name): (False, True) for name in failed}
        values |= {("unvalidated", name): (False, True) for name in unvalidated}
        values |= {("draft", kind): (False, True) for kind in DRAFT_KINDS}
        return cls(values, thresholds, str(other))

    def strength(self, category: Category, region: int) -> float:
        """A strength that stands for a region."""
        starts = self.thresholds[category]
        above = starts[region + 1] if region + 1 < len(starts) else 1.0
        middle = round((starts[region] + above) / 2, 2)
        return middle if starts[region] <= middle < above else starts[region]

    def extraordinary(self, known: Known) -> tuple[Key, ...]:
        """The variables that differ from the ordinary, in the order of the domain."""
        return tuple(key for key in self.values if key in known and known[key] != self.ordinary[key])

    def facts(self, known: Known, stage: Stage) -> Facts:
        """Facts that stand for a cell; what is not settled is ordinary."""
        total = {**self.ordinary, **known}
        draft = {kind: total["draft", kind] for kind in DRAFT_KINDS}
        marks = {kind: ("found",) if draft[kind] else () for kind in DRAFT_KINDS}
        found = DraftFacts(not draft["uncited"], marks["unsupported"], marks["link_off_list"], marks["personal_data"])
        return Facts(
            stage=stage,
            channel=total[CHANNEL],
            language=total[LANGUAGE],
            audience=total[AUDIENCE],
            signals=tuple(signal for category in Category for signal in self._signals(category, total["signal", category.value])),
            failed_detectors=tuple(name for kind, name in self.values if kind == "failed" and total[kind, name]),
            unvalidated_detectors=tuple(name for kind, name in self.values if kind == "unvalidated" and total[kind, name]),
            services=(ServiceMatch(ServiceKey(total[SERVICE]), 0.9),) if total[SERVICE] else (),
            failed_turns=total[FAILED_TURNS],
            desk_open=total[DESK],
            language_supported=total[SUPPORTED],
            draft=found if stage == Stage.ON_ANSWER or any(draft.values()) else None,
        )

    def _signals(self, category: Category, value: tuple[int, int]) -> Iterator[Signal]:
        confirmed, strongest = value
        if strongest > confirmed:
            yield Signal(category, Grade.SCREEN, self.strength(category, strongest), "example")
        if confirmed >= 0:
            yield Signal(category, Grade.CONFIRM, self.strength(category, confirmed), "example")

    def cell(self, facts: Facts) -> tuple[Any, ...]:
        """The cell of some facts, told apart at least as finely as the packs do: equal cells, equal acts, down to the category of each."""
        draft = facts.draft
        top = facts.services[0].key if facts.services else ""
        return (
            facts.stage,
            facts.channel,
            facts.audience,
            facts.language,
            facts.language_supported,
            facts.desk_open,
            bisect_right(self.values[FAILED_TURNS], facts.failed_turns),
            top if top in self.values[SERVICE] else OTHER_SERVICE,
            facts.failed_detectors,
            facts.unvalidated_detectors,
            (draft.cited, bool(draft.unsupported), bool(draft.links_off_list), bool(draft.personal_data)) if draft else None,
            self._heard(facts.signals) if facts.signals else (),
        )

    def _heard(self, signals: Sequence[Signal]) -> tuple[tuple[str, int, int], ...]:
        """Each category with its regions, the surest first, as `decide` names the category of an act."""
        surest: dict[Category, tuple[bool, float]] = {}
        regions: dict[Category, tuple[int, int]] = {}
        for signal in signals:
            category, confirmed = signal.category, signal.grade == Grade.CONFIRM
            region = self.region(category, signal.strength)
            sure, strongest = regions.get(category, NONE)
            regions[category] = (max(sure, region) if confirmed else sure, max(strongest, region))
            surest[category] = max(surest.get(category, (False, -1.0)), (confirmed, signal.strength))
        first = {category: number for number, category in reversed(list(enumerate(_firsts(signals, surest))))}
        ordered = sorted(surest, key=lambda category: (surest[category], -first[category]), reverse=True)
        return tuple((category.value, *regions[category]) for category in ordered)

    def region(self, category: Category, strength: float) -> int:
        """The number of the region a strength lies in."""
        return bisect_right(self.thresholds[category], strength) - 1


def _firsts(signals: Sequence[Signal], surest: Mapping[Category, tuple[bool, float]]) -> Iterator[Category]:
    """The categories in the order in which the surest signal of each was found."""
    for signal in signals:
        if (signal.grade == Grade.CONFIRM, signal.strength) == surest[signal.category]:
            yield signal.category


def _regions(category: Category, leaves: Iterable[Condition]) -> tuple[float, ...]:
    """Where the regions of a category's strength begin."""
    return (0.0, *sorted({leaf.at for leaf in leaves if leaf.signal and leaf.at and category in leaf.categories}))


def _grades(regions: int) -> tuple[tuple[int, int], ...]:
    """Every (confirmed, strongest) there can be: nothing, screened only, confirmed, and confirmed below a stronger screened one."""
    screened = [(-1, strongest) for strongest in range(regions)]
    confirmed = [(region, region) for region in range(regions)]
    both = [(region, strongest) for region in range(regions) for strongest in range(region + 1, regions)]
    return (NONE, *screened, *confirmed, *both)


def _names(patterns: Iterable[str], detectors: Iterable[str]) -> tuple[str, ...]:
    """One name a pattern that matches as few other patterns as may be: whatever set of names failed, some of these tell the same.

    As `*` is the only wildcard this is exact: a pattern that matches the name made of another's own letters matches every name that
    the other matches. A detector that really runs stands for it where it is matched by the same patterns.
    """
    known, wanted = tuple(detectors), sorted(patterns)
    chosen: dict[frozenset[str], str] = {}
    for pattern in wanted:
        name = pattern.replace("*", FILLER)
        matched = _matched(name, wanted)
        chosen.setdefault(matched, next((real for real in known if _matched(real, wanted) == matched), pattern.replace("*", "any")))
        if _matched(chosen[matched], wanted) != matched:
            chosen[matched] = name
    return tuple(chosen.values())


def _matched(name: str, patterns: Iterable[str]) -> frozenset[str]:
    return frozenset(pattern for pattern in patterns if fnmatchcase(name, pattern))


def categories_of(condition: Condition) -> frozenset[Category]:
    """The categories that a leaf looks at."""
    return GROUPS.get(condition.signal or "") or frozenset({Category(condition.signal or "")})


def meaning(rule: RuleFile) -> dict[str, Any]:
    """What of a rule decides anything: equal meanings never judge differently."""
    return rule.model_dump(mode="json", include={"status", "scope", "cases", "on_error"})
