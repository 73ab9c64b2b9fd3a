"""Detector cards: what each was measured to do, language by language, and at which strength it speaks."""

from collections.abc import Sequence
from datetime import datetime

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.understanding.cards import DetectorCard, LanguageCard
from guildhall.vocabulary.languages import Language
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import Group, Notice, Paper, Section
from guildhall.web.console.visit import Visit

PATH = "/console/detectors"


def by_language(console: Console) -> list[tuple[DetectorCard, LanguageCard]]:
    """Every language with its detector's card, in the order of the vocabulary."""
    found = {language.language: (card, language) for card in console.cards for language in card.languages}
    return [found[language.value] for language in Language if language.value in found]


def add_routes(routes: Routes) -> None:
    """`/console/detectors` and `/console/detectors/{language}`."""

    @routes.reads(PATH)
    def cards(visit: Visit) -> Response:
        return visit.show("detectors.html", cards=visit.console.cards, rows=by_language(visit.console))

    @routes.reads(PATH + "/{language}")
    def one_language(visit: Visit) -> Response:
        for card, language in by_language(visit.console):
            if language.language == visit.path("language"):
                return visit.show("detector.html", card=card, language=language)
        return visit.missing("Detector card")


def notices(console: Console) -> Sequence[Notice]:
    """Languages in which no detector may be relied on."""
    waiting = [language for _, language in by_language(console) if not language.validated]
    if not waiting:
        return ()
    names = ", ".join(Language(language.language).name.capitalize() for language in waiting)
    text = f"Detectors are not validated in {len(waiting)} languages ({names}); a person is offered there every time"
    return (Notice(text, PATH),)


def paper(console: Console, _since: datetime) -> Paper:
    """Results by language."""
    return Paper("detectors.html", {"rows": by_language(console)})


SECTION = Section(
    PATH, "Detectors", "How well signs of risk are heard, in each language, and what is still to be checked.", Group.RULES,
    add_routes, notices=notices, paper=paper,
)  # fmt: skip
