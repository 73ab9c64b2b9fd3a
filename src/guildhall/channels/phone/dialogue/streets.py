"""Where the caller lives, by keys: the first letters of the street, at most four streets to choose from, and the house number.

A postcode is never asked for by voice: its letters are misheard more often than not. Two failures bring a person.
"""

from functools import partial
from typing import Final

from guildhall.channels.phone.dialogue.questions import Choice, Question
from guildhall.channels.phone.dialogue.talk import Talk
from guildhall.channels.phone.dialogue.yes_no import yes_no
from guildhall.channels.phone.moves import Collect, Move, Spoken
from guildhall.channels.phone.speech import Heard
from guildhall.channels.phone.states import CallState
from guildhall.channels.phone.turn_taking import Patience
from guildhall.knowledge.places import Places, Street

KEYS_OF_LETTERS: Final = {letter: key for key, letters in zip("23456789", ("abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"), strict=True) for letter in letters}  # fmt: skip
FIRST_LETTERS: Final = 3
MORE_LETTERS: Final = 8
OFFERED_AT_MOST: Final = 4
PAGED_AT_MOST: Final = 9
"""So many streets are offered three at a time before more letters are asked for."""


def keys_of(name: str) -> str:
    """The keys of a street's letters, as a caller presses them: blanks and signs left out."""
    return "".join(KEYS_OF_LETTERS.get(letter, "") for letter in name.casefold())


def streets_by_keys(places: Places, keys: str) -> tuple[Street, ...]:
    """The streets whose letters begin so. A street that is shorter than what was pressed counts when all of it was pressed."""
    return tuple(street for street in places.streets if keys and (keys_of(street.name).startswith(keys)))


class Streets:
    """One call's way to an address. `found` says what is done with it."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._failed = 0
        self._question = ""
        self.asked = False
        """Whether the place was put into the question already: then it is not asked for again."""

    def ask(self, question: str, *before: Spoken) -> Move:
        """Ask for the street that a question depends on."""
        self._failed, self._question, self.asked = 0, question, False
        return self._letters(FIRST_LETTERS, "phone.street_letters", *before)

    def _letters(self, most: int, wording: str, *before: Spoken, count: int = 0) -> Move:
        words = self._talk.words
        said = words.say(wording, hash=words.key("#"), count=str(count))
        question = Question(
            "street", (said,), CallState.COLLECTING, collect=Collect(most), take=self._pressed, words=self._heard,
            patience=Patience.NUMBERS, slot="digits",
        )  # fmt: skip
        return self._talk.put(question, *before)

    def _heard(self, heard: Heard) -> Move | None:
        """A street or postcode that was said, where any words can be heard."""
        found = self._talk.council.places.find(heard.text)
        if not found:
            return None
        return self._offer(found[:PAGED_AT_MOST]) if len(found) > 1 else self._number(found[0])

    def _pressed(self, keys: str) -> Move:
        found = streets_by_keys(self._talk.council.places, keys)
        if not found:
            return self._none()
        if len(found) <= PAGED_AT_MOST or len(keys) > FIRST_LETTERS:
            return self._offer(found[:PAGED_AT_MOST])
        return self._letters(MORE_LETTERS, "phone.street_more", count=len(found))

    def _offer(self, found: tuple[Street, ...], start: int = 0) -> Move:
        """At most four at once, each with its key; where there are more, three and a key for the others. None of them is one more key."""
        words, keys = self._talk.words, self._talk.council.phone.keys
        paged = len(found) > OFFERED_AT_MOST
        shown = found[start : start + OFFERED_AT_MOST - paged]
        said = [words.say("phone.choice", choice=self._named(street, found), key=str(n)) for n, street in enumerate(shown, 1)]
        choices = [Choice(str(n), f"street:{n}", partial(self._number, street), (street.name,)) for n, street in enumerate(shown, 1)]
        if paged:
            following = start + len(shown) if start + len(shown) < len(found) else 0
            said.append(words.say("phone.other_streets", key=str(OFFERED_AT_MOST)))
            choices.append(
                Choice(str(OFFERED_AT_MOST), "others", partial(self._offer, found, following), ("another street", "other streets"))
            )
        said.append(words.say("phone.none_of_these", key=words.key(keys.back)))
        choices.append(Choice(keys.back, "none", self._none, ("none of these", "none", "neither")))
        return self._talk.put(Question("streets", tuple(said), CallState.CONFIRMING, tuple(choices)))

    def _named(self, street: Street, among: tuple[Street, ...]) -> str:
        """The town, too, where streets share a name."""
        shared = sum(other.name == street.name for other in among) > 1
        return f"{street.name}, {street.town}" if shared else street.name

    def _number(self, street: Street) -> Move:
        words = self._talk.words
        question = Question(
            "house-number", (words.say("phone.house_number", street=street.name, hash=words.key("#")),), CallState.COLLECTING,
            collect=Collect(4, may_begin_with_nought=True), take=partial(self._right, street), patience=Patience.NUMBERS, slot="digits",
        )  # fmt: skip
        return self._talk.put(question)

    def _right(self, street: Street, number: str) -> Move:
        """Said back before it is used."""
        number = number.lstrip("0")
        address = f"{number} {street.name}, {street.town}" if number else f"{street.name}, {street.town}"
        said = self._talk.words.say("phone.place_right", address=address)
        choices = yes_no(self._talk, partial(self._ask, number, street), self._none)
        return self._talk.put(Question("place-right", (said,), CallState.CONFIRMING, choices, slot="yes_no"))

    def _ask(self, number: str, street: Street) -> Move:
        """The plain question, with the place in it. The postcode alone decides; the rest is for whoever reads it."""
        self.asked = True
        where = f"{number} {street.name}" if number else street.name
        if self._talk.words.language == "en":
            return Move(ask=f"{self._question} I live at {where}, {street.postcode}.")
        return Move(ask=f"{self._question} {street.postcode}")

    def _none(self) -> Move:
        self._failed += 1
        if self._failed >= 2:
            return Move((self._talk.words.say("phone.two_failed"),), person=self._question)
        return self._letters(FIRST_LETTERS, "phone.street_letters", self._talk.words.say("phone.street_none"))
