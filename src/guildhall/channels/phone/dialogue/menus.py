"""Choices by key and word: at most four, at most three levels down, and every service by its name from the first."""

from functools import partial

from guildhall.channels.phone.dialogue.phrases import OPTION, SERVICE
from guildhall.channels.phone.dialogue.questions import Choice, Question
from guildhall.channels.phone.dialogue.streets import Streets
from guildhall.channels.phone.dialogue.talk import Talk
from guildhall.channels.phone.moves import Move, Spoken
from guildhall.channels.phone.states import CallState
from guildhall.councils.phone_config import MAIN_MENU, MenuOption, PhoneFile
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.services import Service


class Menus:
    """One call's menus."""

    def __init__(self, talk: Talk, streets: Streets) -> None:
        self._talk, self._streets = talk, streets
        self._path: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether the menus can be offered in the caller's language."""
        return self._talk.words.language == "en" or complete_in(self._talk.council.phone, self._talk.words.language)

    def main(self, *before: Spoken) -> Move:
        """The first menu."""
        self._path = ()
        return self.open(MAIN_MENU, *before)

    def open(self, name: str, *before: Spoken) -> Move:
        """A menu: each choice with its key, and the way back."""
        talk, words = self._talk, self._talk.words
        self._path = (*self._path, name)
        offered = [
            words.say("phone.choice", choice=words.of(option.label), key=option.key) for option in talk.council.phone.menus[name].options
        ]
        if len(self._path) > 1:
            offered.append(words.say("phone.back", key=words.key(talk.council.phone.keys.back)))
        return talk.put(Question(name, tuple(offered), CallState.DIRECTED, self.choices(name), services=True, words=_nothing), *before)

    def choices(self, name: str) -> tuple[Choice, ...]:
        """A menu's choices, by key and by every word for them."""
        found = []
        for option in self._talk.council.phone.menus[name].options:
            says = [one for said in option.words.values() for one in said]
            found.append(Choice(option.key, f"{OPTION}{name}/{option.key}", partial(self.choose, option), (*says, *option.label.values())))
        return tuple(found)

    def back(self) -> Move:
        """One level up; from the first menu the first menu."""
        above = self._path[-2] if len(self._path) > 1 else MAIN_MENU
        self._path = self._path[:-2]
        return self.open(above)

    def choose(self, option: MenuOption) -> Move:
        """What a choice leads to: a menu, or a question that is asked of the house, once the place is known where it needs one."""
        if option.menu:
            return self.open(option.menu)
        asked = self._talk.words.of(option.ask)
        self._talk.last_words = asked
        if option.place and self._talk.council.places.streets:
            return self._streets.ask(asked)
        return Move(ask=asked)

    def place(self, question: str) -> Move:
        """The house needs to know where the caller lives. When it was told and still does not know, a person does."""
        if self._streets.asked:
            self._streets.asked = False
            return Move((self._talk.words.say("phone.two_failed"),), person=question)
        return self._streets.ask(question)

    def means(self, means: str) -> Move | None:
        """What a phrase for a choice or a service leads to; None for any other."""
        if means.startswith(OPTION):
            name, _, key = means.removeprefix(OPTION).rpartition("/")
            option = next(option for option in self._talk.council.phone.menus[name].options if option.key == key)
            return self.choose(option)
        if means.startswith(SERVICE):
            return self._service(self._talk.council.profile.services[ServiceKey(means.removeprefix(SERVICE))])
        return None

    def _service(self, service: Service) -> Move:
        """A service by its name, as a plain question about it."""
        asked = service.names.get(self._talk.words.language) or f"Tell me about {_inside(service.name)}"
        self._talk.last_words = asked
        return Move(ask=asked)


def _inside(name: str) -> str:
    """A name inside a sentence: its first letter small, unless it is written so for itself."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _nothing(_: object) -> Move | None:
    """Words that are no choice are for the house."""
    return None


def complete_in(phone: PhoneFile, language: str) -> bool:
    """Whether every choice can be offered, and asked, in the language."""
    wanted = Language(language)
    options = [option for menu in phone.menus.values() for option in menu.options]
    return all(wanted in option.label and (not option.ask or wanted in option.ask) for option in options)
