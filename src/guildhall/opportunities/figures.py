"""Reads volumes and minutes as people say them in a workshop: "about 40 a week", "two hours each"."""

import re
from typing import Final

_NUMBERS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "twelve": 12, "fifteen": 15,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100,
}  # fmt: skip
_NUMBER: Final = rf"(?:\d[\d,]*(?:\.\d+)?|{'|'.join(_NUMBERS)})"
_YEARLY: Final = {"day": 250, "week": 50, "month": 12, "quarter": 4, "year": 1}
_OFTEN = re.compile(
    rf"\b(?P<number>\d[\d,]*)\s+(?:[\w'-]+\s+){{0,4}}?(?:a|each|every|per)\s+(?P<span>{'|'.join(_YEARLY)})\b", re.IGNORECASE
)
_MINUTES = re.compile(rf"\b(?P<number>{_NUMBER})\s+minutes?\b", re.IGNORECASE)
_HOURS = re.compile(rf"\b(?P<half>half\s+an\s+hour)|\b(?P<number>{_NUMBER})(?P<and>\s+and\s+a\s+half)?\s+hours?\b", re.IGNORECASE)


def times_a_year(text: str) -> int:
    """The largest volume a year that a sentence names, with 250 working days and 50 weeks; 0 for none."""
    return max((int(_number(match["number"])) * _YEARLY[match["span"].lower()] for match in _OFTEN.finditer(text)), default=0)


def minutes_in(text: str) -> float:
    """The longest time that a sentence names, in minutes; 0 for none."""
    found = [_number(match["number"]) for match in _MINUTES.finditer(text)]
    for match in _HOURS.finditer(text):
        found.append(30.0 if match["half"] else 60 * (_number(match["number"]) + (0.5 if match["and"] else 0)))
    return max(found, default=0.0)


def _number(text: str) -> float:
    return float(_NUMBERS[text.lower()]) if text.lower() in _NUMBERS else float(text.replace(",", ""))
