"""Finite-domain check of two packs: everything the new one would treat less protectively, each with the fewest facts that show it.

Rules are judged one by one and a decision is the union of what they ask for. So something is lost exactly where a rule of the old
pack does it, that rule's new version does not, and no other rule of the new pack does it either. For each pair (case that spoke, case
that would speak) of each changed rule, and each protection the pair gives up, such facts are searched for among all facts there are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from guildhall.policy.config import Consequence
from guildhall.policy.domain import CHANNEL, DESK, LANGUAGE, NONE, Domain, Key, Known, meaning
from guildhall.policy.evaluate import decide
from guildhall.policy.knowing import SILENT, Speaker, speaker_of
from guildhall.policy.packs import Pack
from guildhall.policy.parameters import newly_allowed
from guildhall.policy.protections import Protection, given_up, lost_between, protections
from guildhall.policy.searching import GaveUpError, Search, Wanted
from guildhall.policy.sentences import difference_in_words, facts_in_words
from guildhall.vocabulary.decisions import Act, Facts, Stage
from guildhall.vocabulary.gates import Counterexample
from guildhall.vocabulary.signals import Category


class Kind(StrEnum):
    """Which way a difference goes."""

    LESS = "less_protective"
    MORE = "more_protective"
    OTHER = "otherwise_different"


@dataclass(frozen=True, slots=True)
class Message:
    """A message that may illustrate a difference: its words and what the detectors made of it."""

    text: str
    language: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which two packs differ, with the smallest facts that show it.

    `sentence` reads whole: what is said, how, and what was and is now done.
    """

    kind: Kind
    rule_id: str
    facts: Facts
    before: tuple[Act, ...]
    after: tuple[Act, ...]
    lost: frozenset[Protection]
    gained: frozenset[Protection]
    sentence: str
    unusual: Mapping[Key, Any]
    """What of the facts is out of the ordinary."""
    message: Message | None = None

    def counterexample(self) -> Counterexample:
        """The difference as a gate shows it."""
        return Counterexample(self.sentence, self.message.text if self.message else "", self.message.language if self.message else "en")


@dataclass(frozen=True, slots=True)
class PackComparison:
    """Every difference of two packs, fewest facts first. `undecided` names what the check gave up on; it counts as not proved."""

    before: str
    after: str
    differences: tuple[Difference, ...]
    cells: int
    """Pairs of what a rule said and would say that were looked at."""
    undecided: tuple[str, ...] = ()

    @property
    def less(self) -> tuple[Difference, ...]:
        """Where the new pack is less protective."""
        return tuple(d for d in self.differences if d.kind == Kind.LESS)

    @property
    def more(self) -> tuple[Difference, ...]:
        """Where it is only more protective."""
        return tuple(d for d in self.differences if d.kind == Kind.MORE)

    @property
    def loosens(self) -> bool:
        """Whether the board's chair must sign: something is less protective, or could not be proved not to be."""
        return bool(self.less or self.undecided)


def compare_packs(before: Pack, after: Pack, messages: Sequence[Message] = (), detectors: Sequence[str] = ()) -> PackComparison:
    """Compare two packs for all facts there can be. `messages` illustrate; `detectors` are names that really run, for readable sentences."""
    checks = [_Check(before, after, detectors)]
    checks += [_Check(was, now, detectors, rule_id, turned) for rule_id, turned, was, now in newly_allowed(before, after)]
    found: dict[tuple[Any, ...], Difference] = {}
    for check in checks:
        for difference in check.differences():
            shown = _illustrated(difference, messages, check.before, check.after)
            found.setdefault((check.turned, difference.rule_id, difference.facts), shown)
    ordered = sorted(found.values(), key=lambda d: (list(Kind).index(d.kind), len(d.unusual), d.rule_id, d.sentence))
    undecided = dict.fromkeys(words for check in checks for words in check.undecided)
    return PackComparison(before.id, after.id, tuple(ordered), sum(check.cells for check in checks), tuple(undecided))


