"""What a resident gave us to work with: references, how to reach them, places, dates, amounts and names, in their own spelling.

The same recognisers that mask personal data find it here. Nothing is worked out or completed, and no payment card is ever repeated.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from guildhall.understanding.personal_data import POSTCODE, find
from guildhall.vocabulary.briefs import GivenFact

KINDS: Final = {
    "phone": "Phone number",
    "email": "E-mail",
    "number": "Number said in words",
    "date-of-birth": "Date of birth",
    "national-insurance": "National Insurance number",
    "nhs": "NHS number",
    "vehicle": "Vehicle",
    "address": "Address",
}
"""Kinds of personal data an adviser needs. Cards, bank details, passports and licences are left in the transcript."""
SEVERAL: Final = frozenset({"Person named", "Date", "Amount", "Place", "Address", "Postcode", "Reference"})
"""Labels under which several different values stand side by side; of every other the latest counts."""
_MONTH: Final = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_WEEKDAY: Final = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DATE: Final = re.compile(
    rf"\b(?:(?:{_WEEKDAY},? )?(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b(?:,? (?:19|20)\d\d)?|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b"
    rf"(?:,? (?:19|20)\d\d)?|\d{{1,2}}[/.]\d{{1,2}}[/.](?:19|20)?\d\d|(?:19|20)\d\d-\d\d-\d\d)\b",
    re.IGNORECASE,
)
_DATE_CUES: Final = (
    ("Date of birth", re.compile(r"\bd\.?o\.?b\b|\bborn\b|birth|urodz|naroz|narod|născut|nascut|تولد|پیدائش|ميلاد|dhash", re.IGNORECASE)),
    ("Date of death", re.compile(r"\bdied\b|passed away|\bdeath\b|zmar[łl]|zem[rř]el|zomrel|decedat|murit", re.IGNORECASE)),
    ("Date of move", re.compile(
        r"\bmov(?:e|ed|ing)\b|\btenancy\b|\bkeys\b|\bcomplet(?:e|ion)\b|przeprowadz|wprowadz|st[ěe]hov|s[ťt]ahov|m-am mutat|\bmut\b|"
        r"guur|انتقل|منتقل|ਸ਼ਿਫ਼ਟ", re.IGNORECASE)),
)  # fmt: skip
_AMOUNT: Final = re.compile(
    r"£\s?\d[\d,]*(?:\.\d\d)?|\b\d[\d,]*(?:\.\d\d)? ?(?:pounds|quid|funtów|liber|libier|lire|پاؤنڈ|جنيه)\b", re.IGNORECASE
)
_REFERENCES: Final = (
    ("Council tax account", r"(?:council ?tax|c/?tax|\bct\b)(?: account)?(?: ref(?:erence)?)?"),
    ("Penalty charge (PCN)", r"\bpcn\b|penalty charge(?: notice)?|parking (?:ticket|fine)|\bfine\b"),
    ("UPRN", r"\buprn\b"),
    ("Planning reference", r"planning(?: application| app| ref(?:erence)?)?"),
    ("Rent or tenancy account", r"\brent(?: account)?|tenancy"),
    ("Benefit claim", r"(?:housing )?benefit(?: claim)?|\bclaim"),
    ("Crime reference", r"crime(?: ref(?:erence)?)?"),
    (
        "Reference",
        r"\bref(?:erence|s)?\b|\bcase\b|\bjob\b|\bbooking\b|\bcomplaint\b|\bapplication\b|\binvoice\b|\brepair\b|\bpermit\b|\baccount\b",
    ),
)
_VALUE: Final = r"(?P<value>(?=[A-Z0-9/-]*\d[A-Z0-9/-]*\d)[A-Z0-9]{2,}(?:[/-][A-Z0-9]+|(?: \d{3,4}))*)"
_REFERENCE_PATTERNS: Final = tuple(
    (
        label,
        re.compile(
            rf"(?:{cue})(?:[\s,]+(?:account|claim|number|no\.?|num|ref(?:erence)?|code|notice|is|it'?s|was|my|the|for))*\s*[:#.,]?\s*\(?{_VALUE}\b",
            re.IGNORECASE,
        ),
    )
    for label, cue in _REFERENCES
)
_OTHERS_NAME: Final = re.compile(
    r"\b(?:his|her|their|child'?s|son'?s|daughter'?s|mum'?s|dad'?s|husband'?s|wife'?s|partner'?s|tenant'?s|neighbour'?s)\b[^.?!]{0,14}$",
    re.IGNORECASE,
)
_TITLE: Final = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|prof|sir|dame|pan|pani)\b\.? +$", re.IGNORECASE)


def given_facts(utterances: Iterable[str], streets: Iterable[str] = ()) -> tuple[GivenFact, ...]:
    """Everything given in these utterances, the oldest first; a value given again, or put right, stands once.

    `streets` are the names of the council's streets, casefolded.
    """
    known = tuple(streets)
    kept: dict[tuple[str, str], GivenFact] = {}
    for text in utterances:
        for fact in _in_one(text, known):
            key = (fact.label, _plain(fact.value) if fact.label in SEVERAL else "")
            kept.pop(key, None)
            kept[key] = fact
    return tuple(fact for fact in kept.values() if not _within_another(fact, kept.values()))


def _within_another(fact: GivenFact, others: Iterable[GivenFact]) -> bool:
    """Whether a place is only the street of an address that was given too."""
    return fact.label == "Place" and any(other.label == "Address" and _plain(fact.value) in _plain(other.value) for other in others)


def _in_one(text: str, streets: Sequence[str]) -> Iterator[GivenFact]:
    taken: list[tuple[int, int]] = []

    def free(start: int, end: int) -> bool:
        if any(start < b and a < end for a, b in taken):
            return False
        taken.append((start, end))
        return True

    personal = find(text)
    for datum in personal:
        label = KINDS.get(datum.kind, "")
        start = datum.start
        if datum.kind == "name":
            title = _TITLE.search(text[:start])
            start = title.start() if title else start
            label = "Person named" if title or _OTHERS_NAME.search(text[:start]) else "Name"
        if label and free(start, datum.end):
            yield GivenFact(label, text[start : datum.end].strip(" .,"))
        elif not label:
            taken.append((datum.start, datum.end))
    for start, end in _streets(text, streets):
        if free(start, end):
            yield GivenFact("Address" if text[start].isdigit() else "Place", text[start:end])
    for match in POSTCODE.finditer(text):
        yield GivenFact("Postcode", match.group())
        taken.append(match.span())
    for match in _DATE.finditer(text):
        if free(*match.span()):
            yield GivenFact(_date_label(text, match.start(), match.end()), match.group())
    for label, pattern in _REFERENCE_PATTERNS:
        for match in pattern.finditer(text):
            if free(*match.span("value")):
                yield GivenFact(label, match["value"])
    for match in _AMOUNT.finditer(text):
        if free(*match.span()):
            yield GivenFact("Amount", match.group())


def _streets(text: str, streets: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(start, end) of each street of the council's, the house number with it, the longest name first."""
    folded = text.casefold()
    if len(folded) != len(text):
        return  # letters that change their number when folded: places could not be told
    for name in sorted((name for name in streets if name in folded), key=len, reverse=True):
        for match in re.finditer(rf"(?:(?:\bflat \w{{1,3}},? )?\b\d{{1,4}}[a-z]?,? )?(?<!\w){re.escape(name)}(?!\w)", folded):
            yield match.span()


def _date_label(text: str, start: int, end: int) -> str:
    """What a date is of, by the nearest word before it in its sentence, else the nearest after it."""
    before = re.split(r"[.?!\n]", text[max(0, start - 70) : start])[-1]
    after = re.split(r"[.?!,\n]", text[end : end + 40])[0]
    for words, last in ((before, True), (after, False)):
        found = [(match.start() if last else -match.start(), label) for label, cue in _DATE_CUES for match in cue.finditer(words)]
        if found:
            return max(found)[1]
    return "Date"


def _plain(value: str) -> str:
    return re.sub(r"[\s\-.,()]", "", value).casefold()
