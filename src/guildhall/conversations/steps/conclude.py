"""Conclude: ask back, hand over, decline or own up for what has no answer yet; then say how the turn ended and why."""

from collections.abc import Generator

from guildhall.answers.addresses import without_addresses
from guildhall.conversations.house import House
from guildhall.conversations.people import bring_person
from guildhall.conversations.state import Part, TurnState
from guildhall.conversations.steps.heed_switches import hand_over_switched_off, say_silenced
from guildhall.conversations.steps.safeguard import reason_of
from guildhall.conversations.steps.supervise import hand_over_supervised
from guildhall.conversations.voice import wording_part
from guildhall.vocabulary.outcomes import Outcome, Person, Reason
from guildhall.vocabulary.signals import Category
from guildhall.vocabulary.turns import Option, ReplyPart

OPTIONS = 4
OWNED_UP_CHARACTERS = 300
Speaking = Generator[ReplyPart, None, TurnState]


def conclude(turn: TurnState, house: House) -> Speaking:
    """Every turn leaves here with an outcome and a reason, and with something said."""
    if not turn.parts:
        return (yield from _nothing_asked(turn, house))
    unanswered = [part for part in turn.parts if not part.answered]
    answered = [part for part in turn.parts if part.answered and not part.elsewhere]
    left_over = [turn.label(part) for part in unanswered] + [words for words in (without_addresses(turn.understanding.remainder),) if words]
    if not left_over:
        return (yield from _all_answered(turn, house))
    if turn.person == Person.BROUGHT:
        return turn.end(Outcome.HANDED_OVER, _safeguard_reason(turn))
    if any(part.off for part in unanswered):
        beside = [turn.label(part) for part in unanswered if not (part.off or part.for_person)] + left_over[len(unanswered) :]
        return (yield from hand_over_switched_off(turn, house, () if turn.silenced else _owned_up(turn, house, beside)))
    if any(part.for_person for part in unanswered):
        beside = [turn.label(part) for part in unanswered if not part.for_person] + left_over[len(unanswered) :]
        return (yield from hand_over_supervised(turn, house, _owned_up(turn, house, beside)))
    if answered:
        return (yield from _own_up(turn, house, left_over))
    return (yield from _no_answer(turn, house, unanswered))


def _say(turn: TurnState, part: ReplyPart) -> Speaking:
    yield part
    return turn.but(said=(*turn.said, part))


def _nothing_asked(turn: TurnState, house: House) -> Speaking:
    if turn.person == Person.BROUGHT:
        return turn.end(Outcome.HANDED_OVER, _safeguard_reason(turn))
    if turn.silenced and not turn.said:
        return (yield from say_silenced(turn, house))
    if turn.notes.get("unreadable"):
        turn = yield from _say(turn, wording_part("unreadable", turn, house))
        return turn.end(Outcome.ASKED_BACK, Reason.UNREADABLE)
    if turn.notes.get("empty"):
        turn = yield from _say(turn, wording_part("empty", turn, house))
        return turn.end(Outcome.ASKED_BACK, Reason.NOTHING_SAID)
    if turn.said:
        return turn.end(Outcome.ANSWERED, _safeguard_reason(turn))
    thanks = bool(turn.detection.of(Category.THANKS))
    turn = yield from _say(turn, wording_part("small_talk.thanks" if thanks else "small_talk.hello", turn, house))
    return turn.end(Outcome.ANSWERED, Reason.SMALL_TALK)


def _all_answered(turn: TurnState, house: House) -> Speaking:
    if any(part.elsewhere for part in turn.parts):
        turn = yield from _offer(turn, house)
        if all(part.elsewhere for part in turn.parts) and turn.person != Person.BROUGHT:
            return turn.end(Outcome.DECLINED, Reason.OTHER_BODY)
    if any(part.place_needed for part in turn.parts):
        turn = yield from _say(turn, wording_part("place.needed", turn, house))
        if turn.person != Person.BROUGHT:
            return turn.end(Outcome.ASKED_BACK, Reason.PLACE_NEEDED)
    if turn.person == Person.BROUGHT:
        return turn.end(Outcome.HANDED_OVER, _safeguard_reason(turn))
    if any(part.draft for part in turn.parts):
        return turn.end(Outcome.HANDED_OVER, Reason.BEING_CHECKED)
    if _chased(turn):
        return turn.end(Outcome.ANSWERED, Reason.CHASED)
    looked_up = all(part.looked_up for part in turn.parts if not part.elsewhere)
    return turn.end(Outcome.ANSWERED, Reason.LOOKUP_FOUND if looked_up else Reason.EVIDENCE_FOUND)


