"""`guildhall serve`: the council's front door on the web."""

import errno
import gc
import socket
import threading
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings
from guildhall.vocabulary.errors import GuildhallError

if TYPE_CHECKING:
    from guildhall.bootstrap.phone_kept import KeptPhone

SHUTDOWN_SECONDS = 3  # open streams would hold the server longer
OPEN_LATER_SECONDS = 2.0


@click.command()
@click.option("--host", default="", help="Address to listen on; the setting GUILDHALL_HOST when left out.")
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="Port to listen on; the setting GUILDHALL_PORT when left out.")
@click.option("--prepare", "prepare_first", is_flag=True, help="First make the database, index and models ready, if they are not.")
@click.option("--no-phone", is_flag=True, help="Serve the web alone, whatever the setting GUILDHALL_PHONE says.")
@council_option
@explains_errors
def serve(host: str, port: int | None, prepare_first: bool, no_phone: bool, council: str) -> None:
    """Serve the resident's page and the API, and answer the phone, until stopped."""
    settings = Settings()
    at = (host or settings.host, settings.port if port is None else port)
    listening = listen(*at)  # before anything slow: a taken port is said at once
    with listening:
        if prepare_first:
            from guildhall.bootstrap.prepare import prepare

            prepare(settings, council, echo=click.echo)
        _run(listening, at[0], council, settings, with_phone=settings.phone and not no_phone)


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address. Raises GuildhallError saying what would be right."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(256)
    except OSError as error:
        listening.close()
        raise GuildhallError(_why_not(error, host, port)) from None
    return listening


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} is already in use on {host}: stop what listens there, or choose another with --port (such as --port {port + 1})."
        )
    if error.errno == errno.EACCES:
        return f"port {port} may not be opened by this account: choose one above 1023 with --port."
    return f"cannot listen on {host} port {port}: {error.strerror}. Check --host."


def start_phone(settings: Settings, council: str, house: str) -> "KeptPhone | None":
    """What answers calls, in processes of its own. Where it cannot start, that is said and the web is served all the same."""
    from guildhall.bootstrap import phone_guard
    from guildhall.bootstrap.phone_kept import KeptPhone

    def opens() -> socket.socket | None:
        return phone_guard.open_sip(settings) if settings.phone_gateway == "embedded" else None

    def starts(sip: socket.socket | None) -> phone_guard.GuardProcess:
        return phone_guard.GuardProcess(sip, config)

    try:
        config = phone_guard.guard_config(settings, council, house)
        sip = opens()
    except GuildhallError as error:
        click.echo(f"The phone is not answered: {error} The web is served all the same.")
        return None
    if sip is not None:
        click.echo(f"The phone answers at {phone_guard.ring_at(sip)}: docs/howto/phone.md says how to ring it.")
    return KeptPhone(starts(sip), opens, starts, phone_guard.pid_file(settings))


def _run(listening: socket.socket, host: str, council: str, settings: Settings, with_phone: bool) -> None:
    import uvicorn

    from guildhall.bootstrap.desk_round import beside
    from guildhall.bootstrap.desk_ticker import DeskTicker
    from guildhall.bootstrap.gap_watch import GapWatch
    from guildhall.bootstrap.governance import CanaryWatch, folder_differs, open_office
    from guildhall.bootstrap.house import open_guildhall
    from guildhall.bootstrap.keeper import Keeper
    from guildhall.bootstrap.knowledge import open_multilingual
    from guildhall.bootstrap.learning import open_learning
    from guildhall.bootstrap.record_keeping import KeepingThread
    from guildhall.bootstrap.record_log import open_keeper
    from guildhall.bootstrap.value_daily import daily_value
    from guildhall.web.app import create_app
    from guildhall.web.threads import share_fairly

    guildhall = open_guildhall(settings, council)
    # Once the door is open, so that the first resident who does not write English need not wait two seconds for it.
    soon = threading.Timer(OPEN_LATER_SECONDS, open_multilingual(settings).open)
    soon.daemon = True
    soon.start()
    office = open_office(settings, council, guildhall.database)
    watch = CanaryWatch(office)
    watch.start()
    if differs := folder_differs(office):
        click.echo(differs)
    keeping = KeepingThread(open_keeper(settings, guildhall.database, guildhall.record))
    keeping.start()
    keeper = Keeper(guildhall.rights, before=daily_value(guildhall))
    keeper.start()
    ticker = DeskTicker(guildhall.desk, guildhall.house.clock, beside=beside(guildhall.after, guildhall.supervised))
    ticker.start()
    gaps = GapWatch(open_learning(guildhall))
    gaps.start()
    port = listening.getsockname()[1]
    name = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host
    click.echo(f"{guildhall.profile.council.name}'s front door is open at {settings.public_url or f'http://{name}:{port}'}")
    click.echo(f"The API is described at http://{name}:{port}/api/v1/openapi.json. Press Ctrl+C to stop.")
    app = create_app(guildhall)
    share_fairly()
    reached = "127.0.0.1" if host in ("0.0.0.0", "localhost") else "[::1]" if host == "::" else f"[{host}]" if ":" in host else host
    phone = start_phone(settings, council, f"http://{reached}:{port}") if with_phone else None
    gc.collect()
    gc.freeze()  # models and the council's files stay: looking through them for garbage held everybody up for a fifth of a second
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        server_header=False,
    )
    try:
        _server(uvicorn.Server, config, phone).run(sockets=[listening])
    finally:
        if phone:
            phone.stop(0)
        soon.cancel()
        watch.stop()
        keeping.stop()
        ticker.stop()
        keeper.stop()
        gaps.stop()
        guildhall.close()


def _server(kind: Any, config: Any, phone: "KeptPhone | None") -> Any:
    """A web server that goes on while callers finish: what they ask is answered here. Stopped a second time, it goes at once."""

    class Server(kind):  # type: ignore[misc]  # the web server is imported only when it is needed
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            if phone is None or not phone.running or phone.leaving:
                super().handle_exit(sig, frame)
                return
            phone.leave()
            threading.Thread(target=self._after_calls, args=(sig, frame), daemon=True).start()

        def _after_calls(self, sig: int, frame: FrameType | None) -> None:
            assert phone is not None
            if not phone.wait(1.0):
                click.echo("Callers may finish what they are at. Press Ctrl+C again to stop at once.")
                phone.wait(None)
            super().handle_exit(sig, frame)

    return Server(config)
