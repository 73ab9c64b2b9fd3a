"""What the phone needs on this machine, looked at piece by piece: what is there, what is missing, and what to do about it."""

import http.client
import importlib.util
import shutil
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from guildhall.bootstrap.phone_guard import PortTakenError, house_url, open_sip
from guildhall.bootstrap.phone_lines import bounds_of, failover_of
from guildhall.bootstrap.phone_offers import offered_here
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.providers.speech.offered import Offer
from guildhall.providers.telephony.sip.gateway import OpenToAllError, refuse_strangers
from guildhall.providers.telephony.sip.peers import Peers
from guildhall.records.retention import Covers
from guildhall.settings import Settings
from guildhall.vocabulary.errors import GuildhallError

ANSWERS_WITHIN_SECONDS: Final = 1.5
OPTIONS: Final = (
    "OPTIONS sip:council@{host} SIP/2.0\r\nVia: SIP/2.0/UDP {host}:{port};branch=z9hG4bKcheck{port};rport\r\nMax-Forwards: 5\r\n"
    "From: <sip:check@{host}>;tag=check\r\nTo: <sip:council@{host}>\r\nCall-ID: check-{port}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
)


class State(StrEnum):
    """How something stands."""

    GOOD = "good"
    NOTE = "note"
    """Calls are answered without it, less well."""
    WRONG = "wrong"
    """Calls are not answered, or leave callers alone."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `fix` says what would be right."""

    what: str
    state: State
    found: str
    fix: str = ""


def check_phone(settings: Settings, council: str) -> list[Finding]:
    """Everything, in the order in which a call needs it."""
    slug = council or settings.council
    try:
        profile = load_council(settings.councils_dir, slug, settings.data_dir / "cache" / "yaml")
    except GuildhallError as error:
        return [Finding("Council", State.WRONG, str(error), f"Try `guildhall council check {slug}`.")]
    return [
        *_lines(settings, profile),
        *_socket(settings, profile),
        *_house(settings),
        *_speech(),
        *_languages(settings, profile),
        *_recording(profile),
    ]


def _lines(settings: Settings, profile: CouncilProfile) -> Iterator[Finding]:
    phone = profile.phone
    if not phone.menus:
        yield Finding("Menus", State.WRONG, "phone.yaml has none", "Callers whose words cannot be heard need them: docs/howto/phone.md.")
    else:
        yield Finding("Menus", State.GOOD, f"{len(phone.menus)}, with {len(phone.lines)} lines that may be dialled")
    failover = failover_of(settings, phone)
    if failover is None:
        yield Finding("Failover", State.WRONG, "nobody is rung when something fails", "Give phone.yaml a line `failover`.")
    else:
        yield Finding("Failover", State.GOOD, f"{failover.address}, for {failover.ring_seconds:.0f} seconds at a time")
    for name, line in (("Duty line", phone.duty), ("Payment line", phone.payment)):
        if not line:
            yield Finding(name, State.NOTE, "none", f"Give phone.yaml a line `{name.split()[0].lower()}`.")


def _socket(settings: Settings, profile: CouncilProfile) -> Iterator[Finding]:
    if settings.phone_gateway != "embedded":
        yield Finding("Gateway", State.GOOD, f"{settings.phone_gateway}: others carry the calls")
        return
    try:
        bounds = bounds_of(settings, profile.phone)
        peers = Peers(bounds.peers)
        refuse_strangers(settings.phone_host, peers.loopback_only)
    except OpenToAllError as error:
        yield Finding("Peers", State.WRONG, str(error), "Set GUILDHALL_PHONE_PEERS.")
        return
    except GuildhallError as error:
        yield Finding("Phone", State.WRONG, str(error))
        return
    yield Finding("Peers", State.GOOD, ", ".join(sorted(bounds.peers)) + ": nobody else is answered")
    for name in peers.names:
        if not _has_address(name):
            yield Finding("Peers", State.NOTE, f"`{name}` cannot be looked up: nothing comes from there, and nobody is rung there")
    yield Finding("Trunk", State.GOOD, f"{bounds.trunk or 'none'}, for calls to advisers")
    at = f"{settings.phone_host} UDP {settings.phone_port}"
    try:
        open_sip(settings).close()
    except PortTakenError:
        if _answers(settings):
            yield Finding("Phone", State.GOOD, f"answers at {at}")
        else:
            yield Finding("Phone", State.WRONG, f"something has {at} that answers no SIP", "Stop it, or set GUILDHALL_PHONE_PORT.")
    except GuildhallError as error:
        yield Finding("Phone", State.WRONG, str(error))
    else:
        yield Finding(
            "Phone", State.NOTE, f"{at} is free: the phone is not answered now", "Start `guildhall serve` or `guildhall phone serve`."
        )