def _own_up(turn: TurnState, house: House, left_over: list[str]) -> Speaking:
    """Some parts are answered: say which are not, and offer a person for them."""
    for part in _owned_up(turn, house, left_over):
        turn = yield from _say(turn, part)
    turn = yield from _offer(turn, house)
    if any(part.draft for part in turn.parts):
        return turn.end(Outcome.HANDED_OVER, Reason.BEING_CHECKED)
    return turn.end(Outcome.PARTLY_ANSWERED, Reason.CHASED if _chased(turn) else Reason.PART_UNANSWERED)


def _owned_up(turn: TurnState, house: House, left_over: list[str]) -> list[ReplyPart]:
    shown = (words if len(words) <= OWNED_UP_CHARACTERS else f"{words[:OWNED_UP_CHARACTERS]}…" for words in left_over)
    return [wording_part("part_unanswered", turn, house, {"question": words}) for words in shown]


def _no_answer(turn: TurnState, house: House, unanswered: list[Part]) -> Speaking:
    part = unanswered[0]
    if part.place_unknown:
        turn = yield from _say(turn, wording_part("place.unknown", turn, house))
        turn = yield from _offer(turn, house)
        return turn.end(Outcome.ASKED_BACK, Reason.PLACE_NEEDED)
    if turn.conversation.failed_turns >= 1:
        turn = yield from _say(turn, wording_part("two_failed", turn, house))
        turn, said = bring_person(turn, house, None, Reason.TWO_FAILED_TURNS)
        yield said
        return turn.end(Outcome.HANDED_OVER, Reason.TWO_FAILED_TURNS)
    if part.unclear:
        return (yield from _clarify(turn, house, part))
    if _chased(turn):  # the rule has said that a person can look into it: that nothing is known of it would be no news
        turn = yield from _offer(turn, house)
        return turn.end(Outcome.DECLINED, Reason.CHASED)
    reason = Reason.NO_EVIDENCE if part.question.services or not house.profile.services else Reason.OUT_OF_SCOPE
    turn = yield from _say(turn, wording_part("no_evidence" if reason == Reason.NO_EVIDENCE else "declined.out_of_scope", turn, house))
    turn = yield from _offer(turn, house)
    return turn.end(Outcome.DECLINED, reason)


def _clarify(turn: TurnState, house: House, part: Part) -> Speaking:
    services = [house.profile.services[match.key] for match in part.question.services[:OPTIONS] if match.key in house.profile.services]
    options = [Option(name, name) for name in dict.fromkeys(service.name_in(turn.speaks) for service in services)]
    none = house.profile.wordings.say("clarify.none_of_these", turn.speaks)
    which = wording_part("clarify.which", turn, house, options=[*options, Option(none, none)])
    turn = yield from _say(turn, which if options else wording_part("clarify.about", turn, house))
    turn = yield from _offer(turn, house)  # whoever cannot choose, or finds it hard to put in words, needs no second try
    return turn.end(Outcome.ASKED_BACK, Reason.SERVICE_UNCLEAR)


def _offer(turn: TurnState, house: House) -> Speaking:
    if turn.person != Person.NONE:
        return turn
    part = wording_part("person.offered", turn, house, person=True)
    yield part
    return turn.but(said=(*turn.said, part), person=Person.OFFERED)


def _chased(turn: TurnState) -> bool:
    """Whether a rule spoke because the resident had asked about this before."""
    return any(act.category == Category.CHASE for act in turn.acts)


def _safeguard_reason(turn: TurnState) -> Reason:
    """Why the rules spoke, taken from the most protective act."""
    acts = [act for act in turn.acts if act.effect.value in ("escalate", "stop", "offer", "transform", "warn")]
    return reason_of(acts[0]) if acts else Reason.RULE
