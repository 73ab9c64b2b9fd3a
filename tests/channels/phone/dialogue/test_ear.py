"""Said for the ear: every value reads back as exactly what was written; nothing of the page's furniture is said."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from guildhall.answers.facts_in_text import facts_in
from guildhall.answers.markdown_blocks import BlockKind, blocks_of
from guildhall.channels.phone.dialogue.ear.number_words import cardinal, groups_of, ordinal
from guildhall.channels.phone.dialogue.ear.speech_text import for_the_ear, said_digits
from guildhall.councils.consistency import read_pages
from guildhall.vocabulary.languages import Language
from tests.channels.phone.dialogue import read_back

PAGES = list(read_pages(Path("councils/avonmere/content")))


def said(text: str) -> str:
    """The one sentence that is said."""
    return " ".join(for_the_ear(text))


@given(some.integers(0, 10**10))
def test_every_number_reads_back(number: int) -> None:
    assert read_back.number(cardinal(number)) == number


@given(some.integers(1, 999))
def test_every_ordinal_reads_back(number: int) -> None:
    words = ordinal(number)
    head, _, last = words.rpartition(" ")
    assert (read_back.number(head) if head else 0) + (read_back.ordinal(last) if last != "hundredth" else 0) in (number, number // 100)


@given(some.integers(1, 200_000_000), some.booleans())
def test_every_amount_reads_back(pence: int, commas: bool) -> None:
    pounds, rest = divmod(pence, 100)
    written = f"£{pounds:,}" if commas else f"£{pounds}"
    written += f".{rest:02}" if rest else ""
    speech = said(f"It costs {written} a year, and that is all.")
    assert read_back.money(speech) == [pence] and not re.search(r"\d|£", speech)


@given(some.integers(1, 99))
def test_every_pence_reads_back(pence: int) -> None:
    assert read_back.money(said(f"It costs {pence}p.")) == [pence]


@given(some.integers(1, 999), some.integers(0, 9), some.sampled_from(["million", "m", "bn"]))
def test_every_large_amount_reads_back(whole: int, tenths: int, unit: str) -> None:
    size = 10**9 if unit == "bn" else 10**6
    written = f"£{whole}.{tenths}{unit}" if tenths else f"£{whole}{'' if unit != 'million' else ' '}{unit}"
    assert read_back.money(said(f"We spend {written} on it.")) == [whole * size * 100 + tenths * size * 10]


@given(some.dates(date(1900, 1, 1), date(2099, 12, 31)), some.sampled_from(["%d %B %Y", "%Y-%m-%d", "%d/%m/%Y", "%d %b %Y"]))
def test_every_date_reads_back(day: date, written: str) -> None:
    speech = said(f"It is due by {day.strftime(written)}, at the latest.")
    assert read_back.dates(speech) == [read_back.day(day)] and not re.search(r"\d", speech)


@given(some.integers(0, 23), some.integers(0, 59), some.sampled_from(["24", "12", "12."]))
def test_every_time_reads_back(hour: int, minute: int, written: str) -> None:
    half = f"{hour % 12 or 12}{':' if written == '12' else '.'}{minute:02}{'am' if hour < 12 else 'pm'}"
    text = f"{hour:02}:{minute:02}" if written == "24" else half
    assert read_back.times(said(f"Be there at {text} on the day.")) == [f"{hour:02}:{minute:02}"]


@given(some.sampled_from(["01632 960", "07700 900", "01632960", "+44 1632 960", "+44 7700 900", "0800 111 "]), some.integers(0, 999))
def test_every_phone_number_reads_back_digit_by_digit(start: str, end: int) -> None:
    written = f"{start}{end:03}"
    expected = re.sub(r"\D", "", written.replace("+44 ", "0"))
    speech = said(f"Phone {written} today.")
    assert read_back.numbers_by_digit(speech) == [expected] and not re.search(r"\d", speech)


@pytest.mark.parametrize(
    "written", ["999", "111", "105", "116 123", "159", "18001 01632 960100", "0303 123 1113", "0808 2000 247", "0300 330 0630"]
)
def test_helplines_are_said_digit_by_digit(written: str) -> None:
    assert read_back.numbers_by_digit(said(f"Phone {written} now.")) == [written.replace(" ", "")]


@given(some.integers(0, 9999), some.integers(0, 99))
def test_every_percentage_reads_back(whole: int, hundredths: int) -> None:
    written = f"{whole}.{hundredths:02}%" if hundredths else f"{whole}%"
    assert read_back.percents(said(f"It is {written} of it.")) == [pytest.approx(whole + hundredths / 100)]


@given(some.text("ABCDEFGHJKMNPQRSTUVWXYZ", min_size=2, max_size=4), some.text("0123456789", min_size=2, max_size=4))
def test_every_reference_is_spelled(letters: str, numbers: str) -> None:
    speech = for_the_ear(f"Your reference is {letters}-{numbers}.")[0]
    assert read_back.spelled(speech.removeprefix("Your reference is ").rstrip(".")) == f"{letters}-{numbers}"


@given(
    some.sampled_from(["AV1", "AV12", "EC1A", "M1", "DE4"]), some.integers(0, 9), some.text("ABDEFGHJLNPQRSTUWXYZ", min_size=2, max_size=2)
)
def test_every_postcode_is_spelled(outward: str, digit: int, unit: str) -> None:
    speech = for_the_ear(f"You live at {outward} {digit}{unit}.")[0]
    assert read_back.spelled(speech.removeprefix("You live at ").rstrip(".")) == f"{outward}-{digit}{unit}"


@given(
    some.lists(some.sampled_from(["bins", "council-tax", "pay", "b2", "a_b", "2026"]), max_size=3),
    some.sampled_from(["https://www.", "www.", "https://"]),
)
def test_every_web_address_reads_back(path: list[str], start: str) -> None:
    bare = "/".join(["avonmere.example", *path])
    speech = for_the_ear(f"See {start}{bare}.")[0]
    assert read_back.address(speech.removeprefix("See ").rstrip(".")) == bare


def test_an_email_address_reads_back() -> None:
    speech = for_the_ear("Write to council-tax_2@avonmere.example.")[0]
    assert read_back.address(speech.removeprefix("Write to ").rstrip(".")) == "council-tax_2@avonmere.example"


@given(some.integers(7, 16), some.randoms())
def test_a_long_number_is_said_digit_by_digit(length: int, chance: object) -> None:
    number = "".join(str(chance.randint(0, 9)) for _ in range(length))  # type: ignore[attr-defined]
    assert "".join(groups_of(number)) == number
    assert "".join(read_back.numbers_by_digit(said(f"The account is {number} here."))) == number
    assert read_back.digits(said_digits(number).lower()) == number


def test_every_amount_phone_number_date_and_time_of_the_councils_pages_reads_back() -> None:
    """The council's own sentences, as they would be said."""
    wrong = []
    for page in PAGES:
        for block in blocks_of(page.body):
            if block.kind == BlockKind.TABLE:
                continue
            for unit in block.units:
                wrong += differences(unit, f"{page.path}: {unit}")
    assert wrong == []


