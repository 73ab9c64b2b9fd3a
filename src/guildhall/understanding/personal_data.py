"""Recognisers of personal data: a shape, a check digit where there is one, and the words around it where there is none.

A number that stands behind the name of a council reference (council tax account, PCN, UPRN, planning, case, housing) is left
as it is, because the council cannot help without it. Nothing found here ever blocks anything.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from guildhall.understanding import checksums
from guildhall.understanding.names import names_in


@dataclass(frozen=True, slots=True)
class PersonalDatum:
    """A piece of personal data: kind and (start, end) in the text."""

    kind: str
    start: int
    end: int


_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
_DATE: Final = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? (?:19|20)?\d\d|{_MONTH} \d{{1,2}}(?:st|nd|rd|"
    rf"th)?,? (?:19|20)\d\d|\d{{1,2}}[/.\- ]\d{{1,2}}[/.\- ](?:19|20)?\d\d|(?:19|20)\d\d-\d\d-\d\d)\b",
    re.IGNORECASE,
)
_BORN: Final = re.compile(
    r"(?:\bd\.?o\.?b\b\.?|date of birth|birth ?date|\bbirthday|(?:\bi|he|she|i'm|was|"
    r"im)\s+(?:was\s+)?born(?: on)?(?: the)?|data urodzenia|datum narozen|data nasterii|تاریخ پیدائش|"
    r"تاريخ الميلاد)[^.?!\n\d]{0,25}$",
    re.IGNORECASE,
)
_REFERENCE: Final = re.compile(
    r"(?:council ?tax|ctax|c/tax|\bct\b|\bref\b|\brefs\b|reference|\bpcn\b|penalty charge|\bnotice\b|"
    r"\buprn\b|planning|application|\bcase\b|\bclaim\b|tenancy|\bhousing\b|\brent\b|\border\b|invoice|"
    r"permit|badge|receipt|crime|incident|\bjob\b|repair|booking|summons|complaint|business rates|"
    r"\brates\b|benefit|library card|barcode|parcel|tracking|\blgsl\b|asset|column|meter|"
    r"serial)(?:[^.?!\n\d]|\b[a-z]?\d{1,2}\b){0,28}$",
    re.IGNORECASE,
)
_PHONE_CUE: Final = re.compile(
    r"(?:\bphone|\btel\b|telephone|mobile|\bmob\b|\bcall\b|\bring\b|\btext\b|\bcell\b|reach me|contact me|"
    r"\bnumber is|my number|landline|whats ?app)[^.?!\n\d]{0,25}$",
    re.IGNORECASE,
)
_BANK_CUE: Final = re.compile(r"sort ?code|\bbank\b|\bs/c\b|building society|refund (?:to|into)|pay (?:it |me )?into", re.IGNORECASE)
_ACCOUNT_CUE: Final = re.compile(r"(?:\bacc(?:oun)?t\.?|\ba/c|\baccount)(?: number| no\.?| num)?[^.?!\n\d]{0,12}$", re.IGNORECASE)
_EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64}@(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}\b", re.IGNORECASE)
_EMAIL_SPOKEN: Final = re.compile(
    r"\b[a-z0-9]+(?:(?: dot | underscore |\.)[a-z0-9]+){0,4} at [a-z0-9-]{2,30}(?: dot [a-z]{2,10}){1,3}\b", re.IGNORECASE
)
_NI: Final = re.compile(r"\b[a-z]{2} ?-?\d\d[ -]?\d\d[ -]?\d\d[ -]?[a-d]\b", re.IGNORECASE)
_NI_CUE: Final = re.compile(r"(?:national insurance|\bni(?:no)?\b|\bn\.i\.?)[^.?!\n\d]{0,25}$", re.IGNORECASE)
_DIGITS: Final = re.compile(r"(?<![\w£$.,/])(?:\d[ \-.]?){9,18}\d(?![\w]|[.,]\d)")
_PHONE: Final = re.compile(r"(?<![\w£$/])(?:(?:\+|00)44[ \-.]?(?:\(0\)[ \-.]?)?|\(?0)(?:\d[ \-.)]{0,2}){8,9}\d(?!\w)")
_FOREIGN_PHONE: Final = re.compile(r"(?<!\w)\+(?!44)\d(?:[ \-.]?\d){6,13}(?!\w)")
_SPOKEN: Final = re.compile(
    r"\b(?:(?:oh|o|zero|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|treble|"
    r"hundred)[ ,\-]+){7,}(?:oh|zero|nought|one|two|three|four|five|six|seven|eight|nine|hundred)\b",
    re.IGNORECASE,
)
_SORT_CODE: Final = re.compile(r"\b\d\d[ -]?\d\d[ -]?\d\d\b")
_EIGHT: Final = re.compile(r"(?<![\w£/-])\d{4} ?\d{4}(?![\w/]|-\d)")
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b", re.IGNORECASE)
_LICENCE: Final = re.compile(r"\b[A-Z]{2,5}9{0,3}[ ]?\d[0156]\d(?:0[1-9]|[12]\d|3[01])\d[ ]?[A-Z9]{2}\d[A-Z]{2}\b", re.IGNORECASE)
_PASSPORT: Final = re.compile(r"passport[^.?!\n\d]{0,30}?\b((?:[A-Z]{1,2} ?)?\d{7,9})\b", re.IGNORECASE)
_PLATE: Final = re.compile(r"\b[A-HJ-PR-Y][A-HJ-PR-Y]\d\d ?[A-HJ-PR-Z]{3}\b", re.IGNORECASE)
_STREET: Final = (
    r"(?:street|st|road|rd|lane|ln|avenue|ave|close|cl|drive|dr|court|crescent|cres|square|place|gardens|"
    r"gdns|terrace|way|grove|hill|row|walk|mews|view|rise|parade|green|park|yard|wharf|gate)"
)
_ADDRESS: Final = re.compile(
    rf"(?<![\w£.:/-])(?:(?:flat|apartment|apt|unit|room) ?\w{{1,4}},? ?)?(?:no\.? ?|"
    rf"number )?\d{{1,4}}[a-z]?,? (?:(?!(?:in|on|at|of|the|and|or|for|from|to|times|days|weeks|bins|people|"
    rf"minutes|hours|years|months|miles|metres|cars|trees|pm|am)\b)[a-z][a-z'.-]+ ){{1,3}}{_STREET}\b\.?",
    re.IGNORECASE,
)
POSTCODE: Final = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})\b", re.IGNORECASE)
_HOUSE_BY_POSTCODE: Final = re.compile(
    r"(?:\b(?:no\.?|number|flat|house|at|live at|im at|i'm at) ?)(\d{1,4}[a-z]?)[ ,]+(?:in |at )?$", re.IGNORECASE
)


def find(text: str) -> list[PersonalDatum]:
    """Every piece of personal data, in order, none overlapping: recognisers that check more come first."""
    recognisers = _ALWAYS + (_WITH_DIGITS if any(c.isdigit() for c in text) else ())
    found: list[PersonalDatum] = []
    for recogniser in recognisers:
        for datum in recogniser(text):
            if datum.end > datum.start and not any(datum.start < f.end and f.start < datum.end for f in found):
                found.append(datum)
    return sorted(found, key=lambda f: f.start)


def _bare(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", text)


def _matches(kind: str, pattern: re.Pattern[str], text: str, valid: Callable[[str], bool] = lambda _: True) -> Iterator[PersonalDatum]:
    for match in pattern.finditer(text):
        if valid(_bare(match.group())):
            yield PersonalDatum(kind, match.start(), match.end())


def _emails(text: str) -> Iterator[PersonalDatum]:
    if "@" in text:
        yield from _matches("email", _EMAIL, text)
    if " dot " in text:
        yield from _matches("email", _EMAIL_SPOKEN, text)


def _spoken_numbers(text: str) -> Iterator[PersonalDatum]:
    for match in _SPOKEN.finditer(text):
        if not _REFERENCE.search(text[: match.start()][-60:]):
            yield PersonalDatum("number", match.start(), match.end())


def _identity_numbers(text: str) -> Iterator[PersonalDatum]:
    for match in _NI.finditer(text):
        if checksums.national_insurance_number(_bare(match.group())) or _NI_CUE.search(text[: match.start()]):
            yield PersonalDatum("national-insurance", match.start(), match.end())
    yield from _matches("driving-licence", _LICENCE, text)
    for match in _PASSPORT.finditer(text):
        yield PersonalDatum("passport", match.start(1), match.end(1))
    yield from _matches("iban", _IBAN, text, checksums.iban)


def _long_numbers(text: str) -> Iterator[PersonalDatum]:
    for match in _DIGITS.finditer(text):
        digits, before = _bare(match.group()), text[: match.start()]
        if checksums.payment_card(digits):
            yield PersonalDatum("card", match.start(), match.end())
        elif checksums.nhs_number(digits) and (re.search(r"\bnhs\b", before[-40:], re.IGNORECASE) or not _spared(before)):
            yield PersonalDatum("nhs", match.start(), match.end())


def _phones(text: str) -> Iterator[PersonalDatum]:
    for match in _PHONE.finditer(text):
        digits = re.sub(r"^(?:0044|44)0?", "0", _bare(match.group()))
        before = text[: match.start()]
        if checksums.uk_phone(digits) and not (_spared(before) and not _PHONE_CUE.search(before)):
            yield PersonalDatum("phone", match.start(), match.end())
    yield from _matches("phone", _FOREIGN_PHONE, text)


def _bank_details(text: str) -> Iterator[PersonalDatum]:
    bank = _BANK_CUE.search(text) is not None
    for match in _SORT_CODE.finditer(text):
        if re.search(r"(?:sort ?code|\bs/c\b)[^.?!\n\d]{0,15}$", text[: match.start()], re.IGNORECASE):
            yield PersonalDatum("sort-code", match.start(), match.end())
    for match in _EIGHT.finditer(text):
        before = text[: match.start()]
        if (_ACCOUNT_CUE.search(before) or bank) and bank and not _spared(before[-30:]):
            yield PersonalDatum("account", match.start(), match.end())


def _births(text: str) -> Iterator[PersonalDatum]:
    for match in _DATE.finditer(text):
        if _BORN.search(text[: match.start()]):
            yield PersonalDatum("date-of-birth", match.start(), match.end())


def _addresses(text: str) -> Iterator[PersonalDatum]:
    """House number and street go; of a postcode beside them only the inward half does, so that look-ups by area still work."""
    ends = []
    for match in _ADDRESS.finditer(text):
        ends.append(match.end())
        yield PersonalDatum("address", match.start(), match.end())
    for match in POSTCODE.finditer(text):
        house = _HOUSE_BY_POSTCODE.search(text[: match.start()])
        if house:
            yield PersonalDatum("house", house.start(1), house.end(1))
        if house or any(0 <= match.start() - end <= 40 for end in ends):
            yield PersonalDatum("postcode", match.start(2), match.end(2))


def _plates(text: str) -> Iterator[PersonalDatum]:
    yield from _matches("vehicle", _PLATE, text)


def _spared(before: str) -> bool:
    """Whether a number stands behind the name of a council reference."""
    return _REFERENCE.search(before[-60:]) is not None


def _names(text: str) -> Iterator[PersonalDatum]:
    for start, end in names_in(text):
        yield PersonalDatum("name", start, end)


Recogniser = Callable[[str], Iterator[PersonalDatum]]
_ALWAYS: Final[tuple[Recogniser, ...]] = (_emails, _spoken_numbers, _names)
_WITH_DIGITS: Final[tuple[Recogniser, ...]] = (_identity_numbers, _long_numbers, _phones, _bank_details, _births, _addresses, _plates)
