"""Which language each phrase of a council's phone belongs to, so that hearing in one language takes no word of another for its own.

A Czech "jo" is a yes; to an ear that knows English only it sounds much like "no".
"""

from collections.abc import Iterator
from dataclasses import replace

from guildhall.channels.phone.dialogue.words import CallCouncil
from guildhall.channels.phone.speech import Phrase
from guildhall.councils.phone_config import MenuOption, SafetyPath, Words
from guildhall.vocabulary.languages import Language


class Tongues:
    """The languages of a council's phrases. One that stands nowhere, such as a street's name, is everybody's."""

    def __init__(self, council: CallCouncil) -> None:
        self._of: dict[str, set[str]] = {}
        for language, says in _written(council):
            self._of.setdefault(says, set()).add(language)

    def tagged(self, phrase: Phrase) -> Phrase:
        """The phrase with its words by language."""
        found: dict[str, list[str]] = {language.value: [] for language in Language}
        for says in phrase.says:
            for language in self._of.get(says, found):
                found[language].append(says)
        return replace(phrase, by_language=tuple((language, tuple(says)) for language, says in found.items()))


def _written(council: CallCouncil) -> Iterator[tuple[str, str]]:
    """Every phrase that is written under a language."""
    phone = council.phone
    options = [option for menu in phone.menus.values() for option in menu.options]
    places: list[MenuOption | SafetyPath] = [*options, *phone.danger.values(), *phone.crisis.values()]
    words: list[Words] = [phone.danger_words, phone.crisis_words, phone.person_words, phone.pay_words, *phone.commands.values()]
    words += [place.words for place in places]
    words += [{language: (label,) for language, label in place.label.items()} for place in places]
    for by_language in words:
        for language, says in by_language.items():
            yield from ((language.value, one) for one in says)
    for service in council.profile.services.values():
        yield from ((str(language), name) for language, name in service.names.items())
        yield from ((Language.ENGLISH.value, name) for name in (service.name, *service.synonyms))
