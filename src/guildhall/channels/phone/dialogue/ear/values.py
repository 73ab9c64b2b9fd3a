"""Amounts, dates, times, numbers and references of a text in words, in English. What is said is exactly what was written: a test reads it back.

Each stretch of text is read as one kind only, the most specific first, and what was said of it is out of the reach of the readers after it.
"""

import re
from collections.abc import Callable
from typing import Final

from guildhall.answers.facts_in_text import BARE_URL, DATE, DATE_ISO, EMAIL, MONTHS, PHONE, TIME
from guildhall.channels.phone.dialogue.ear.number_words import cardinal, decimal, digits, in_groups, ordinal, year
from guildhall.knowledge.places import POSTCODE

MONEY: Final = re.compile(
    r"£\s?(\d+(?:,\d{3})*(?:\.\d{1,2})?)(?:\s?(million|billion|thousand|bn|m|k)\b)?|\b(\d{1,3})\s?p\b(?!\w|\.m)", re.IGNORECASE
)
SCALES: Final = {"m": "million", "million": "million", "bn": "billion", "billion": "billion", "k": "thousand", "thousand": "thousand"}
PERCENT: Final = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)\s?%")
TAX_YEAR: Final = re.compile(r"\b((?:19|20)\d{2})[/–-](\d{2})\b(?![/–-])")
HELPLINE: Final = re.compile(r"(?<![\w£.,-])116\s?\d{3}(?![\w%-]|[.,]\d)")
SHORT_NUMBER: Final = re.compile(r"(?<![\w£.,/:-])(?:999|111|112|101|105|119|159)(?![\w%/:]|[.,]\d|-[A-Z\d])")
PRESSED: Final = re.compile(r"(?<=\bpress )(\d{2,})\b", re.IGNORECASE)
TEXTED: Final = re.compile(r"(?<=\btext )(?:[A-Z]+ to )?(\d{5})\b", re.IGNORECASE)
NAMES: Final = "|".join(name.capitalize() for name in MONTHS)
DAY_OF_SEVERAL: Final = re.compile(
    rf"(?<![\w£.,:/-])(\d{{1,2}})(?:st|nd|rd|th)?(?=(?:, (?:\w+day )?\d{{1,2}})*,? (?:to|and|or) (?:\w+day )?\d{{1,2}} (?:{NAMES})\b)"
)
"""The 5 of "5 to 9 April", of which only the last is written with its month."""
AMERICAN_DATE: Final = re.compile(rf"\b({NAMES}) (\d{{1,2}})(?:, (\d{{4}})\b|(?:st|nd|rd|th)\b)")
DASHED: Final = re.compile(r"(?<![\w-])\d{2,}(?:-\d{2,})+(?![\w-])")
DECADES: Final = re.compile(r"\b((?:19|20)\d0|\d{1,3})['’]?s\b")
PARTS: Final = {"1/2": "half", "1/3": "a third", "2/3": "two thirds", "1/4": "a quarter", "3/4": "three quarters"}
FRACTION: Final = re.compile(r"(?<![\w/.])(\d{1,2})/(\d{1,2})(?![\w/])")
LETTERED: Final = re.compile(r"\b(\d{1,4})([a-h])\b")
ORDINAL: Final = re.compile(r"\b(\d{1,4})(?:st|nd|rd|th)\b", re.IGNORECASE)
YEAR: Final = re.compile(r"(?<![\w,.£/:-])((?:19|20)\d{2})(?![\w%/:-]|[.,]\d)")
REFERENCE: Final = re.compile(r"\b(?=[A-Z0-9/-]*\d)(?=[A-Z0-9/-]*[A-Z])[A-Z0-9]+(?:[/-][A-Z0-9]+)*\b")
LITRES: Final = re.compile(r"\b(\d+)\s?[lL]\b")
NUMBER: Final = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
DOMAIN: Final = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:uk|com|org|net|example|gov|eu|info)\b(?:/[^\s)>\]|,;]*)?", re.IGNORECASE)
LONGEST_COUNT: Final = 6
"""A longer number without commas is an account or a card, and is said digit by digit."""
MIDNIGHT_AT_THE_END: Final = re.compile(r"\b24[:.]00\b")
SIGNS: Final = {".": " dot ", "/": " slash ", "-": " dash ", "_": " underscore ", "@": " at ", "+": " plus ", "?": " question mark ", "=": " equals ", "&": " and sign ", "#": " hash ", "%": " per cent sign ", "~": " tilde ", ":": " colon "}  # fmt: skip
HOLD: Final = 0xE000
HELD: Final = re.compile("[ ]*([\ue000-\uf8ff])[ ]*")
"""What was said already stands in the text as one private character until all is read."""


