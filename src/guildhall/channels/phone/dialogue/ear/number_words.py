"""Numbers in English words, as they are said in the United Kingdom."""

from typing import Final

ONES: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
    "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SCALES: Final = ((1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand"))
IRREGULAR_ORDINALS: Final = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
NOUGHT: Final = "oh"
"""The digit 0, where digits are said one by one."""


def cardinal(number: int) -> str:
    """253 as "two hundred and fifty-three"."""
    if number < 20:
        return ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens] + (f"-{ONES[ones]}" if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{ONES[hundreds]} hundred" + (f" and {cardinal(rest)}" if rest else "")
    for size, name in SCALES:
        if number >= size:
            many, rest = divmod(number, size)
            joined = "" if not rest else f" and {cardinal(rest)}" if rest < 100 else f" {cardinal(rest)}"
            return f"{cardinal(many)} {name}{joined}"
    raise AssertionError("every number from 1000 on has a scale")


def decimal(text: str) -> str:
    """3.25 as "three point two five"; commas between thousands are allowed."""
    whole, _, fraction = text.replace(",", "").partition(".")
    said = cardinal(int(whole))
    return f"{said} point {digits(fraction, nought='zero')}" if fraction else said


def ordinal(number: int) -> str:
    """21 as "twenty-first"."""
    said = cardinal(number)
    cut = max(said.rfind(" "), said.rfind("-")) + 1
    head, last = said[:cut], said[cut:]
    if last in IRREGULAR_ORDINALS:
        return head + IRREGULAR_ORDINALS[last]
    return head + (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")


def year(number: int) -> str:
    """2026 as "twenty twenty-six", 2005 as "two thousand and five"."""
    century, rest = divmod(number, 100)
    if century % 10 == 0 and rest < 10:
        return cardinal(number)
    if rest == 0:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {f'{NOUGHT} {ONES[rest]}' if rest < 10 else cardinal(rest)}"


def digits(text: str, nought: str = NOUGHT) -> str:
    """Digits one by one."""
    return " ".join(nought if character == "0" else ONES[int(character)] for character in text)


def in_groups(number: str) -> str:
    """A phone or account number, digit by digit, with a breath between groups of three or four."""
    return ", ".join(digits(group) for group in groups_of(number))


def groups_of(number: str) -> tuple[str, ...]:
    """The groups a number is said in: those it is written in, the long ones cut; an area code of five stays whole, as people know it."""
    found: list[str] = []
    for group in number.split():
        if len(group) <= 5 and (len(group) <= 4 or not found):
            found.append(group)
            continue
        head = 5 if group.startswith("0") and len(group) >= 10 else 0
        if head:
            found.append(group[:head])
        rest = group[head:]
        found += [rest[at : at + 3] for at in range(0, len(rest), 3)]
    if len(found) > 1 and len(found[-1]) == 1:  # a single last digit is easily lost
        found[-2:] = [found[-2] + found[-1]]
    return tuple(found)