def test_no_sign_short_day_or_loose_hyphen_of_the_councils_pages_is_said() -> None:
    left = re.compile(r"[&+$€=%°²]|\w/\w| / | -\w|\w- |\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Nov|Dec)\b|\b(?:one|over) \w+ s\b")
    spoken = [f"{page.path}: {sentence}" for page in PAGES for sentence in for_the_ear(page.body)]
    assert [sentence for sentence in spoken if left.search(sentence.partition(": ")[2])] == []


def differences(text: str, where: str) -> list[str]:
    """What is said of a text and was not written, or the other way round."""
    speech = said(text)
    facts = [fact for fact in facts_in(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)) if not fact.words.endswith(" may")]
    of = {kind: sorted(fact.value for fact in facts if fact.kind == kind) for kind in ("money", "time", "date", "phone")}
    spoken = {
        "money": sorted(f"{pence}p" for pence in read_back.money(speech)),
        "time": sorted(read_back.times(speech)),
        "date": sorted(f"{year or '*'}-{month:02}-{day:02}" for year, month, day in read_back.dates(speech)),
    }
    found = [f"{where} → {speech} ({kind}: {of[kind]} {spoken[kind]})" for kind in spoken if of[kind] != spoken[kind]]
    by_digit = read_back.numbers_by_digit(speech)
    found += [f"{where} → {speech} ({number})" for number in of["phone"] if number not in by_digit]
    if re.search(r"\d|£|\*\*|\]\(|https?:|\|", speech):
        found.append(f"{where} → {speech}")
    return found


