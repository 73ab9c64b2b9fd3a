"""Reads spoken English values back, without any help of what said them: a value that was said wrongly is read back as another one."""

import re
from datetime import date

ONES = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
    )
}
TENS = {w: n * 10 for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
MONTHS = "january february march april may june july august september october november december".split()
ORDINALS = {"first": "one", "second": "two", "third": "three", "fifth": "five", "eighth": "eight", "ninth": "nine", "twelfth": "twelve"}
WORD = "|".join(sorted([*ONES, *TENS, "hundred", *SCALES], key=len, reverse=True))
NUMBER = rf"\b(?:(?:{WORD})(?:-(?:{WORD}))?\b(?: and (?={WORD}\b)| (?={WORD}\b))?)+"
DIGIT = "oh|zero|one|two|three|four|five|six|seven|eight|nine"
MONEY = re.compile(
    rf"({NUMBER}) point ((?:(?:{DIGIT}) ?)+)(million|thousand|billion) pounds\b"
    rf"|({NUMBER}) pounds?\b(?: and ({NUMBER}) (?:pence|penny)| ({NUMBER}))?|({NUMBER}) (?:pence|penny)\b"
)
DATE = re.compile(
    rf"the ([a-z-]*(?:first|second|third|th)) of ({'|'.join(MONTHS)})\b(?: ((?:twenty|nineteen|eighteen|two thousand)\b(?:[ -]hundred\b)?(?:(?:[ -]| and )(?:oh (?:{DIGIT})|{NUMBER}))?))?"
)
TIME = re.compile(
    rf"\b(midday|noon|midnight)\b|\b({'|'.join(ONES)})(?: (oh (?:{'|'.join(ONES)})|(?:{NUMBER})))? in the (morning|afternoon|evening)"
)
DIGITS = re.compile(rf"\b(?:(?:{DIGIT})(?:, | )?(?=(?:{DIGIT})\b|[^a-z]|$))+(?:{DIGIT})?")
PERCENT = re.compile(rf"({NUMBER})(?: point ((?:(?:{DIGIT}) ?)+))? per cent")


def number(words: str) -> int:
    """Two thousand and five as 2005."""
    total = part = 0
    for word in re.split(r"[ -]+", words.strip()):
        if word in ("and", ""):
            continue
        if word == "hundred":
            part *= 100
        elif word in SCALES:
            total, part = total + part * SCALES[word], 0
        else:
            part += ONES[word] if word in ONES else TENS[word]
    return total + part


def digits(words: str) -> str:
    """Oh one six as 016."""
    return "".join("0" if word == "oh" else str(ONES[word]) for word in re.findall(r"[a-z]+", words))


def money(speech: str) -> list[int]:
    """Every amount, in pence."""
    found = []
    for scaled, fraction, scale, pounds, pence, rest, only in MONEY.findall(speech.lower()):
        if fraction:
            unit = SCALES[scale] * 100
            found.append(round(number(scaled) * unit + float(f"0.{digits(fraction)}") * unit))
        else:
            found.append(number(only) if only else number(pounds) * 100 + (number(pence or rest) if pence or rest else 0))
    return found


def year(words: str) -> int:
    """Twenty twenty-six as 2026."""
    words = words.strip()
    if "thousand" in words or "hundred" in words:
        return number(words)
    head, _, tail = words.partition(" ")
    return number(head) * 100 + (int(digits(tail)) if tail.startswith("oh") else number(tail))


def ordinal(words: str) -> int:
    """Twenty-first as 21."""
    head, _, last = words.rpartition("-")
    plain = ORDINALS.get(last) or (last[:-4] + "y" if last.endswith("ieth") else last.removesuffix("th"))
    return (number(head) if head else 0) + number(plain)


def dates(speech: str) -> list[tuple[int | None, int, int]]:
    """Every date, as year, month and day."""
    return [
        (year(in_year) if in_year else None, MONTHS.index(month) + 1, ordinal(day)) for day, month, in_year in DATE.findall(speech.lower())
    ]


def times(speech: str) -> list[str]:
    """Every time, as 17:05."""
    found = []
    for named, hour, minute, part in TIME.findall(DIGITS.sub(_short, speech.lower())):
        if named:
            found.append("00:00" if named == "midnight" else "12:00")
            continue
        hours = ONES[hour] % 12 + (0 if part == "morning" else 12)
        minutes = int(digits(minute)) if minute.startswith("oh") else number(minute) if minute else 0
        found.append(f"{hours:02}:{minutes:02}")
    return found


def _short(run: re.Match[str]) -> str:
    """A number said digit by digit is no part of a time after it."""
    return run[0] if len(digits(run[0])) < 4 else "it "


def numbers_by_digit(speech: str) -> list[str]:
    """Everything of three digits and more that was said digit by digit."""
    return [found for run in DIGITS.findall(speech.lower()) if len(found := digits(run)) >= 3]


def percents(speech: str) -> list[float]:
    """Every percentage."""
    return [number(whole) + (float(f"0.{digits(fraction)}") if fraction else 0) for whole, fraction in PERCENT.findall(speech.lower())]


def spelled(words: str) -> str:
    """A B C D, two three as ABCD-23."""
    groups = [group.split() for group in words.split(",")]
    return "-".join("".join("0" if one == "oh" else str(ONES[one]) if one in ONES else one for one in group) for group in groups)


def address(words: str) -> str:
    """Avonmere dot example slash bins as avonmere.example/bins."""
    signs = {"dot": ".", "slash": "/", "dash": "-", "underscore": "_", "at": "@", "plus": "+"}
    found = ""
    for word in words.split():
        found += signs.get(word) or ("0" if word == "oh" else str(ONES[word]) if word in ONES and ONES[word] < 10 else word)
    return found


def day(value: date) -> tuple[int, int, int]:
    """A date as `dates` gives it."""
    return value.year, value.month, value.day
