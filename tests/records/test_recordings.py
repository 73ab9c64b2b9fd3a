"""A recording on disk: sealed piece by piece, good up to where it breaks off, and never put together differently."""

from datetime import UTC, datetime

import pytest

from guildhall.records.recordings import RATE, SILENCE, Head, Piece, open_pieces, read_head, seal_piece, two_tracks
from guildhall.records.sealing import SealError

KEY = bytes(range(32))
HEAD = Head("reco_1", "conv_1", datetime(2026, 3, 2, 12, tzinfo=UTC), b"sealed")
ONE = Piece(4.0, b"\x10" * RATE, b"\x20" * RATE)
TWO = Piece(7.0, b"\x30" * RATE, b"\x40" * RATE)


def written(*pieces: Piece) -> bytes:
    return b"".join(seal_piece(KEY, "reco_1", number, piece) for number, piece in enumerate(pieces))


def test_the_head_is_read_without_a_key_and_says_nothing_of_anybody() -> None:
    text = HEAD.as_bytes + written(ONE)
    head, begins = read_head(text)
    assert head == HEAD and text[begins:] == text[len(HEAD.as_bytes) :]


def test_what_was_not_kept_is_silence_in_both_tracks() -> None:
    caller, said = two_tracks(open_pieces(KEY, "reco_1", written(ONE, TWO)))
    quiet = bytes([SILENCE])
    assert caller == quiet * 4 * RATE + ONE.caller + quiet * 2 * RATE + TWO.caller
    assert said == quiet * 4 * RATE + ONE.said + quiet * 2 * RATE + TWO.said


@pytest.mark.parametrize("lost", [1, 5, RATE])
def test_a_recording_that_breaks_off_is_good_up_to_its_last_whole_piece(lost: int) -> None:
    assert list(open_pieces(KEY, "reco_1", written(ONE, TWO)[:-lost])) == [ONE]


def test_a_piece_that_was_changed_moved_or_taken_out_is_found_out() -> None:
    one, two = written(ONE), seal_piece(KEY, "reco_1", 1, TWO)
    for text in (two, two + one, one[:100] + b"x" + one[101:], seal_piece(KEY, "reco_2", 0, ONE)):
        with pytest.raises(SealError, match="was changed, or belongs elsewhere"):
            list(open_pieces(KEY, "reco_1", text))


def test_nothing_of_the_sound_can_be_seen_in_the_file() -> None:
    assert ONE.caller[:16] not in written(ONE) and ONE.said[:16] not in written(ONE)


@pytest.mark.parametrize("text", [b"", b"RIFF", b"GHREC1\n{", b"GHREC1\n{}\n", b"GHREC1\n[]\n", b'GHREC1\n{"recording": "r"}\n'])
def test_what_is_no_recording_is_said_to_be_none(text: bytes) -> None:
    with pytest.raises(SealError, match="no recording"):
        read_head(text)
