"""Above the field: what the adviser has typed, in the resident's language, before it is sent; or how to get an interpreter."""

from collections.abc import Mapping
from typing import Any

from guildhall.vocabulary.languages import Language, direction, english_name
from guildhall.web.desk.composing import fresh_id
from guildhall.web.desk.opened import Opened
from guildhall.web.desk.panel import Panel, Where
from guildhall.web.desk.translating import language_of, seen_translation, translating_routes


def _shows(opened: Opened) -> bool:
    return opened.place.may_send and _language(opened) != Language.ENGLISH.value


def _language(opened: Opened) -> str:
    return opened.brief.language if opened.brief else language_of(opened.visit, opened.place, opened.entries)


def _values(opened: Opened) -> Mapping[str, Any]:
    visit, place = opened.visit, opened.place
    language = _language(opened)
    return {
        "language": language,
        "language_name": english_name(language),
        "direction": direction(language),
        "on": visit.desk.translations.on,
        "seen": seen_translation(visit, place, language),
        "draft": opened.draft.text.strip(),
        "interpreter": visit.desk.translations.interpreter,
        "coming": visit.guildhall.profile.wordings.say("message.interpreter_coming", Language.ENGLISH.value),
        "message_id": fresh_id(visit),
    }


PANEL = Panel("translation", "Translation", "translation.html", _values, _shows, translating_routes, Where.COMPOSER)
