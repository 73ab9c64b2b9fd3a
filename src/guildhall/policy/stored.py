"""The facts of a decision as the record keeps them: small, without words, and read back to exactly what was judged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guildhall.vocabulary.decisions import Facts
from guildhall.vocabulary.errors import GuildhallError


class StoredFactsError(GuildhallError):
    """Recorded facts cannot be read back; the message says which field."""


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """One decision of the record. `facts` is None when the turn was recorded without what a replay needs."""

    turn_id: str
    facts: Facts | None
    pack: str
    effect: str
    rules: tuple[str, ...]
    """The rules that spoke, as `id@version#case`, most protective first."""
    beside: tuple[str, ...] = ()


def recordable(facts: Facts) -> Facts:
    """The facts as the record can keep them. Turns are judged on these, so that a replay judges the very same."""
    raise NotImplementedError


def facts_as_json(facts: Facts, turn: Mapping[str, Any]) -> dict[str, Any]:
    """What the facts of one decision have beyond the recorded `turn` they stand in."""
    raise NotImplementedError


def facts_from_json(data: Mapping[str, Any], stage: str, turn: Mapping[str, Any]) -> Facts:
    """The inverse of `facts_as_json`. Raises StoredFactsError."""
    raise NotImplementedError


def stored_decisions(turn_id: str, turn: Mapping[str, Any]) -> Iterator[StoredDecision]:
    """Every decision of a recorded turn (the facts of its `TurnCompleted` event). Raises StoredFactsError."""
    raise NotImplementedError
