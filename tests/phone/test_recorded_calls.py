"""A call that is recorded: what is kept, and that no card digit is anywhere after a payment."""

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guildhall.bootstrap.phone_recording import taps_of
from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.phone import Failover, Phone
from guildhall.channels.phone.ports import CallLeg, TransferOutcome, TransferTarget
from guildhall.channels.phone.session import CallSession
from guildhall.councils.phone_config import PhoneFile
from guildhall.providers.telephony.simulator import CallerStep, Presses, Says, Script, SimulatedGateway, Waits
from guildhall.records.recordings import Head
from guildhall.records.sealing import Sealer
from guildhall.storage.recordings import NewRecordings, RecordingsFolder
from tests.channels.phone.fakes import FakeEar, FakeHouse, FakeVoice
from tests.phone.paying import ASKS_HZ, CARD, CARD_HZ, ON, PIN_HZ, PayingDialogue, loudness, tone

SEALER, KEY = Sealer(bytes(32)), AESGCM(bytes(32))


class Opens:
    """The house's part: a key for each recording."""

    async def open_recording(self, conversation_id: str) -> tuple[Head, bytes]:
        return NewRecordings(SEALER, lambda _: KEY, lambda: datetime(2026, 3, 2, 12, tzinfo=UTC), lambda kind: f"{kind}_1").begin(
            conversation_id
        )


def call(folder: Path, house: FakeHouse, *steps: CallerStep, transfers: tuple[TransferOutcome, ...] = ()) -> bytes:
    """Play a caller; the caller's track of what was kept."""
    recordings = folder / "recordings"

    async def go() -> None:
        phone = Phone(
            house=house, hearing=FakeEar(["how much is bulky waste?"]), voice=FakeVoice(), detector=lambda: lambda _: True,
            dialogue=lambda _: PayingDialogue(), notice=(Spoken("A computer answers and calls are recorded.", interruptible=False),),
            failover=Failover(TransferTarget("sip:f@127.0.0.1"), {"en": Spoken("One moment.")}, {"en": Spoken("Ring 01632 960100.")}),
            transfer_to=lambda route: TransferTarget("sip:a@127.0.0.1"), new_id=lambda kind: f"{kind}_recorded1",
            payment=TransferTarget("sip:pay@127.0.0.1"), tap=taps_of(PhoneFile(recording=ON), Opens(), recordings), steady=True,
        )  # fmt: skip

        async def on_call(leg: CallLeg) -> None:
            await CallSession(leg, phone).run()

        await asyncio.wait_for(SimulatedGateway([Script(steps, transfers=transfers)]).serve(on_call), 60)

    asyncio.run(go())
    (kept,) = RecordingsFolder(recordings).all()
    return RecordingsFolder(recordings).tracks(kept, SEALER, KEY)[0]


REPLY = Waits(0.6, for_reply=True)


def test_a_call_is_recorded_after_its_notice(tmp_path: Path) -> None:
    caller = call(tmp_path, FakeHouse(), Says(tone(CARD_HZ, 0.4)), REPLY, Says(tone(ASKS_HZ, 1.0)), REPLY)
    assert loudness(caller, ASKS_HZ) > 3000 and loudness(caller, CARD_HZ) < 100


@pytest.mark.parametrize("outcome", [TransferOutcome.CONNECTED, TransferOutcome.NO_ANSWER])
def test_no_card_digit_is_in_any_log_file_or_recording_after_a_payment(
    outcome: TransferOutcome, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    steps = (
        REPLY, Says(tone(ASKS_HZ, 1.0)), REPLY, Presses("3"), REPLY, Presses(CARD[:8] + "#"), Says(tone(PIN_HZ, 0.1)), REPLY,
        Presses("6"), Waits(0.3), Presses(CARD), Says(tone(CARD_HZ, 1.0)), Waits(0.5),
    )  # fmt: skip
    house = FakeHouse()
    with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as logs:
        caller = call(tmp_path, house, *steps, transfers=(outcome,))
    told = caplog.text + str(logs) + "".join(capfd.readouterr())
    for digits in (CARD, CARD[:8]):
        assert digits not in told
        assert [path for path in tmp_path.rglob("*") if path.is_file() and digits.encode() in path.read_bytes()] == []
        assert digits not in str(house.notes)
    assert [
        facts for what, facts in house.notes if what == "key" and "key" in facts
    ] == []  # what a caller pressed is told under a name that is sealed
    assert loudness(caller, ASKS_HZ) > 3000
    if outcome == TransferOutcome.CONNECTED:
        assert loudness(caller, CARD_HZ) < 100


def test_a_council_that_does_not_record_taps_nothing(tmp_path: Path) -> None:
    assert taps_of(PhoneFile(), Opens(), tmp_path)(None) is None  # type: ignore[arg-type]
