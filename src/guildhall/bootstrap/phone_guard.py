"""Starts the phone: a guard that holds the SIP socket, with the gateway as its child."""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final, NoReturn

from guildhall.bootstrap.phone_lines import bounds_of, failover_of
from guildhall.councils.loading import load_council
from guildhall.providers.telephony.guard.config import GuardConfig
from guildhall.providers.telephony.guard.link import GUARD
from guildhall.providers.telephony.guard.starting import STOP
from guildhall.providers.telephony.sip.shared_socket import bound
from guildhall.settings import Settings
from guildhall.vocabulary.errors import GuildhallError

GATEWAY: Final = (sys.executable, "-m", "guildhall.bootstrap.phone_gateway")
STAND_BY_SECONDS: Final = 0.5
STOPS_WITHIN_SECONDS: Final = 5.0


class PortTakenError(GuildhallError):
    """Something else answers calls on the port."""


def open_sip(settings: Settings) -> socket.socket:
    """The socket that calls come in on. Raises GuildhallError saying what would be right."""
    host, port = settings.phone_host, settings.phone_port
    try:
        return bound(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(
                f"UDP port {port} is already in use on {host}: something else answers calls there. Stop it, or choose another port with "
                "GUILDHALL_PHONE_PORT (such as 5160)."
            ) from None
        if error.errno == errno.EACCES:
            why, fix = f"UDP port {port} may not be opened by this account.", "Choose one above 1023 with GUILDHALL_PHONE_PORT."
        else:
            why, fix = f"calls cannot come in on {host} port {port}: {error.strerror or error}.", "Check GUILDHALL_PHONE_HOST."
        raise GuildhallError(f"{why} {fix}") from None


def ring_at(sip: socket.socket) -> str:
    """What to dial."""
    host, port = sip.getsockname()[:2]
    return f"sip:council@{host}:{port}"


def house_url(settings: Settings) -> str:
    """Where the web server is, seen from the phone."""
    host = settings.host if settings.host not in ("0.0.0.0", "::", "localhost") else "127.0.0.1"
    return settings.phone_house_url or f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def guard_config(settings: Settings, council: str, house: str = "") -> GuardConfig:
    """What a guard has to know. Raises GuildhallError when the phone cannot be answered as things are configured."""
    slug = council or settings.council
    phone = load_council(settings.councils_dir, slug, settings.data_dir / "cache" / "yaml").phone
    if not phone.serves:
        raise GuildhallError(f"the council `{slug}` has no phone: its phone.yaml lacks menus or the line `failover`.")
    bounds, failover = bounds_of(settings, phone), failover_of(settings, phone)
    assert failover is not None
    return GuardConfig(
        gateway=(*GATEWAY, "--council", slug, "--house", house or house_url(settings)),
        bounds={name: list(value) if isinstance(value, frozenset | tuple) else value for name, value in asdict(bounds).items()},
        failover=(failover.address,),
        ring_seconds=failover.ring_seconds,
        hang_seconds=settings.phone_hang_seconds,
        drain_seconds=settings.phone_drain_seconds,
        pid_file=str(pid_file(settings)),
    )


def pid_file(settings: Settings) -> Path:
    """Where the guard in charge writes its process."""
    return settings.data_dir.resolve() / "phone" / f"guard-{settings.phone_port}.pid"


def stand_by(settings: Settings, told: Callable[[], None]) -> socket.socket:
    """The socket, as soon as nobody else has it. A guard that a service manager started waits here while the calls of the one before it go on."""
    told_already = False
    while True:
        try:
            return open_sip(settings)
        except PortTakenError:
            if not told_already:
                told_already = True
                signal.signal(signal.SIGTERM, lambda *_: _stop_all(settings))
                told()
            time.sleep(STAND_BY_SECONDS)


def _stop_all(settings: Settings) -> None:
    """Whoever stops the one that stands by means the one in charge too."""
    with suppress(OSError, ValueError):
        os.kill(int(pid_file(settings).read_text("ascii")), signal.SIGTERM)
    sys.exit(0)


def become_guard(sip: socket.socket | None, config: GuardConfig) -> NoReturn:
    """This process is the guard from now on, and nothing else of it is left."""
    words = []
    if sip is not None:
        sip.set_inheritable(True)
        words = ["--sip", str(sip.fileno())]
    os.execv(GUARD[0], [*GUARD, *words, config.encoded()])


class GuardProcess:
    """A guard beside the web server, which leaves with it."""

    def __init__(self, sip: socket.socket | None, config: GuardConfig) -> None:
        reads, self._pipe = os.pipe()
        files = {"--parent": reads} | ({"--sip": sip.fileno()} if sip is not None else {})
        words = [word for name, number in files.items() for word in (name, str(number))]
        self._process = subprocess.Popen(
            [*GUARD, *words, config.encoded()], pass_fds=list(files.values()), stdin=subprocess.DEVNULL, start_new_session=True
        )
        os.close(reads)
        if sip is not None:
            sip.close()

        self.leaving = False

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it is still there."""
        return self._process.poll() is None

    @property
    def left_in_order(self) -> bool:
        """Whether it went because it was told to."""
        return self._process.poll() == 0

    def leave(self) -> None:
        """No more calls; those that run may end within the deadline."""
        self.leaving = True
        with suppress(OSError):
            os.write(self._pipe, STOP)

    def wait(self, seconds: float | None) -> bool:
        """Whether it has gone by then."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self, seconds: float) -> None:
        """Gone by then, or at once."""
        if not self.leaving:
            self.leave()
        if not self.wait(seconds):
            self._process.terminate()  # told a second time, it goes at once
            self.wait(STOPS_WITHIN_SECONDS)
        os.close(self._pipe)
