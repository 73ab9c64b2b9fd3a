"""A grammar of the dialogue as the embedded hearing needs it: a JSGF grammar (JSpeech Grammar Format), its words' sounds, and what each phrase means."""

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from guildhall.channels.phone.speech import Grammar
from guildhall.providers.speech.pronouncing import Pronouncing

DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_TEENS: Final = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_FIRSTS: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_LATER: Final = (
    "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
)  # fmt: skip
_DAYS: Final = (*_FIRSTS, *_LATER, *(f"twenty {one}" for one in _FIRSTS), "thirtieth", "thirty first")
_MONTHS: Final = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _any(words: tuple[str, ...]) -> str:
    return " | ".join(words)


SLOTS: Final = {
    "digits": (
        "<digit> <digit>*",
        f"<digit> = <one> | double <one> | triple <one>;\n<one> = oh | nought | {_any(DIGITS)};",
    ),
    "date": (
        "today | tomorrow | yesterday | [next | this] <weekday> | [<weekday>] <day> [<year>]",
        (
            f"<weekday> = {_any(_WEEKDAYS)};\n<day> = [the] <nth> [of] <month> | <month> [the] <nth>;\n<nth> = {_any(_DAYS)};\n<month> = {_any(_MONTHS)};\n"
            f"<year> = (nineteen | twenty) (<tens> [<unit>] | {_any(_TEENS)}) | two thousand [and] [<unit>];\n<tens> = {_any(_TENS)};\n"
            f"<unit> = {_any(DIGITS[1:])};"
        ),
    ),
}
"""What a slot is filled with, beside the phrases: the rule itself, and the rules it needs."""
_DATE: Final = re.compile(
    rf"today|tomorrow|yesterday|(?:(?:next|this) )?(?:{_any(_WEEKDAYS)})|(?:(?:{_any(_WEEKDAYS)}) )?".replace(" | ", "|")
    + rf"(?:(?:the )?(?:{_any(_DAYS)})(?: of)? (?:{_any(_MONTHS)})|(?:{_any(_MONTHS)})(?: the)? (?:{_any(_DAYS)}))".replace(" | ", "|")
    + rf"(?: (?:(?:nineteen|twenty) (?:(?:{_any(_TENS)})(?: (?:{_any(DIGITS[1:])}))?|{_any(_TEENS)})".replace(" | ", "|")
    + rf"|two thousand(?:(?: and)? (?:{_any(DIGITS[1:])}))?))?".replace(" | ", "|")
)
_NOT_WORDS: Final = re.compile(r"[^\w' ]+")
_RULE: Final = re.compile(r"<\w+>|[=;()|*\[\]+]")


ALWAYS_WEIGHT: Final = 0.02
"""How likely words that must be heard at any time are beside the answers to the question."""
MOST_FAR: Final = 150
FAR_SHORTEST: Final = 4
"""Words that nobody was asked for and that have fewer sounds than this are found in anything; they have keys."""
NEAR_RANK: Final = 1


@dataclass(frozen=True, slots=True)
class Hearable:
    """A grammar that can be heard. `means` gives what a phrase means by its words; `left_out` are phrases that only a key can choose."""

    name: str
    jsgf: str
    sounds: tuple[tuple[str, tuple[str, ...]], ...]
    means: dict[str, str]
    slot: str
    left_out: tuple[str, ...]
    far: bool = False
    """It holds what may be said besides: it is asked when the answers to the question did not fit, and must fit better."""
    always: frozenset[str] = frozenset()
    """Words for danger, a crisis and a person: in doubt they give way to nothing that may be said besides."""


def hearable(grammar: Grammar, language: str, pronouncing: Pronouncing) -> tuple[Hearable, ...]:
    """Everything of a grammar that can be heard: the answers and what must be heard at any time, and then what may be said besides.

    In two steps, because the more an engine may hear the less it hears right: the answer to a question is looked for among few phrases.
    """
    near: dict[str, tuple[str, int]] = {}
    far: dict[str, tuple[str, int]] = {}
    left_out = []
    for phrase in grammar.phrases:
        for says in phrase.said_in(language):
            words = spoken_words(says)
            if not words or not all(pronouncing.of(word) for word in words):
                left_out.append(says)
            elif phrase.rank <= NEAR_RANK:
                near.setdefault(" ".join(words), (phrase.means, phrase.rank))
            elif sum(len(pronouncing.shortest(word)) for word in words) >= FAR_SHORTEST:
                far.setdefault(" ".join(words), (phrase.means, phrase.rank))
    beside = {says: meant for says, meant in far.items() if says not in near}
    told = tuple(dict.fromkeys(left_out))
    made = [_made(near, grammar.slot, pronouncing, told)]
    if beside:
        made.append(_made(dict(list(beside.items())[:MOST_FAR]), "choice", pronouncing, (), far=True))
    return tuple(one for one in made if one.means or one.slot in SLOTS)


def _made(
    phrases: dict[str, tuple[str, int]], slot: str, pronouncing: Pronouncing, left_out: tuple[str, ...], far: bool = False
) -> Hearable:
    rule, needed = SLOTS.get(slot, ("", ""))
    body = " | ".join(
        ([f"/1/ ({rule})"] if rule else [])
        + [f"/{ALWAYS_WEIGHT if rank == NEAR_RANK else 1}/ {says}" for says, (_, rank) in phrases.items()]
    )
    jsgf = f"#JSGF V1.0;\ngrammar g;\npublic <heard> = {body};\n{needed}\n"
    wanted = {word for text in (*phrases, _RULE.sub(" ", f"{rule} {needed}")) for word in text.split()}
    sounds = tuple((word, pronouncing.of(word) or ()) for word in sorted(wanted))
    means = {says: meant for says, (meant, _) in phrases.items()}
    always = frozenset(says for says, (_, rank) in phrases.items() if rank == NEAR_RANK)
    return Hearable(hashlib.sha256(jsgf.encode()).hexdigest()[:16], jsgf, sounds, means, slot, left_out, far, always)


def spoken_words(text: str) -> list[str]:
    """The words of a phrase as they are said: small letters, no marks, digits one by one."""
    plain = _NOT_WORDS.sub(" ", text.casefold().replace("’", "'").replace("&", " and ").replace("_", " "))
    words: list[str] = []
    for word in plain.split():
        if word.isascii() and word.isdigit():
            words += [DIGITS[int(digit)] for digit in word]
        else:
            words.append(word.strip("'") or word)
    return [word for word in words if word.strip("'")]


def digits_of(heard: str) -> str:
    """The digits of what was heard in a `digits` slot; empty when it is something else."""
    found, times = "", 1
    for word in heard.split():
        if word in ("double", "triple"):
            times = 2 if word == "double" else 3
        elif word in ("oh", "nought") or word in DIGITS:
            found += ("0" if word in ("oh", "nought") else str(DIGITS.index(word))) * times
            times = 1
        else:
            return ""
    return found if times == 1 else ""


def is_date(heard: str) -> bool:
    """Whether what was heard is a whole date, and not the beginning of one."""
    return bool(_DATE.fullmatch(heard))
