"""Where a change is tried: examples heard by the real detectors, and the past judged again.

It is given what reads and what listens, and nothing that writes, answers, asks for a person or reaches a model.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from guildhall.policy.compare import Message
from guildhall.policy.config import Example, RuleFile
from guildhall.policy.replay import Replayable, replayable
from guildhall.policy.stored import StoredDecision, StoredFactsError, recordable, stored_decisions
from guildhall.storage.past import PastTurnFacts, PastTurns
from guildhall.vocabulary.decisions import Facts
from guildhall.vocabulary.signals import Detection

RECENT = 3
DECISIONS_A_TURN = 2
"""About how many decisions a turn has, to say how far a replay has come."""


class Listens(Protocol):
    """The detectors, which never act."""

    @property
    def versions(self) -> tuple[str, ...]:
        """Names and versions of the detectors."""
        ...

    def detect(self, text: str, language: str, recent: Sequence[str]) -> Detection:
        """Signals in an utterance."""
        ...


class TryingBench:
    """The bench of a real office. `listens` opens the detectors, which takes a moment, so it is called when one is needed."""

    def __init__(self, past: PastTurns, listens: Callable[[], Listens]) -> None:
        self._past, self._listens = past, listens
        self._heard: dict[tuple[str, str], Detection] = {}

    def facts_of_words(self, rule: RuleFile, example: Example) -> Facts:
        """What the detectors make of an example's words, at the rule's first stage, on a channel and with an audience it is for."""
        detection = self._hear(example.text, example.language)
        audience = "resident" if rule.scope.audience == "anyone" else rule.scope.audience
        facts = Facts(
            stage=rule.scope.stages[0],
            channel=rule.scope.channels[0],
            language=example.language,
            audience=audience,
            signals=detection.signals,
            failed_detectors=detection.failed,
        )
        return recordable(facts)

    def messages(self, rules: Sequence[RuleFile]) -> Sequence[Message]:
        """The examples of these rules, heard by the detectors."""
        found = {}
        for rule in rules:
            for example in (*rule.examples.fires, *rule.examples.quiet) if rule.examples else ():
                facts = self.facts_of_words(rule, example)
                found[example.text, example.language] = Message(example.text, example.language, facts)
        return tuple(found.values())

    def detectors(self) -> Sequence[str]:
        """The names of the detectors that run."""
        return self._listens().versions

    def _hear(self, text: str, language: str) -> Detection:
        key = (text, language)
        if key not in self._heard:
            self._heard[key] = self._listens().detect(text, language, ())
        return self._heard[key]

    def past(self, since: datetime, full: bool) -> tuple[int, Iterator[Replayable | None]]:
        """Past decisions since then: from their stored facts, or heard again from words that are still kept."""
        total = self._past.count(since) * DECISIONS_A_TURN
        return total, self._heard_again(since) if full else replayable(_decisions(self._past.since(since)))

    def _heard_again(self, since: datetime) -> Iterator[Replayable | None]:
        recent: dict[str, list[str]] = {}
        for turn in self._past.since(since, words=True):
            if turn.utterance is None:
                continue
            earlier = recent.setdefault(turn.conversation_id, [])
            detection = self._listens().detect(turn.utterance, turn.facts["language"], tuple(earlier[-RECENT:]))
            earlier.append(turn.utterance)
            for item in replayable(_decisions(iter((turn,)))):
                yield item and replace(item, now=_with(item.now, detection), pack="")


def _with(facts: Facts, detection: Detection) -> Facts:
    return recordable(
        replace(facts, signals=detection.signals, failed_detectors=detection.failed, unvalidated_detectors=detection.unvalidated)
    )


def _decisions(turns: Iterator[PastTurnFacts]) -> Iterator[StoredDecision]:
    for turn in turns:
        try:
            yield from stored_decisions(turn.turn_id, turn.facts)
        except StoredFactsError:
            yield StoredDecision(turn.turn_id, None, "", "", ())  # counted among those that cannot be replayed
