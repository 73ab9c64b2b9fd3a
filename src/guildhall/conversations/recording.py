"""A turn as events of the record: facts without words, and the words apart, to be encrypted."""

from collections.abc import Mapping, Sequence
from typing import Any

from guildhall.policy.stored import facts_as_json, signal_as_json
from guildhall.vocabulary.calls import PartHeard
from guildhall.vocabulary.decisions import Decision
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId, ServiceKey, WordingId
from guildhall.vocabulary.outcomes import Outcome
from guildhall.vocabulary.passages import Citation, Found
from guildhall.vocabulary.questions import Question
from guildhall.vocabulary.supervision import Supervised
from guildhall.vocabulary.turns import Option, PartKind, PastTurn, ReplyPart, Turn


def facts_of_turn(turn: Turn) -> dict[str, Any]:
    """Everything about a turn but its words: no text of the resident, no span's content, no personal data."""
    heard = {
        "channel": turn.utterance.channel.value,
        "language": turn.language.language.value,
        "signals": [signal_as_json(signal) for signal in turn.detection.signals],
        "detectors_failed": list(turn.detection.failed),
        "detectors_unvalidated": list(turn.detection.unvalidated),
    }
    return heard | {
        "number": turn.number,
        "script": turn.language.script.value,
        "language_confidence": round(turn.language.confidence, 4),
        "decisions": [decision_facts(decision, heard) for decision in turn.decisions],
        **({"shadow": [decision_facts(decision) for decision in turn.shadow]} if turn.shadow else {}),
        "services": [question_facts(question) for question in turn.questions],
        "passages": [passage_facts(found) for found in turn.found],
        "citations": [citation.passage_id for citation in turn.reply.citations],
        "wording": [part.wording for part in turn.reply.parts if part.wording],
        "outcome": turn.outcome.value,
        "reason": turn.reason.value,
        "person": turn.reply.person.value,
        "reference": turn.reply.reference,
        "sensitive": turn.reply.sensitive,
        **({"kept_from": kept} if (kept := kept_from(turn.decisions)) else {}),
        "composer": turn.composer,
        "parts": {"asked": turn.parts_asked, "answered": turn.parts_answered},
        "quoted": turn.quoted,
        **({"wards": list(turn.wards)} if turn.wards else {}),
        **({"arm": turn.arm} if turn.arm else {}),
        "switched_off": list(turn.switched_off),
        **({"supervised": [supervised_facts(one) for one in turn.supervised]} if turn.supervised else {}),
        "versions": list(turn.versions),
        "timings_ms": {timing.step: round(timing.milliseconds, 3) for timing in turn.timings},
        "received_at": turn.utterance.received_at.isoformat(),
    }


def kept_from(decisions: Sequence[Decision]) -> list[str]:
    """Where the turn's words must not go."""
    return sorted({place for decision in decisions for act in decision.acts for place in act.keep_from})


def decision_facts(decision: Decision, heard: dict[str, Any] | None = None) -> dict[str, Any]:
    """A decision with the rules that spoke and those that nearly did, and what it rested on beyond what the turn `heard`."""
    rested_on = {"facts": facts_as_json(decision.facts, heard)} if decision.facts is not None and heard is not None else {}
    return {
        "stage": decision.stage.value,
        "effect": decision.effect.value,
        "rules": [f"{act.rule.id}@{act.rule.version}#{act.rule.case}" for act in decision.acts],
        "near": [f"{rule.id}@{rule.version}" for rule in decision.near],
        "pack": decision.pack,
        **({"beside": list(decision.beside)} if decision.beside else {}),
        **rested_on,
    }


def pack_of_turn(facts: dict[str, Any]) -> str:
    """The address of the pack that judged a recorded turn; empty when the turn failed before it was judged."""
    return next((str(decision["pack"]) for decision in facts["decisions"]), "")


def question_facts(question: Question) -> list[dict[str, Any]]:
    """The services one question may mean."""
    return [{"key": match.key, "lgsl": match.lgsl, "confidence": round(match.confidence, 4)} for match in question.services]


def supervised_facts(one: Supervised) -> dict[str, Any]:
    """What supervision did with one question."""
    return {"topic": one.topic, "mode": one.mode.value, "came": one.came, "draft": one.draft}


def passage_facts(found: Found) -> dict[str, Any]:
    """A passage that search brought back."""
    return {"id": found.passage.id, "score": round(found.score, 4), "rank": found.rank}


def words_of_turn(turn: Turn) -> dict[str, Any]:
    """What was said on both sides, and the places the resident named."""
    return {
        "utterance": turn.utterance.text,
        "parts": [part_as_json(part) for part in turn.reply.parts],
        "places": [place for question in turn.questions for place in question.places],
        "questions": [question.text for question in turn.questions],
    }


def part_as_json(part: ReplyPart) -> dict[str, Any]:
    """A part of a reply as JSON data."""
    return {
        "kind": part.kind.value,
        "text": part.text,
        "language": part.language,
        "wording": part.wording,
        "question": part.question,
        "service": part.service,
        "citations": [
            {"passage": c.passage_id, "title": c.title, "section": c.section, "url": c.url, "updated": c.updated} for c in part.citations
        ],
        "options": [{"label": option.label, "say": option.say} for option in part.options],
    }


def part_from_json(data: dict[str, Any]) -> ReplyPart:
    """The inverse of `part_as_json`."""
    return ReplyPart(
        kind=PartKind(data["kind"]),
        text=data["text"],
        language=data["language"],
        wording=WordingId(data["wording"]),
        question=data["question"],
        service=ServiceKey(data["service"]) if data["service"] else None,
        citations=tuple(Citation(c["passage"], c["title"], c["section"], c["url"], c["updated"]) for c in data["citations"]),
        options=tuple(Option(option["label"], option["say"]) for option in data["options"]),
    )


def heard_piece(facts: Mapping[str, Any], words: Mapping[str, Any]) -> tuple[int, str, bool]:
    """A recorded piece of a reply that was heard: the part's number, the words (none once they were erased), whether the part ends with it."""
    return int(facts["part"]), str(words.get("text", "")), bool(facts["ends"])


def completed(turn: Turn, event_id: str) -> Event:
    """The event that a turn ended."""
    at = turn.finished_at or turn.utterance.received_at
    return Event(EventId(event_id), EventKind.TURN_COMPLETED, at, turn.conversation_id, turn.id, facts_of_turn(turn), words_of_turn(turn))


def past_turn(facts: dict[str, Any], words: dict[str, Any], heard: Mapping[int, PartHeard] | None = None) -> PastTurn:
    """A recorded turn as later turns may look back on it. Of a call, `heard` is what the caller heard: nothing else was said to them."""
    parts = words.get("parts", ())
    asked_back = facts["outcome"] == Outcome.ASKED_BACK.value
    reply, wordings = "\n\n".join(part["text"] for part in parts), tuple(facts.get("wording", ()))
    if heard is not None:
        whole = [part for number, part in enumerate(parts) if number in heard and heard[number].whole]
        reply = "\n\n".join(heard[number].text for number in sorted(heard))
        wordings = tuple(part["wording"] for part in whole if part["wording"])
        asked_back = asked_back and bool(whole)
    services = tuple(ServiceKey(matches[0]["key"]) for matches in facts["services"] if matches)
    return PastTurn(
        utterance=words.get("utterance", ""),
        reply=reply,
        outcome=Outcome(facts["outcome"]),
        services=services,
        places=tuple(words.get("places", ())),
        asked_about=words.get("utterance", "") if asked_back else "",
        reason=facts["reason"],
        wordings=wordings,
    )
