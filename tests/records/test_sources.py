"""A code for where a conversation came from: the same for one place on one day, and nothing that leads back."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.records.sealing import Sealer
from guildhall.records.sources import Sources

DAY = datetime(2026, 11, 25, 10, tzinfo=UTC)
SOURCES = Sources(Sealer(bytes(32)).derive)


def test_one_place_has_one_code_for_a_day_in_every_process() -> None:
    again = Sources(Sealer(bytes(32)).derive)
    assert SOURCES.code("192.0.2.7", DAY) == again.code("192.0.2.7", DAY.replace(hour=23)) != ""


def test_nobody_can_follow_a_place_from_day_to_day_or_without_the_key() -> None:
    other = Sources(Sealer(bytes([1] * 32)).derive)
    codes = {SOURCES.code("192.0.2.7", DAY), SOURCES.code("192.0.2.7", DAY.replace(day=26)), other.code("192.0.2.7", DAY)}
    assert len(codes) == 3


def test_a_home_has_one_code_whichever_of_its_addresses_a_device_uses_now() -> None:
    assert SOURCES.code("2001:db8:1:2::7", DAY) == SOURCES.code("2001:db8:1:2:aaaa:bbbb:cccc:dddd", DAY)
    assert SOURCES.code("2001:db8:1:3::7", DAY) != SOURCES.code("2001:db8:1:2::7", DAY)
    assert SOURCES.code("::ffff:192.0.2.7", DAY) == SOURCES.code("192.0.2.7", DAY)


def test_no_address_has_no_code() -> None:
    assert SOURCES.code("", DAY) == ""


@settings(deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_a_code_fits_its_column_and_holds_nothing_of_the_address(address: str) -> None:
    code = SOURCES.code(address, DAY)
    assert len(code) == 12
    assert len(address) < 8 or address not in code
