"""Answer: compose, verify every fact, decide on the answer; block by block, so that what is shown was checked.

Composers are tried in order. A question that a composer leaves unanswered (it failed, stalled, or nothing it said was
supported) goes to the next; the last composer quotes the council's own sentences and needs no network.
"""

from collections.abc import Generator, Iterator
from dataclasses import replace

from guildhall.answers.request import AnswerRequest, Composer, Draft, Evidence, Proposal
from guildhall.answers.verify import Checked, verify
from guildhall.conversations.house import House
from guildhall.conversations.state import TurnState
from guildhall.conversations.steps.decide import decide_on_draft
from guildhall.conversations.steps.heed_switches import heed_switches
from guildhall.conversations.trial_way import on_its_way
from guildhall.conversations.voice import wording_part
from guildhall.vocabulary.decisions import Effect
from guildhall.vocabulary.errors import ProviderError
from guildhall.vocabulary.outcomes import Person
from guildhall.vocabulary.questions import Question
from guildhall.vocabulary.supervision import Mode
from guildhall.vocabulary.switches import SwitchKind
from guildhall.vocabulary.trials import NewWay
from guildhall.vocabulary.turns import Channel, PartKind, ReplyPart

HISTORY_TURNS = 4
ENGLISH_CONTENT = "language.english_content"


def answer(turn: TurnState, house: House) -> Generator[ReplyPart, None, TurnState]:
    """Yield every block that may be said; mark the questions that got one."""
    for model in house.composers[:-1]:
        turn = turn.noting(turn.switches.find(SwitchKind.MODEL, model.name))
    turn = on_its_way(_asked_back_alone(turn), house)
    may_answer = [number for number, part in enumerate(turn.parts) if part.answerable and part.mode != Mode.APPROVED_TEXT_ONLY]
    for composer in _composers(turn, house):
        open_questions = [number for number in may_answer if not turn.parts[number].answered]
        if not open_questions:
            break
        turn = yield from _compose(composer, open_questions, turn, house)
    return turn


def _asked_back_alone(turn: TurnState) -> TurnState:
    """On the phone a question back about the place comes without what the page says anyway: nobody listens through a table for it."""
    if turn.utterance.channel != Channel.PHONE:
        return turn
    asked = (part.place_needed and not part.place_unknown for part in turn.parts)
    return turn.but(parts=tuple(replace(part, answered=True) if back else part for part, back in zip(turn.parts, asked, strict=True)))


def _composers(turn: TurnState, house: House) -> tuple[Composer, ...]:
    """Words that a rule keeps from models, and approved-only topics, go to the embedded composer alone."""
    kept = any("model" in act.keep_from or act.answer == "approved" for act in turn.acts)
    models, embedded = house.composers[:-1], house.composers[-1:]
    kept = kept or turn.new_way == NewWay.QUOTED_ANSWERS
    return embedded if kept else (*(model for model in models if not _model_off(model, turn)), *embedded)


def _model_off(model: Composer, turn: TurnState) -> bool:
    return turn.switches.is_off(SwitchKind.MODEL, model.name)


def _compose(composer: Composer, numbers: list[int], turn: TurnState, house: House) -> Generator[ReplyPart, None, TurnState]:
    request = _request(turn, numbers, house)
    used, last = False, -1
    drafts = _Drafts(composer, request)
    for draft in drafts:
        if draft.proposal != Proposal.ANSWER or not 0 <= draft.question < len(numbers):
            continue
        number, turn = numbers[draft.question], heed_switches(turn, house)
        if _model_off(composer, turn):
            drafts.broke_off = True
            break
        if turn.parts[number].off:  # switched off in the middle: what was said of it is no whole answer
            turn = _reopened(turn, number)
            continue
        checked = verify(draft, turn.parts[number].found, house.profile.council.allowed_link_hosts, turn.parts[number].question.standalone)
        turn = decide_on_draft(turn, house, checked.facts)
        if not checked.text or turn.decisions[-1].has(Effect.STOP):
            continue
        turn, fresh = _taken_up(turn, house, number, checked)
        used, last = True, number
        yield from fresh
    if drafts.broke_off and last >= 0:  # the answer it was in the middle of may lack what matters most
        turn = _reopened(turn, last)
    return turn.but(composer=composer.name, composers=(*turn.composers, composer.name)) if used else turn


def _taken_up(turn: TurnState, house: House, number: int, checked: Checked) -> tuple[TurnState, tuple[ReplyPart, ...]]:
    """The block as parts of the reply. What an adviser must see first is kept with its question, and nothing of it is given out."""
    held = turn.parts[number].held
    waits = turn.parts[number].mode == Mode.ADVISER_APPROVES_DRAFT
    fresh: tuple[ReplyPart, ...] = (_part(checked, turn, number),)
    if checked.language != turn.speaks and ENGLISH_CONTENT not in {part.wording for part in (held if waits else turn.said)}:
        fresh = (wording_part(ENGLISH_CONTENT, turn, house), *fresh)
        turn = turn if waits or turn.person != Person.NONE else turn.but(person=Person.OFFERED)
    kept = (*held, *fresh) if waits else ()
    parts = tuple(replace(p, answered=True, held=kept) if n == number else p for n, p in enumerate(turn.parts))
    return turn.but(parts=parts, said=turn.said if waits else (*turn.said, *fresh)), () if waits else fresh


def _reopened(turn: TurnState, number: int) -> TurnState:
    """A question whose answer may lack what matters most: open again. What was said of it stands; what nobody has seen is dropped."""
    return turn.but(parts=tuple(replace(p, answered=False, held=()) if n == number else p for n, p in enumerate(turn.parts)))


class _Drafts:
    """A composer's drafts until it ends or fails. What was said before a failure stands; the next composer goes on."""

    def __init__(self, composer: Composer, request: AnswerRequest) -> None:
        self._composer = composer
        self._request = request
        self.broke_off = False

    def __iter__(self) -> Iterator[Draft]:
        try:
            yield from self._composer.compose(self._request)
        except ProviderError:
            self.broke_off = True


def _request(turn: TurnState, numbers: list[int], house: House) -> AnswerRequest:
    redact = house.understanding.redact
    evidence = tuple(
        Evidence(
            Question(redact(part.question.text).text, redact(part.question.standalone).text, part.question.services, part.question.places),
            part.found,
            part.service,
        )
        for part in (turn.parts[number] for number in numbers)
    )
    history = tuple(
        (who, redact(words).text)
        for past in turn.conversation.turns[-HISTORY_TURNS:]
        for who, words in (("resident", past.utterance), ("assistant", past.reply))
    )
    today = turn.utterance.received_at.astimezone(house.profile.calendar.zone).date()
    short = turn.new_way == NewWay.SHORT_ANSWERS
    return AnswerRequest(evidence, turn.speaks, turn.utterance.channel.value, house.profile.council.name, today, history, short)


def _part(checked: Checked, turn: TurnState, number: int) -> ReplyPart:
    several = len(turn.parts) > 1
    part = turn.parts[number]
    return ReplyPart(
        PartKind.ANSWER,
        checked.text,
        checked.language,
        citations=checked.citations,
        question=turn.label(part) if several else "",
        service=part.service.key if part.service else None,
    )
