"""Supervise: which questions an adviser must see the answer of first, and which only approved text may answer.

It comes after search, because what was found counts too: a page about nothing but a supervised topic is used under supervision
or not at all, whatever service the question was taken for. It comes after safeguard: safety words and a person are never supervised.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace

from guildhall.conversations.house import House
from guildhall.conversations.people import bring_person
from guildhall.conversations.state import Part, TurnState
from guildhall.conversations.voice import wording_part
from guildhall.councils.supervision import only_approved
from guildhall.handoffs.hours import hours_in_words
from guildhall.knowledge.catalogue import passage_of, summary_of
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.outcomes import Outcome, Person, Reason
from guildhall.vocabulary.passages import Citation
from guildhall.vocabulary.supervision import Mode, Modes, Topic, TopicKind, is_stricter
from guildhall.vocabulary.turns import Channel, Owner, PartKind, ReplyPart

ENGLISH_CONTENT = "language.english_content"
APPROVED_ONLY = "supervised.approved_text"
NOBODY = {Reason.NOBODY_TO_CHECK: "supervised.nobody", Reason.NO_APPROVED_TEXT: "supervised.person_only"}
SHOWN_CHARACTERS = 300
Speaking = Generator[ReplyPart, None, TurnState]


def supervise(turn: TurnState, house: House) -> Speaking:
    """Mark every question with its mode; say approved text where nothing else may be said."""
    modes = _with_rules(house.supervision.modes(), turn)
    turn = turn.but(parts=tuple(part if part.elsewhere else _marked(part, turn, modes) for part in turn.parts))
    for number, part in enumerate(turn.parts):
        if not part.answerable:
            continue
        if part.mode == Mode.APPROVED_TEXT_ONLY:
            turn = yield from _say_approved(turn, house, number)
        elif part.mode == Mode.ADVISER_APPROVES_DRAFT and not _will_be_checked(part, turn, house):
            turn = _changed(turn, number, replace(part, for_person=Reason.NOBODY_TO_CHECK))
    return turn


def hand_over_supervised(turn: TurnState, house: House, others: Sequence[ReplyPart]) -> Speaking:
    """Say why a person answers, own up with `others` for what has no answer at all, and bring in the team of each service."""
    left = [part for part in turn.parts if part.for_person and not part.answered]
    for part in left:
        said = wording_part(NOBODY[part.for_person or Reason.NO_APPROVED_TEXT], turn, house, {"question": shown(turn.label(part))})
        yield said
        turn = turn.but(said=(*turn.said, said))
    for said in others:
        yield said
        turn = turn.but(said=(*turn.said, said))
    reasons = {queue_of(part, house): part.for_person for part in left}
    for queue, reason in reasons.items():
        turn, promise = bring_person(turn, house, None, reason or Reason.NO_APPROVED_TEXT, queue)
        yield promise
    return turn.end(Outcome.HANDED_OVER, left[0].for_person or Reason.NO_APPROVED_TEXT)


def queue_of(part: Part, house: House) -> str:
    """The queue whose advisers check, or give, the answer."""
    return house.profile.queue_for(part.service.key if part.service else None)


def shown(words: str) -> str:
    """A question as it is said back."""
    return words if len(words) <= SHOWN_CHARACTERS else f"{words[:SHOWN_CHARACTERS]}…"


def _with_rules(modes: Modes, turn: TurnState) -> Modes:
    """The modes with what the conversation's own rules answer from approved text only."""
    if turn.judging is None:
        return modes
    by_rule = {Topic(TopicKind.SERVICE, key): Mode.APPROVED_TEXT_ONLY for key in only_approved(*turn.judging.acting)}
    return Modes(modes.default, {**modes.by_topic, **by_rule})


def _marked(part: Part, turn: TurnState, modes: Modes) -> Part:
    service: ServiceKey | None = part.service.key if part.service and not part.unclear else None
    mode, topic = modes.of_question(service, dict.fromkeys(signal.category.value for signal in turn.detection.signals))
    if part.found:
        leading, about = modes.of_passage(part.found[0].passage.services)
        mode, topic = (leading, about) if is_stricter(leading, mode) else (mode, topic)
    found = tuple(item for item in part.found if not is_stricter(modes.of_passage(item.passage.services)[0], mode))
    return replace(part, mode=mode, topic=topic, found=found)


def _will_be_checked(part: Part, turn: TurnState, house: House) -> bool:
    """Whether somebody is there to check it, the resident can read it later, and no person has them anyway, who will answer this too."""
    if turn.utterance.channel != Channel.WEB:
        return False
    taken = turn.person == Person.BROUGHT and house.conversations.owner_of(turn.conversation.id) != Owner.ASSISTANT
    return not taken and house.desk.present(queue_of(part, house), turn.utterance.received_at) > 0


def _say_approved(turn: TurnState, house: House, number: int) -> Speaking:
    part = turn.parts[number]
    said = _approved_text(part, turn, house)
    if not said:
        return _changed(turn, number, replace(part, for_person=Reason.NO_APPROVED_TEXT))
    if said[-1].language != turn.speaks and ENGLISH_CONTENT not in {one.wording for one in turn.said}:
        said = (wording_part(ENGLISH_CONTENT, turn, house), *said)
    if turn.person == Person.NONE:
        said = (*said, wording_part(APPROVED_ONLY, turn, house, person=True))
        turn = turn.but(person=Person.OFFERED)
    turn = _changed(turn, number, replace(part, answered=True)).but(said=(*turn.said, *said))
    yield from said
    return turn


def _approved_text(part: Part, turn: TurnState, house: House) -> tuple[ReplyPart, ...]:
    """The council's approved reply for the service if it has one, else what the catalogue says of it; nothing without a service."""
    service = part.service
    if service is None:
        return ()
    label = turn.label(part) if len(turn.parts) > 1 else ""
    reply = house.profile.supervision.reply(service.key, turn.speaks)
    if reply:
        text, language = reply[0].text, reply[1]
        return (ReplyPart(PartKind.WORDING, text, language, wording=f"approved_reply.{service.key}", question=label, service=service.key),)
    opening = house.profile.council.hours.get(service.hours)
    hours = hours_in_words(opening) if opening else ""
    passage = passage_of(service, hours, house.profile.council.website)
    cited = Citation(passage.id, passage.title, passage.section, passage.url, passage.updated)
    return (ReplyPart(PartKind.ANSWER, summary_of(service, hours), "en", citations=(cited,), question=label, service=service.key),)


def _changed(turn: TurnState, number: int, part: Part) -> TurnState:
    return turn.but(parts=tuple(part if place == number else other for place, other in enumerate(turn.parts)))
