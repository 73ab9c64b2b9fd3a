"""A caller's number as switches and suppliers write it, as the house writes it."""

import re
from typing import Final

WITHHELD: Final = frozenset({"+266696687", "266696687", "+86282452253", "86282452253"})
"""What one supplier puts in place of a number that is not told: "anonymous" and "unavailable", spelt on a keypad."""
NUMBER: Final = re.compile(r"\+?[0-9]{2,15}")


def number_of(text: str) -> str:
    """National where it is British, international where it is not; empty where it is withheld or no number."""
    number = text.removeprefix("sip:").removeprefix("tel:").partition("@")[0].replace(" ", "")
    if number in WITHHELD or not NUMBER.fullmatch(number):
        return ""
    if number.startswith(("+44", "0044")):
        return "0" + number.removeprefix("+44").removeprefix("0044")
    return number
