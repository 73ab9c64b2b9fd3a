"""Understand: the questions asked, each with the services that may be meant."""

from guildhall.conversations.house import House
from guildhall.conversations.state import Part, TurnState
from guildhall.vocabulary.outcomes import Outcome
from guildhall.vocabulary.questions import Question, Understanding
from guildhall.vocabulary.turns import PastTurn


def understand(turn: TurnState, house: House) -> TurnState:
    """Split the utterance and match each part to the catalogue; an answer to our own question keeps that question."""
    if turn.notes.get("empty") or turn.notes.get("unreadable"):
        return turn
    past = turn.conversation.turns
    understanding = house.understanding.understand(turn.text, turn.speaks, past)
    if past and (resumed := _resumed(turn, past[-1], house)):
        understanding = resumed
    services = house.profile.services
    parts = tuple(Part(q, services.get(q.best.key) if q.best else None) for q in understanding.questions)
    return turn.but(understanding=understanding, parts=parts)


def _resumed(turn: TurnState, last: PastTurn, house: House) -> Understanding | None:
    """When we asked where the resident lives and the reply is only a place, the question is still the earlier one."""
    if last.outcome != Outcome.ASKED_BACK or not last.services or not last.asked_about:
        return None
    is_place = bool(house.profile.places.find(turn.text)) or house.profile.places.has_postcode_shape(turn.text)
    if not is_place or len(turn.text.split()) > 8:
        return None
    before = house.understanding.understand(last.asked_about, turn.speaks, ())
    kept = tuple(
        Question(q.text, f"{q.standalone} {turn.text}", q.services, (turn.text,))
        for q in before.questions
        if q.best and q.best.key in last.services
    )
    return Understanding(kept) if kept else None
