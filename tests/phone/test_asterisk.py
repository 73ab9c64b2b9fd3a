"""T13: what the gateway expects of Asterisk is what a real Asterisk does, with the sample configuration of the how-to.

Where there is none, that is said, and the double stands in (tests/providers/telephony/test_every_gateway.py and test_asterisk.py there).
"""

import asyncio
import re
import shutil
import signal
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import numpy as np
import pytest

from guildhall.channels.phone.ports import FRAME_BYTES, RATE, CallLeg, KeyPressed, TransferOutcome, TransferTarget
from guildhall.testing.media_gateway import CHECKS, NUMBER, REFERENCE, Check, Session, loud_seconds, run, tone, until
from tests.phone.asterisk_driver import RealAudioSocketDriver, RealCaller, RealDriver, gone, person_at
from tests.phone.real_asterisk import RealAsterisk, root

PLACE = root()
pytestmark = pytest.mark.skipif(
    PLACE is None, reason="no Asterisk 22.10 or later here (GUILDHALL_ASTERISK_ROOT): only its double was asked, not the real one"
)
PEOPLE_WITHIN = 3.0
SIPP = shutil.which("sipp")
CAPTURES = Path("/usr/share/sip-tester")


@pytest.fixture(scope="module")
def asterisk() -> Iterator[RealAsterisk]:
    assert PLACE is not None
    real = RealAsterisk(PLACE)
    try:
        real.start()
        yield real
    finally:
        real.stop()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("driver", [RealDriver, RealAudioSocketDriver], ids=lambda driver: driver.__name__)
def test_a_real_asterisk_is_like_every_gateway(asterisk: RealAsterisk, driver: Callable[[RealAsterisk], RealDriver], check: Check) -> None:
    asyncio.run(run(check, driver(asterisk)))


def test_when_we_are_not_there_an_adviser_rings_within_three_seconds(asterisk: RealAsterisk) -> None:
    async def test() -> None:
        driver = RealDriver(asterisk)
        driver.people["advisers"] = await person_at(asterisk.advisers, answers=0)
        caller = await driver.caller()
        started = monotonic()
        await caller.ring()
        await driver.people["advisers"].got("INVITE", within=PEOPLE_WITHIN)
        print(f"assistant down at the start: an adviser rang after {monotonic() - started:.2f} s")
        await caller.close()
        await asterisk.quiet()
        await gone(driver.people["advisers"])

    asyncio.run(test())


GATEWAY = """
import asyncio, sys
from guildhall.providers.telephony.asterisk.config import AsteriskConfig
from guildhall.providers.telephony.asterisk.gateway import asterisk_gateway
from guildhall.testing.media_gateway import tone

async def answers(leg):
    await leg.answer()
    leg.play(tone(30.0))
    async for event in leg.events():
        pass

url, media, port = sys.argv[1:]
config = AsteriskConfig(url=url, password="change-me-before-use", media=media, media_port=int(port))
asyncio.run(asterisk_gateway(config).serve(answers))
"""


@pytest.mark.parametrize("media", ["websocket", "audiosocket"])
def test_when_we_are_killed_in_mid_call_an_adviser_rings_within_three_seconds(asterisk: RealAsterisk, media: str) -> None:
    async def test() -> None:
        driver = RealDriver(asterisk)
        driver.people["advisers"] = await person_at(asterisk.advisers, answers=0)
        command = [sys.executable, "-c", GATEWAY, asterisk.url, media, str(asterisk.media)]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        try:
            caller = await _connected(driver)
            process.send_signal(signal.SIGKILL)
            killed = monotonic()
            before = driver.rung
            await until(lambda: driver.rung > before, PEOPLE_WITHIN)
            print(f"killed in mid-call ({media}): an adviser rang after {monotonic() - killed:.2f} s")
            assert not caller.ended.is_set()
            said = len(caller.heard)
            await until(lambda: loud_seconds(caller.heard[said:]) > 0.3)  # no dead air: it rings
            driver.people["advisers"].pick_up()
            await driver.people["advisers"].got("ACK")
            await caller.close()
            await asterisk.quiet()
        finally:
            process.kill()
            process.wait()
            await gone(driver.people["advisers"])

    asyncio.run(test())