def values_in_words(text: str) -> str:
    """The text with every value in words."""
    said: list[str] = []

    def hold(words: str) -> str:
        said.append(words)
        return f" {chr(HOLD + len(said) - 1)} "

    for pattern, word in READERS:
        text = pattern.sub(lambda match, word=word: hold(word(match)), text)  # type: ignore[misc]
    return HELD.sub(lambda match: f" {said[ord(match[1]) - HOLD]} ", text)


def _money(match: re.Match[str]) -> str:
    if match[3]:
        return pence(int(match[3]))
    if match[2]:
        return f"{decimal(match[1])} {SCALES[match[2].lower()]} pounds"
    whole, _, fraction = match[1].replace(",", "").partition(".")
    return amount(int(whole), int(fraction.ljust(2, "0")) if fraction else 0)


def amount(pounds: int, rest: int) -> str:
    """£72.50 as "seventy-two pounds fifty"; pence that would be misheard so are said in full."""
    if not pounds and rest:
        return pence(rest)
    said = "one pound" if pounds == 1 else f"{cardinal(pounds)} pounds"
    if not rest:
        return said
    return f"{said} {cardinal(rest)}" if rest >= 10 else f"{said} and {pence(rest)}"


def pence(number: int) -> str:
    """50 as "fifty pence"."""
    return "one penny" if number == 1 else f"{cardinal(number)} pence"


def day(number: int, month: int, in_year: int | None = None) -> str:
    """The first of December, twenty twenty-six."""
    said = f"the {ordinal(number)} of {MONTHS[month - 1].capitalize()}"
    return f"{said} {year(in_year)}" if in_year else said


def _date(match: re.Match[str]) -> str:
    if match[2] == "may" and not match[3]:  # children aged 5 to 12 may join
        return f"{cardinal(int(match[1]))} may"
    month = next(number for number, name in enumerate(MONTHS, 1) if name.startswith(match[2].lower()[:3]))
    ending = match[0][-1] if match[0][-1] in ",." else ""
    return day(int(match[1]), month, int(match[3]) if match[3] else None) + ending


def _american_date(match: re.Match[str]) -> str:
    return day(int(match[2]), MONTHS.index(match[1].lower()) + 1, int(match[3]) if match[3] else None)


def _many(match: re.Match[str]) -> str:
    """The 1990s, under 16s."""
    said = year(int(match[1])) if len(match[1]) == 4 else cardinal(int(match[1]))
    return f"{said[:-1]}ies" if said.endswith("y") else f"{said}es" if said.endswith("x") else f"{said}s"


def _fraction(match: re.Match[str]) -> str:
    return PARTS.get(match[0]) or f"{cardinal(int(match[1]))} over {cardinal(int(match[2]))}"


def _numeric_date(match: re.Match[str]) -> str:
    if match[1]:
        parts = int(match[3]), int(match[2]), int(match[1])
    else:
        parts = int(match[4]), int(match[5]), int(match[6] if len(match[6]) == 4 else f"20{match[6]}")
    if not (1 <= parts[0] <= 31 and 1 <= parts[1] <= 12):
        return digits("".join(character for character in match[0] if character.isdigit()))
    return day(*parts)