def _has_address(name: str) -> bool:
    """Whether a host name can be looked up."""
    with suppress(OSError):
        return bool(socket.getaddrinfo(name, None, type=socket.SOCK_DGRAM))
    return False


def _answers(settings: Settings) -> bool:
    """Whether OPTIONS get an answer there."""
    family = socket.AF_INET6 if ":" in settings.phone_host else socket.AF_INET
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asks:
        asks.settimeout(ANSWERS_WITHIN_SECONDS)
        asks.connect((settings.phone_host, settings.phone_port))
        asks.send(OPTIONS.format(host=settings.phone_host, port=asks.getsockname()[1]).encode())
        return asks.recv(4096).startswith(b"SIP/2.0")
    return False


def _house(settings: Settings) -> Iterator[Finding]:
    url = house_url(settings)
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=ANSWERS_WITHIN_SECONDS)
    try:
        connection.request("GET", "/health/live")
        lives = connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        lives = False
    finally:
        connection.close()
    if lives:
        yield Finding("Web server", State.GOOD, f"answers at {url}")
    else:
        fix = "Start `guildhall serve`, or set GUILDHALL_PHONE_HOUSE_URL. Until then every caller goes to the failover line."
        yield Finding("Web server", State.NOTE, f"does not answer at {url}", fix)


def _speech() -> Iterator[Finding]:
    if shutil.which("espeak-ng"):
        yield Finding("Voice", State.GOOD, "espeak-ng")
    else:
        yield Finding("Voice", State.NOTE, "espeak-ng is not installed", "`apt-get install espeak-ng`, or name a speech service.")
    if importlib.util.find_spec("pocketsphinx"):
        yield Finding("Hearing", State.GOOD, "pocketsphinx, for the words of menus")
    else:
        yield Finding("Hearing", State.NOTE, "pocketsphinx is not installed: keys only", "Install Guildhall from its lock file.")


LACKS: Final = {
    Offer.PERSON: "Record what `guildhall phone prompts list {language}` prints: docs/howto/phone.md.",
    Offer.GREETED: "Give every option of the menus a `label` and an `ask` in {language}: docs/howto/phone-menus.md.",
}
"""What helps a language that the assistant cannot serve."""


def _languages(settings: Settings, profile: CouncilProfile) -> Iterator[Finding]:
    try:
        offered = offered_here(settings, profile)
    except GuildhallError as error:
        yield Finding("Speech services", State.WRONG, str(error))
        return
    yield Finding("Speech services", State.GOOD, ", ".join(offered.suppliers) or "none outside this machine")
    for one in offered.languages:
        fix = LACKS.get(one.offer, "").format(language=one.language)
        state = State.NOTE if fix else State.GOOD
        yield Finding(f"Language {one.language}", state, f"{one.offer.value}: {one.why}", fix)
    for language, problems in offered.problems.items():
        for problem in problems:
            yield Finding(f"Recordings {language}", State.NOTE, f"{problem.file}: {problem.wrong}", problem.right)


def _recording(profile: CouncilProfile) -> Iterator[Finding]:
    recording = profile.phone.recording
    yield Finding("Recording", State.GOOD, "on, with its notice" if recording.on else "off")
    _, schedule = profile.retention.of(Covers.CALL_TRANSCRIPTS)
    kept = f"kept for {schedule.days} days" if profile.phone.transcript.on else "not kept: erased by the next retention run after a call"
    yield Finding("Transcript", State.GOOD, kept)
