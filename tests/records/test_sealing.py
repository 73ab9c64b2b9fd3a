"""Words are sealed under a key of the conversation's own, and a changed or moved byte is noticed."""

import pytest

from guildhall.records.sealing import Sealer, SealError, decode_master_key
from guildhall.vocabulary.errors import ConfigurationError

KEY = bytes(range(32))


def test_what_was_sealed_opens_again() -> None:
    sealer = Sealer(KEY)
    key = sealer.unwrap(sealer.new_key("c1"), "c1")
    assert sealer.open(key, sealer.seal(key, {"utterance": "zażółć"}, "e1"), "e1") == {"utterance": "zażółć"}


def test_the_words_are_not_in_the_sealed_bytes() -> None:
    sealer = Sealer(KEY)
    key = sealer.unwrap(sealer.new_key("c1"), "c1")
    assert b"canary" not in sealer.seal(key, {"utterance": "canary"}, "e1")


def test_every_changed_byte_is_noticed() -> None:
    sealer = Sealer(KEY)
    key = sealer.unwrap(sealer.new_key("c1"), "c1")
    sealed = sealer.seal(key, {"utterance": "hello"}, "e1")
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(SealError):
            sealer.open(key, changed, "e1")


def test_words_moved_to_another_event_do_not_open() -> None:
    sealer = Sealer(KEY)
    key = sealer.unwrap(sealer.new_key("c1"), "c1")
    with pytest.raises(SealError, match="event e2"):
        sealer.open(key, sealer.seal(key, {"utterance": "hello"}, "e1"), "e2")


def test_a_key_belongs_to_its_conversation_and_its_master() -> None:
    wrapped = Sealer(KEY).new_key("c1")
    with pytest.raises(SealError):
        Sealer(KEY).unwrap(wrapped, "c2")
    with pytest.raises(SealError):
        Sealer(bytes(32)).unwrap(wrapped, "c1")


def test_a_master_key_of_the_wrong_length_or_shape_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="5 bytes"):
        Sealer(b"short")
    with pytest.raises(ConfigurationError, match="not base64"):
        decode_master_key("not base64!")
