"""The languages of the phone, each offered in itself, with a key of its own."""

from functools import partial
from typing import Final

from guildhall.channels.phone.dialogue.menus import complete_in
from guildhall.channels.phone.dialogue.questions import Act, Choice, Question
from guildhall.channels.phone.dialogue.talk import Talk
from guildhall.channels.phone.moves import Move, Spoken
from guildhall.channels.phone.states import CallState
from guildhall.councils.phone_config import OfferedLanguage
from guildhall.councils.phone_files import notice_of
from guildhall.vocabulary.languages import OWN_NAMES, Language

AT_ONCE: Final = 4


class Languages:
    """One call's languages. `greet` begins anew in the one that was chosen."""

    def __init__(self, talk: Talk, transcribed_outside: bool, greet: Act) -> None:
        self._talk, self._outside, self._greet = talk, transcribed_outside, greet

    @property
    def offered(self) -> tuple[tuple[Language, OfferedLanguage], ...]:
        """Those that can be said here, in the order of their keys."""
        council = self._talk.council
        found = [(code, entry) for code, entry in council.phone.languages.items() if code.value in council.languages]
        return tuple(sorted(found, key=lambda pair: pair[1].key))

    def names(self) -> tuple[Spoken, ...]:
        """That there are other languages, by the names their speakers know."""
        if not self.offered:
            return ()
        keys, words = self._talk.council.phone.keys, self._talk.words
        own = (self.named(code.value) for code, _ in self.offered[:AT_ONCE])
        return (words.say("phone.languages_key", key=keys.languages), *own)

    def named(self, language: str) -> Spoken:
        """A language by the name its speakers know."""
        return Spoken(f"{OWN_NAMES[Language(language)]}.", language)

    def ask(self, start: int = 0) -> Move:
        """Four at a time; the key of every one works from the beginning."""
        if not self.offered:
            return self._talk.again(self._talk.words.say("phone.no_languages"))
        shown = self.offered[start : start + AT_ONCE]
        said = tuple(Spoken(entry.offer, code.value, "phone.offer") for code, entry in shown)
        choices = tuple(
            Choice(entry.key, f"language:{code.value}", partial(self.choose, code.value), entry.words) for code, entry in self.offered
        )
        following = start + AT_ONCE if start + AT_ONCE < len(self.offered) else 0
        return self._talk.put(Question("language", said, CallState.LANGUAGE, choices, alone=partial(self.ask, following)))

    def choose(self, language: str) -> Move:
        """From now on in this language: the notice again, as whoever hears it now could not understand it before."""
        talk = self._talk
        talk.words.language = language
        council = talk.council
        notice = Spoken(notice_of(council.profile, language, self._outside), language, "phone.notice", interruptible=False)
        if not talk.hears_freely(language) and not complete_in(council.phone, language):
            return self._person(language, notice)
        move = self._greet()
        return Move((notice, *move.say), move.state, move.expect, language=language)

    def _person(self, language: str, notice: Spoken) -> Move:
        """In this language nothing can be understood here but keys: a person with an interpreter, at once."""
        words = self._talk.words
        name = OWN_NAMES[Language(language)]
        return Move(
            (notice, words.say("language.interpreter")),
            CallState.LANGUAGE,
            language=language,
            person=f"I speak {name} and need an interpreter",
        )
