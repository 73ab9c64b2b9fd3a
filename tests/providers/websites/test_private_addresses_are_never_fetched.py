from collections.abc import Sequence

import pytest

from guildhall.providers.websites.addresses import AddressPolicy
from guildhall.vocabulary.errors import RefusedError

HOST = "www.testshire.example"


def answering(*addresses: str) -> AddressPolicy:
    def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return AddressPolicy([HOST], resolve)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "ff02::1",
        "not an address",
    ],
)
def test_a_name_that_stands_for_a_private_or_reserved_address_is_refused(address: str) -> None:
    with pytest.raises(RefusedError, match=r"private or reserved"):
        answering(address).target(f"https://{HOST}/")


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(RefusedError, match="private or reserved"):
        answering("93.184.215.14", "10.0.0.1").target(f"https://{HOST}/")


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    target = answering("93.184.215.14").target(f"https://{HOST}/bins?x=1#fees")
    assert target.pinned_url == "https://93.184.215.14:443/bins?x=1"
    assert target.host_header == HOST
    assert answering("2606:2800:21f::1").target(f"http://{HOST}/").pinned_url == "http://[2606:2800:21f::1]:80/"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost/",
        "http://metadata.google.internal/",
        "file:///etc/passwd",
        "gopher://www.testshire.example/",
        "ftp://www.testshire.example/",
        "http://www.testshire.example@evil.example/",
        "http://user:pass@www.testshire.example/",
        "http://www.testshire.example:22/",
        "http://www.testshire.example.evil.example/",
        "http://[bad/",
        "http://www.testshire.example:99999/",
        "//www.testshire.example/",
        "",
    ],
)
def test_an_address_that_is_not_a_page_of_an_allowed_host_is_refused(url: str) -> None:
    with pytest.raises(RefusedError):
        answering("93.184.215.14").target(url)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.0.0.1", "[::1]", "0177.0.0.1"])
def test_a_number_is_refused_even_when_somebody_allowed_it(host: str) -> None:
    policy = AddressPolicy([host.strip("[]")], lambda _h, _p: ["93.184.215.14"])
    with pytest.raises(RefusedError, match=r"not a name|not on the list"):
        policy.target(f"http://{host}/")


def test_a_name_nobody_knows_is_refused_and_not_an_accident() -> None:
    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise OSError("Name or service not known")

    with pytest.raises(RefusedError, match="has no address"):
        AddressPolicy([HOST], unknown).target(f"http://{HOST}/")


def test_capital_letters_and_a_final_dot_are_the_same_host() -> None:
    assert answering("93.184.215.14").target("https://WWW.Testshire.Example./").host == HOST
