"""A past to replay: recorded turns as a front door records them, the same for the same seed, in a real database."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from guildhall.conversations.recording import decision_facts
from guildhall.policy.evaluate import decide
from guildhall.policy.packs import Pack
from guildhall.policy.stored import recordable, signal_as_json
from guildhall.storage.database import Database
from guildhall.storage.schema import conversations, events
from guildhall.vocabulary.decisions import DraftFacts, Facts, Stage
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.services import ServiceMatch
from guildhall.vocabulary.signals import Category, Grade, Signal

COUNCIL = "benchshire"
DECISIONS_A_TURN = 3
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
HEARD = 0.25
"""Share of turns with any signal: many more than there really are, so that the replay is not flattered."""
FAILED = 0.002
SERVICES = ("bulky-waste", "council-tax", "housing-register", "domestic-abuse", "parking-permit", "planning")
DETECTORS = ("phrases.explicit@12", "classifier.signals@4", "personal_data@1")
BATCH = 5_000


def fill(database: Database, pack: Pack, decisions: int, seed: int, told: Callable[[int], None]) -> None:
    """Record turns until they hold so many decisions. `told` hears how many turns are written."""
    rng = random.Random(seed)
    turns = -(-decisions // DECISIONS_A_TURN)
    for start in range(0, turns, BATCH):
        numbers = range(start, min(start + BATCH, turns))
        with database.writing() as connection:
            connection.execute(insert(conversations), [_conversation(number) for number in numbers])
            connection.execute(insert(events), [_event(number, recorded_turn(rng, pack)) for number in numbers])
        told(numbers.stop)


def _conversation(number: int) -> dict[str, Any]:
    return {
        "id": f"conversation-{number}", "council": COUNCIL, "channel": "web", "language": "", "owner": "assistant",
        "secret_digest": "", "started_at": BEGAN,
    }  # fmt: skip


def _event(number: int, turn: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"event-{number}",
        "kind": EventKind.TURN_COMPLETED.value,
        "at": BEGAN + timedelta(seconds=number),
        "conversation_id": f"conversation-{number}",
        "turn_id": f"turn-{number}",
        "facts": json.dumps(turn, ensure_ascii=False, separators=(",", ":")),
    }


def recorded_turn(rng: random.Random, pack: Pack) -> dict[str, Any]:
    """The facts of one completed turn: three decisions, and what else a turn records."""
    first = recordable(_input(rng))
    service = ServiceMatch(ServiceKey(rng.choice(SERVICES)), rng.random(), 57)
    draft = DraftFacts(cited=rng.random() > 0.01, unsupported=("£9",) if rng.random() < 0.02 else (), words=rng.randint(20, 120))
    heard = {
        "channel": first.channel,
        "language": first.language,
        "signals": [signal_as_json(signal) for signal in first.signals],
        "detectors_failed": list(first.failed_detectors),
        "detectors_unvalidated": [],
    }
    judged = (
        first,
        recordable(replace(first, stage=Stage.ON_INTENT, services=(service,))),
        recordable(replace(first, stage=Stage.ON_ANSWER, draft=draft)),
    )
    decisions = [decision_facts(replace(decide(facts, pack), facts=facts), heard) for facts in judged]
    return heard | {"number": 1, "decisions": decisions, **_rest(rng, service)}


def _input(rng: random.Random) -> Facts:
    signals = tuple(_signals(rng)) if rng.random() < HEARD else ()
    return Facts(
        stage=Stage.ON_INPUT,
        channel=rng.choices(("web", "phone"), (0.7, 0.3))[0],
        language=rng.choices(list(Language), (91, *(1,) * (len(Language) - 1)))[0].value,
        signals=signals,
        failed_detectors=(rng.choice(DETECTORS),) if rng.random() < FAILED else (),
        failed_turns=rng.choices((0, 1, 2), (0.9, 0.08, 0.02))[0],
        desk_open=rng.random() < 0.3,
    )


def _signals(rng: random.Random) -> Iterator[Signal]:
    for category in rng.sample(list(Category), rng.choices((1, 2, 3), (0.7, 0.2, 0.1))[0]):
        yield Signal(category, rng.choice(list(Grade)), rng.random(), rng.choice(DETECTORS), (0, rng.randint(5, 90)))


def _rest(rng: random.Random, service: ServiceMatch) -> dict[str, Any]:
    """What a turn also records and no decision rests on, at its usual size."""
    passages = [f"{rng.getrandbits(64):016x}" for _ in range(8)]
    return {
        "script": "native",
        "language_confidence": 0.9981,
        "services": [[{"key": service.key, "lgsl": service.lgsl, "confidence": round(service.confidence, 4)}]],
        "passages": [{"id": passage, "score": round(rng.random(), 4), "rank": rank} for rank, passage in enumerate(passages, 1)],
        "citations": passages[:2],
        "wording": [],
        "outcome": "answered",
        "reason": "evidence_found",
        "person": "none",
        "versions": list(DETECTORS),
        "timings_ms": {step: round(rng.random() * 9, 3) for step in ("receive", "detect", "search", "answer", "conclude")},
        "received_at": BEGAN.isoformat(),
    }
