"""What a caller may say anywhere in a call, and how their words are matched: whole utterances only, so that no question and no distress is taken for an order."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from guildhall.channels.phone.dialogue.questions import Question
from guildhall.channels.phone.dialogue.tongues import Tongues
from guildhall.channels.phone.dialogue.words import CallCouncil
from guildhall.channels.phone.speech import Grammar, Phrase
from guildhall.councils.phone_config import PhoneFile, Words
from guildhall.vocabulary.ids import ServiceKey

DANGER, CRISIS, PERSON, PAY, LANGUAGES = "danger", "crisis", "person", "pay", "languages"
COMMAND: Final = "command:"
SERVICE: Final = "service:"
OPTION: Final = "option:"
LANGUAGE: Final = "language:"
POLITE_BEFORE: Final = re.compile(
    r"^(?:(?:um+|er+m?|uh|well|oh|so|okay|ok|yeah|sorry|please|excuse me|hello|hi|can you|could you|would you|can i|could i|i want to|"
    r"i would like to|i'd like to|i want|i would like|i'd like|i need to|i need|there is an?|there's an?|i have an?|i've got an?|we've got an?|we have an?|"
    r"thank you(?: very much| so much)?|thanks(?: a lot| very much)?|cheers|great|lovely|perfect|brilliant|that is great|that's great|"
    r"there is|there's|i have|i've got|we have|we've got|its|it's|just|now)\s+)+"
)
POLITE_AFTER: Final = re.compile(r"(?:\s+(?:please|thanks|thank you|now|for me|then|mate|love|duck))+$")


def plain(text: str) -> str:
    """Words as they are compared: small letters, no punctuation, single blanks."""
    return " ".join(re.sub(r"[^\w\s']", " ", text.casefold().replace("’", "'")).split())


def without_politeness(text: str) -> str:
    """The words without what only goes around them."""
    return POLITE_AFTER.sub("", POLITE_BEFORE.sub("", plain(text)))


def everywhere(council: CallCouncil) -> Iterator[Phrase]:
    """Danger, crisis and a person in every language there are words for, and the phone's own commands."""
    phone = council.phone
    for kind, paths, general in ((DANGER, phone.danger, phone.danger_words), (CRISIS, phone.crisis, phone.crisis_words)):
        for name, path in paths.items():
            yield Phrase(_all(path.words), f"{kind}:{name}")
        yield Phrase(_all(general), kind, phone.keys.danger if kind == DANGER else phone.keys.crisis)
    yield Phrase(_all(phone.person_words), PERSON, phone.keys.person)
    yield Phrase(_all(phone.pay_words), PAY, phone.keys.payment)
    for command, words in phone.commands.items():
        yield Phrase(_all(words), f"{COMMAND}{command}", _key_of(phone, command))
    for code, offered in phone.languages.items():
        if code in council.languages:
            yield Phrase(offered.words, f"{LANGUAGE}{code.value}")


def services(council: CallCouncil) -> Iterator[Phrase]:
    """The council's services by name: those of the menus by everything they are called, the others by their names.

    What a menu itself says for a choice comes first, so that no synonym of another service takes its place.
    """
    phone, known = council.phone, council.profile.services
    seen: set[str] = set()
    options = [(f"{OPTION}{name}/{option.key}", option) for name, menu in phone.menus.items() for option in menu.options]
    for means, option in options:
        yield Phrase(_new([*_all(option.words), *option.label.values()], seen), means)
    for means, option in options:
        if found := known.get(ServiceKey(option.service)):
            yield Phrase(_new([found.name, *found.names.values(), *found.synonyms], seen), means)
    for key, service in known.items():
        yield Phrase(_new([service.name, *service.names.values()], seen), f"{SERVICE}{key}")


class Vocabulary:
    """The phrases of a council, worked out once for all calls."""

    def __init__(self, council: CallCouncil) -> None:
        self._tongues = Tongues(council)
        self.everywhere = tuple(_ranked(self._tongues.tagged(phrase)) for phrase in everywhere(council) if phrase.says)
        self.services = tuple(replace(self._tongues.tagged(phrase), rank=2) for phrase in services(council) if phrase.says)
        self._safety = Table(self.everywhere)
        self._with_services = Table((*self.everywhere, *self.services))

    def grammar_of(self, question: Question) -> Grammar:
        """Everything that can be heard while a question is open: its own answers first."""
        own = tuple(self._tongues.tagged(Phrase(choice.says, choice.means, choice.key)) for choice in question.choices if choice.says)
        return Grammar(question.name, (*own, *self.everywhere, *(self.services if question.services else ())), question.slot)

    def find(self, question: Question, text: str) -> str:
        """What the whole of an utterance means while a question is open; empty when it is no phrase."""
        own = Table(Phrase(choice.says, choice.means) for choice in question.choices).find(text)
        return own or (self._with_services if question.services else self._safety).find(text)


class Table:
    """Phrases to look up by what was said."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._means: dict[str, str] = {}
        for phrase in phrases:
            for says in phrase.says:
                self._means.setdefault(plain(says), phrase.means)

    def find(self, text: str) -> str:
        """What the whole utterance means; empty when it is no phrase."""
        return self._means.get(plain(text)) or self._means.get(without_politeness(text), "")


def _ranked(phrase: Phrase) -> Phrase:
    """Danger, crisis and a person must be heard at any time; the phone's own commands have keys."""
    return replace(phrase, rank=1 if phrase.means.partition(":")[0] in (DANGER, CRISIS, PERSON) else 2)


def _all(words: Words) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for spoken in words.values() for one in spoken))


def _new(says: Iterable[str], seen: set[str]) -> tuple[str, ...]:
    """Each phrase once: what two services are called leads to the first."""
    found = [one for one in dict.fromkeys(says) if plain(one) not in seen]
    seen.update(plain(one) for one in found)
    return tuple(found)


def _key_of(phone: PhoneFile, command: str) -> str:
    return {"repeat": phone.keys.repeat, "back": phone.keys.back, "more_time": phone.keys.more_time, "relay": phone.keys.more_time}.get(
        command, ""
    )
