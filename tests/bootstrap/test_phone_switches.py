"""The settings of Asterisk and of media streams: what is dialled for each line, and what is said of a setting that cannot be used."""

from typing import Any

import pytest
from pydantic import SecretStr

from guildhall.bootstrap.phone_switches import asterisk_of, gateway_behind, streams_of
from guildhall.councils.phone_config import PhoneFile, PhoneLine
from guildhall.providers.telephony.asterisk.gateway import AsteriskGateway
from guildhall.providers.telephony.streams.gateway import StreamsGateway
from guildhall.settings import Settings
from guildhall.vocabulary.errors import GuildhallError

LINES = ("01632960200", "01632960201", "sip:duty@pbx.example.gov.uk")


def settings(**given: Any) -> Settings:
    good: dict[str, Any] = {
        "phone_asterisk_password": SecretStr("a password"),
        "phone_streams_public_url": "https://phone.example.gov.uk/",
        "phone_streams_token": SecretStr("0123456789abcdef"),
    }
    return Settings(**good | given)


def test_every_line_has_what_asterisk_dials_for_it() -> None:
    config = asterisk_of(settings(phone_asterisk_targets="01632960201=PJSIP/advisers"), LINES, calls=7)
    assert config.targets == {
        "01632960200": "PJSIP/01632960200@trunk",
        "01632960201": "PJSIP/advisers",
        "sip:duty@pbx.example.gov.uk": "PJSIP/trunk/sip:duty@pbx.example.gov.uk",
    }
    assert (config.calls, config.media, config.media_port) == (7, "websocket", 8765)
    assert "a password" not in repr(config)


def test_every_line_has_what_the_supplier_dials_for_it() -> None:
    config = streams_of(settings(phone_streams_targets="01632960201=sip:a@pbx.example"), LINES, "01632960200")
    assert config.targets == {
        "01632960200": "+441632960200",
        "01632960201": "sip:a@pbx.example",
        "sip:duty@pbx.example.gov.uk": "sip:duty@pbx.example.gov.uk",
    }
    assert config.public_url == "https://phone.example.gov.uk"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"phone_asterisk_password": SecretStr("")}, "GUILDHALL_PHONE_ASTERISK_PASSWORD is empty"),
        ({"phone_asterisk_dials": "trunk"}, "GUILDHALL_PHONE_ASTERISK_DIALS is `trunk`; write"),
        ({"phone_asterisk_targets": "advisers"}, "GUILDHALL_PHONE_ASTERISK_TARGETS: 'advisers' is no target"),
        ({"phone_asterisk_targets": "01632960999=PJSIP/a"}, "names 01632960999, which is no line of phone.yaml"),
    ],
)
def test_a_setting_of_asterisk_that_cannot_be_used_is_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(GuildhallError, match=message):
        asterisk_of(settings(**given), LINES)


@pytest.mark.parametrize(
    ("given", "failover", "message"),
    [
        ({"phone_streams_public_url": ""}, LINES[0], "GUILDHALL_PHONE_STREAMS_PUBLIC_URL is ''; it must be the https address"),
        ({"phone_streams_token": SecretStr("short")}, LINES[0], "GUILDHALL_PHONE_STREAMS_TOKEN is missing or short"),
        ({"phone_streams_targets": "nobody"}, LINES[0], "GUILDHALL_PHONE_STREAMS_TARGETS: 'nobody' is no target"),
        ({"phone_streams_targets": "01632960999"}, LINES[0], "names 01632960999, which is no line of phone.yaml"),
        ({}, "", "the advisers' line is ''"),
    ],
)
def test_a_setting_of_media_streams_that_cannot_be_used_is_named(given: dict[str, Any], failover: str, message: str) -> None:
    with pytest.raises(GuildhallError, match=message):
        streams_of(settings(**given), LINES, failover)


def test_the_setting_chooses_the_gateway() -> None:
    phone = PhoneFile(lines={"advisers": PhoneLine(number="01632 960200")}, failover="advisers")
    assert gateway_behind(settings(), phone) is None
    assert isinstance(gateway_behind(settings(phone_gateway="asterisk"), phone), AsteriskGateway)
    assert isinstance(gateway_behind(settings(phone_gateway="streams"), phone), StreamsGateway)
    with pytest.raises(GuildhallError, match="the dialects are audiocodes"):
        gateway_behind(settings(phone_gateway="streams", phone_streams_dialect="smoke"), phone)
