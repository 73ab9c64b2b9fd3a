"""The whole phone as it is deployed: a web server, a guard with its gateway in processes of their own, and SIP phones on loopback."""

import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import select

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.phone_guard import GuardProcess, guard_config, open_sip, pid_file
from guildhall.bootstrap.phone_kept import KeptPhone
from guildhall.settings import Settings
from guildhall.storage.schema import events
from guildhall.web.app import create_app
from tests.phone.calling import open_house
from tests.processes import children, command

STARTS_WITHIN = 60.0
COUNCILS = Path(__file__).parents[2] / "councils"
OPTIONS = (
    "OPTIONS sip:council@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{port}{n};rport\r\nMax-Forwards: 5\r\n"
    "From: <sip:check@127.0.0.1>;tag=c\r\nTo: <sip:council@127.0.0.1>\r\nCall-ID: {port}-{n}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
)


@dataclass
class Whole:
    """A running phone. `at` is where it is rung."""

    at: tuple[str, int]
    guildhall: Guildhall
    guard: KeptPhone

    def gateway(self) -> int:
        """The process that carries the calls."""
        return next(pid for pid in children(self.guard.pid) if "phone_gateway" in command(pid))

    def recorded(self, kind: str = "") -> list[dict[str, Any]]:
        """The facts of the events in the record, oldest first."""
        with self.guildhall.database.reading() as connection:
            rows = connection.execute(select(events.c.kind, events.c.facts).order_by(events.c.at)).all()
        return [json.loads(row.facts) if isinstance(row.facts, str) else dict(row.facts) for row in rows if kind in ("", row.kind)]


@contextmanager
def whole(folder: Path, person_port: int, **more: Any) -> Iterator[Whole]:
    """Everything runs, and a gateway answers."""
    guildhall = open_house(folder)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        web = uvicorn.Server(uvicorn.Config(create_app(guildhall), log_level="error", lifespan="off", timeout_graceful_shutdown=1))
        serving = threading.Thread(target=web.run, kwargs={"sockets": [listening]}, daemon=True)
        serving.start()
        settings = Settings(data_dir=folder, councils_dir=COUNCILS, phone_port=0, phone_trunk=f"127.0.0.1:{person_port}", **more)
        config = guard_config(settings, "avonmere", f"http://127.0.0.1:{listening.getsockname()[1]}")
        given = {name: str(getattr(settings, name.lower().removeprefix("guildhall_"))) for name in PASSED}
        config = type(config)(**{**fields_of(config), "environment": given, "patience_seconds": STARTS_WITHIN, "drain_seconds": 1.0})
        sip = open_sip(settings)
        at = sip.getsockname()[:2]
        fixed = settings.model_copy(update={"phone_port": at[1]})
        guard = KeptPhone(GuardProcess(sip, config), lambda: open_sip(fixed), lambda sip: GuardProcess(sip, config), pid_file(settings))
        try:
            until_answered(at)
            yield Whole(at, guildhall, guard)
        finally:
            guard.stop(10)
            web.should_exit = True
            serving.join()
            guildhall.close()


PASSED = ("GUILDHALL_DATA_DIR", "GUILDHALL_COUNCILS_DIR", "GUILDHALL_PHONE_TRUNK")


def fields_of(config: Any) -> dict[str, Any]:
    return {name: getattr(config, name) for name in config.__dataclass_fields__}


def until_answered(at: tuple[str, int]) -> None:
    """Until OPTIONS get an answer."""
    ends = time.monotonic() + STARTS_WITHIN
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asks:
        asks.bind(("127.0.0.1", 0))
        asks.settimeout(1.0)
        for n in range(int(STARTS_WITHIN)):
            asks.sendto(OPTIONS.format(port=asks.getsockname()[1], n=n).encode(), at)
            with suppress(TimeoutError):
                assert asks.recv(4000).startswith(b"SIP/2.0 200")
                return
            assert time.monotonic() < ends, "no gateway answers"


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def sipp(at: tuple[str, int], scenario: Path, folder: Path, seconds: int) -> "subprocess.CompletedProcess[str]":
    """One call as the scenario has it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["sipp", f"{at[0]}:{at[1]}", "-sf", str(scenario), "-s", "council", "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", str(port)]
    words += ["-m", "1", "-nostdin", "-timeout", str(seconds), "-timeout_error", "-trace_err"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=seconds + 20, check=False)
