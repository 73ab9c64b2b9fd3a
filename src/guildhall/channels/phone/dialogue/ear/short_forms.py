"""Short forms and signs in full words: `Mon`, `e.g.`, `5 km`, `£5/month`, `A&E`. Values stay as they are written."""

import re
from typing import Final

from guildhall.answers.facts_in_text import MONTHS, WEEKDAYS

DAY_SHORT: Final = {name[:3]: name.capitalize() for name in WEEKDAYS} | {
    "tues": "Tuesday",
    "weds": "Wednesday",
    "thur": "Thursday",
    "thurs": "Thursday",
}
DAYS: Final = "|".join(sorted([*WEEKDAYS, *DAY_SHORT], key=len, reverse=True))
DAY_RANGE: Final = re.compile(rf"\b({DAYS})\s?[-–]\s?({DAYS})\b", re.IGNORECASE)
SHORT_DAY: Final = re.compile(r"\b(Mon|Tues?|Weds?|Thu(?:rs?)?|Fri)\b\.?(?!\w)|\b(Sat|Sun)\b(?=[,:;.]|\s*\d|\s(?:to|and|or|closed)\b|$)")
"""Whoever sat, and the sun, are words of their own."""
SHORT_MONTH: Final = re.compile(rf"\b({'|'.join(sorted({name[:3].capitalize() for name in MONTHS}))}|Sept)\b\.?(?=\s+\d{{4}}\b)")
SEPTEMBER: Final = re.compile(r"\bSept\b\.?")
UNITS: Final = {
    "hr": "hour", "hrs": "hour", "min": "minute", "mins": "minute", "km": "kilometre", "cm": "centimetre", "mm": "millimetre",
    "kg": "kilogram", "m": "metre",
}  # fmt: skip
UNIT: Final = re.compile(r"(?<![\d.,£])(\d+(?:,\d{3})*(?:\.\d+)?) ?(hrs?|mins?|km|cm|mm|kg|m(?=[ ,.;)]|$))\b")
FORMS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"\be\.g\.,?", "for example"),
        (r"\bi\.e\.,?", "that is"),
        (r"\betc\.(?=\s*[A-Z]|$)", "and so on."),
        (r"\betc\.?", "and so on"),
        (r"\b[Aa]pprox\.?", "about"),
        (r"\b[Cc]llrs\b\.?", "Councillors"),
        (r"\b[Cc]llr\b\.?", "Councillor"),
        (r"\bRd\b\.?(?=[ ,]|$)", "Road"),
        (r"\bAve\b\.?(?=[ ,]|$)", "Avenue"),
        (r"\bLn\b\.?(?=[ ,]|$)", "Lane"),
        (r"(?<=[a-z] )St\b\.?(?=,|$| in\b)", "Street"),
        (r"\b[Tt]el\b[.:]?", "telephone"),
        (r"\b[Nn]o\. ?(?=\d)", "number "),
        (r"\b[Vv]s\b\.?", "versus"),
        (r"(?:(?<=\d)|(?<=\dm)|(?<=\d m)|(?<=\dft)|(?<=\d ft)) ?[x×] ?(?=\d)", " by "),
        (r"(?<=\d) ?ft\b", " feet"),
        (r"(?<=\d) ?mph\b", " miles per hour"),
        (r"(?<=\d) ?sq m\b", " square metres"),
        (r"(?<![\w-])[-−](?=\d+ ?°)", "minus "),
        (r"(?<=\d) ?°C\b", " degrees"),
        (r"(?<=\d) ?pp\b", " per person"),
        (r"\b24/7\b", "day and night, every day"),
        (r"\band/or\b", "or"),
        (r"(?:(?<=\d)|(?<=\d days)|(?<=\d times)|(?<=\d hours)) ?/ ?hour\b", " an hour"),
        (r"(?:(?<=\d)|(?<=\d days)|(?<=\d times)|(?<=\d hours)) ?/ ?(day|week|month|year|night|person|visit)\b", r" a \1"),
        (r"\b([Ww]eeks?|[Yy]ears?|[Zz]ones?) (\d{1,2})/(\d{1,2})\b(?!/)", r"\1 \2 or \3"),
        (r"(?<![\w./@:-])([A-Za-z]+)/([a-z]+)(?![\w/-]|\.\w)", r"\1 or \2"),
        (r"\s&\s|(?<=\b[A-Z])&(?=[A-Z])", " and "),
        (r"\s\+\s|(?<=\d)\+(?=[A-Z])", " plus "),
        (r"(?<=\d)\+(?![\w+])", " or more"),
        (r"(?<=[A-Z])\+(?![\w+])", " plus"),
        (r"×", " times "),
    )
)


def in_full(text: str) -> str:
    """The text with its short forms in full."""
    text = DAY_RANGE.sub(lambda match: f"{_day(match[1])} to {_day(match[2])}", text)
    text = SHORT_DAY.sub(lambda match: _day(match[0].rstrip(".")), text)
    text = SHORT_MONTH.sub(lambda match: next(name.capitalize() for name in MONTHS if name.startswith(match[1][:3].lower())), text)
    text = SEPTEMBER.sub("September", text)
    for pattern, words in FORMS:
        text = pattern.sub(words, text)
    return UNIT.sub(lambda match: f"{match[1]} {UNITS[match[2]]}{'' if match[1] == '1' else 's'}", text)


def _day(name: str) -> str:
    return DAY_SHORT.get(name.lower(), name.capitalize())
