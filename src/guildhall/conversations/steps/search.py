"""Search: passages that may answer each question, from pages and from place data."""

from dataclasses import replace

from guildhall.conversations.house import House
from guildhall.conversations.state import Part, TurnState
from guildhall.handoffs.hours import hours_in_words
from guildhall.knowledge.catalogue import passage_of
from guildhall.knowledge.lookups import look_up
from guildhall.knowledge.standalone import Standalone, standalone
from guildhall.understanding.bare import names_nothing
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.outcomes import Outcome
from guildhall.vocabulary.passages import Found, Passage
from guildhall.vocabulary.questions import Question
from guildhall.vocabulary.services import Service
from guildhall.vocabulary.switches import Capability, Switch, SwitchKind

LIMIT = 8
LEANING_SURE_FROM = 0.5
"""A follow-up that is likelier than not about the service just answered is about it: the conversation is evidence of its own."""


def search(turn: TurnState, house: House) -> TurnState:
    """Find evidence for every question. Nothing is composed here, and a question without evidence keeps none."""
    if any(part.service and part.service.lookup for part in turn.parts):
        turn = turn.noting(_lookups_off(turn))
    return turn.but(parts=tuple(part if part.off or part.elsewhere else _searched(part, turn, house) for part in turn.parts))


def _lookups_off(turn: TurnState) -> Switch | None:
    return turn.switches.find(SwitchKind.CAPABILITY, Capability.LOOKUPS)


def _searched(part: Part, turn: TurnState, house: House) -> Part:
    question, service = part.question, part.service
    if turn.speaks == Language.ENGLISH and names_nothing(question.standalone):
        return Part(replace(question, services=()), unclear=True)
    sure = _is_sure(question, turn, house)
    unclear = bool(question.services) and not sure
    looks_up = bool(service and service.lookup and sure and not _lookups_off(turn))
    if looks_up:
        placed = _looked_up(part, turn, house)
        if placed is not None:
            return placed
    boosts = {match.key: match.confidence for match in question.services}
    found = house.library.search(_query(part, turn, sure), services=boosts, limit=LIMIT)
    found = tuple(item for item in found if not _is_off(item.passage, turn))
    if service and sure:
        found = _own_pages_first(found, service.key)
        found = (*found, Found(_catalogue_entry(service, house), found[0].score if found else 1.0, len(found) + 1))
    wants_place = bool(looks_up and service and service.lookup == "bin_days" and _asks_when(question.text))
    return Part(question, service, found, unclear=unclear, place_needed=wants_place)


def _is_sure(question: Question, turn: TurnState, house: House) -> bool:
    """Whether the service is known well enough to answer: by these words alone, or because they lean on a turn that it answered."""
    best, past = question.best, turn.conversation.turns
    if best is None or best.confidence >= house.understanding.answer_at:
        return best is not None
    leans = question.standalone != question.text and bool(past) and past[-1].outcome in (Outcome.ANSWERED, Outcome.PARTLY_ANSWERED)
    return leans and best.key in past[-1].services and best.confidence >= LEANING_SURE_FROM


def _is_off(passage: Passage, turn: TurnState) -> bool:
    """Whether a passage is about nothing but services that are switched off."""
    services = passage.services
    return bool(services) and all(turn.switches.is_off(SwitchKind.SERVICE, key) for key in services)


def _query(part: Part, turn: TurnState, sure: bool) -> Standalone:
    """The question with what was said before beside it; pages are in English, so other languages lean on the service's name."""
    past = turn.conversation.turns
    before = [words for earlier in reversed(past) for words in (earlier.reply, earlier.utterance)]
    foreign = turn.language.language != Language.ENGLISH
    named = f"{part.service.name}: {part.service.summary} " if part.service and sure and foreign else ""
    return standalone(named + part.question.text, before)


def _catalogue_entry(service: Service, house: House) -> Passage:
    hours = house.profile.council.hours.get(service.hours)
    return passage_of(service, hours_in_words(hours) if hours else "", house.profile.council.website)


def _looked_up(part: Part, turn: TurnState, house: House) -> Part | None:
    places = house.profile.places
    words = " ".join((part.question.text, *part.question.places, part.question.standalone))
    earlier = [place for past in turn.conversation.turns for place in past.places]
    streets = places.find(words) or (places.find(turn.text)) or tuple(street for place in earlier[-1:] for street in places.find(place))
    if not streets:
        if places.has_postcode_shape(words):
            return Part(part.question, part.service, place_needed=True, place_unknown=turn.text)
        return None
    today = turn.utterance.received_at.astimezone(house.profile.calendar.zone).date()
    passages = [look_up(part.service.lookup if part.service else "", street, places, today) for street in streets[:3]]
    found = tuple(Found(passage, 1.0, rank + 1) for rank, passage in enumerate(p for p in passages if p))
    wards = {places.wards.get(street.ward_id, "") for street in streets[:3]}
    ward = wards.pop() if len(wards) == 1 else ""
    return Part(part.question, part.service, found, looked_up=True, ward=ward) if found else None


def _own_pages_first(found: tuple[Found, ...], key: str) -> tuple[Found, ...]:
    """Pages of the service that is meant come before others, whatever their score."""
    ordered = sorted(found, key=lambda item: key not in item.passage.services)
    return tuple(Found(item.passage, item.score, rank + 1, item.lexical, item.dense) for rank, item in enumerate(ordered))


def _asks_when(text: str) -> bool:
    words = text.casefold()
    return any(
        word in words
        for word in ("when", "what day", "which day", "collected", "collection day", "bin day", "put out", "this week", "today", "tomorrow")
    )
