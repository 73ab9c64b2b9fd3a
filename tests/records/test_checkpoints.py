"""Signed notes as C2SP says: a published example verifies, ours read back, and a changed one is refused."""

import pytest

from guildhall.records.checkpoints import (
    OPERATOR,
    WITNESS,
    Checkpoint,
    NoteError,
    SignedNote,
    Signer,
    parse_checkpoint,
    parse_key,
    parse_note,
    read_seed,
)
from guildhall.records.merkle import EMPTY_ROOT

LOG = Signer("council.example/record", bytes(range(32)))
AUDIT = Signer("audit.example/witness", bytes(range(1, 33)))
BODY = Checkpoint(LOG.name, 3, bytes(32)).body
NOTE = SignedNote(BODY, (LOG.sign(BODY), AUDIT.cosign(BODY, 1_764_000_000)))

GO_NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_the_example_of_the_note_format_verifies() -> None:
    assert parse_note(GO_NOTE).signed_at(parse_key(GO_KEY)) == 0


def test_what_was_signed_reads_back_with_both_signatures() -> None:
    note = parse_note(NOTE.text)
    assert note == NOTE
    assert parse_checkpoint(note.body) == Checkpoint(LOG.name, 3, bytes(32))
    assert note.signed_at(LOG.key(OPERATOR)) == 0
    assert note.signed_at(AUDIT.key(WITNESS)) == 1_764_000_000
    assert note.signed_at(Signer("other.example", bytes(32)).key(OPERATOR)) is None


def test_a_key_reads_back_from_its_text() -> None:
    for key in (LOG.key(OPERATOR), AUDIT.key(WITNESS)):
        assert parse_key(key.text) == key


@pytest.mark.parametrize("changed", ["council.example/recorD", "\n4\n"])
def test_a_changed_checkpoint_is_refused(changed: str) -> None:
    text = NOTE.text.replace("council.example/record\n" if "c" in changed else "\n3\n", changed + ("\n" if "c" in changed else ""))
    with pytest.raises(NoteError, match="is wrong"):
        parse_note(text).signed_at(LOG.key(OPERATOR))


def test_a_cosignature_is_bound_to_its_time() -> None:
    other = AUDIT.cosign(BODY, 1_764_000_001)
    mixed = other[:-30] + NOTE.lines[1][-30:]
    with pytest.raises(NoteError, match="is wrong"):
        SignedNote(BODY, (mixed,)).signed_at(AUDIT.key(WITNESS))


@pytest.mark.parametrize(
    "text", ["", "a\n\n", "a\n\nb\n", "a\n\n— name notbase64!\n", NOTE.text[:-1], NOTE.text.replace("\n", "\r\n"), "x" * 70_000]
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        parse_note(text)


@pytest.mark.parametrize("body", ["o\n03\nAAAA\n", "o\n-1\n\n", "\n1\nAAAA\n", "o\n1\nAAAA\n", "o\n1\n"])
def test_what_is_no_checkpoint_is_refused(body: str) -> None:
    with pytest.raises(NoteError):
        parse_checkpoint(body)


@pytest.mark.parametrize("text", ["", "a+b", "a+00000000+AAAA", LOG.key(OPERATOR).text.replace("record+", "recorD+")])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        parse_key(text)


def test_a_key_file_that_holds_something_else_is_refused_by_name() -> None:
    with pytest.raises(NoteError, match=r"log\.key holds no signing key"):
        read_seed("hello", "log.key")


def test_the_empty_tree_can_be_signed() -> None:
    assert parse_checkpoint(Checkpoint("o", 0, EMPTY_ROOT).body).size == 0
