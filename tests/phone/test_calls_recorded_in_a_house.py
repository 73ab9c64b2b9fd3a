"""A call with a real house, recorded: what is kept, who is told, and that no card digit is anywhere after a payment."""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.phone import open_phone_house
from guildhall.bootstrap.phone_recording import taps_of
from guildhall.bootstrap.phone_secret import phone_secret
from guildhall.bootstrap.recordings import RecordingOffice, wire_recordings
from guildhall.channels.phone.house import HouseGoneError
from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.phone import Failover, Phone
from guildhall.channels.phone.ports import CallLeg, TransferOutcome, TransferTarget
from guildhall.channels.phone.session import CallSession
from guildhall.providers.recordings_over_http import RecordingsOverHttp
from guildhall.providers.telephony.simulator import CallerStep, Presses, Says, Script, SimulatedGateway, Waits
from tests.channels.phone.fakes import FakeEar, FakeVoice
from tests.phone.calling import Caller, facts_of, transport_of
from tests.phone.paying import ASKS_HZ, CARD, CARD_HZ, ON, PIN_HZ, PayingDialogue, loudness, tone


@pytest.fixture
def recording(guildhall: Guildhall) -> Guildhall:
    """The house of a council that records."""
    phone = guildhall.profile.phone.model_copy(update={"recording": ON})
    return replace(guildhall, profile=replace(guildhall.profile, phone=phone))


def office(guildhall: Guildhall) -> RecordingOffice:
    return wire_recordings(guildhall.rights.memory, guildhall.settings.folders["recordings"])


def call(guildhall: Guildhall, *steps: CallerStep, transfers: tuple[TransferOutcome, ...] = ()) -> bytes:
    """Play a caller, with the house over HTTP for the recording's key; the caller's track of what was kept."""

    async def go() -> None:
        opens = RecordingsOverHttp("http://127.0.0.1", phone_secret(guildhall.settings), transport_of(guildhall))
        phone = Phone(
            house=open_phone_house(guildhall), hearing=FakeEar(["how much is bulky waste?"]), voice=FakeVoice(),
            detector=lambda: lambda _: True, dialogue=lambda _: PayingDialogue(),
            notice=(Spoken("A computer answers and calls are recorded.", interruptible=False),),
            failover=Failover(TransferTarget("sip:f@127.0.0.1"), {"en": Spoken("One moment.")}, {"en": Spoken("Ring 01632 960100.")}),
            transfer_to=lambda route: TransferTarget("sip:a@127.0.0.1"), new_id=lambda kind: f"{kind}_recorded1",
            payment=TransferTarget("sip:pay@127.0.0.1"), tap=taps_of(guildhall.profile.phone, opens, guildhall.settings.folders["recordings"]),
            steady=True,
        )  # fmt: skip

        async def on_call(leg: CallLeg) -> None:
            await CallSession(leg, phone).run()

        await asyncio.wait_for(SimulatedGateway([Script(steps, transfers=transfers)]).serve(on_call), 60)
        await opens.close()

    asyncio.run(go())
    (kept,) = office(guildhall).all()
    key = guildhall.rights.memory.keys.get(kept.head.conversation)
    return office(guildhall).folder.tracks(kept, guildhall.rights.memory.keys.sealer, key)[0]


REPLY = Waits(0.6, for_reply=True)


def test_a_call_is_recorded_after_its_notice_and_the_record_names_the_recording(recording: Guildhall) -> None:
    caller = call(recording, Says(tone(CARD_HZ, 0.4)), REPLY, Says(tone(ASKS_HZ, 1.0)), REPLY)
    assert loudness(caller, ASKS_HZ) > 3000 and loudness(caller, CARD_HZ) < 100
    (kept,) = office(recording).all()
    noted = [facts for facts in facts_of(recording, "CallNoted") if facts["what"] == "recording"]
    assert [facts["recording"] for facts in noted] == [kept.head.recording]


@pytest.mark.parametrize("outcome", [TransferOutcome.CONNECTED, TransferOutcome.NO_ANSWER])
def test_no_card_digit_is_in_any_log_file_database_or_recording_after_a_payment(
    recording: Guildhall, outcome: TransferOutcome, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    steps = (
        REPLY, Says(tone(ASKS_HZ, 1.0)), REPLY, Presses("3"), REPLY, Presses(CARD[:8] + "#"), Says(tone(PIN_HZ, 0.1)), REPLY,
        Presses("6"), Waits(0.3), Presses(CARD), Says(tone(CARD_HZ, 1.0)), Waits(0.5),
    )  # fmt: skip
    with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as logs:
        caller = call(recording, *steps, transfers=(outcome,))
    recording.database.scrub()
    told = caplog.text + str(logs) + "".join(capfd.readouterr())
    for digits in (CARD, CARD[:8]):
        assert digits not in told
        assert [path for path in tmp_path.rglob("*") if path.is_file() and digits.encode() in path.read_bytes()] == []
    assert [facts for kind in ("CallNoted",) for facts in facts_of(recording, kind) if {"key", "keys", "digits"} & set(facts)] == []
    assert loudness(caller, ASKS_HZ) > 3000
    if outcome == TransferOutcome.CONNECTED:
        assert loudness(caller, CARD_HZ) < 100


def test_a_council_that_does_not_record_gives_no_key(guildhall: Guildhall) -> None:
    caller = Caller(guildhall, "over http")

    async def asks() -> None:
        opens = RecordingsOverHttp("http://127.0.0.1", phone_secret(guildhall.settings), transport_of(guildhall))
        try:
            await opens.open_recording(caller.id)
        finally:
            await opens.close()

    with pytest.raises(HouseGoneError):
        asyncio.run(asks())
    assert taps_of(guildhall.profile.phone, None, Path())(None) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("secret", ["", "wrong"])
def test_nobody_without_the_secret_gets_a_key(recording: Guildhall, secret: str) -> None:
    caller = Caller(recording, "over http")

    async def asks(with_secret: str) -> bytes:
        opens = RecordingsOverHttp("http://127.0.0.1", with_secret, transport_of(recording))
        try:
            return (await opens.open_recording(caller.id))[1]
        finally:
            await opens.close()

    assert len(asyncio.run(asks(phone_secret(recording.settings)))) == 32
    with pytest.raises(HouseGoneError):
        asyncio.run(asks(secret))
