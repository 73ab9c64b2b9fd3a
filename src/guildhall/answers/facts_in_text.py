"""The checkable facts of a text, each in one canonical form, so that `£34.00` in a reply is found as `£34` on a page.

A fact is an amount, percentage, date, time, phone number, e-mail address, link, reference or any other number.
"""

import re
from dataclasses import dataclass

from guildhall.vocabulary.forgetting import remembering

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
MONTH_NAMES = "|".join(f"{name}|{name[:3]}" for name in MONTHS)

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LINK = re.compile(r"\[([^\]]*)\]\(\s*<?([^)\s>]+)>?[^)]*\)")
BARE_URL = re.compile(r"\b(?:https?://|www\.)[^\s)>\]|]+", re.IGNORECASE)
MONEY = re.compile(
    r"£\s?(\d[\d,]*(?:\.\d{1,2})?)\s?(million|m\b|k\b)?|\b(\d[\d,]*(?:\.\d{1,2})?)\s?(?:pounds|quid)\b|\b(\d{1,3})\s?(?:pence\b|p\b(?!\w))",
    re.IGNORECASE,
)
PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s?(?:%|per\s?cent\b)", re.IGNORECASE)
TIME = re.compile(r"\b(\d{1,2})(?:[:.](\d{2}))?\s?([ap])\.?m\b\.?|\b([01]?\d|2[0-3]):([0-5]\d)\b", re.IGNORECASE)
NAMED_TIME = re.compile(r"\b(midday|noon|midnight)\b", re.IGNORECASE)
DATE = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({MONTH_NAMES})\b\.?,?(?:\s+(\d{{4}})\b)?", re.IGNORECASE)
DATE_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b|\b(\d{1,2})/(\d{1,2})/(\d{2,4})\b")
MONTH_YEAR = re.compile(rf"\b({'|'.join(MONTHS)})\b(?:\s+(\d{{4}})\b)?", re.IGNORECASE)
WEEKDAY = re.compile(rf"\b({'|'.join(WEEKDAYS)})s?\b", re.IGNORECASE)
PHONE = re.compile(r"(?<![\w£])(?:\+44\s?\d|0\d|116\s?\d|18001)[\d\s()-]{2,16}\d(?![\w%])")
REFERENCE = re.compile(r"\b(?=[A-Z0-9/-]*\d)(?=[A-Z0-9/-]*[A-Z])[A-Z0-9]+(?:[/-][A-Z0-9]+)*\b")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
NUMBER_WORD = re.compile(rf"\b({'|'.join(NUMBER_WORDS)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact's kind, its canonical value and the words it was found in."""

    kind: str
    value: str
    words: str


@remembering(4096)
def facts_in(text: str) -> tuple[Fact, ...]:
    """Every checkable fact of the text. Each stretch of text is read as one kind only, the most specific first."""
    found: list[Fact] = []
    left = text
    for kind, pattern, canonical in READERS:
        spans: list[tuple[int, int]] = []
        for match in pattern.finditer(left):
            value = canonical(match)
            if value:
                found.append(Fact(kind, value, match[0].strip()))
                spans.append(match.span())
        for start, end in spans:
            left = left[:start] + " " * (end - start) + left[end:]
    return tuple(found)


def _money(match: re.Match[str]) -> str:
    if match[4]:
        return f"{int(match[4])}p"
    amount = float((match[1] or match[3]).replace(",", ""))
    scale = {"million": 1_000_000, "m": 1_000_000, "k": 1_000}.get((match[2] or "").lower(), 1)
    return f"{round(amount * scale * 100)}p"


def _time(match: re.Match[str]) -> str:
    if match[4] is not None:
        return f"{int(match[4]):02}:{match[5]}"
    hour = int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0)
    return f"{hour:02}:{match[2] or '00'}"


def _date(match: re.Match[str]) -> str:
    month = next(number for number, name in enumerate(MONTHS, 1) if name.startswith(match[2].lower()[:3]))
    return f"{match[3] or '*'}-{month:02}-{int(match[1]):02}"


def _numeric_date(match: re.Match[str]) -> str:
    if match[1]:
        return f"{match[1]}-{match[2]}-{match[3]}"
    year = match[6] if len(match[6]) == 4 else f"20{match[6]}"
    return f"{year}-{int(match[5]):02}-{int(match[4]):02}"


def _month(match: re.Match[str]) -> str:
    if match[1].lower() == "may" and not match[2] and match[1] != "May":
        return ""  # the verb
    return f"{match[2] or '*'}-{MONTHS.index(match[1].lower()) + 1:02}"


def _phone(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    return "0" + digits[2:] if digits.startswith("44") else digits


def canonical_url(url: str) -> str:
    """A link without scheme, `www.`, trailing slash or closing punctuation."""
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", url.strip().rstrip(".,;:!?")).rstrip("/").casefold()


def _number(match: re.Match[str]) -> str:
    value = match[0].replace(",", "").rstrip(".")
    return value.lstrip("0") or "0"


READERS = (
    ("email", EMAIL, lambda match: match[0].casefold()),
    ("link", LINK, lambda match: canonical_url(match[2])),
    ("link", BARE_URL, lambda match: canonical_url(match[0])),
    ("money", MONEY, _money),
    ("percent", PERCENT, lambda match: match[1]),
    ("date", DATE_ISO, _numeric_date),
    ("date", DATE, _date),
    ("phone", PHONE, _phone),
    ("time", TIME, _time),
    ("time", NAMED_TIME, lambda match: "00:00" if match[1].lower() == "midnight" else "12:00"),
    ("month", MONTH_YEAR, _month),
    ("weekday", WEEKDAY, lambda match: match[1].lower()),
    ("reference", REFERENCE, lambda match: match[0]),
    ("number", NUMBER, _number),
    ("number", NUMBER_WORD, lambda match: str(NUMBER_WORDS[match[1].lower()])),
)


class FactBase:
    """The facts of the passages a draft cites, ready to be asked whether they support another fact."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        facts = [fact for text in texts for fact in facts_in(text)]
        self._known = {(fact.kind, fact.value) for fact in facts}
        self._dates = {fact.value for fact in facts if fact.kind == "date"}
        self._months = {fact.value for fact in facts if fact.kind == "month"} | {value.rsplit("-", 1)[0] for value in self._dates}
        self._digits = {re.sub(r"\D", "", text) for text in texts}
        self._numbers = {value for kind, value in self._known if kind == "number"}

    def supports(self, fact: Fact) -> bool:
        """Whether the passages hold the fact. Leaving a year out is support; adding one is not. `one` alone is a word, not a count."""
        if (fact.kind, fact.value) in self._known:
            return True
        if fact.kind == "date":
            return any(_same_date(fact.value, known) for known in self._dates)
        if fact.kind == "month":
            return any(
                known.split("-")[1] == fact.value.split("-")[1] and fact.value.split("-")[0] in ("*", known.split("-")[0])
                for known in self._months
            )
        if fact.kind == "phone":
            return any(fact.value in digits for digits in self._digits)
        if fact.kind == "number":
            return fact.words.lower() in ("one", "zero") or fact.value in {value.lstrip("0") for value in self._numbers}
        return False


def _same_date(wanted: str, known: str) -> bool:
    year, rest = wanted.split("-", 1)
    known_year, known_rest = known.split("-", 1)
    return rest == known_rest and year in ("*", known_year)
