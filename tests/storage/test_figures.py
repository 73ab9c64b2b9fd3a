"""The record counts what happened, council by council, and says nothing of what was said."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from guildhall.storage.figures import QUERIES, FiguresStore
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId
from guildhall.vocabulary.turns import Channel
from tests.storage.memory import NOW, Memory
from tests.storage.where import open_database

SINCE, UNTIL = NOW - timedelta(days=1), NOW + timedelta(days=1)


def turn(memory: Memory, conversation: str, at: datetime = NOW, **facts: Any) -> None:
    """A completed turn with these facts over plain ones."""
    plain = {"language": "en", "outcome": "answered", "person": "none", "composer": "extractive@2", "versions": ["phrases.explicit@3"]}
    kept = {**plain, "timings_ms": {"detect": 10.0, "answer": 15.5}, **facts}
    number = memory.new_id("turn")
    event = Event(
        EventId(f"e-{number}"), EventKind.TURN_COMPLETED, at, ConversationId(conversation), TurnId(number), kept, {"utterance": "a secret"}
    )
    memory.record.append([event])


def start(memory: Memory, at: datetime = NOW) -> str:
    return memory.conversations.start(Channel.WEB, "en", at)[0].id


def test_turns_are_counted_by_language_outcome_person_and_composer(memory: Memory) -> None:
    conversation = start(memory)
    turn(memory, conversation)
    turn(memory, conversation, language="pl", outcome="handed_over", person="brought", composer="")
    turn(memory, conversation, language="pl")
    figures = FiguresStore(memory.database, "testshire").between(SINCE, UNTIL)
    assert (figures.conversations, figures.turns) == (1, 3)
    assert figures.by_channel == {"web": 1}
    assert figures.by_language == {"en": 1, "pl": 2}
    assert figures.by_outcome == {"answered": 2, "handed_over": 1}
    assert figures.by_person == {"brought": 1, "none": 2}
    assert figures.by_composer == {"extractive@2": 2}
    assert figures.versions == ("phrases.explicit@3",)


def test_another_councils_turns_are_not_ours(memory: Memory) -> None:
    turn(memory, start(memory))
    figures = FiguresStore(memory.database, "elsewhere").between(SINCE, UNTIL)
    assert (figures.conversations, figures.turns, figures.versions) == (0, 0, ())


def test_what_lies_outside_the_period_is_not_counted(memory: Memory) -> None:
    conversation = start(memory, NOW - timedelta(days=2))
    turn(memory, conversation, NOW - timedelta(days=2))
    turn(memory, conversation, UNTIL)
    figures = FiguresStore(memory.database, "testshire").between(SINCE, UNTIL)
    assert (figures.conversations, figures.turns) == (0, 0)


def test_requests_for_a_person_and_urgent_ones_are_counted(memory: Memory) -> None:
    for urgent in (True, False, False):
        memory.people.request(ConversationId(start(memory)), "duty", "distress", "danger_to_life", urgent, NOW)
    figures = FiguresStore(memory.database, "testshire").between(SINCE, UNTIL)
    assert (figures.handoffs, figures.urgent_handoffs, figures.callbacks) == (3, 1, 0)


def test_half_of_the_turns_and_95_in_100_took_at_most_so_long(memory: Memory) -> None:
    conversation = start(memory)
    for milliseconds in range(1, 101):
        turn(memory, conversation, timings_ms={"detect": float(milliseconds)})
    assert FiguresStore(memory.database, "testshire").between(SINCE, UNTIL).latency_ms == (50.0, 96.0)


def test_with_few_turns_no_time_is_told(memory: Memory) -> None:
    turn(memory, start(memory))
    assert FiguresStore(memory.database, "testshire").between(SINCE, UNTIL).latency_ms is None


def test_without_tables_it_says_so(memory: Memory, tmp_path: Path) -> None:
    assert FiguresStore(memory.database, "testshire").ready
    assert not FiguresStore(open_database(tmp_path / "bare.sqlite3"), "testshire").ready


def test_every_question_to_the_record_has_a_sentence() -> None:
    assert all(sentence.endswith(".") for sentence in QUERIES.values())


def test_an_empty_record_counts_nothing(memory: Memory) -> None:
    figures = FiguresStore(memory.database, "testshire").between(datetime(2026, 1, 1, tzinfo=UTC), UNTIL)
    assert (figures.turns, figures.by_language, figures.latency_ms) == (0, {}, None)