SENTENCES = [
    ("A **collection** costs [£34](/bins) [1].", "A collection costs thirty-four pounds."),
    ("Open Mon–Fri, 9am–5pm.", "Open Monday to Friday, nine in the morning to five in the afternoon."),
    ("Bring ID, e.g. a passport, etc.", "Bring ID, for example a passport, and so on."),
    ("It takes 3-5 days (or 10 in winter).", "It takes three to five days, or ten in winter."),
    ("Ask Cllr Smith and/or your bin(s) crew.", "Ask Councillor Smith or your bins crew."),
    ("From 2026/27 it is 2.5%.", "From twenty twenty-six to twenty-seven it is two point five per cent."),
    ("A 240L bin, within 10 m, up to 7.5 kg.", "A two hundred and forty litres bin, within ten metres, up to seven point five kilograms."),
    ("Lines are open 24/7.", "Lines are open day and night, every day."),
    ("If you cannot speak, press 55 when asked.", "If you cannot speak, press five five when asked."),
    ("The year 2026 has 365 days.", "The year twenty twenty-six has three hundred and sixty-five days."),
    ("A 2-bedroom home, the 28-day rule.", "A two-bedroom home, the twenty-eight-day rule."),
    ("Free for over-60s and under 16s since the 1990s.", "Free for over-sixties and under sixteens since the nineteen nineties."),
    ("Mon 9am-5pm; Sat, closed.", "Monday nine in the morning to five in the afternoon; Saturday, closed."),
    ("He sat in the Sun on a Wed.", "He sat in the Sun on a Wednesday."),
    ("Shut from Fri 25 to Mon 28 December.", "Shut from Friday the twenty-fifth to Monday the twenty-eighth of December."),
    ("On 5, 12 and 19 May.", "On the fifth, the twelfth and the nineteenth of May."),
    ("By March 14, 2026.", "By the fourteenth of March twenty twenty-six."),
    ("Children aged 5 to 12 may join.", "Children aged five to twelve may join."),
    ("Open until 5 p.m. today, for 5p.", "Open until five in the afternoon today, for five pence."),
    ("It is £5/month, 3 days/week, £2pp.", "It is five pounds a month, three days a week, two pounds per person."),
    ("Grants of £1,000-£2,000.", "Grants of one thousand pounds to two thousand pounds."),
    ("Lived here 1994-2004.", "Lived here nineteen ninety-four to two thousand and four."),
    ("A 1 m by 3 km path, 2m x 1m.", "A one metre by three kilometres path, two metres by one metre."),
    ("Go to A&E. 10,000+ people, £10+VAT.", "Go to A and E. Ten thousand or more people, ten pounds plus VAT."),
    ("Band A pays 6/9, or 1/2 of it.", "Band A pays six over nine, or half of it."),
    ("Text BIN to 60777.", "Text BIN to six oh seven seven seven."),
    ("The sort code is 12-34-56.", "The sort code is one two, three four, five six."),
    ("Come to 12a Mill Lane at -2°C.", "Come to twelve A Mill Lane at minus two degrees."),
    ("See avonmere.example/visit or avonmere.example/a/month.", "See avonmere dot example slash visit or avonmere dot example slash a slash month."),
    ("Go to gov.uk/apply-blue-badge.", "Go to gov dot uk slash apply dash blue dash badge."),
]  # fmt: skip


@pytest.mark.parametrize(("written", "spoken"), SENTENCES, ids=[spoken for _, spoken in SENTENCES])
def test_what_is_written_for_the_eye_is_said_for_the_ear(written: str, spoken: str) -> None:
    assert said(written) == spoken


def test_lists_steps_and_tables_become_sentences() -> None:
    text = "Bring:\n\n- a passport\n- £5\n\n1. Fill in the form.\n2. Send it.\n\n| Item | Cost |\n|---|---|\n| Sofa | £34 |\n"
    assert for_the_ear(text) == (
        "Bring.", "A passport.", "Five pounds.", "Step one: Fill in the form.", "Step two: Send it.", "Sofa: thirty-four pounds.",
    )  # fmt: skip


def test_a_column_whose_name_only_asks_is_said_by_its_answer() -> None:
    text = "| Bin | What it is for | How often | Cost |\n|---|---|---|---|\n| Food caddy | Food waste | Every week | £5 |\n"
    assert for_the_ear(text) == ("Food caddy: Food waste; Every week; Cost, five pounds.",)


@pytest.mark.parametrize("language", [language.value for language in Language if language != Language.ENGLISH])
def test_in_other_languages_figures_stay_and_phone_numbers_are_set_apart(language: str) -> None:
    speech = " ".join(for_the_ear("X 01632 960100, £72.50, 999, AV1 1GH.", language))
    assert "0 1 6 3 2, 9 6 0, 1 0 0" in speech and "72.50" in speech and "£" not in speech and "9 9 9" in speech
