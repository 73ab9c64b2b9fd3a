"""What a recording takes in: both sides, nothing before the notice is over, nothing of a payment, and never at the call's expense."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import pytest
import structlog

from guildhall.channels.phone.house import HouseGoneError
from guildhall.channels.phone.ports import FRAME_SECONDS, AudioFrame
from guildhall.channels.phone.recording import MOST_WAITING, RecordingTap, Writes
from guildhall.providers.telephony.g711 import Law, decode, to_a_law
from guildhall.records.recordings import RATE, Head, Piece, two_tracks

HEAD = Head("reco_1", "conv_1", datetime(2026, 3, 2, 12, tzinfo=UTC), b"")


def frame(number: int, caller: int = 1000, said: int = 0) -> AudioFrame:
    sound = np.full(160, caller, np.int16).tobytes()
    return AudioFrame(sound, round(number * FRAME_SECONDS, 2), False, np.full(160, said, np.int16).tobytes() if said else b"")


@dataclass
class Disk:
    pieces: list[Piece] = field(default_factory=list)
    closed: int = 0
    full: bool = False

    def __call__(self, head: Head, key: bytes) -> Writes:
        assert (head, key) == (HEAD, b"key")
        return self

    def add(self, piece: Piece) -> None:
        if self.full:
            raise OSError("no space left")
        self.pieces.append(piece)

    def close(self) -> None:
        self.closed += 1


@dataclass
class Opens:
    gone: bool = False
    asked: list[str] = field(default_factory=list)

    async def open_recording(self, conversation_id: str) -> tuple[Head, bytes]:
        self.asked.append(conversation_id)
        if self.gone:
            raise HouseGoneError
        return HEAD, b"key"


def recorded(act: Callable[[RecordingTap], None], disk: Disk | None = None, opens: Opens | None = None) -> Disk:
    disk = disk or Disk()

    async def go() -> None:
        with ThreadPoolExecutor(1) as executor:
            tap = RecordingTap(opens or Opens(), disk, executor, to_a_law)
            act(tap)
            await tap.close()

    asyncio.run(go())
    return disk


def test_both_sides_are_kept_a_second_at_a_time() -> None:
    def act(tap: RecordingTap) -> None:
        tap.begin("conv_1")
        tap.resume("notice")
        for n in range(120):
            tap.frame(frame(n, said=-2000 if n % 2 else 0))

    disk = recorded(act)
    assert [len(piece.caller) for piece in disk.pieces] == [RATE, RATE, RATE * 2 // 5]
    assert [piece.at for piece in disk.pieces] == [0.0, 1.0, 2.0]
    caller, said = two_tracks(iter(disk.pieces))
    assert abs(int(decode(caller, Law.A)[100]) - 1000) < 40
    heard = decode(said, Law.A)
    assert abs(int(heard[0])) < 10 and abs(int(heard[200]) + 2000) < 80
    assert disk.closed == 1


def test_nothing_is_kept_before_the_caller_has_been_told() -> None:
    def act(tap: RecordingTap) -> None:
        tap.begin("conv_1")
        for n in range(200):
            tap.frame(frame(n))
        tap.resume("notice")
        tap.frame(frame(200))

    assert [piece.at for piece in recorded(act).pieces] == [4.0]


def test_a_payment_is_not_kept_even_when_secret_keys_end_in_it() -> None:
    def act(tap: RecordingTap) -> None:
        tap.begin("conv_1")
        tap.resume("notice")
        tap.frame(frame(0, 100))
        tap.pause("secret_keys")
        tap.pause("payment")
        tap.frame(frame(1, 9999))
        tap.resume("secret_keys")
        tap.frame(frame(2, 9999))
        tap.resume("payment")
        tap.frame(frame(3, 300))

    caller, _ = two_tracks(iter(recorded(act).pieces))
    loud = np.abs(decode(caller, Law.A).astype(int))
    assert len(caller) == 4 * 160 and loud.max() < 400 and loud[160:480].max() < 10


def test_what_came_before_a_payment_is_written_at_once() -> None:
    def act(tap: RecordingTap) -> None:
        tap.begin("conv_1")
        tap.resume("notice")
        tap.frame(frame(0))
        tap.pause("payment")

    assert len(recorded(act).pieces) == 1


@pytest.mark.parametrize(("full", "gone", "why"), [(True, False, "OSError"), (False, True, "HouseGoneError")])
def test_a_recording_that_cannot_be_kept_is_given_up_and_the_call_goes_on(full: bool, gone: bool, why: str) -> None:
    def act(tap: RecordingTap) -> None:
        tap.begin("conv_1")
        tap.resume("notice")
        for n in range(60):
            tap.frame(frame(n))

    with structlog.testing.capture_logs() as logs:
        disk = recorded(act, Disk(full=full), Opens(gone=gone))
    assert disk.pieces == [] and disk.closed == (0 if gone else 1)
    assert [(one["event"], one["why"]) for one in logs] == [("call_recording_given_up", why)]


def test_no_more_waits_in_memory_than_half_a_minute() -> None:
    def act(tap: RecordingTap) -> None:
        tap.resume("notice")
        for n in range((MOST_WAITING + 5) * 50):
            tap.frame(frame(n))
        assert tap._waiting.qsize() == 1

    with structlog.testing.capture_logs() as logs:
        recorded(act)
    assert [one["why"] for one in logs] == ["behind"]


def test_a_call_that_became_no_conversation_is_not_recorded() -> None:
    opens = Opens()
    assert recorded(lambda tap: tap.frame(frame(0)), opens=opens).pieces == [] and opens.asked == []
