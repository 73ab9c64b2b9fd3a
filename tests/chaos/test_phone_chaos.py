"""T10: whichever one of our processes is killed, before or during a call, an adviser's phone rings within three seconds."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from guildhall.providers.telephony.guard.config import GuardConfig
from guildhall.providers.telephony.guard.link import GUARD
from guildhall.providers.telephony.sip.messages import SipRequest, response_to
from guildhall.providers.telephony.sip.sdp import offer, read_offer
from guildhall.providers.telephony.sip.shared_socket import bound
from tests.phone.speech_tools import need
from tests.processes import children, command
from tests.providers.telephony.caller import Caller
from tests.providers.telephony.person import SDP, Person

RINGS_WITHIN = 3.0
STARTS_WITHIN = 40.0


@dataclass
class Running:
    """A guard with its gateway, and who is on the phone."""

    at: tuple[str, int]
    guard: "subprocess.Popen[bytes]"
    person: Person
    callers: list[Caller] = field(default_factory=list)

    async def caller(self) -> Caller:
        caller = await Caller.open(self.at)
        self.callers.append(caller)
        return caller

    async def talking(self) -> Caller:
        """A caller who has heard the notice begin."""
        await self.open()
        caller = await self.caller()
        assert (await caller.call()).status == 200
        return caller

    async def open(self) -> None:
        """Until somebody answers."""
        caller = await self.caller()
        caller.send(caller.request("OPTIONS"))
        assert (await caller.final(STARTS_WITHIN)).status == 200

    def gateways(self) -> list[int]:
        """The gateway's process, as the guard's child or its own."""
        return [pid for pid in children(self.guard.pid) if "phone_gateway" in command(pid)]

    async def gateway(self) -> int:
        async with asyncio.timeout(STARTS_WITHIN):
            while not (found := self.gateways()):
                await asyncio.sleep(0.02)
        return found[0]

    async def rings(self, times: int = 1) -> float:
        """How long it takes until the person's phone rings."""
        began = time.monotonic()
        await self.person.got("INVITE", times, RINGS_WITHIN)
        return time.monotonic() - began


@asynccontextmanager
async def running(*more: str, **config: Any) -> AsyncIterator[Running]:
    person = await Person.open()
    sip = bound("127.0.0.1", 0)
    bounds = {"targets": [person.address]}
    inner = GuardConfig((), failover=(person.address,), bounds=bounds).encoded()
    gateway = (sys.executable, "-m", "tests.chaos.phone_gateway", *more, inner)
    given = GuardConfig(
        gateway, failover=(person.address,), bounds=bounds, **{"drain_seconds": 1.0, "patience_seconds": 60.0, **config}
    ).encoded()
    guard = subprocess.Popen([*GUARD, "--sip", str(sip.fileno()), given], pass_fds=[sip.fileno()], start_new_session=True)
    at = sip.getsockname()
    sip.close()
    made = Running(at, guard, person)
    try:
        yield made
    finally:
        for pid in (*made.gateways(), guard.pid, *processes_with(inner)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        guard.wait()
        for pid in processes_with(inner):  # what a dying guard or gateway still started
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        person.close()
        for caller in made.callers:
            caller.close()


def processes_with(words: str) -> list[int]:
    """Processes of this very test: no other has the person's port in its command."""
    marker = words.split("failover")[1][:60]
    found = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [pid for pid in found if pid != os.getpid() and marker.replace('"', "") in command(pid).replace('"', "").replace("\\", "")]


async def told_where(caller: Caller, within: float = RINGS_WITHIN) -> int:
    """The port that the caller's sound goes to now; their phone agrees."""
    while True:
        request = await caller.receive(within)
        if isinstance(request, SipRequest) and request.method == "INVITE":
            body = offer("127.0.0.1", caller.rtp.port, 1, version=1)
            caller.send(response_to(request, 200, "", (("contact", f"<sip:me@127.0.0.1:{caller.sip.port}>"), SDP), body))
            return read_offer(request.body).port


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 90))


@pytest.mark.chaos
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP, signal.SIGSEGV])
def test_a_gateway_that_dies_or_hangs_in_mid_call_leaves_its_caller_with_a_person(how: signal.Signals) -> None:
    async def test() -> None:
        async with running() as at:
            caller = await at.talking()
            await caller.listen(20)
            os.kill(await at.gateway(), how)
            assert await at.rings() < RINGS_WITHIN
            assert await told_where(caller) == at.person.rtp.port
            assert (await caller.hang_up()).status == 200
            await at.person.got("BYE")

    run(test)


@pytest.mark.chaos
def test_a_caller_who_rings_while_the_gateway_is_gone_gets_a_person_and_the_next_one_the_machine() -> None:
    async def test() -> None:
        async with running(back_off_seconds=(2.0,)) as at:
            await at.talking()
            os.kill(await at.gateway(), signal.SIGKILL)
            await at.rings()
            second = await at.caller()
            assert (await second.call()).status == 200
            assert second.media is not None and second.media.port == at.person.rtp.port
            async with asyncio.timeout(STARTS_WITHIN):
                while (third := await at.talking()).media.port == at.person.rtp.port:  # type: ignore[union-attr]
                    await third.hang_up()
                    await asyncio.sleep(0.5)
            assert (await second.hang_up()).status == 200  # read by the gateway, and done by the guard
            await at.person.got("BYE")

    run(test)


