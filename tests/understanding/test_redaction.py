"""Personal data are masked; council references and council text are left as they are."""

import random
import re
from pathlib import Path

import pytest

from guildhall.understanding import checksums
from guildhall.understanding.redaction import redact
from guildhall.understanding.words import sentences


def nhs_numbers(count: int) -> list[str]:
    chance = random.Random(3)
    found: list[str] = []
    while len(found) < count:
        digits = "9" + "".join(str(chance.randrange(10)) for _ in range(9))
        if checksums.nhs_number(digits):
            found.append(digits)
    return found


def card_numbers(count: int) -> list[str]:
    chance = random.Random(5)
    found: list[str] = []
    while len(found) < count:
        digits = "4" + "".join(str(chance.randrange(10)) for _ in range(15))
        if checksums.payment_card(digits):
            found.append(digits)
    return found


FRAMES = ("{}", "my number is {} please", "it's {}, can you check", "I gave you {} last week", "NHS {} ok?")


@pytest.mark.parametrize("shape", ["{0}{1}{2}", "{0} {1} {2}", "{0}-{1}-{2}"])
def test_every_nhs_number_is_masked_however_it_is_spaced(shape: str) -> None:
    for place, digits in enumerate(nhs_numbers(200)):
        text = FRAMES[place % len(FRAMES)].format(shape.format(digits[:3], digits[3:6], digits[6:]))
        assert "[nhs-1]" in redact(text).text, text


def test_every_card_number_is_masked() -> None:
    for digits in card_numbers(200):
        spaced = " ".join(digits[i : i + 4] for i in range(0, 16, 4))
        assert "[card-1]" in redact(f"my card is {digits}").text
        assert "[card-1]" in redact(f"pay with {spaced} please").text


def test_every_national_insurance_number_is_masked() -> None:
    chance = random.Random(7)
    for _ in range(200):
        number = (
            f"{chance.choice('ABCEGHJKLMPRSWXYZ')}{chance.choice('ABCEHJLMPRSWXYZ')}{chance.randrange(10**6):06}{chance.choice('ABCD')}"
        )
        if not checksums.national_insurance_number(number):
            continue
        assert number not in redact(f"it is {number}").text
        assert "[national-insurance-1]" in redact(f"ni {number[:2]} {number[2:4]} {number[4:6]} {number[6:8]} {number[8]}").text


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("ring me on 07700 900123", "ring me on [phone-1]"),
        ("call +44 7700 900 456", "call [phone-1]"),
        ("01632 960111 or 01632 960111", "[phone-1] or [phone-1]"),
        ("write to jo.bloggs@mail.example", "write to [email-1]"),
        ("it's jo at mail dot example", "it's [email-1]"),
        ("sort code 12-34-56 account 12345678 for the refund", "sort code [sort-code-1] account [account-1] for the refund"),
        ("dob 12/03/1950", "dob [date-of-birth-1]"),
        ("I was born on 3 May 1970", "I was born on [date-of-birth-1]"),
        ("I live at 14 Market Street, Thornwick AV7 3MS", "I live at [address-1], Thornwick AV7 [postcode-1]"),
        ("my name is Jo Bloggs and my bin is broken", "my name is [name-1] and my bin is broken"),
        ("nazywam się Jan Kowalski", "nazywam się [name-1]"),
        ("passport number 123456789", "passport number [passport-1]"),
        ("oh seven seven double oh nine oh oh one two three", "[number-1]"),
        ("Mrs Patel next door", "Mrs [name-1] next door"),
    ],
)
def test_personal_data_become_tokens(said: str, masked: str) -> None:
    assert redact(said).text == masked


@pytest.mark.parametrize(
    "said",
    [
        "housing ref 9434765919",
        "council tax account 80123456",
        "my council tax reference is 0123456789",
        "PCN AV12345678",
        "UPRN 010012345678",
        "planning application 26/01234/FUL",
        "when are bins at AV1 1GH",
        "my name is on the tenancy",
        "my name is spelt wrong on the bill",
        "the tip opens 8:00 to 16:00, 25 December closed, £34 for 3 items",
        "children born between 1 September 2022 and 31 August 2023",
        "Band D is £2,347.20 for 2026/27",
    ],
)
def test_council_references_and_facts_stay_usable(said: str) -> None:
    assert redact(said).text == said


def test_what_the_council_publishes_is_nobodys_personal_data() -> None:
    said = "I rang 01632 960112 and wrote to waste@avonmere.example"
    assert redact(said, ["01632 960112", "waste@avonmere.example"]).text == said


def test_masks_point_at_what_they_stand_for() -> None:
    said = "ring 07700 900123"
    (mask,) = redact(said).masks
    assert said[mask.start : mask.end] == "07700 900123"


def test_council_text_is_almost_never_masked() -> None:
    published = re.compile(r"\b0\d{3,4} \d{3} ?\d{3,4}\b|\S+@\S+|\b\d{1,3} [A-Z]\w+ (?:Square|Street|Road)\b")
    seen, masked = 0, []
    for page in sorted(Path("councils").glob("*/content/**/*.md")):
        for start, end in sentences(text := page.read_text("utf-8").split("---", 2)[-1]):
            sentence = text[start:end]
            seen += 1
            if redact(sentence, published.findall(sentence)).masks:
                masked.append(sentence)
    assert seen > 1000
    assert len(masked) / seen < 0.005, masked[:20]
