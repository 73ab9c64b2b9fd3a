"""Safeguard: say what the rules want said first, and bring in or offer a person. An answer may stand beside it."""

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Final

from guildhall.conversations.house import House
from guildhall.conversations.people import bring_person
from guildhall.conversations.state import TurnState
from guildhall.conversations.voice import signpost_part, wording_part
from guildhall.vocabulary.decisions import Act, Effect
from guildhall.vocabulary.ids import WordingId
from guildhall.vocabulary.outcomes import Outcome, Person, Reason
from guildhall.vocabulary.signals import ANY_DISTRESS, DISTRESS, HAZARDS, Category, Grade
from guildhall.vocabulary.turns import ReplyPart

_PRESUMING: Final = frozenset(
    {
        Category.BEREAVEMENT,
        Category.CONFUSION_OR_SCAM,
        Category.FINANCIAL_HARDSHIP,
        Category.HATE_CRIME_OR_HARASSMENT,
        Category.STAFF_DISTRESS,
    }
)
"""Kinds of distress whose words say what has happened to somebody. Words about danger are right to say too often; these are not."""
_HARD: Final = (WordingId("care.suicide_self_harm"), ("samaritans",))
"""What is said of distress that was heard without its kind: that things may be hard, and who listens at any hour."""


def safeguard(turn: TurnState, house: House) -> Generator[ReplyPart, None, TurnState]:
    """Approved wording and signposts of every act, most protective first, each wording once."""
    acts = _ordered(turn)
    for part in said_first(turn, house):
        turn = turn.but(said=(*turn.said, part))
        yield part
    acts = [_without_kind(act, turn, house) for act in acts]
    escalations = [act for act in acts if act.effect == Effect.ESCALATE]
    if escalations:
        turn, part = bring_person(turn, house, escalations[0], reason_of(escalations[0]))
        yield part
    elif any(act.effect == Effect.OFFER or _ends_it(act) for act in acts) and turn.person == Person.NONE:
        part = wording_part("person.offered", turn, house, person=True)
        turn = turn.but(said=(*turn.said, part), person=Person.OFFERED)
        yield part
    return _ended_if_instead(turn, acts)


def said_first(turn: TurnState, house: House, only: Sequence[Act] | None = None) -> tuple[ReplyPart, ...]:
    """The approved words that the rules want said before anything else, of `only` these acts if given; the council's files are enough."""
    acts = [_without_kind(act, turn, house) for act in (_ordered(turn) if only is None else sorted(only, key=_order))]
    heard = [act for act in acts if not _outspoken(act, acts)]
    wordings = dict.fromkeys(act.wording for act in heard if act.wording)
    signposts = list(dict.fromkeys(name for act in heard for name in act.signposts))
    said = {part.wording for part in turn.said}
    parts = [wording_part(wording, turn, house) for wording in wordings if wording not in said]
    listed = signposts and "signposts.heading" not in said
    return (*parts, *([signpost_part(signposts, turn, house)] if listed else []))


def _ordered(turn: TurnState) -> list[Act]:
    return sorted(turn.acts, key=_order)


def _ends_it(act: Act) -> bool:
    """Whether the act refuses: nobody is refused without the way to a person beside it."""
    return act.effect == Effect.STOP and act.answer == "instead"


def _without_kind(act: Act, turn: TurnState, house: House) -> Act:
    """The act as it may be carried out when distress was heard, and its kind only guessed.

    Nobody whose son is hard to cope with reads that we are sorry for their loss, or waits for the registrars. The person comes all the same.
    """
    category = Category(act.category) if act.category else None
    if category not in _PRESUMING or not _is_guess(turn, category, act.effect):
        return act
    if act.effect != Effect.ESCALATE:
        return replace(act, wording=None, signposts=())
    wording, signposts = _HARD
    known = tuple(name for name in signposts if name in house.profile.signposts)
    return replace(act, wording=wording, signposts=known, queue="")


def _is_guess(turn: TurnState, category: Category, effect: Effect) -> bool:
    """Whether all that speaks for the category is that some distress was heard."""
    signals = turn.detection.of(category)
    if effect == Effect.ESCALATE:
        signals = tuple(signal for signal in signals if signal.grade == Grade.CONFIRM)
    return bool(signals) and all(signal.note == ANY_DISTRESS for signal in signals)


def _outspoken(act: Act, acts: list[Act]) -> bool:
    """Whether an offer about distress keeps quiet because a person is already brought in for another distress.

    Somebody whose child has died must not read that work can be heavy. Danger to life and suicide always speak.
    """
    category = Category(act.category) if act.category else None
    if act.effect != Effect.OFFER or category not in DISTRESS - {Category.DANGER_TO_LIFE, Category.SUICIDE_SELF_HARM}:
        return False
    return any(other.effect == Effect.ESCALATE and other.category and Category(other.category) in DISTRESS for other in acts)


def _ended_if_instead(turn: TurnState, acts: list[Act]) -> TurnState:
    instead = next((act for act in acts if act.answer == "instead"), None)
    if instead is None:
        return turn
    if turn.person == Person.BROUGHT:
        return turn.end(Outcome.HANDED_OVER, reason_of(instead))
    return turn.end(Outcome.DECLINED if instead.effect == Effect.STOP else Outcome.ANSWERED, reason_of(instead))


def reason_of(act: Act) -> Reason:
    """Why an act speaks, as the record has it."""
    special = {Category.PERSON_REQUEST: Reason.PERSON_REQUESTED, Category.ATTACK: Reason.ATTACK}
    special |= {Category.GREETING: Reason.SMALL_TALK, Category.THANKS: Reason.SMALL_TALK, Category.ASKS_IF_HUMAN: Reason.SMALL_TALK}
    special |= {Category.CHASE: Reason.CHASED}
    category = Category(act.category) if act.category else None
    if category in special:
        return special[category]
    if category in HAZARDS:
        return Reason.HAZARD
    if category in DISTRESS:
        return Reason.DISTRESS
    return Reason.RULE


def _order(act: Act) -> tuple[int, int]:
    """Danger to life and hazards before other distress, distress before the rest; escalations before offers."""
    category = Category(act.category) if act.category else None
    first = {Category.DANGER_TO_LIFE: 0, Category.SUICIDE_SELF_HARM: 1}
    rank = first.get(category, 3) if category else 5
    if category in HAZARDS:
        rank = 1
    return (0 if act.effect in (Effect.ESCALATE, Effect.STOP) else 1, rank)
