"""Understand: the questions asked, each with the services that may be meant."""

from dataclasses import replace

from guildhall.conversations.house import House
from guildhall.conversations.state import Part, TurnState
from guildhall.understanding.bare import names_nothing
from guildhall.understanding.elsewhere import SetAside
from guildhall.vocabulary.decisions import Effect
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.outcomes import Outcome, Reason
from guildhall.vocabulary.questions import Question, Understanding
from guildhall.vocabulary.turns import PastTurn


def understand(turn: TurnState, house: House) -> TurnState:
    """Split the utterance and match each part to the catalogue; an answer to our own question keeps that question."""
    if turn.notes.get("empty") or turn.notes.get("unreadable"):
        return turn
    past = turn.conversation.turns
    understanding = house.understanding.understand(turn.text, turn.speaks, past)
    if past and (resumed := _resumed(turn, past[-1], house)):
        return _with_parts(turn, resumed, house)
    if any(act.effect == Effect.ESCALATE for act in turn.acts):  # a person comes: nobody in danger is sent elsewhere
        return _with_parts(turn, understanding, house)
    aside = _set_aside(turn, understanding, house)
    theirs = tuple(Part(Question(words, words), elsewhere=body) for body, words in aside.bodies)
    if not theirs or aside.rest == turn.text:
        return _with_parts(turn, understanding, house, theirs)
    rest = house.understanding.understand(aside.rest, turn.speaks, past) if aside.rest else Understanding(())
    if aside.asks or _is_sure(rest, house):
        return _with_parts(turn, rest, house, theirs)
    if _is_sure(understanding, house):  # the whole is surely about a service of ours, and only mentions the other
        return _with_parts(turn, understanding, house)
    return turn.but(understanding=understanding, parts=theirs)


def _with_parts(turn: TurnState, understanding: Understanding, house: House, theirs: tuple[Part, ...] = ()) -> TurnState:
    services = house.profile.services
    ours = tuple(Part(q, services.get(q.best.key) if q.best else None) for q in understanding.questions)
    return turn.but(understanding=understanding, parts=(*ours, *theirs))


def _is_sure(understanding: Understanding, house: House) -> bool:
    return any(q.best and q.best.confidence >= house.understanding.answer_at for q in understanding.questions)


def _set_aside(turn: TurnState, understanding: Understanding, house: House) -> SetAside:
    """What other bodies do; a question that names nothing, after one that we sent elsewhere, is for the same body."""
    aside = house.profile.elsewhere.set_aside(turn.text)
    last = turn.conversation.turns[-1:]
    if aside.bodies or not last or last[0].reason != Reason.OTHER_BODY or understanding.small_talk:
        return aside
    again = turn.speaks == Language.ENGLISH and names_nothing(turn.text) and turn.text.rstrip().endswith("?")
    return replace(house.profile.elsewhere.set_aside(last[0].utterance), rest="", asks=False) if again else aside


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
