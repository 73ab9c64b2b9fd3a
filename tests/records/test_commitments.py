"""Commitments open with their salt and with nothing else; log records hold no words."""

from datetime import UTC, datetime

import pytest

from guildhall.records.canonical import CanonicalError, canonical, parse_canonical
from guildhall.records.commitments import SALT_BYTES, as_stored, commitment, opens
from guildhall.records.log_record import FIRST, NO_WORDS, WORDS, Committed, LogRecord, packs_named, read_record
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId

SALT = bytes(range(SALT_BYTES))
EVENT = Event(
    EventId("even_1"), EventKind.TURN_COMPLETED, datetime(2026, 11, 25, 11, 0, 0, 7, UTC), ConversationId("conv_1"), TurnId("turn_1")
)


def record(event: Event = EVENT, changed: dict[str, str] | None = None) -> LogRecord:
    given = {"pack": "ab" * 32, "payload": WORDS, "facts_commit": "0" * 64, "words_commit": "1" * 64} | (changed or {})
    return Committed(event, **given).placed(4, 2, FIRST)


def test_a_commitment_opens_with_its_salt_and_its_data_only() -> None:
    made = commitment(SALT, b"words")
    assert opens(made, SALT, b"words")
    assert not opens(made, SALT, b"other words")
    assert not opens(made, bytes(SALT_BYTES), b"words")
    with pytest.raises(ValueError, match="32 bytes, not 3"):
        commitment(b"abc", b"words")


def test_what_is_stored_is_one_text_whatever_the_letters() -> None:
    assert as_stored({"utterance": "Gdzie są kosze?", "at": 0.25}) == '{"utterance":"Gdzie są kosze?","at":0.25}'


def test_a_log_record_is_canonical_and_reads_back() -> None:
    data = record().encoded()
    assert data == canonical(parse_canonical(data))
    assert read_record(data) == record()
    assert record().at == "2026-11-25T11:00:00.000007Z"


@pytest.mark.parametrize(
    "changed",
    [
        {"pack": 'a"b'},
        {"pack": "Sam Jones"},
        {"facts_commit": "0" * 63},
        {"payload": "text"},
        {"payload": NO_WORDS},
        {"words_commit": ""},
    ],
)
def test_what_may_not_stand_in_the_log_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(CanonicalError, match="log record 4"):
        record(changed=changed).encoded()


def test_a_turn_id_that_carries_words_is_refused() -> None:
    worded = Event(EventId("even_1"), EventKind.TURN_COMPLETED, EVENT.at, ConversationId("conv_1"), TurnId("turn_I am Sam"))
    with pytest.raises(CanonicalError, match="`turn` is 'turn_I am Sam'"):
        record(worded).encoded()


@pytest.mark.parametrize("data", [b"{}", b"[]", record().encoded().replace(b'"v":1', b'"v":2')])
def test_what_is_no_log_record_is_refused(data: bytes) -> None:
    with pytest.raises(CanonicalError):
        read_record(data)


def test_the_packs_of_a_turn_are_named_once_each() -> None:
    assert packs_named({"decisions": [{"pack": "a"}, {"pack": "b"}, {"pack": "a"}, {}]}) == "a+b"
    assert packs_named({"pack": "c"}) == "c"
    assert packs_named({"decisions": "none", "pack": 3}) == ""
