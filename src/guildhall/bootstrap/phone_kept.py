"""Keeps the phone answered beside a web server: where a guard and its gateway are both dead, both are started again.

Each of the two starts the other again by itself. Only who started them can help when the system killed both, as it may when memory is out.
"""

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from guildhall.bootstrap.phone_guard import GuardProcess
from guildhall.vocabulary.errors import GuildhallError

LOOKS_EVERY_SECONDS: Final = 0.25
LOOKS: Final = 8
"""So many looks in a row find nobody before a guard is started where no socket shows it: a gateway is given time to start its guard."""

log = structlog.get_logger(__name__)


class KeptPhone:
    """A guard beside the web server, and the one after it. `opens` gives the SIP socket, or None where others carry the calls.

    `opens` raises GuildhallError while the port is taken: then a gateway still has it, and starts a guard of its own.
    """

    def __init__(self, guard: GuardProcess, opens: Callable[[], socket.socket | None], starts: Callable[[socket.socket | None], GuardProcess],
                 pid_file: Path) -> None:  # fmt: skip
        self._guard, self._opens, self._starts, self._pid_file = guard, opens, starts, pid_file
        self._ended, self._changing = threading.Event(), threading.Lock()
        self._watching = threading.Thread(target=self._watch, name="phone-kept", daemon=True)
        self._watching.start()

    @property
    def pid(self) -> int:
        """The process of the guard that was started last."""
        return self._guard.pid

    @property
    def running(self) -> bool:
        """Whether that guard is still there."""
        return self._guard.running

    @property
    def leaving(self) -> bool:
        """Whether it was told to take no more calls."""
        return self._guard.leaving

    def leave(self) -> None:
        """No more calls, and no other guard; those that run may end within the deadline."""
        with self._changing:
            self._ended.set()
            self._guard.leave()

    def wait(self, seconds: float | None) -> bool:
        """Whether it has gone by then."""
        return self._guard.wait(seconds)

    def stop(self, seconds: float) -> None:
        """Gone by then, or at once."""
        with self._changing:
            self._ended.set()
            self._guard.stop(seconds)

    def _watch(self) -> None:
        absent = 0
        while not self._ended.wait(LOOKS_EVERY_SECONDS) and not self._guard.left_in_order:
            absent = 0 if self._guard.running or in_charge(self._pid_file) else absent + 1
            if absent:
                with self._changing:
                    absent = 0 if self._ended.is_set() or self._again(absent) else absent

    def _again(self, absent: int) -> bool:
        """Whether a guard was started."""
        try:
            sip = self._opens()
        except GuildhallError:
            return False
        if sip is None and absent < LOOKS:
            return False
        self._guard.stop(0)
        self._guard = self._starts(sip)
        log.error("phone_started_again", guard=self._guard.pid)
        return True


def in_charge(pid_file: Path) -> bool:
    """Whether the guard that wrote itself down last still runs."""
    try:
        os.kill(int(pid_file.read_text("ascii")), 0)
    except (OSError, ValueError):
        return False
    return True
