"""What a phone is started with: its port, its lines, whom it may hear and call."""

import socket
from pathlib import Path
from typing import Any

import pytest

from guildhall.bootstrap.phone_guard import PortTakenError, guard_config, house_url, open_sip, ring_at
from guildhall.bootstrap.phone_lines import bounds_of, failover_of, ports_of
from guildhall.councils.loading import load_council
from guildhall.providers.telephony.guard.config import GuardConfig
from guildhall.providers.telephony.guard.sip_rescue import bounds_from
from guildhall.settings import Settings
from guildhall.vocabulary.errors import GuildhallError

COUNCILS = Path(__file__).parents[2] / "councils"
PHONE = load_council(COUNCILS, "avonmere").phone


def settings(folder: Path, **more: Any) -> Settings:
    return Settings(councils_dir=COUNCILS, data_dir=folder, **more)


def test_a_taken_port_is_said_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=rf"UDP port {port} is already in use on 127\.0\.0\.1.*GUILDHALL_PHONE_PORT"):
            open_sip(settings(tmp_path, phone_port=port))


def test_an_address_of_another_machine_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GuildhallError, match=r"calls cannot come in on 192\.0\.2\.1.*GUILDHALL_PHONE_HOST"):
        open_sip(settings(tmp_path, phone_host="192.0.2.1", phone_port=0))


def test_what_to_dial_names_host_and_port(tmp_path: Path) -> None:
    with open_sip(settings(tmp_path, phone_port=0)) as sip:
        assert ring_at(sip) == f"sip:council@127.0.0.1:{sip.getsockname()[1]}"


def test_a_guard_is_told_all_it_needs_and_reads_it_back(tmp_path: Path) -> None:
    config = guard_config(settings(tmp_path, phone_hang_seconds=1.0), "avonmere")
    again = GuardConfig.decoded(config.encoded())
    assert again == GuardConfig.decoded(again.encoded())
    assert again.failover == ("01632960100",)
    assert again.hang_seconds == 1.0
    assert again.gateway[-4:] == ("--council", "avonmere", "--house", "http://127.0.0.1:8080")
    assert bounds_from(again) == bounds_of(settings(tmp_path), PHONE)


def test_a_guard_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="does not know sockets"):
        GuardConfig.decoded('{"gateway": [], "sockets": 1}')


def test_only_the_councils_lines_and_the_failover_may_be_called(tmp_path: Path) -> None:
    bounds = bounds_of(settings(tmp_path, phone_failover="sip:people@127.0.0.1:5080"), PHONE)
    assert bounds.targets == {line.number.replace(" ", "") for line in PHONE.lines.values()} | {"sip:people@127.0.0.1:5080"}


def test_the_deployments_failover_goes_before_the_councils(tmp_path: Path) -> None:
    councils, deployments = failover_of(settings(tmp_path), PHONE), failover_of(settings(tmp_path, phone_failover="01632 960999"), PHONE)
    assert councils is not None and councils.address == "01632960100"
    assert deployments is not None and deployments.address == "01632 960999"


def test_the_trunk_may_be_heard_and_nobody_else_who_is_not_listed(tmp_path: Path) -> None:
    bounds = bounds_of(settings(tmp_path, phone_trunk="192.0.2.20:5060", phone_peers="192.0.2.32/28 sbc.example.gov.uk"), PHONE)
    assert bounds.peers == {"127.0.0.1", "192.0.2.20", "192.0.2.32/28", "sbc.example.gov.uk"}


@pytest.mark.parametrize("text", ["10000", "10400-10000", "80-90", "a-b"])
def test_ports_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(GuildhallError, match="as in 10000-10400"):
        ports_of(text)


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, "http://127.0.0.1:8080"),
        ({"host": "0.0.0.0", "port": 80}, "http://127.0.0.1:80"),
        ({"host": "::1"}, "http://[::1]:8080"),
        ({"phone_house_url": "https://guildhall.example.gov.uk"}, "https://guildhall.example.gov.uk"),
    ],
)
def test_the_web_server_is_where_the_settings_say(tmp_path: Path, given: dict[str, Any], url: str) -> None:
    assert house_url(settings(tmp_path, **given)) == url
