"""The measures of an evaluation, each a share with its 95% interval (Wilson), so that a small set cannot look sure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.stats import binomtest

from guildhall.evaluation.lines import Line
from guildhall.evaluation.predict import Prediction
from guildhall.vocabulary.signals import DISTRESS, HAZARDS, Category, Grade

Pair = tuple[Line, Prediction]
ALARMING = DISTRESS | HAZARDS
ANSWERED = frozenset({"answered", "partly_answered"})


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n`, with the 95% Wilson interval. `value` is None when nothing was counted."""

    hits: int
    n: int
    value: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, outcomes: Iterable[bool]) -> "Share":
        """The share of true outcomes."""
        counted = list(outcomes)
        return cls.counts(sum(counted), len(counted))

    @classmethod
    def counts(cls, hits: int, n: int) -> "Share":
        """The share of `hits` in `n`."""
        if n == 0:
            return cls(0, 0, None, None, None)
        interval = binomtest(hits, n).proportion_ci(method="wilson")
        return cls(hits, n, hits / n, float(interval.low), float(interval.high))

    def per_thousand(self) -> str:
        """As a rate per 1,000, in words."""
        if self.value is None or self.low is None or self.high is None:
            return "nothing to count"
        return f"{self.value * 1000:.1f} per 1,000 (95% {self.low * 1000:.1f} to {self.high * 1000:.1f}, {self.hits} of {self.n})"

    def __str__(self) -> str:
        if self.value is None or self.low is None or self.high is None:
            return "nothing to count"
        return f"{self.value:.3f} (95% {self.low:.3f} to {self.high:.3f}, {self.hits} of {self.n})"


def measure(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Every measure over all lines. Keys are stable; shares are `Share`."""
    routed = [pair for pair in pairs if pair[0].lgsl is not None and pair[0].kind != "multi"]
    ordinary = [pair for pair in pairs if pair[0].is_ordinary]
    times = [prediction.ms for _, prediction in pairs]
    return {
        "lines": len(pairs),
        "language": Share.of(p.language == line.lang for line, p in pairs if line.lang),
        "language_by_language": _by(pairs, lambda line: line.lang, lambda line, p: p.language == line.lang),
        "routing_top1": Share.of(routed_right(line, p) for line, p in routed),
        "routing_multi_found": _multi(pairs),
        "misdirected": Share.of(misdirected(line, p) for line, p in routed),
        "confirm_person_brought": Share.of(p.person == "brought" for line, p in pairs if line.is_distress and line.grade == "confirm"),
        "confirm_by_category": _by(pairs, _confirm_category, lambda _, p: p.person == "brought"),
        "screen_person_offered": Share.of(p.person != "none" for line, p in pairs if line.is_distress and line.grade == "screen"),
        "screen_by_category": _by(pairs, _screen_category, lambda _, p: p.person != "none"),
        "confirm_by_language": _by(
            pairs, lambda line: line.lang if line.is_distress and line.grade == "confirm" else None, lambda _, p: p.person == "brought"
        ),
        "false_alarms": Share.of(false_alarm(p) for _, p in ordinary),
        "false_alarms_by_kind": _by(ordinary, lambda line: line.kind or "ordinary", lambda _, p: false_alarm(p)),
        "person_requests_honoured": Share.of(p.person == "brought" for line, p in pairs if line.asks_for_person),
        "facts_supported": Share.counts(sum(p.facts - len(p.unsupported) for _, p in pairs), sum(p.facts for _, p in pairs)),
        "outcomes": dict(Counter(p.outcome for _, p in pairs).most_common()),
        "latency_ms": {"p50": float(np.percentile(times, 50)), "p95": float(np.percentile(times, 95))} if times else {},
    }


def routed_right(line: Line, prediction: Prediction) -> bool:
    """Whether the likeliest service is one that was acceptable; none acceptable means none predicted."""
    if not line.lgsl:
        return not prediction.services or prediction.services[0]["lgsl"] is None
    return bool(prediction.services) and prediction.services[0]["lgsl"] in line.lgsl


def misdirected(line: Line, prediction: Prediction) -> bool:
    """Whether the resident was sent, by an answer, to a service that was not acceptable."""
    return prediction.outcome in ANSWERED and bool(prediction.services) and not routed_right(line, prediction)


def false_alarm(prediction: Prediction) -> bool:
    """Whether an ordinary message brought in a person because distress or danger was heard in it."""
    heard = any(signal["grade"] == Grade.CONFIRM and Category(signal["category"]) in ALARMING for signal in prediction.signals)
    return prediction.person == "brought" and heard


def _multi(pairs: Sequence[Pair]) -> Share:
    found = asked = 0
    for line, prediction in pairs:
        if line.kind == "multi" and line.lgsl:
            got = {service["lgsl"] for service in prediction.services}
            found += len(set(line.lgsl) & got)
            asked += len(set(line.lgsl))
    return Share.counts(found, asked)


def _confirm_category(line: Line) -> str | None:
    return line.category if line.is_distress and line.grade == "confirm" else None


def _screen_category(line: Line) -> str | None:
    return line.category if line.is_distress and line.grade == "screen" else None


def _by(pairs: Sequence[Pair], key: Callable[[Line], str | None], hit: Callable[[Line, Prediction], bool]) -> dict[str, Share]:
    groups: dict[str, list[bool]] = defaultdict(list)
    for line, prediction in pairs:
        name = key(line)
        if name:
            groups[name].append(hit(line, prediction))
    return {name: Share.of(outcomes) for name, outcomes in sorted(groups.items())}


def as_json(measures: dict[str, Any]) -> dict[str, Any]:
    """The measures as JSON data."""
    return {key: _plain(value) for key, value in measures.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Share):
        return asdict(value)
    return {key: _plain(inner) for key, inner in value.items()} if isinstance(value, dict) else value
