"""The settings of the two gateways that others' switches stand behind, as the gateways want them. Only lines of phone.yaml are ever dialled."""

from collections.abc import Iterable

from guildhall.bootstrap.phone_lines import address_of, failover_of
from guildhall.channels.phone.ports import MediaGateway
from guildhall.councils.phone_config import PhoneFile
from guildhall.providers.telephony.asterisk.config import AsteriskConfig, AsteriskConfigError, read_targets
from guildhall.providers.telephony.asterisk.gateway import asterisk_gateway
from guildhall.providers.telephony.streams.config import StreamsConfig, StreamsConfigError, read_dialled
from guildhall.providers.telephony.streams.gateway import streams_gateway
from guildhall.settings import Settings
from guildhall.vocabulary.errors import GuildhallError

COUNTRY = "+44"


def gateway_behind(settings: Settings, phone: PhoneFile) -> MediaGateway | None:
    """The gateway that the settings choose, where that is not the embedded one. Raises GuildhallError naming what cannot be used."""
    failover = failover_of(settings, phone)
    addresses = {address_of(line) for line in phone.lines.values()} | ({failover.address} if failover else set())
    if settings.phone_gateway == "asterisk":
        return asterisk_gateway(asterisk_of(settings, sorted(addresses), settings.phone_calls))
    if settings.phone_gateway == "streams":
        config = streams_of(settings, sorted(addresses), failover.address if failover else "", settings.phone_calls)
        try:
            return streams_gateway(config)
        except StreamsConfigError as error:
            raise GuildhallError(str(error)) from None
    return None


def asterisk_of(settings: Settings, addresses: Iterable[str], calls: int = 100) -> AsteriskConfig:
    """How Asterisk is reached, and what it calls each line. Raises GuildhallError naming the setting that cannot be used."""
    if not settings.phone_asterisk_password.get_secret_value():
        raise GuildhallError("GUILDHALL_PHONE_ASTERISK_PASSWORD is empty; write the password of the account in Asterisk's ari.conf.")
    if "{number}" not in settings.phone_asterisk_dials or "/" not in settings.phone_asterisk_dials:
        raise GuildhallError(
            f"GUILDHALL_PHONE_ASTERISK_DIALS is `{settings.phone_asterisk_dials}`; write Asterisk's technology, {{number}} and where it is"
            " dialled, as in PJSIP/{number}@trunk."
        )
    try:
        named = read_targets(settings.phone_asterisk_targets)
    except AsteriskConfigError as error:
        raise GuildhallError(str(error)) from None
    _only_lines(named, addresses := tuple(addresses), "GUILDHALL_PHONE_ASTERISK_TARGETS")
    return AsteriskConfig(
        url=settings.phone_asterisk_url.rstrip("/"),
        username=settings.phone_asterisk_username,
        password=settings.phone_asterisk_password.get_secret_value(),
        media=settings.phone_asterisk_media,
        media_host=settings.phone_asterisk_media_host,
        media_port=settings.phone_asterisk_media_port,
        targets={address: named.get(address) or _dialled_by_asterisk(settings, address) for address in addresses},
        calling_as=settings.phone_calling_as,
        calls=calls,
    )


def _dialled_by_asterisk(settings: Settings, address: str) -> str:
    if address.startswith("sip"):
        return f"{settings.phone_asterisk_dials.partition('/')[0]}/trunk/{address}"
    return settings.phone_asterisk_dials.replace("{number}", address)


def streams_of(settings: Settings, addresses: Iterable[str], failover: str, calls: int = 100) -> StreamsConfig:
    """How the supplier reaches us, and what it dials for each line. Raises GuildhallError naming the setting that cannot be used."""
    try:
        named = read_dialled(settings.phone_streams_targets)
        _only_lines(named, addresses := tuple(addresses), "GUILDHALL_PHONE_STREAMS_TARGETS")
        return StreamsConfig(
            public_url=settings.phone_streams_public_url.rstrip("/"),
            dialect=settings.phone_streams_dialect,
            host=settings.phone_streams_host,
            port=settings.phone_streams_port,
            account=settings.phone_streams_account,
            token=settings.phone_streams_token.get_secret_value(),
            api_url=settings.phone_streams_api_url.rstrip("/"),
            targets={address: named.get(address) or _abroad(address) for address in addresses},
            advisers=failover,
            calls=calls,
        )
    except StreamsConfigError as error:
        raise GuildhallError(str(error)) from None


def _only_lines(named: Iterable[str], addresses: Iterable[str], setting: str) -> None:
    if strangers := sorted(set(named) - set(addresses)):
        raise GuildhallError(
            f"{setting} names {strangers[0]}, which is no line of phone.yaml. Add the line there first: nothing else is ever dialled."
        )


def _abroad(number: str) -> str:
    """A national number as suppliers abroad dial it."""
    return COUNTRY + number[1:] if number.startswith("0") and number.isdigit() else number