def _time(match: re.Match[str]) -> str:
    if match[4] is not None:
        return clock(int(match[4]), int(match[5]))
    # the full stop of "5pm." may be the sentence's, too
    ends = match[0].endswith(".") and not re.match(r"\s*[a-z,;)]", match.string[match.end() :])
    return clock(int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0), int(match[2] or 0)) + ("." if ends else "")


def clock(hour: int, minute: int) -> str:
    """17:30 as "five thirty in the afternoon"."""
    if minute == 0 and hour in (0, 12):
        return "midnight" if hour == 0 else "midday"
    said = cardinal(hour % 12 or 12)
    said += "" if minute == 0 else f" oh {cardinal(minute)}" if minute < 10 else f" {cardinal(minute)}"
    part = "in the morning" if hour < 12 else "in the afternoon" if hour < 18 else "in the evening"
    return f"{said} {part}"


def _phone(match: re.Match[str]) -> str:
    number = re.sub(r"^\+44\s*(?:\(0\)\s*)?", "0", match[0].strip())
    return in_groups(re.sub(r"[^\d\s]", " ", number))


def spelled(reference: str) -> str:
    """ABCD-2345 letter by letter and digit by digit, a breath where the dash is."""
    groups = [group for group in re.split(r"[\s/-]+", reference) if group]
    return ", ".join(" ".join(digits(one) if one.isdigit() else one.upper() for one in group) for group in groups)


def address(text: str) -> str:
    """A web or e-mail address: its words as words, its signs by name, its numbers digit by digit."""
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", text.strip(), flags=re.IGNORECASE)
    ending = bare[len(bare.rstrip(".,;:!?/")) :].replace("/", "")
    said = "".join(
        SIGNS.get(character, f" {digits(character)} " if character.isdigit() else character) for character in bare.rstrip(".,;:!?/")
    )
    return " ".join(said.split()) + ending


def _number(match: re.Match[str]) -> str:
    whole, _, fraction = match[0].partition(".")
    if "," not in whole and (len(whole) > LONGEST_COUNT or (len(whole) > 1 and whole.startswith("0"))):
        return in_groups(whole) + (f" point {digits(fraction)}" if fraction else "")
    return decimal(match[0])


Word = Callable[[re.Match[str]], str]
READERS: Final[tuple[tuple[re.Pattern[str], Word], ...]] = (
    (EMAIL, lambda match: address(match[0])),
    (BARE_URL, lambda match: address(match[0])),
    (DOMAIN, lambda match: address(match[0])),
    (MONEY, _money),
    (PERCENT, lambda match: f"{decimal(match[1])} per cent"),
    (DATE_ISO, _numeric_date),
    (DAY_OF_SEVERAL, lambda match: f"the {ordinal(int(match[1]))}"),
    (DATE, _date),
    (AMERICAN_DATE, _american_date),
    (POSTCODE, lambda match: spelled(f"{match[1]} {match[2]}")),
    (PHONE, _phone),
    (HELPLINE, _phone),
    (MIDNIGHT_AT_THE_END, lambda _: "midnight"),
    (TIME, _time),
    (TAX_YEAR, lambda match: f"{year(int(match[1]))} to {cardinal(int(match[2])) if match[2][0] != '0' else digits(match[2])}"),
    (SHORT_NUMBER, lambda match: digits(match[0])),
    (PRESSED, lambda match: digits(match[0])),
    (TEXTED, lambda match: match[0][: -len(match[1])] + digits(match[1])),
    (DASHED, lambda match: ", ".join(digits(group) for group in match[0].split("-"))),
    (DECADES, _many),
    (FRACTION, _fraction),
    (LITRES, lambda match: f"{cardinal(int(match[1]))} litre{'' if match[1] == '1' else 's'}"),
    (REFERENCE, lambda match: spelled(match[0])),
    (LETTERED, lambda match: f"{cardinal(int(match[1]))} {match[2].upper()}"),
    (ORDINAL, lambda match: ordinal(int(match[1]))),
    (YEAR, lambda match: year(int(match[1]))),
    (NUMBER, _number),
)
