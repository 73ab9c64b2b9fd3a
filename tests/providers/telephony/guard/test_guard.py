"""The guard with real processes: whichever of them is killed, the next datagram is answered, and the right one answers it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from guildhall.providers.telephony.guard.config import GuardConfig

GATEWAY = (sys.executable, "-m", "tests.providers.telephony.guard.small_gateway")
GUARD = (sys.executable, "-m", "tests.providers.telephony.guard.small_guard")
WITHIN = 3.0


@dataclass
class Guarded:
    """A guard and its gateway, from outside."""

    process: "subprocess.Popen[bytes]"
    at: tuple[str, int]
    parent: int | None = None

    def ask(self, words: bytes = b"who", within: float = 0.3) -> list[str]:
        """Who answers; nobody gives an empty list."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
            caller.settimeout(within)
            caller.sendto(words, self.at)
            try:
                return caller.recv(2000).decode().split()
            except TimeoutError:
                return []

    def until(self, right: Callable[[list[str]], bool], within: float = WITHIN, words: bytes = b"who") -> list[str]:
        """The first answer that is right."""
        ends, answer = time.monotonic() + within, list[str]()
        while time.monotonic() < ends:
            answer = self.ask(words)
            if right(answer):
                return answer
            time.sleep(0.02)
        raise AssertionError(f"the last answer within {within} s was {answer}")


@pytest.fixture
def start() -> Iterator[Callable[..., Guarded]]:
    started: list[tuple[Guarded, socket.socket]] = []

    def begin(gateway: tuple[str, ...] = GATEWAY, parent: bool = False, **config: object) -> Guarded:
        sip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sip.bind(("127.0.0.1", 0))
        at = sip.getsockname()
        given = GuardConfig(gateway, **{"back_off_seconds": (0.0, 0.2), "drain_seconds": 2.0, **config})  # type: ignore[arg-type]
        reads, writes = os.pipe() if parent else (None, None)
        more = ["--parent", str(reads)] if reads is not None else []
        process = subprocess.Popen(
            [*GUARD, "--sip", str(sip.fileno()), *more, given.encoded()],
            pass_fds=[sip.fileno(), *([reads] if reads is not None else [])],
            start_new_session=True,
        )
        if reads is not None:
            os.close(reads)
        guarded = Guarded(process, at, writes)
        started.append((guarded, sip))
        sip.close()
        return guarded

    yield begin
    for guarded, _ in started:
        for _ in range(50):
            answer = guarded.ask(within=0.05)
            if answer:
                with suppress(ProcessLookupError):
                    os.kill(int(answer[1]), signal.SIGKILL)
            guarded.process.kill()
            guarded.process.wait()
            if guarded.ask(within=0.05) == []:
                break


def by_gateway(answer: list[str]) -> bool:
    return answer[:1] == ["GATEWAY"]


def by_guard(answer: list[str]) -> bool:
    return answer[:1] == ["GUARD"]


def test_a_gateway_that_dies_leaves_its_call_to_the_guard_and_is_started_again(start: Callable[..., Guarded]) -> None:
    guarded = start(back_off_seconds=(1.0,))
    first = guarded.until(by_gateway, 15)
    guarded.ask(b"die")
    assert guarded.until(by_guard)[2] == "1"  # the one call it had
    second = guarded.until(by_gateway, 15)
    assert second[1] != first[1]
    assert by_guard(guarded.ask(b"one", 2))  # the gateway passes on what belongs to the guard's call


@pytest.mark.parametrize("how", ["asleep", "stopped"])
def test_a_gateway_that_hangs_is_killed_and_its_call_taken(start: Callable[..., Guarded], how: str) -> None:
    guarded = start(back_off_seconds=(2.0,))
    pid = int(guarded.until(by_gateway, 15)[1])
    if how == "stopped":
        os.kill(pid, signal.SIGSTOP)
    else:
        guarded.ask(b"hang")
    assert guarded.until(by_guard)[2] == "1"
    assert ended(pid)


def test_a_guard_that_dies_is_replaced_and_the_new_one_guards(start: Callable[..., Guarded]) -> None:
    guarded = start(back_off_seconds=(1.0,))
    pid = int(guarded.until(by_gateway, 15)[1])
    guarded.process.kill()
    guarded.process.wait()
    assert int(guarded.until(by_gateway)[1]) == pid  # the call goes on
    deadline = time.monotonic() + 15
    while not children(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.0)  # the new guard imports what it needs
    os.kill(pid, signal.SIGKILL)
    answer = guarded.until(by_guard, 10)
    assert int(answer[1]) != guarded.process.pid and answer[2] == "1"
    assert int(guarded.until(by_gateway, 15)[1]) != pid


def test_while_the_gateway_cannot_start_the_guard_answers(start: Callable[..., Guarded]) -> None:
    guarded = start((*GATEWAY, "--broken"))
    answer = guarded.until(by_guard, 15)
    assert int(answer[1]) == guarded.process.pid


def test_a_guard_that_is_told_to_stop_takes_its_gateway_with_it(start: Callable[..., Guarded]) -> None:
    guarded = start()
    pid = int(guarded.until(by_gateway, 15)[1])
    guarded.process.terminate()
    assert guarded.process.wait(5) == 0
    assert ended(pid)


def test_when_the_parent_dies_callers_still_reach_somebody_and_then_everything_goes(start: Callable[..., Guarded]) -> None:
    guarded = start(parent=True, linger_seconds=0.5, drain_seconds=1.0)
    pid = int(guarded.until(by_gateway, 15)[1])
    assert guarded.parent is not None
    os.close(guarded.parent)
    assert by_gateway(guarded.ask())
    guarded.ask(b"over")
    assert guarded.process.wait(10) == 0
    assert ended(pid)


def ended(pid: int) -> bool:
    """Whether it ends in time; its parent may not have taken note of it yet."""
    ends = time.monotonic() + WITHIN
    while time.monotonic() < ends:
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
