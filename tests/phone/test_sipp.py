"""Rung by sipp: sound both ways (T1), keys (T5), transfers (T6)."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest

from guildhall.channels.phone.ports import CallLeg, HangUpCause, HungUp, TransferOutcome, TransferTarget
from tests.phone.tools import KEY_CAPTURES, SCENARIOS, TONE, Session, answering, at, capture, free_port, pitch, sipp

SPOKEN_FRAMES = 250


def within(seconds: float, test: Callable[[], Awaitable[None]]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(seconds):
            await test()

    asyncio.run(limited())


def test_t1_what_a_caller_says_arrives_whole(tmp_path: Path) -> None:
    async def test() -> None:
        session = Session(TONE.tobytes())
        async with answering(session) as gateway:
            keys = {"CAPTURE": str(capture(tmp_path / "tone.pcap", SPOKEN_FRAMES)), "MILLISECONDS": "5500"}
            ran = await sipp("caller_speaks", tmp_path, at(gateway), keys=keys)
            assert ran.status == 0, ran.said
            await session.over.wait()
            real = [frame for frame in session.frames if not frame.lost]
            assert len(real) >= 0.95 * SPOKEN_FRAMES
            first, last = session.frames.index(real[0]), len(session.frames) - session.frames[::-1].index(real[-1])
            gaps = sum(frame.lost for frame in session.frames[first:last])
            assert gaps <= 0.02 * SPOKEN_FRAMES, "no gaps on loopback, but for a machine that stood still"
            assert abs(pitch(session.sound[:8000]) - 440) < 5
            assert session.ended == HungUp(HangUpCause.CALLER)
            assert (gateway.endpoint.running, gateway.line.ports.open) == (0, 0)

    within(40, test)


def test_t1_what_we_say_arrives_at_the_caller(tmp_path: Path) -> None:
    async def test() -> None:
        session = Session(np.resize(TONE, 24000).tobytes())
        async with answering(session) as gateway:
            ran = await sipp("caller_echoes", tmp_path, at(gateway), keys={"MILLISECONDS": "3000"})
            assert ran.status == 0, ran.said
            await session.over.wait()
            loud = [frame for frame in session.frames if np.abs(np.frombuffer(frame.sound, np.int16)).max() > 7000]
            assert len(loud) >= 0.9 * 145, "what we said came back from the caller's phone"

    within(40, test)


def test_t5_keys_of_real_captures_are_heard_exactly(tmp_path: Path) -> None:
    names = {"*": "star", "#": "pound"}
    pressed = "1234567890*#"
    presses = "".join(
        f'  <nop><action><exec play_pcap_audio="{KEY_CAPTURES}/dtmf_2833_{names.get(key, key)}.pcap"/></action></nop>\n  <pause milliseconds="500"/>\n'
        for key in pressed
    )

    async def test() -> None:
        session = Session(np.resize(TONE, 40000).tobytes())
        async with answering(session) as gateway:
            ran = await sipp("caller_keys", tmp_path, at(gateway), keys={"KEYS": presses})
            assert ran.status == 0, ran.said
            await session.over.wait()
            assert session.keys == pressed, "each once, while something is being said"

    within(40, test)


def test_t5_keys_by_info(tmp_path: Path) -> None:
    async def test() -> None:
        session = Session()
        async with answering(session) as gateway:
            ran = await sipp("caller_info", tmp_path, at(gateway))
            assert ran.status == 0, ran.said
            await session.over.wait()
            assert session.keys == "159*"

    within(40, test)


def transfer_to(port: int, mode: str, ring_seconds: float = 3.0) -> Callable[[CallLeg], Awaitable[TransferOutcome]]:
    async def act(leg: CallLeg) -> TransferOutcome:
        outcome = await leg.transfer(TransferTarget(f"sip:01632960200@127.0.0.1:{port}", ring_seconds, {"case-ref": "abc-1"}), mode)  # type: ignore[arg-type]
        if outcome == TransferOutcome.CONNECTED and mode == "bridge":
            await asyncio.sleep(1.0)
        if mode == "bridge":
            await leg.hang_up()
        return outcome

    return act


@pytest.mark.parametrize(
    ("scenario", "status", "outcome"),
    [
        ("person_answers", "", TransferOutcome.CONNECTED),
        ("person_refuses", "486 Busy Here", TransferOutcome.BUSY),
        ("person_refuses", "480 Temporarily Unavailable", TransferOutcome.NO_ANSWER),
        ("person_refuses", "603 Decline", TransferOutcome.REFUSED),
        ("person_refuses", "503 Service Unavailable", TransferOutcome.FAILED),
        ("person_absent", "", TransferOutcome.NO_ANSWER),
    ],
)
def test_t6_bridged_to_a_person_or_back_to_the_caller(tmp_path: Path, scenario: str, status: str, outcome: TransferOutcome) -> None:
    async def test() -> None:
        port = free_port()
        session = Session(act=transfer_to(port, "bridge", 1.0))
        async with answering(session, [f"sip:01632960200@127.0.0.1:{port}"]) as gateway:
            person = asyncio.create_task(sipp(scenario, tmp_path, port=port, keys={"STATUS": status}))
            await asyncio.sleep(0.5)
            caller = await sipp("caller_waits", tmp_path, at(gateway))
            called = await person
            assert (caller.status, called.status) == (0, 0), caller.said + called.said
            await session.over.wait()
            assert session.acted == outcome
            assert (gateway.endpoint.running, gateway.line.ports.open) == (0, 0)

    within(60, test)


def test_t6_a_person_who_hangs_up_ends_the_callers_call(tmp_path: Path) -> None:
    async def act(leg: CallLeg) -> TransferOutcome:
        return await leg.transfer(TransferTarget(f"sip:01632960200@127.0.0.1:{port}"), "bridge")

    port = free_port()

    async def test() -> None:
        session = Session(act=act)
        async with answering(session, [f"sip:01632960200@127.0.0.1:{port}"]) as gateway:
            person = asyncio.create_task(sipp("person_hangs_up", tmp_path, port=port, keys={"MILLISECONDS": "700"}))
            await asyncio.sleep(0.5)
            caller = await sipp("caller_waits", tmp_path, at(gateway))
            called = await person
            assert (caller.status, called.status) == (0, 0), caller.said + called.said
            await session.over.wait()
            assert session.ended == HungUp(HangUpCause.PERSON)

    within(60, test)


def test_t6_referred_and_let_go(tmp_path: Path) -> None:
    async def test() -> None:
        session = Session(act=transfer_to(5999, "refer"))
        async with answering(session, ["sip:01632960200@127.0.0.1:5999"]) as gateway:
            ran = await sipp("caller_referred", tmp_path, at(gateway), keys={"STATUS": "200 OK"})
            assert ran.status == 0, ran.said
            await session.over.wait()
            assert session.acted == TransferOutcome.CONNECTED
            assert session.ended == HungUp(HangUpCause.US)

    within(40, test)


@pytest.mark.parametrize(("status", "outcome"), [("486 Busy Here", TransferOutcome.BUSY), ("", TransferOutcome.NO_ANSWER)])
def test_t6_referred_in_vain_the_caller_is_never_dropped(tmp_path: Path, status: str, outcome: TransferOutcome) -> None:
    async def test() -> None:
        session = Session(act=transfer_to(5999, "refer", 0.5))
        news = (SCENARIOS / "news.part").read_text("utf-8").replace("@STATUS@", status) if status else ""
        async with answering(session, ["sip:01632960200@127.0.0.1:5999"], t1=0.05) as gateway:
            ran = await sipp("caller_referred_in_vain", tmp_path, at(gateway), keys={"NEWS": news, "MILLISECONDS": "5000"})
            assert ran.status == 0, ran.said
            await session.over.wait()
            assert session.acted == outcome
            assert session.ended == HungUp(HangUpCause.CALLER), "the caller hung up, not we"

    within(40, test)
