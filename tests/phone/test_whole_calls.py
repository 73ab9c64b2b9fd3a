"""Real calls to the whole phone, in real time: by keys alone, and to a person, with the gateway killed in the middle."""

import asyncio
import os
import signal
from pathlib import Path
from time import monotonic, sleep

import numpy as np

from guildhall.providers.telephony.sip.messages import SipRequest, response_to
from guildhall.providers.telephony.sip.sdp import offer, read_offer
from tests.phone.speech_tools import need
from tests.phone.whole import kill, sipp, until_answered, whole
from tests.providers.telephony.caller import Caller
from tests.providers.telephony.person import SDP, Person

FIRST_WORDS = 200
LOUD_ENOUGH = 1000
AGAIN_WITHIN = 10.0


def test_a_caller_who_says_nothing_gets_an_answer_by_keys_and_is_said_goodbye_to(tmp_path: Path) -> None:
    need("sipp", "espeak-ng")
    with whole(tmp_path, person_port=9) as at:
        rung = sipp(at.at, Path(__file__).with_name("keys_only.xml"), tmp_path, 45)
        assert rung.returncode == 0, "\n".join(map(str, at.recorded()))
        turns = at.recorded("TurnCompleted")
        assert [turn["channel"] for turn in turns] == ["phone"]


def test_nought_rings_an_adviser_and_the_death_of_the_gateway_leaves_both_talking(tmp_path: Path) -> None:
    need("espeak-ng")

    async def test() -> None:
        person = await Person.open()
        with whole(tmp_path, person.sip.port) as at:
            caller = await Caller.open(at.at)
            assert (await caller.call()).status == 200
            heard = await caller.listen(FIRST_WORDS)
            assert np.abs(heard).max() > LOUD_ENOUGH  # the machine speaks
            caller.press("0")
            invite = await person.got("INVITE", within=20)
            assert not any("07700" in value or "01632960123" in value for _, value in invite.headers.fields if value)
            await person.got("ACK", within=5)
            kill(at.gateway())
            again = await reinvited(caller)
            joined = await person.got("INVITE", 2, within=3)
            assert read_offer(joined.body).port == caller.rtp.port  # sound goes directly from one to the other
            described = again.body or (await acknowledged(caller)).body
            assert read_offer(described).port == person.rtp.port
            assert (await caller.hang_up()).status == 200
            await person.got("BYE", within=5)
            caller.close()
        person.close()

    asyncio.run(asyncio.wait_for(test(), 120))


def test_a_guard_and_a_gateway_killed_at_once_are_started_again_and_calls_are_taken(tmp_path: Path) -> None:
    need("espeak-ng")

    async def test() -> None:
        with whole(tmp_path, person_port=9) as at:
            dead, gateway = at.guard.pid, at.gateway()
            kill(dead)
            kill(gateway)
            began = monotonic()
            while at.guard.pid == dead:
                assert monotonic() - began < AGAIN_WITHIN, "nobody started it again"
                await asyncio.sleep(0.05)
            until_answered(at.at)
            caller = await Caller.open(at.at)
            assert (await caller.call()).status == 200
            assert (await caller.hang_up()).status == 200
            caller.close()

    asyncio.run(asyncio.wait_for(test(), 120))


def test_a_guard_that_is_told_to_go_is_not_started_again(tmp_path: Path) -> None:
    need("espeak-ng")
    with whole(tmp_path, person_port=9) as at:
        guard = at.guard.pid
        os.kill(guard, signal.SIGTERM)
        assert at.guard.wait(20)
        sleep(1.0)  # four looks of whoever would start it again
        assert at.guard.pid == guard


async def reinvited(caller: Caller, within: float = 3.0) -> SipRequest:
    """The caller's phone is told where to talk to now, and agrees."""
    while True:
        request = await caller.receive(within)
        if isinstance(request, SipRequest) and request.method == "INVITE":
            body = offer("127.0.0.1", caller.rtp.port, 1, version=1)
            caller.send(response_to(request, 200, "", (("contact", f"<sip:me@127.0.0.1:{caller.sip.port}>"), SDP), body))
            return request


async def acknowledged(caller: Caller, within: float = 3.0) -> SipRequest:
    """The ACK of what the caller's phone offered, with the answer to it."""
    while True:
        request = await caller.receive(within)
        if isinstance(request, SipRequest) and request.method == "ACK":
            return request