async def _connected(driver: RealDriver) -> RealCaller:
    """A caller who hears our tone; while the gateway still starts, Asterisk gives callers to people, so they call again."""
    async with asyncio.timeout(20):
        while True:
            caller = await driver.caller()
            await caller.ring()
            if await caller.answered():
                await until(lambda caller=caller: loud_seconds(caller.heard) > 0.2)  # type: ignore[misc]
                return caller
            await caller.close()
            await driver.asterisk.quiet()


def test_an_adviser_who_was_connected_stays_with_the_caller_when_we_die_and_both_end_together(asterisk: RealAsterisk) -> None:
    async def test() -> None:
        driver, session = RealDriver(asterisk), Session()
        await driver.open(session)
        caller = await driver.caller()
        await caller.ring()
        assert await caller.answered()
        await until(lambda: session.picked_up == 1)
        adviser = driver.people["advisers"]
        assert await session.leg.transfer(driver.adviser(TransferOutcome.CONNECTED), "bridge") == TransferOutcome.CONNECTED
        driver.serving.cancel()
        await asyncio.gather(driver.serving, return_exceptions=True)
        before = len(caller.heard)
        for _ in range(20):
            adviser.say(np.frombuffer(tone(0.02), np.int16))
            await asyncio.sleep(0.02)
        await until(lambda: loud_seconds(caller.heard[before:]) > 0.2)
        assert not caller.ended.is_set() and driver.rung == 1
        adviser.ask("BYE")
        await until(caller.ended.is_set, 3.0)
        await caller.close()
        await driver.close()

    asyncio.run(test())


def test_while_an_advisers_phone_rings_the_caller_hears_it_ring_and_the_phone_does_not_show_who_calls(asterisk: RealAsterisk) -> None:
    async def test() -> None:
        driver, session = RealDriver(asterisk), Session()
        await driver.open(session)
        caller = await driver.caller()
        await caller.ring()
        assert await caller.answered()
        await until(lambda: session.picked_up == 1)
        target = TransferTarget("01632960200", 5.0, {"case-ref": REFERENCE})
        ringing = asyncio.create_task(session.leg.transfer(target, "bridge"))
        await driver.people["advisers"].got("INVITE")
        said = len(caller.heard)
        await until(lambda: np.abs(np.frombuffer(caller.heard[said:], np.int16)).max(initial=0) > 2000)
        told = driver.told_to_adviser()
        assert NUMBER not in told and "guildhall" in told and REFERENCE in told
        driver.people["advisers"].pick_up()
        assert await ringing == TransferOutcome.CONNECTED
        await caller.hang_up()
        await driver.people["advisers"].got("BYE")
        await driver.close()

    asyncio.run(test())


def test_a_caller_who_is_redirected_is_referred_and_nobody_is_told_how_it_ended(asterisk: RealAsterisk) -> None:
    async def test() -> None:
        driver, session = RealDriver(asterisk), Session()
        await driver.open(session)
        caller = await driver.caller()
        await caller.ring()
        assert await caller.answered()
        await until(lambda: session.picked_up == 1)
        assert await session.leg.transfer(TransferTarget("01632960203"), "refer") == TransferOutcome.CONNECTED
        await until(lambda: bool(driver.told))
        assert re.search(r"(?im)^refer-to: *<?sip:01632960203@127\.0\.0\.1", driver.told), driver.told
        await asyncio.wait_for(session.over.wait(), 5)
        await caller.hang_up()  # a phone that was referred ends the first call itself
        assert driver.rung == 0
        await driver.close()

    asyncio.run(test())


