"""Phrases: one person proposes, another decides, and a resident's words stay under their conversation's key until they are released."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from guildhall.storage.learning_schema import phrases
from guildhall.storage.phrases import Proposed
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.phrases import Phrase, PhraseKind, PhraseState
from tests.learning.house import Council


@pytest.fixture
def council(tmp_path: Path) -> Council:
    return Council(tmp_path / "phrases.sqlite3")


def word(council: Council, conversation: str = "") -> Phrase:
    return council.phrases.propose(Proposed(PhraseKind.DIALECT, "jitty", "alleyway", conversation_id=conversation), "ann", council.clock())


def rows(council: Council) -> list[Any]:
    with council.memory.database.reading() as connection:
        return list(connection.execute(select(phrases)))


def test_nobody_releases_what_they_proposed(council: Council) -> None:
    proposed = word(council)
    with pytest.raises(RefusedError, match="another person has to release it"):
        council.phrases.release(proposed.id, "ann", council.clock(), {})
    assert council.phrases.words_in_use() == ()
    released = council.phrases.release(proposed.id, "ben", council.clock(), {"worse": 0})
    assert (released.state, released.decided_by) == (PhraseState.RELEASED, "ben")
    assert council.phrases.words_in_use() == ((PhraseKind.DIALECT, "jitty", "alleyway"),)


def test_every_step_is_in_the_record_without_a_word(council: Council) -> None:
    first, second = word(council), word(council)
    council.phrases.release(first.id, "ben", council.clock(), {"worse": 1})
    council.phrases.withdraw(first.id, "ann", "it sent people wrong", council.clock())
    council.phrases.refuse(second.id, "ben", "there already", council.clock())
    kinds = (EventKind.PHRASE_PROPOSED, EventKind.PHRASE_RELEASED, EventKind.PHRASE_WITHDRAWN, EventKind.PHRASE_REFUSED)
    told = [council.events(kind) for kind in kinds]
    assert [len(each) for each in told] == [2, 1, 1, 1]
    assert told[1][0]["trial"] == {"worse": 1} and told[1][0]["proposed_by"] == "ann"
    assert not any(text in str(told) for text in ("jitty", "alleyway", "wrong"))


def test_one_person_undoes_and_nothing_is_decided_twice(council: Council) -> None:
    proposed = word(council)
    council.phrases.release(proposed.id, "ben", council.clock(), {})
    with pytest.raises(RefusedError, match="released already"):
        council.phrases.release(proposed.id, "cat", council.clock(), {})
    council.phrases.withdraw(proposed.id, "ben", "undone", council.clock())
    assert council.phrases.words_in_use() == ()
    with pytest.raises(RefusedError, match="withdrawn already"):
        council.phrases.refuse(proposed.id, "ben", "again", council.clock())
    with pytest.raises(NotFoundError):
        council.phrases.get("phrase-none")


def test_a_proposal_from_a_conversation_is_sealed_and_a_released_word_is_the_councils(council: Council) -> None:
    conversation, _ = council.ask("who clears our jitty")
    proposed = word(council, conversation)
    assert (proposed.text, proposed.means) == ("jitty", "alleyway")
    assert "jitty" not in str([(row.said, row.means, row.sealed) for row in rows(council)])
    council.phrases.release(proposed.id, "ben", council.clock(), {})
    (row,) = rows(council)
    assert (row.said, row.sealed) == ("jitty", b"")


def test_a_question_stays_under_its_conversations_key_and_goes_with_it(council: Council) -> None:
    conversation, turn = council.ask("who clears our jitty")
    case = Proposed(PhraseKind.CASE, "who clears our jitty", "", {"service": "litter"}, conversation, turn)
    proposed = council.phrases.propose(case, "ann", council.clock())
    council.phrases.release(proposed.id, "ben", council.clock(), {})
    (released,) = council.phrases.released(case=True)
    assert (released.text, released.expected) == ("who clears our jitty", {"service": "litter"})
    council.memory.keys.destroy([conversation], "erasure-1", council.clock())
    assert council.phrases.released(case=True) == ()
    assert council.phrases.get(proposed.id).text is None


def test_what_was_erased_can_be_neither_proposed_nor_released(council: Council) -> None:
    conversation, _ = council.ask("who clears our jitty")
    proposed = word(council, conversation)
    council.memory.keys.destroy([conversation], "erasure-1", council.clock())
    with pytest.raises(RefusedError, match="nothing to release"):
        council.phrases.release(proposed.id, "ben", council.clock(), {})
    with pytest.raises(NotFoundError):
        word(council, conversation)
    assert council.phrases.refuse(proposed.id, "ben", "erased", council.clock()).state == PhraseState.REFUSED
