"""Numbers, however a switch writes them."""

import pytest

from guildhall.providers.telephony.numbers import number_of


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("01632960123", "01632960123"),
        ("+441632960123", "01632960123"),
        ("00441632960123", "01632960123"),
        ("tel:+44 1632 960123", "01632960123"),
        ("sip:01632960123@trunk.example", "01632960123"),
        ("+33199000000", "+33199000000"),
        ("anonymous", ""),
        ("Restricted", ""),
        ("+266696687", ""),
        ("", ""),
        ("s", ""),
        ("01632960123;DROP", ""),
        ("1" * 40, ""),
    ],
)
def test_a_number_is_as_the_house_writes_it_or_none(written: str, number: str) -> None:
    assert number_of(written) == number