CALLS = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="a resident">
  <send retrans="500"><![CDATA[

    INVITE sip:01632960100@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
    From: <sip:01632960123@[local_ip]:[local_port]>;tag=[call_number]
    To: <sip:01632960100@[remote_ip]:[remote_port]>
    Call-ID: [call_id]
    CSeq: 1 INVITE
    Contact: <sip:01632960123@[local_ip]:[local_port]>
    Max-Forwards: 70
    Content-Type: application/sdp
    Content-Length: [len]

    v=0
    o=- 1 1 IN IP4 [local_ip]
    s=-
    c=IN IP4 [media_ip]
    t=0 0
    m=audio [media_port] RTP/AVP 8 101
    a=rtpmap:8 PCMA/8000
    a=rtpmap:101 telephone-event/8000
    a=fmtp:101 0-15
  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="183" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[

    ACK [next_url] SIP/2.0
    Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
    From: <sip:01632960123@[local_ip]:[local_port]>;tag=[call_number]
    To: <sip:01632960100@[remote_ip]:[remote_port]>[peer_tag_param]
    Call-ID: [call_id]
    CSeq: 1 ACK
    Contact: <sip:01632960123@[local_ip]:[local_port]>
    Max-Forwards: 70
    Content-Length: 0

  ]]></send>
  <pause milliseconds="1500"/>
  <nop><action><exec play_pcap_audio="{key}"/></action></nop>
  <recv request="BYE" timeout="15000"/>
  <send><![CDATA[

    SIP/2.0 200 OK
    [last_Via:]
    [last_From:]
    [last_To:]
    [last_Call-ID:]
    [last_CSeq:]
    Content-Length: 0

  ]]></send>
</scenario>
"""


@pytest.mark.skipif(SIPP is None, reason="sipp is not installed: only phones of our own have called Asterisk")
def test_sipp_calls_is_heard_hears_presses_a_key_is_recorded_and_talks_to_an_adviser(asterisk: RealAsterisk, tmp_path: Path) -> None:
    """The caller echoes all it hears, so that what we hear of our own tone has gone both ways. The adviser is a second sipp."""
    assert SIPP is not None
    (tmp_path / "calls.xml").write_text(CALLS.replace("{key}", str(CAPTURES / "dtmf_2833_5.pcap")), "utf-8")
    outcomes: list[TransferOutcome] = []
    session = Session()

    async def answers(leg: CallLeg) -> None:
        session.legs.append(leg)
        await leg.answer()
        leg.play(tone(1.0), "said")
        hearing = asyncio.create_task(session._hear(leg))
        async for event in leg.events():
            session.events.append(event)
            if isinstance(event, KeyPressed):
                leg.play(tone(3.0))
                assert leg.flush() > 2.5
                target = TransferTarget("01632960200", 5.0, {"case-ref": REFERENCE})
                outcomes.append(await leg.transfer(target, "bridge"))
        await hearing

    async def test() -> None:
        driver = RealDriver(asterisk)
        common = ["-i", "127.0.0.1", "-mi", "127.0.0.1", "-m", "1", "-nostdin", "-timeout", "40", "-rtp_echo"]
        await driver.open(answers)
        await gone(driver.people["advisers"])
        trace = ["-trace_msg", "-message_file", str(tmp_path / "adviser.log")]
        adviser = await asyncio.create_subprocess_exec(
            SIPP, "-sn", "uas", "-p", str(asterisk.advisers), "-mp", "27000", *common, *trace, stdout=subprocess.DEVNULL
        )
        caller = await asyncio.create_subprocess_exec(
            SIPP, f"127.0.0.1:{asterisk.sip}", "-sf", str(tmp_path / "calls.xml"), "-mp", "27100", *common, stdout=subprocess.DEVNULL
        )
        try:
            await until(lambda: bool(outcomes), 20)
            assert outcomes == [TransferOutcome.CONNECTED]
            await _ari_hangs_up(driver, session)
            assert await asyncio.wait_for(caller.wait(), 15) == 0
            assert await asyncio.wait_for(adviser.wait(), 15) == 0
        finally:
            for process in (adviser, caller):
                if process.returncode is None:
                    process.kill()
                    await process.wait()
            driver.people.pop("advisers")
            await driver.close()

    asyncio.run(test())
    assert [event.key for event in session.of(KeyPressed)] == ["5"]
    assert f"X-Case-Ref: {REFERENCE}" in (tmp_path / "adviser.log").read_text("utf-8")
    assert loud_seconds(session.sound) >= 0.9, "what we said did not come back: sound does not flow both ways"
    _record(tmp_path / "call.wav", session)
    with wave.open(str(tmp_path / "call.wav")) as file:
        tracks = np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, 2)
    assert min(loud_seconds(tracks[:, side].tobytes()) for side in (0, 1)) >= 0.9


async def _ari_hangs_up(driver: RealDriver, session: Session) -> None:
    """The adviser and the caller have talked; the call is ended by the network."""
    await asyncio.sleep(0)
    await session.leg.hang_up()


def _record(path: Path, session: Session) -> None:
    """Both sides, as the recorder gets them: the caller on the left, we on the right."""
    left = np.frombuffer(session.sound, np.int16)
    right = np.frombuffer(session.said, np.int16)
    assert len(left) == len(right) and len(session.sound) % FRAME_BYTES == 0
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.stack([left, right], axis=1).astype(np.int16).tobytes())
