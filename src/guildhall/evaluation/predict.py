"""Runs evaluation lines through the real, governed, recorded turn and says what came of each."""

from dataclasses import asdict, dataclass, field
from typing import Any

from guildhall.conversations.house import House
from guildhall.conversations.runner import collect_turn
from guildhall.evaluation.lines import Line
from guildhall.evaluation.support import facts_of
from guildhall.storage.conversations import ConversationStore
from guildhall.vocabulary.outcomes import Person
from guildhall.vocabulary.services import ServiceMatch
from guildhall.vocabulary.turns import Channel, Turn, Utterance

ALSO_LIKELY = 0.25
"""Confidence from which a service that is not the likeliest is told beside it."""
PERSON_ORDER = (Person.NONE, Person.OFFERED, Person.BROUGHT)


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the house did with one line. For several turns: the most of all turns, and the last turn's reply and outcome."""

    id: str
    language: str
    services: list[dict[str, Any]]
    signals: list[dict[str, Any]]
    outcome: str
    reason: str
    person: str
    reply: str
    citations: list[str]
    rules: list[str]
    ms: float
    facts: int = 0
    """Amounts, dates, times, numbers, addresses and links given in answers."""
    unsupported: list[str] = field(default_factory=list)
    """Those of them that stand in no cited passage."""

    def as_json(self) -> dict[str, Any]:
        """The prediction as JSON data."""
        return asdict(self)


def predict(line: Line, house: House, store: ConversationStore, channel: Channel = Channel.WEB) -> Prediction:
    """Hold the conversation of one line."""
    conversation, _ = store.start(channel, "", house.clock())
    turns: list[Turn] = []
    worst = 0.0
    for text in line.turns:
        current = store.load(conversation.id) if turns else conversation
        started = house.stopwatch()
        turns.append(collect_turn(house, current or conversation, Utterance(text, channel, house.clock())))
        worst = max(worst, (house.stopwatch() - started) * 1000)
    return _prediction(line, turns, worst)


def _prediction(line: Line, turns: list[Turn], worst_ms: float) -> Prediction:
    last = turns[-1]
    facts = [facts_of(turn) for turn in turns]
    signals = {(s.category.value, s.grade.value, s.detector): round(s.strength, 4) for turn in turns for s in turn.detection.signals}
    return Prediction(
        id=line.id,
        language=last.language.language.value,
        services=_services(turns),
        signals=[{"category": c, "grade": g, "strength": strength, "detector": d} for (c, g, d), strength in signals.items()],
        outcome=last.outcome.value,
        reason=last.reason.value,
        person=max((turn.reply.person for turn in turns), key=PERSON_ORDER.index).value,
        reply=last.reply.text,
        citations=[citation.passage_id for citation in last.reply.citations],
        rules=sorted({f"{rule.id}@{rule.version}" for turn in turns for decision in turn.decisions for rule in decision.rules}),
        ms=round(worst_ms, 2),
        facts=sum(said for said, _ in facts),
        unsupported=[fact for _, missing in facts for fact in missing],
    )


def _services(turns: list[Turn]) -> list[dict[str, Any]]:
    """The services of the last turn that asked anything, surest first: of each question the likeliest, and others that may well be meant."""
    for turn in reversed(turns):
        unique: dict[str, ServiceMatch] = {}
        for question in turn.questions:
            for place, match in enumerate(question.services):
                if place == 0 or match.confidence >= ALSO_LIKELY:
                    kept = unique.get(match.key)
                    unique[match.key] = match if kept is None or match.confidence > kept.confidence else kept
        if unique:
            ranked = sorted(unique.values(), key=lambda match: -match.confidence)
            return [{"lgsl": m.lgsl, "key": m.key, "confidence": round(m.confidence, 4)} for m in ranked]
    return []