@dataclass(frozen=True, slots=True)
class _Pair:
    """What a rule said and would say at one stage."""

    rule_id: str
    stage: Stage
    wanted: tuple[Wanted, ...]
    before: Consequence | None
    after: Consequence | None
    categories: tuple[Category, ...]
    """Those that either version of the rule looks at."""


class _Check:
    """One comparison under way: of all rules, or of one rule with a knob turned as far as it newly may be."""

    def __init__(self, before: Pack, after: Pack, detectors: Sequence[str], only: str = "", turned: str = "") -> None:
        self.before, self.after = before, after
        self.only, self.turned = only, turned
        self.domain = Domain.of((before, after), detectors)
        self.search = Search(self.domain)
        self.cells = 0
        self.undecided: list[str] = []
        self._speakers = {
            pack.id: {stage: {rule.id: speaker_of(rule, self.domain) for rule in pack.by_stage[stage]} for stage in Stage}
            for pack in (before, after)
        }

    def differences(self) -> Iterator[Difference]:
        """Every difference, each pair's own."""
        for pair in self._pairs():
            self.cells += 1
            less = tuple(self._shown(pair, Kind.LESS))
            yield from less
            more = tuple(self._shown(pair, Kind.MORE))
            yield from more
            if not less and not more:
                facts = self._find(pair, pair.wanted, {}, proves=False)
                if facts is not None:
                    yield self._difference(pair, facts)

    def _pairs(self) -> Iterator[_Pair]:
        for rule_id in sorted({rule.id for rule in (*self.before.rules, *self.after.rules)}):
            old, new = self.before.rule(rule_id), self.after.rule(rule_id)
            if self.only not in ("", rule_id):
                continue
            if old and new and meaning(old) == meaning(new):
                continue
            subjects = self.before.subjects.get(rule_id, frozenset()) | self.after.subjects.get(rule_id, frozenset())
            categories = tuple(category for category in Category if category in subjects)
            for stage in Stage:
                was, now = self._speakers[self.before.id][stage].get(rule_id), self._speakers[self.after.id][stage].get(rule_id)
                for case_was, said in (was.says if was else {SILENT: None}).items():
                    for case_now, says in (now.says if now else {SILENT: None}).items():
                        wanted = _wanting(was, case_was) + _wanting(now, case_now)
                        if said != says and self._possible(rule_id, wanted):
                            yield _Pair(rule_id, stage, wanted, said, says, categories)

    def _possible(self, rule_id: str, wanted: tuple[Wanted, ...]) -> bool:
        try:
            return self.search.find(wanted) is not None
        except GaveUpError:
            self.undecided.append(f"which facts make `{rule_id}` speak otherwise")
            return False

    def _shown(self, pair: _Pair, kind: Kind) -> Iterator[Difference]:
        """Differences of one kind in one pair: one a category, and enough for every protection that is lost (or gained) somewhere."""
        one, other = (pair.before, pair.after) if kind == Kind.LESS else (pair.after, pair.before)
        pack = self.after if kind == Kind.LESS else self.before
        examples: dict[Protection, dict[Key, Any]] = {}
        for protection in sorted(given_up(one, other)):
            facts = self._find(pair, self._nowhere(pack, pair, (protection,)), {})
            if facts is not None:
                examples[protection] = facts
        if not examples:
            return
        together = self._nowhere(pack, pair, tuple(examples))
        settings = (self._find(pair, together, settled, proves=False) for settled in self._settings(pair))
        kept: list[tuple[Mapping[Key, Any], frozenset[Protection]]] = []
        for facts in (*(found for found in settings if found is not None), *examples.values()):
            unusual = {key: facts[key] for key in self.domain.extraordinary(facts)}
            was, now = self._acts(self.domain.facts(facts, pair.stage))
            shows = lost_between(was, now) if kind == Kind.LESS else lost_between(now, was)
            if not any(other.items() <= unusual.items() and shows <= shown for other, shown in kept):
                kept.append((unusual, shows))
                yield self._difference(pair, facts)

    def _settings(self, pair: _Pair) -> Iterator[dict[Key, Any]]:
        """Circumstances to show a difference in: as ordinary as can be, or one of them not; with no evidence, or that of one category."""
        silent: dict[Key, Any] = {("signal", category.value): NONE for category in Category}
        heard = [silent, *({key: silent[key] for key in silent if key[1] != category.value} for category in pair.categories)]
        named = {key for one in pair.wanted for key in one.speaker.variables() if key[0] not in ("signal", "channel")}
        ordinary = {key: self.domain.ordinary[key] for key in self.domain.values if key in named}
        for signals in heard:
            yield {**ordinary, **signals}
            for key in ordinary:
                for value in self.domain.values[key][1:]:
                    yield {**ordinary, key: value, **signals}

    def _nowhere(self, pack: Pack, pair: _Pair, gone: tuple[Protection, ...]) -> tuple[Wanted, ...]:
        """The pair, and no other rule of a pack does any of these."""
        others = []
        for speaker in self._speakers[pack.id][pair.stage].values():
            if speaker.rule_id == pair.rule_id:
                continue
            quiet = frozenset(case for case, says in speaker.says.items() if not protections(says) & set(gone))
            if len(quiet) < len(speaker.says):
                others.append(Wanted(speaker, quiet))
        return (*pair.wanted, *others)

    def _find(self, pair: _Pair, wanted: tuple[Wanted, ...], settled: Known, proves: bool = True) -> dict[Key, Any] | None:
        """Facts that do what is wanted. Giving up counts where finding none is to prove something, not where one more example is sought."""
        try:
            return self.search.find(wanted, settled)
        except GaveUpError:
            if proves:
                self.undecided.append(f"whether `{pair.rule_id}` gives something up {pair.stage.value.replace('_', ' ')}")
            return None

    def _difference(self, pair: _Pair, known: dict[Key, Any]) -> Difference:
        facts = self.domain.facts(known, pair.stage)
        was, now = self._acts(facts)
        lost, gained = lost_between(was, now), lost_between(now, was)
        unusual = {key: known[key] for key in self.domain.extraordinary(known)}
        strengths = any(len(self.domain.thresholds[signal.category]) > 1 for signal in facts.signals)
        channels = self._channels(facts, lost, gained)
        said = facts_in_words(facts, channels, language=LANGUAGE in unusual, desk=DESK in unusual, strengths=strengths)
        said = f"If {self.turned}, as it then may be: {said[:1].lower()}{said[1:]}" if self.turned else said
        sentence = difference_in_words(said, was, now, lost, gained, pair.rule_id)
        kind = Kind.LESS if lost else Kind.MORE if gained else Kind.OTHER
        return Difference(kind, pair.rule_id, facts, was, now, lost, gained, sentence, unusual)

    def _acts(self, facts: Facts) -> tuple[tuple[Act, ...], tuple[Act, ...]]:
        """What both packs do."""
        return decide(facts, self.before).acts, decide(facts, self.after).acts

    def _channels(self, facts: Facts, lost: frozenset[Protection], gained: frozenset[Protection]) -> tuple[str, ...]:
        """The channels on which the same is lost and gained."""
        same = []
        for channel in self.domain.values[CHANNEL]:
            was, now = self._acts(replace(facts, channel=channel))
            if lost_between(was, now) == lost and lost_between(now, was) == gained:
                same.append(channel)
        return tuple(same)


def _wanting(speaker: Speaker | None, case: int) -> tuple[Wanted, ...]:
    return (Wanted(speaker, frozenset({case})),) if speaker else ()


def _illustrated(difference: Difference, messages: Sequence[Message], before: Pack, after: Pack) -> Difference:
    """The difference with the first message that shows it, in the circumstances the facts say."""
    heard = {signal.category for signal in difference.facts.signals}
    for message in messages:
        found = {signal.category for signal in message.facts.signals}
        if not heard <= found or (found and not heard):
            continue
        facts = replace(difference.facts, signals=message.facts.signals, services=message.facts.services or difference.facts.services)
        was, now = decide(facts, before).acts, decide(facts, after).acts
        if difference.lost <= lost_between(was, now) and difference.gained <= lost_between(now, was) and was != now:
            return replace(difference, message=message)
    return difference
