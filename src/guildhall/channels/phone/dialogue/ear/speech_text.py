"""A reply's text as it is said on the phone, sentence by sentence."""

import re
from typing import Final

from guildhall.answers.facts_in_text import PHONE
from guildhall.channels.phone.dialogue.ear.number_words import groups_of, in_groups
from guildhall.channels.phone.dialogue.ear.plain import sentences_of_markdown
from guildhall.channels.phone.dialogue.ear.values import HELPLINE, MONEY, REFERENCE, SHORT_NUMBER, values_in_words
from guildhall.knowledge.places import POSTCODE
from guildhall.vocabulary.sentences import capitalised

POUNDS: Final = {
    "ar": "جنيه", "cs": "liber", "pa": "ਪੌਂਡ", "pl": "funtów", "ps": "پونډه", "ro": "lire", "sk": "libier", "so": "gini", "ur": "پاؤنڈ",
}  # fmt: skip


def for_the_ear(text: str, language: str = "en") -> tuple[str, ...]:
    """The sentences to say. English has its values in words; in other languages the voice, which knows their grammar, reads figures itself.

    There numbers that must be heard digit by digit, such as a phone number, are set apart so that no voice makes millions of them.
    """
    found = sentences_of_markdown(text)
    if language == "en":
        return tuple(_settled(values_in_words(sentence)) for sentence in found)
    return tuple(_settled(_figures_apart(sentence, language)) for sentence in found)


def said_digits(number: str, language: str = "en") -> str:
    """A number read back digit by digit, in groups."""
    return in_groups(number) if language == "en" else _apart(number)


def _figures_apart(sentence: str, language: str) -> str:
    apart = PHONE.sub(lambda match: _apart(match[0]), sentence)
    apart = HELPLINE.sub(lambda match: _apart(match[0]), apart)
    apart = SHORT_NUMBER.sub(lambda match: " ".join(match[0]), apart)
    apart = POSTCODE.sub(lambda match: f"{' '.join(match[1])}, {' '.join(match[2])}", apart)
    apart = REFERENCE.sub(lambda match: " ".join(match[0].replace("-", ",")), apart)
    return MONEY.sub(
        lambda match: f"{match[1]} {match[2] or ''} {POUNDS[language]}" if match[1] and language in POUNDS else match[0], apart
    )


def _apart(number: str) -> str:
    return ", ".join(" ".join(group) for group in groups_of(re.sub(r"[^\d\s]", " ", number)))


def _settled(text: str) -> str:
    """Blanks as they should be around what was put in."""
    text = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(text.split()))
    text = re.sub(r"(?<=\w) -(?=\w)|(?<=\w)- (?=\w)", "-", text)
    return capitalised(text)
