"""A phone number by keys: the one the caller rings from, if they say so, or one that is pressed and read back digit by digit."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from guildhall.channels.phone.dialogue.ear.speech_text import said_digits
from guildhall.channels.phone.dialogue.questions import Act, Question
from guildhall.channels.phone.dialogue.talk import Talk
from guildhall.channels.phone.dialogue.yes_no import yes_no
from guildhall.channels.phone.moves import Collect, Move, Spoken
from guildhall.channels.phone.states import CallState
from guildhall.channels.phone.turn_taking import Patience
from guildhall.councils.phone_config import national

MOBILE: Final = re.compile(r"07\d{9}")
ANY: Final = re.compile(r"0\d{9,10}")
ENDING: Final = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a number is wanted for: which are possible, what happens with it, and what when none is given."""

    asks: str
    possible: re.Pattern[str]
    take: Callable[[str], Move]
    never: Act


class Numbers:
    """One call's asking for a number."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._tries = 0

    def ask(self, wanted: Wanted, *before: Spoken) -> Move:
        """The caller's own number first, by its last digits; nobody has to press what we can see."""
        self._tries = 0
        own = national(self._talk.caller_number)
        if not wanted.possible.fullmatch(own):
            return self.press(wanted, *before)
        words = self._talk.words
        said = words.say("phone.own_number", digits=said_digits(own[-ENDING:], words.language))
        choices = yes_no(self._talk, lambda: wanted.take(own), partial(self.press, wanted))
        return self._talk.put(Question("own-number", (said,), CallState.CONFIRMING, choices, slot="yes_no"), *before)

    def press(self, wanted: Wanted, *before: Spoken) -> Move:
        """By keys, ended with #. It is never heard: digits over the phone are too easily misheard."""
        said = self._talk.words.say(wanted.asks, hash=self._talk.words.key("#"))
        question = Question(
            "number", (said,), CallState.COLLECTING, collect=Collect(11, between_seconds=6.0, may_begin_with_nought=True),
            take=partial(self._pressed, wanted), patience=Patience.NUMBERS, slot="digits",
        )  # fmt: skip
        return self._talk.put(question, *before)

    def _pressed(self, wanted: Wanted, keys: str) -> Move:
        words = self._talk.words
        if not wanted.possible.fullmatch(keys):
            return self._again(wanted, words.say("phone.number_wrong"))
        said = words.say("phone.number_right", digits=said_digits(keys, words.language))
        choices = yes_no(self._talk, lambda: wanted.take(keys), lambda: self._again(wanted))
        return self._talk.put(Question("number-right", (said,), CallState.CONFIRMING, choices, slot="yes_no"))

    def _again(self, wanted: Wanted, *before: Spoken) -> Move:
        """Twice, and no more."""
        self._tries += 1
        return self.press(wanted, *before) if self._tries < 2 else wanted.never()
