"""Supervised topics: an adviser sees the answer first, approved text alone is said, or a person answers; safety words never wait."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from guildhall.answers.request import AnswerRequest, Draft
from guildhall.conversations.recording import facts_of_turn
from guildhall.conversations.runner import run_turn
from guildhall.testing.house import DeskWithAdvisers, FakeSupervision
from guildhall.testing.library import PASSAGES, FakeLibrary, QuotingComposer
from guildhall.testing.understanding import FakeUnderstanding
from guildhall.vocabulary.errors import ProviderError
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.outcomes import Outcome, Person, Reason
from guildhall.vocabulary.signals import Category, Grade
from guildhall.vocabulary.supervision import Mode, Modes, TopicKind
from guildhall.vocabulary.turns import Channel, PartKind, Turn, Utterance
from tests.conversations.talk import Talk
from tests.storage.memory import Memory

CHECKED, APPROVED, FREE = Mode.ADVISER_APPROVES_DRAFT, Mode.APPROVED_TEXT_ONLY, Mode.FREE_WITH_EVIDENCE
EVERY_QUEUE = frozenset({"front-desk", "revenues", "domestic-abuse", "duty"})


class Supervised(Talk):
    """A talk at a house where a desk may be staffed and topics may be supervised."""

    def __init__(self, memory: Memory, present: frozenset[str] = EVERY_QUEUE, **parts: Any) -> None:
        self.supervision = FakeSupervision()
        super().__init__(memory, supervision=self.supervision, desk=DeskWithAdvisers(queues=present), **parts)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    made = Memory(tmp_path / "talk.sqlite3")
    yield made
    made.database.close()


@pytest.fixture
def talk(memory: Memory) -> Supervised:
    return Supervised(memory)


def wordings(turn: Turn) -> list[str]:
    return [part.wording for part in turn.reply.parts if part.wording]


def answers(turn: Turn) -> str:
    return " ".join(part.text for part in turn.reply.parts if part.kind == PartKind.ANSWER)


def test_a_draft_is_queued_with_its_evidence_and_the_resident_is_told_how_long_at_most(talk: Supervised) -> None:
    talk.supervision.supervise(CHECKED, "bulky-waste")
    turn = talk.say("How much is bulky waste?")
    assert (turn.outcome, turn.reason, turn.reply.person) == (Outcome.HANDED_OVER, Reason.BEING_CHECKED, Person.OFFERED)
    assert answers(turn) == ""
    (part,) = turn.reply.parts
    assert part.wording == "supervised.being_checked" and "3 minutes at most" in part.text and "ask for a person" in part.text
    (queued,) = talk.supervision.queued
    assert "£32" in " ".join(part.text for part in queued.parts)
    assert (queued.service, queued.topic.name, queued.question) == ("bulky-waste", "service:bulky-waste", "How much is bulky waste?")
    assert queued.found[0].passage.title == "Bulky waste collection" and queued.parts[0].citations


def test_streamed_nothing_of_the_draft_leaves_before_it_is_checked(talk: Supervised) -> None:
    talk.supervision.supervise(CHECKED, "bulky-waste")
    items = list(talk.stream("How much is bulky waste?"))
    assert [getattr(item, "wording", "") for item in items[:-1]] == ["supervised.being_checked"]
    assert "£32" not in "".join(str(getattr(item, "text", "")) for item in items[:-1])


def test_what_is_not_supervised_is_answered_beside_it(talk: Supervised) -> None:
    talk.supervision.supervise(CHECKED, "bulky-waste")
    turn = talk.say("How much is bulky waste? How do I pay council tax?")
    assert "Direct Debit" in answers(turn) and "£32" not in answers(turn)
    assert (turn.outcome, turn.reason) == (Outcome.HANDED_OVER, Reason.BEING_CHECKED)
    assert "How much is bulky waste?" in turn.reply.parts[-1].text


def test_what_has_no_answer_is_owned_up_to_beside_a_draft(talk: Supervised) -> None:
    talk.supervision.supervise(CHECKED, "bulky-waste")
    turn = talk.say("How much is bulky waste? What about my dragon?")
    assert "part_unanswered" in wordings(turn)
    assert (turn.outcome, turn.reason) == (Outcome.HANDED_OVER, Reason.BEING_CHECKED)


def test_with_nobody_there_to_check_no_promise_is_made_and_a_person_is_brought_in(memory: Memory) -> None:
    talk = Supervised(memory, present=frozenset({"revenues"}))
    talk.supervision.supervise(CHECKED, "bulky-waste")
    turn = talk.say("How much is bulky waste?")
    assert (turn.outcome, turn.reason, turn.reply.person) == (Outcome.HANDED_OVER, Reason.NOBODY_TO_CHECK, Person.BROUGHT)
    assert wordings(turn)[0] == "supervised.nobody" and turn.reply.reference
    assert talk.supervision.queued == [] and "£32" not in turn.reply.text
    (request,) = memory.people.all_requests(talk.id)
    assert (request.queue, request.reason) == ("front-desk", "nobody_to_check")


def test_on_the_phone_nothing_can_be_read_later_so_a_person_answers(talk: Supervised) -> None:
    talk.supervision.supervise(CHECKED, "bulky-waste")
    turn = talk.say("How much is bulky waste?", Channel.PHONE)
    assert (turn.reason, talk.supervision.queued) == (Reason.NOBODY_TO_CHECK, [])


def test_safety_words_and_the_person_come_first_whatever_is_supervised(talk: Supervised) -> None:
    talk.supervision.supervise(CHECKED, "bulky-waste")
    turn = talk.say("my husband hits me. How much is bulky waste?")
    assert wordings(turn)[0] == "crisis.domestic_abuse"
    assert (turn.outcome, turn.reason, turn.reply.person) == (Outcome.HANDED_OVER, Reason.DISTRESS, Person.BROUGHT)
    assert talk.supervision.queued == [], "the person who has the conversation answers this too"
    assert "£32" not in turn.reply.text


def test_approved_text_only_says_the_catalogue_entry_and_composes_nothing(talk: Supervised) -> None:
    talk.supervision.supervise(APPROVED, "bulky-waste")
    turn = talk.say("How much is bulky waste?")
    service = talk.house.profile.services["bulky-waste"]  # type: ignore[index]
    assert service.summary in answers(turn) and service.contact.phone in answers(turn)
    assert "1 to 3 items" not in answers(turn)
    assert [citation.passage_id for citation in turn.reply.citations] == ["service:bulky-waste"]
    assert turn.composer == "" and turn.reply.person == Person.OFFERED
    assert (turn.outcome, wordings(turn)[-1]) == (Outcome.ANSWERED, "supervised.approved_text")


def test_in_another_language_the_english_catalogue_is_introduced(talk: Supervised) -> None:
    talk.supervision.supervise(APPROVED, "bulky-waste")
    utterance = Utterance("bulky waste", Channel.WEB, talk.clock(), "pl")
    turn = next(item for item in run_turn(talk.house, talk.conversation(), utterance) if isinstance(item, Turn))
    assert wordings(turn)[0] == "language.english_content"


def test_the_record_tells_what_happened_as_plain_data(talk: Supervised) -> None:
    talk.supervision.supervise(CHECKED, "bulky-waste")
    talk.supervision.supervise(APPROVED, "council-tax")
    facts = facts_of_turn(talk.say("How much is bulky waste? How do I pay council tax?"))
    assert json.loads(json.dumps(facts))["supervised"] == [
        {"topic": "service:bulky-waste", "mode": "adviser_approves_draft", "came": "draft", "draft": "draft_1"},
        {"topic": "service:council-tax", "mode": "approved_text_only", "came": "approved_text", "draft": ""},
    ]
    talk.supervision.known = type(talk.supervision.known)()
    assert "supervised" not in facts_of_turn(talk.say("How much is bulky waste?"))


def test_a_failure_to_queue_ends_with_the_human_route(talk: Supervised) -> None:
    talk.supervision.supervise(CHECKED, "bulky-waste")

    def broken(_answer: object) -> tuple[str, object]:
        raise OSError("the disk is full")

    talk.supervision.queue = broken  # type: ignore[method-assign, assignment]
    turn = talk.say("How much is bulky waste?")
    assert (turn.outcome, turn.reply.person) == (Outcome.FAIL_SAFE, Person.BROUGHT)
    assert "£32" not in turn.reply.text


HARDSHIP = FakeUnderstanding(signals={"can't afford": (Category.FINANCIAL_HARDSHIP, Grade.SCREEN)})


def test_a_category_that_was_heard_supervises_the_questions_of_its_turn_and_no_other(memory: Memory) -> None:
    talk = Supervised(memory, understanding=HARDSHIP)
    talk.supervision.supervise(CHECKED, "financial_hardship", kind=TopicKind.CATEGORY)
    assert "£32" in answers(talk.say("How much is bulky waste?"))
    turn = talk.say("How much is bulky waste, I can't afford much?")
    assert turn.reason == Reason.BEING_CHECKED and "£32" not in answers(turn)
    assert [queued.topic.name for queued in talk.supervision.queued] == ["category:financial_hardship"]
    assert wordings(turn)[0] == "care.financial_hardship", "what the rules say of it is said at once"


@pytest.mark.parametrize(("service", "category"), [(CHECKED, APPROVED), (APPROVED, CHECKED)])
def test_the_strictest_of_service_and_category_wins(memory: Memory, service: Mode, category: Mode) -> None:
    talk = Supervised(memory, understanding=HARDSHIP)
    talk.supervision.supervise(service, "bulky-waste")
    talk.supervision.supervise(category, "financial_hardship", kind=TopicKind.CATEGORY)
    turn = talk.say("How much is bulky waste, I can't afford much?")
    assert [one.mode for one in turn.supervised] == [APPROVED]
    assert talk.supervision.queued == []


def test_without_a_service_there_is_no_approved_text_and_a_person_answers(memory: Memory) -> None:
    talk = Supervised(memory, understanding=FakeUnderstanding(services={}))
    talk.supervision.known = Modes(APPROVED)
    turn = talk.say("What does a permit cost?")
    assert (turn.outcome, turn.reason, wordings(turn)[0]) == (Outcome.HANDED_OVER, Reason.NO_APPROVED_TEXT, "supervised.person_only")


def pages_with_their_services() -> FakeLibrary:
    tax = replace(PASSAGES["council tax"], services=(ServiceKey("council-tax"),))
    return FakeLibrary({"bulky": PASSAGES["bulky"], "tax": tax})


def test_a_page_about_nothing_but_a_supervised_topic_is_not_used_for_another(memory: Memory) -> None:
    talk = Supervised(memory, library=pages_with_their_services())
    question = "Is there bulky tax?"
    assert "p2" in [found.passage.id for found in talk.say(question).found]
    talk.supervision.supervise(CHECKED, "council-tax")
    turn = talk.say(question)
    assert "p2" not in [found.passage.id for found in turn.found]
    assert "£32" in answers(turn) and talk.supervision.queued == []


def test_an_answer_that_rests_on_such_a_page_is_supervised_whatever_the_question_was_taken_for(memory: Memory) -> None:
    talk = Supervised(memory, library=pages_with_their_services(), understanding=FakeUnderstanding(services={}))
    talk.supervision.supervise(CHECKED, "council-tax")
    turn = talk.say("Which tax can I pay?")
    assert "Direct Debit" not in turn.reply.text
    assert [queued.topic.name for queued in talk.supervision.queued] == ["service:council-tax"]


def test_a_rule_that_asks_for_approved_text_is_above_what_anybody_set(memory: Memory) -> None:
    talk = Supervised(memory, understanding=FakeUnderstanding(services={"permit": (("domestic-abuse", 0.95),)}))
    talk.supervision.supervise(FREE, "domestic-abuse")
    turn = talk.say("Where is the permit refuge?")
    assert [(one.mode, one.came) for one in turn.supervised] == [(APPROVED, "approved_text")]


def test_an_answer_whose_model_broke_off_is_not_put_before_an_adviser_half_done(memory: Memory) -> None:
    class BreaksOff:
        name = "breaks-off@1"

        def compose(self, request: AnswerRequest) -> Iterator[Draft]:
            yield Draft(0, "You can book a collection of up to 5 large items.", (request.evidence[0].passages[0].passage.id,))
            raise ProviderError("gone")

    talk = Supervised(memory, composers=(BreaksOff(), QuotingComposer()))
    talk.supervision.supervise(CHECKED, "bulky-waste")
    talk.say("How much is bulky waste?")
    (queued,) = talk.supervision.queued
    text = " ".join(part.text for part in queued.parts)
    assert "£32" in text and text.count("up to 5 large items") == 1