@pytest.mark.chaos
def test_an_assistant_that_is_down_at_the_start_leaves_callers_to_people() -> None:
    async def test() -> None:
        async with running("--broken") as at:
            caller = await at.caller()
            began = time.monotonic()
            await at.open()
            assert (await caller.call()).status == 200
            assert caller.media is not None and caller.media.port == at.person.rtp.port
            assert time.monotonic() - began < STARTS_WITHIN

    run(test)


@pytest.mark.chaos
def test_a_guard_that_dies_changes_nothing_for_the_caller_and_is_replaced() -> None:
    async def test() -> None:
        async with running() as at:
            caller = await at.talking()
            gateway = await at.gateway()
            at.guard.kill()
            at.guard.wait()
            await caller.listen(50)  # a second of what the machine says
            async with asyncio.timeout(STARTS_WITHIN):
                while not any("telephony.guard" in command(pid) for pid in children(gateway)):
                    await asyncio.sleep(0.02)
            await asyncio.sleep(1.5)  # the new guard loads
            os.kill(gateway, signal.SIGKILL)
            assert await at.rings() < RINGS_WITHIN
            assert await told_where(caller) == at.person.rtp.port

    run(test)


HOUSE = """
import http.server
class House(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *more): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), House)
print(server.server_port, flush=True)
server.serve_forever()
"""


@pytest.mark.chaos
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_web_server_that_dies_or_stalls_in_mid_call_leaves_its_caller_with_a_person(how: signal.Signals) -> None:
    async def test() -> None:
        house = subprocess.Popen([sys.executable, "-c", HOUSE], stdout=subprocess.PIPE, text=True)
        try:
            assert house.stdout is not None
            port = int(house.stdout.readline())
            async with running("--house", f"http://127.0.0.1:{port}") as at:
                caller = await at.talking()
                await asyncio.sleep(1.0)  # the watch has seen it alive
                assert at.person.methods() == []
                house.send_signal(how)
                assert await at.rings() < RINGS_WITHIN
                await caller.hang_up()
        finally:
            house.kill()
            house.wait()
            assert house.stdout is not None
            house.stdout.close()

    run(test)


@pytest.mark.chaos
def test_a_caller_who_has_only_the_assistant_gets_a_person_when_the_phone_is_stopped_and_nothing_of_ours_is_left() -> None:
    async def test() -> None:
        async with running() as at:
            caller = await at.talking()
            gateway = await at.gateway()
            at.guard.terminate()
            await at.person.got("ACK")
            while not isinstance(request := await caller.receive(6.0), SipRequest) or request.method != "INVITE":
                assert not isinstance(request, SipRequest) or request.method != "BYE", "nobody is cut off"
            assert await asyncio.to_thread(at.guard.wait, 10) == 0
            assert command(gateway) == ""
            assert "BYE" not in at.person.methods()

    run(test)


@pytest.mark.chaos
def test_a_caller_who_talks_with_a_person_goes_on_when_the_phone_is_stopped() -> None:
    async def test() -> None:
        async with running() as at:
            caller = await at.talking()
            await caller.listen(150)
            caller.press("0")
            await at.person.got("ACK")
            at.guard.terminate()
            while not isinstance(request := await caller.receive(6.0), SipRequest) or request.method != "INVITE":
                continue  # until the guard asks the caller's phone where its sound is to go from now on
            assert "BYE" not in at.person.methods()
            assert await asyncio.to_thread(at.guard.wait, 10) == 0

    run(test)


VOICE = """#!/bin/sh
# speaks until the folder says that it was killed
[ -e "$(dirname "$0")/killed" ] && kill -9 $$
exec espeak-ng "$@"
"""


@pytest.mark.chaos
def test_a_voice_that_is_killed_in_mid_call_leaves_its_caller_with_a_person(tmp_path: Path) -> None:
    need("espeak-ng")
    voice = tmp_path / "voice"
    voice.write_text(VOICE, "ascii")
    voice.chmod(0o755)

    async def test() -> None:
        async with running("--voice", str(voice)) as at:
            caller = await at.talking()
            await caller.listen(150)  # past the notice, into what is asked
            (tmp_path / "killed").touch()
            caller.press("1")  # to nothing that is known
            speak = asyncio.create_task(says(caller, 1.0))
            await at.person.got("INVITE", 1, RINGS_WITHIN + 1.0)  # a second of which the caller speaks
            await speak
            assert (await caller.hang_up()).status == 200

    run(test)


@pytest.mark.chaos
def test_ears_that_are_killed_leave_their_caller_the_keys_and_a_person_on_nought() -> None:
    async def test() -> None:
        async with running("--deaf") as at:
            caller = await at.talking()
            await caller.listen(150)
            await says(caller, 1.0)  # whoever speaks is told to use the keys
            assert at.person.methods() == []
            caller.press("0")
            assert await at.rings() < RINGS_WITHIN
            assert (await caller.hang_up()).status == 200

    run(test)


async def says(caller: Caller, seconds: float) -> None:
    """The caller speaks, and then says nothing for as long as ends what they say."""
    tone = (8000 * np.sin(np.arange(160) * 2 * np.pi * 300 / 8000)).astype(np.int16)
    for frame in range(int((seconds + 1.0) / 0.02)):
        caller.say(tone if frame < seconds / 0.02 else np.zeros(160, np.int16))
        await asyncio.sleep(0.02)
