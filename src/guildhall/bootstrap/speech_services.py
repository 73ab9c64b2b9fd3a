"""Which speech services the settings name, for which languages, and whether the council lets them hear and speak.

Whatever is not registered by name in the council's phone.yaml does not start: a caller's voice goes nowhere by a setting alone.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from guildhall.councils.speech_registration import SpeechSection
from guildhall.settings import Settings
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.languages import Language

Does = Literal["hears", "speaks"]
HEAR: Final = ("openai", "openai-realtime", "azure", "deepgram")
SPEAK: Final = ("openai", "azure", "deepgram")
SETTING: Final[dict[Does, str]] = {"hears": "GUILDHALL_SPEECH_HEARS", "speaks": "GUILDHALL_SPEECH_SPEAKS"}
CLOUD: Final = (
    "api.openai.com",
    "api.deepgram.com",
    ".speech.microsoft.com",
    ".speech.azure.us",
    ".azure.com",
    ".deepgram.com",
    ".openai.com",
)


@dataclass(frozen=True, slots=True)
class Named:
    """A service that the settings name, and its languages."""

    name: str
    languages: frozenset[str]
    on_premises: bool = False
    hosts: tuple[str, ...] = ()
    """The registered supplier's."""


def named_services(written: str, does: Does) -> tuple[Named, ...]:
    """The services of a setting, best first. Raises ConfigurationError for what it cannot mean."""
    known = HEAR if does == "hears" else SPEAK
    found: list[Named] = []
    for part in written.split():
        name, equals, listed = part.partition("=")
        languages = listed.split(",") if equals else ["en"]
        if name not in known:
            raise _setting(f"`{name}` is no service that {does}.", does, f"Use {', '.join(known)}; embedded speech is always there.")
        if unknown := [code for code in languages if code not in set(Language)]:
            raise _setting(f"`{unknown[0]}` in `{part}` is no language.", does, f"Use {', '.join(Language)} with commas between.")
        if name in [one.name for one in found]:
            raise _setting(f"`{name}` is named twice.", does, f"Name it once, with all its languages: {name}=en,pl.")
        found.append(Named(name, frozenset(languages)))
    return tuple(found)


def voices_of(written: str, setting: str) -> dict[str, str]:
    """Language to voice. Raises ConfigurationError."""
    found: dict[str, str] = {}
    for part in written.split():
        code, _, voice = part.partition("=")
        if not voice or (code != "*" and code not in set(Language)):
            raise ConfigurationError(f"`{part}` names no voice for a language.", file=setting, fix="Write en=NAME, with spaces between.")
        found[code] = voice
    return found


def admitted(named: Sequence[Named], does: Does, section: SpeechSection, file: Path) -> tuple[Named, ...]:
    """The same services, each with the council's yes. Raises ConfigurationError for the first without."""
    return tuple(_admit(one, does, section, file) for one in named)


def _admit(one: Named, does: Does, section: SpeechSection, file: Path) -> Named:
    if one.name in section.on_premises:
        return Named(one.name, one.languages, on_premises=True)
    supplier = section.suppliers.get(one.name)
    gets = "callers' voices" if does == "hears" else "what is said to callers"
    if supplier is None:
        what = f"{SETTING[does]} sends {gets} to `{one.name}`, which the council has not registered."
        fix = (
            f"Add it under `speech.suppliers` with does: [{does}], hosts, purpose, lawful_basis, region, contract, dpia, approved_by and approved_on; "
            "or under `speech.on_premises` with reason and confirmed_by, if it runs in your own rooms; or take it out of the setting."
        )
        raise ConfigurationError(what, file=file, key=f"speech.suppliers.{one.name}", fix=fix)
    if does not in supplier.does:
        what = f"{SETTING[does]} names `{one.name}`, which is registered for {' and '.join(supplier.does)} only."
        fix = f"Add `{does}` if the assessment {supplier.dpia} covers it, or take it out of the setting."
        raise ConfigurationError(what, file=file, key=f"speech.suppliers.{one.name}.does", fix=fix)
    return Named(one.name, one.languages, hosts=supplier.hosts)


def check_address(address: str, one: Named, setting: str) -> str:
    """The address, if sound may go there this way. Raises ConfigurationError."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme not in ("https", "wss", "http", "ws") or not host:
        raise ConfigurationError(
            f"`{address}` is no address of a service.", file=setting, fix="Give one such as https://speech.example/v1."
        )
    if one.on_premises:
        if host.endswith(CLOUD) or host in CLOUD or _public(host):
            what = f"`{one.name}` is registered as running in the council's own rooms, and its address is {host}."
            raise ConfigurationError(
                what, file=setting, fix="Give the address of your own server, or register it under `speech.suppliers`."
            )
    elif host not in one.hosts:
        what = f"sound or words would go to {host}, and the registration of `{one.name}` names {', '.join(one.hosts)} only."
        fix = "Give an address there; or have the council add the host to `speech.suppliers` in phone.yaml, if contract and assessment cover it."
        raise ConfigurationError(what, file=setting, fix=fix)
    elif parts.scheme in ("http", "ws") and not _loopback(host):
        raise ConfigurationError(f"sound would go to {host} unencrypted.", file=setting, fix="Give an https:// or wss:// address.")
    return address


def _public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _setting(what: str, does: Does, fix: str) -> ConfigurationError:
    return ConfigurationError(what, file=SETTING[does], fix=fix)


def services_of(settings: Settings, section: SpeechSection, file: Path) -> tuple[tuple[Named, ...], tuple[Named, ...]]:
    """Who hears and who speaks, all admitted. Raises ConfigurationError."""
    hears = admitted(named_services(settings.speech_hears, "hears"), "hears", section, file)
    speaks = admitted(named_services(settings.speech_speaks, "speaks"), "speaks", section, file)
    return hears, speaks
