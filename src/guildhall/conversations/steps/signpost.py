"""Signpost: who does what the council does not, in a sentence, with the official page. It stands after whatever was answered of ours."""

from collections.abc import Generator
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from guildhall.conversations.house import House
from guildhall.conversations.state import TurnState
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.services import Elsewhere
from guildhall.vocabulary.turns import PartKind, ReplyPart

WHO: Final = "elsewhere.who"


def signpost(turn: TurnState, house: House) -> Generator[ReplyPart, None, TurnState]:
    """One part of the reply for each body that was meant; `conclude` offers a person beside it."""
    for number, part in enumerate(turn.parts):
        if part.elsewhere is None or part.off or part.answered:
            continue
        said = _signposted(part.elsewhere, turn.label(part) if len(turn.parts) > 1 else "", turn.speaks, house)
        parts = tuple(replace(other, answered=True) if place == number else other for place, other in enumerate(turn.parts))
        turn = turn.but(said=(*turn.said, said), parts=parts)
        yield said
    return turn


def _signposted(to: Elsewhere, question: str, language: str, house: House) -> ReplyPart:
    wordings = house.profile.wordings
    who = wordings.say(WHO, language, what=f"**{to.name}**", body=to.body, council=house.profile.council.name)
    # what to do there is written in English only, so other languages get the body, the number and the page
    what = [to.text] if language == Language.ENGLISH else []
    link = f"[{to.name}, {urlsplit(to.url).hostname}]({to.url})"
    reach = "\n".join(f"- {way}" for way in (to.phone, link) if way)
    spoken = wordings.language_of(WHO, language)
    return ReplyPart(PartKind.SIGNPOSTS, "\n\n".join((who, *what, reach)), spoken, wording=WHO, question=question)
