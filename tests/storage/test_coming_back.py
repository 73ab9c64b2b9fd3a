"""Who came back, of those who agreed to be recognised; and what they said, which somebody reads."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from guildhall.aftercare.recontact import normalised
from guildhall.aftercare.satisfaction import grouped, together
from guildhall.storage.after_schema import contacts_known
from guildhall.storage.satisfaction import SatisfactionStore
from guildhall.vocabulary.aftercare import Score
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.ids import ConversationId
from tests.storage.after import AfterMemory
from tests.storage.memory import NOW, Memory

SINCE = NOW - timedelta(days=1)


@pytest.fixture
def after(memory: Memory) -> AfterMemory:
    return AfterMemory(memory)


def closed(after: AfterMemory, contact: str = "07700 900123", service: str = "bins") -> ConversationId:
    conversation = after.start()
    reference = after.ask(conversation, service=service)
    if contact:
        after.contacts.recognise(conversation, contact, after.now)
    after.wrap_up(reference)
    return conversation


# who came back


@pytest.mark.parametrize("typed", ["07700 900123", "+44 7700 900123", "0044 (0)7700-900123", "447700900123"])
def test_a_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert normalised(typed) == "07700900123"


@pytest.mark.parametrize(("typed", "known"), [(" Sam@Example.ORG ", "sam@example.org"), ("12", ""), ("no number", ""), ("", "")])
def test_an_address_is_known_by_itself_and_rubbish_by_nothing(typed: str, known: str) -> None:
    assert normalised(typed) == known


def test_coming_back_about_the_same_matter_is_counted_by_how_soon(after: AfterMemory) -> None:
    closed(after)
    after.move(hours=20)
    closed(after, "+44 7700 900123")
    after.move(days=3)
    closed(after)
    figure = after.contacts.figure(SINCE, after.move(days=30))
    assert (figure.within_day.hits, figure.within_day.of) == (1, 3)
    assert (figure.within_week.hits, figure.within_week.of) == (2, 3)
    assert figure.within_week.low < 2 / 3 < figure.within_week.high


@pytest.mark.parametrize(("contact", "service"), [("07700 900999", "bins"), ("07700 900123", "parking")])
def test_another_person_or_another_matter_is_no_coming_back(after: AfterMemory, contact: str, service: str) -> None:
    closed(after)
    after.move(hours=2)
    closed(after, contact, service)
    figure = after.contacts.figure(SINCE, after.move(days=30))
    assert (figure.within_week.hits, figure.within_week.of) == (0, 2)


def test_who_did_not_agree_and_what_is_too_recent_are_left_out_and_said_so(after: AfterMemory) -> None:
    closed(after, contact="")
    closed(after)
    figure = after.contacts.figure(SINCE, after.move(days=2))
    assert (figure.closed, figure.not_recognised, figure.too_recent_for_week) == (2, 1, 1)
    assert (figure.within_day.of, figure.within_week.of, figure.within_week.value) == (1, 0, None)


def test_agreement_can_be_taken_back(after: AfterMemory) -> None:
    conversation = closed(after)
    assert after.contacts.forget(conversation, after.now)
    assert not after.contacts.forget(conversation, after.now)
    assert after.contacts.figure(SINCE, after.now).not_recognised == 1
    assert after.kinds(conversation)[-1] == EventKind.CONTACT_RECOGNISED


def test_the_digest_needs_a_key_that_can_be_destroyed(after: AfterMemory) -> None:
    closed(after)
    with after.memory.database.reading() as connection:
        before = connection.execute(select(contacts_known.c.digest)).scalar()
    assert after.contacts.forget_everybody()
    assert not after.contacts.forget_everybody()
    closed(after)
    with after.memory.database.reading() as connection:
        (fresh,) = connection.execute(select(contacts_known.c.digest)).scalars()
    assert before and fresh != before, "the same number is somebody else now"


def test_what_is_no_contact_is_refused(after: AfterMemory) -> None:
    with pytest.raises(RefusedError, match="neither a phone number"):
        after.contacts.recognise(after.start(), "none of yours", after.now)


# what residents said


def judged(after: AfterMemory, score: Score, comment: str = "", queue: str = "front-desk") -> ConversationId:
    conversation = after.start()
    after.wrap_up(after.ask(conversation, queue, "bins"))
    store = SatisfactionStore(after.memory.database, after.memory.keys, after.memory.new_id)
    assert store.give(conversation, score, comment, after.move(minutes=1))
    return conversation


def test_answers_are_counted_with_how_sure_they_are(after: AfterMemory) -> None:
    judged(after, Score.VERY_SATISFIED)
    judged(after, Score.DISSATISFIED, "too slow", queue="revenues")
    answers = after.comments.since(SINCE)
    heard = together(answers)
    assert (heard.satisfied.hits, heard.satisfied.of, heard.comments, heard.unread) == (1, 2, 1, 1)
    assert heard.satisfied.low < 0.5 < heard.satisfied.high
    assert [(name, group.satisfied.value) for name, group in grouped(answers, lambda a: a.queue)] == [
        ("revenues", 0.0),
        ("front-desk", 1.0),
    ]
    assert {(answer.service, answer.channel) for answer in answers} == {("bins", "web")}


def test_a_comment_waits_until_somebody_has_read_it(after: AfterMemory) -> None:
    judged(after, Score.SATISFIED)
    conversation = judged(after, Score.DISSATISFIED, "nobody phoned me")
    (waiting,) = after.comments.unread()
    assert after.comments.comment(waiting) == ("nobody phoned me", "")
    read = after.comments.mark_read(waiting.id, "pat", "Phoned and said sorry.", after.move(hours=1))
    assert (read.read_by, read.unread, after.comments.unread()) == ("pat", False, ())
    assert after.comments.comment(read) == ("nobody phoned me", "Phoned and said sorry.")
    assert after.kinds(conversation)[-1] == EventKind.COMMENT_READ
    assert after.comments.mark_read(waiting.id, "kim", "", after.now).read_by == "pat"


def test_an_answer_without_a_comment_is_not_waiting_for_a_reader(after: AfterMemory) -> None:
    judged(after, Score.SATISFIED)
    (answer,) = after.comments.since(SINCE)
    with pytest.raises(NotFoundError):
        after.comments.mark_read(answer.id, "pat", "", after.now)


def test_an_erased_comment_counts_and_says_nothing(after: AfterMemory) -> None:
    conversation = judged(after, Score.DISSATISFIED, "my name is Sam")
    (answer,) = after.comments.unread()
    after.comments.mark_read(answer.id, "pat", "wrote to Sam", after.now)
    after.memory.keys.destroy([conversation], "erasure-1", after.now)
    assert after.comments.comment(answer) == ("", "")
    assert together(after.comments.since(SINCE)).satisfied.of == 1
