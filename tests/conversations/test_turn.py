"""One turn, end to end: answered, handed over, asked back, declined or failed safe, and always recorded before it is shown."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from guildhall.conversations.pipeline import PIPELINE
from guildhall.conversations.runner import run_turn
from guildhall.storage.record import RecordError
from guildhall.testing.understanding import FakeUnderstanding
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.outcomes import Outcome, Person, Reason
from guildhall.vocabulary.questions import Question, Understanding
from guildhall.vocabulary.services import ServiceMatch
from guildhall.vocabulary.signals import Detection
from guildhall.vocabulary.turns import Channel, Owner, PartKind, PastTurn, ReplyPart, Turn, Utterance
from tests.conversations.talk import Talk, profile


def test_a_question_with_evidence_is_answered_with_a_citation(talk: Talk) -> None:
    turn = talk.say("How much is a bulky waste collection?")
    assert (turn.outcome, turn.reason) == (Outcome.ANSWERED, Reason.EVIDENCE_FOUND)
    assert turn.reply.citations
    assert turn.reply.person == Person.NONE


def test_distress_brings_a_person_before_anything_else_is_said(talk: Talk) -> None:
    turn = talk.say("I want to kill myself")
    assert (turn.outcome, turn.reason, turn.reply.person) == (Outcome.HANDED_OVER, Reason.DISTRESS, Person.BROUGHT)
    assert turn.reply.parts[0].wording == "crisis.suicide_self_harm"
    assert "116 123" in turn.reply.text
    assert turn.reply.reference
    assert turn.reply.sensitive


def test_a_safety_word_stands_beside_an_answer(talk: Talk) -> None:
    turn = talk.say("He hits me. How much is a bulky waste collection?")
    kinds = [part.kind for part in turn.reply.parts]
    assert kinds.index(PartKind.PERSON) < kinds.index(PartKind.ANSWER)
    assert turn.outcome == Outcome.HANDED_OVER


def test_a_request_for_a_person_is_honoured_the_first_time_with_a_reference(talk: Talk) -> None:
    turn = talk.say("I want to talk to a person")
    assert (turn.outcome, turn.reason, turn.reply.person) == (Outcome.HANDED_OVER, Reason.PERSON_REQUESTED, Person.BROUGHT)
    assert [row.reference for row in talk.memory.people.waiting()] == [turn.reply.reference]
    assert turn.reply.reference in turn.reply.text


def test_when_the_desk_is_shut_the_reply_says_when_it_opens(talk: Talk) -> None:
    talk.clock.move(hours=12)
    turn = talk.say("talk to a person")
    assert "opens at 8:30am tomorrow, Thursday 26 November" in turn.reply.text


def test_every_part_of_a_question_is_answered_or_owned_up_to(talk: Talk) -> None:
    turn = talk.say("How much is a bulky waste collection? What is the meaning of xyzzy?")
    assert (turn.outcome, turn.reason) == (Outcome.PARTLY_ANSWERED, Reason.PART_UNANSWERED)
    assert "xyzzy" in turn.reply.text
    assert turn.reply.person == Person.OFFERED


def test_an_unclear_service_is_asked_back_once_with_options_then_a_person_comes(talk: Talk) -> None:
    first = talk.say("the badge")
    assert (first.outcome, first.reason) == (Outcome.ASKED_BACK, Reason.SERVICE_UNCLEAR)
    assert [len(part.options) for part in first.reply.parts] == [3, 0]
    assert first.reply.person == Person.OFFERED
    second = talk.say("the badge")
    assert (second.outcome, second.reason, second.reply.person) == (Outcome.HANDED_OVER, Reason.TWO_FAILED_TURNS, Person.BROUGHT)


def test_what_is_not_council_business_is_declined_and_a_person_offered(talk: Talk) -> None:
    turn = talk.say("super noodles how much water")
    assert (turn.outcome, turn.reply.person) == (Outcome.DECLINED, Person.OFFERED)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.NOTHING_SAID),
        ("   \u200b\u200b ", Reason.NOTHING_SAID),
        ("!!!???", Reason.NOTHING_SAID),
        ("😀😀", Reason.NOTHING_SAID),
        ("\x00\x01\x02\x03\x00\x00ab\x04\x05", Reason.UNREADABLE),
    ],
)
def test_nothing_readable_gets_a_kind_reply(talk: Talk, text: str, reason: Reason) -> None:
    turn = talk.say(text)
    assert (turn.outcome, turn.reason) == (Outcome.ASKED_BACK, reason)
    assert turn.reply.text


def test_twenty_thousand_characters_are_kept_and_looked_through_to_the_end(talk: Talk) -> None:
    turn = talk.say("lorem ipsum " * 1650 + " I want to kill myself")
    assert turn.reply.person == Person.BROUGHT
    assert len(talk.memory.conversations.transcript(talk.id)[0].utterance) > 19_000


def test_invisible_characters_hide_nothing_from_the_detectors(talk: Talk) -> None:
    turn = talk.say("I want to k\u200bill my\u2060self")
    assert turn.reply.person == Person.BROUGHT


def test_words_of_a_council_rule_say_which_rule_and_pack(talk: Talk) -> None:
    turn = talk.say("I smell gas")
    rules = [rule.id for decision in turn.decisions for rule in decision.rules]
    assert rules == ["hazard.gas"]
    assert {decision.pack for decision in turn.decisions} == {profile().pack.id}
    assert "0800 111 999" in turn.reply.text


def test_every_part_is_durable_before_it_is_shown(talk: Talk) -> None:
    shown = 0
    for item in talk.stream("He hits me. How much is a bulky waste collection?"):
        if isinstance(item, ReplyPart):
            shown += 1
            (kept,) = talk.memory.conversations.transcript(talk.id)
            assert item in kept.parts
    assert shown >= 3
    assert talk.memory.conversations.transcript(talk.id)[0].completed


def test_a_turn_cut_off_half_way_keeps_what_was_shown_and_the_conversation_goes_on(talk: Talk) -> None:
    running = talk.stream("He hits me. How much is a bulky waste collection?")
    first = next(running)
    del running
    (kept,) = talk.memory.conversations.transcript(talk.id)
    assert kept.parts == (first,)
    assert not kept.completed
    assert talk.say("How much is a bulky waste collection?").outcome == Outcome.ANSWERED


class BrokenLibrary:
    def search(self, query: Any, **_: Any) -> tuple[()]:
        raise RuntimeError("the shelves fell over, and here is some personal text")

    def passage(self, passage_id: str) -> None:
        raise RuntimeError("the shelves fell over, and here is some personal text")


def test_an_unexpected_failure_ends_in_wording_a_person_and_a_record(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    talk.house = replace(talk.house, library=BrokenLibrary())
    turn = talk.say("How much is a bulky waste collection?")
    assert (turn.outcome, turn.reason, turn.reply.person) == (Outcome.FAIL_SAFE, Reason.UNEXPECTED_FAILURE, Person.BROUGHT)
    assert talk.memory.conversations.transcript(talk.id)[0].facts["outcome"] == "fail_safe"
    assert "personal text" not in caplog.text


def test_a_failure_after_the_safety_words_loses_nothing_of_the_turn(talk: Talk) -> None:
    talk.house = replace(talk.house, library=BrokenLibrary())
    items = list(talk.stream("He hits me. How much is a bulky waste collection?"))
    shown, turn = [item for item in items if isinstance(item, ReplyPart)], items[-1]
    (kept,) = talk.memory.conversations.transcript(talk.id)
    assert isinstance(turn, Turn)
    assert turn.outcome == Outcome.FAIL_SAFE
    assert shown[0].wording == "crisis.domestic_abuse"
    assert kept.parts == tuple(shown) == turn.reply.parts
    assert turn.reply.sensitive
    assert turn.detection.signals
    assert [row.queue for row in talk.memory.people.waiting()] == ["domestic-abuse"]


def test_a_whole_reply_that_failed_half_way_still_says_the_safety_words(talk: Talk) -> None:
    talk.house = replace(talk.house, library=BrokenLibrary())
    turn = talk.say("He hits me. How much is a bulky waste collection?")
    assert turn.outcome == Outcome.FAIL_SAFE
    assert turn.reply.parts[0].wording == "crisis.domestic_abuse"
    assert talk.memory.conversations.transcript(talk.id)[0].parts == turn.reply.parts


def test_a_failure_is_told_in_the_residents_language(talk: Talk) -> None:
    talk.house = replace(talk.house, library=BrokenLibrary())
    utterance = Utterance("How much is bulky waste?", Channel.WEB, talk.clock(), language_hint="pl")
    *_, turn = run_turn(talk.house, talk.conversation(), utterance)
    assert isinstance(turn, Turn)
    assert {part.language for part in turn.reply.parts} == {"pl"}


class NoRecord:
    def append(self, events: Any) -> None:
        raise RecordError("the disk is full")


def test_when_even_the_record_is_gone_the_resident_still_gets_the_human_route(talk: Talk) -> None:
    talk.house = replace(talk.house, records=NoRecord(), library=BrokenLibrary())
    turn = talk.say("How much is a bulky waste collection?")
    assert turn.outcome == Outcome.FAIL_SAFE
    assert turn.reply.text


class FailingDetector(FakeUnderstanding):
    def detect(self, text: str, language: str, recent: Any) -> Detection:
        return Detection(failed=("classifier.signals@2",))


def test_a_failed_distress_detector_brings_a_person(talk: Talk) -> None:
    talk.house = replace(talk.house, understanding=FailingDetector())
    turn = talk.say("How much is a bulky waste collection?")
    assert turn.reply.person == Person.BROUGHT
    assert "failsafe.detector" in {rule.id for decision in turn.decisions for rule in decision.rules}


def test_the_phone_gets_the_same_turn_in_fewer_words(talk: Talk) -> None:
    turn = talk.say("How much is a bulky waste collection?", Channel.PHONE)
    assert turn.outcome == Outcome.ANSWERED


def test_on_the_phone_where_do_you_live_is_asked_without_what_the_page_says_anyway(talk: Talk) -> None:
    bins = Talk(talk.memory, understanding=FakeUnderstanding(services={"my bin": (("bin-collection-day", 0.95),)}))
    on_the_web = bins.say("When is my bin collected?")
    assert (on_the_web.reason, on_the_web.reply.parts[0].kind) == (Reason.PLACE_NEEDED, PartKind.ANSWER)
    rung = bins.say("When is my bin collected?", Channel.PHONE)
    assert (rung.outcome, rung.reason) == (Outcome.ASKED_BACK, Reason.PLACE_NEEDED)
    assert [part.wording for part in rung.reply.parts] == ["place.needed"]


def test_a_conversation_that_an_adviser_owns_gets_no_answer_from_the_assistant(talk: Talk) -> None:
    owned = replace(talk.conversation(), owner=Owner.ADVISER)
    (turn,) = [item for item in _run(talk, owned) if isinstance(item, Turn)]
    assert turn.reason == Reason.NOT_THE_OWNER
    assert PartKind.ANSWER not in {part.kind for part in turn.reply.parts}


def _run(talk: Talk, conversation: Any) -> list[Any]:
    return list(run_turn(talk.house, conversation, Utterance("How much is bulky waste?", Channel.WEB, talk.clock())))


def test_safety_comes_before_search_and_answers_in_the_list_of_steps() -> None:
    names = [step.name for step in PIPELINE]
    assert names.index("detect") < names.index("redact") < names.index("understand") < names.index("safeguard") < names.index("search")
    assert names.index("decide_on_input") < names.index("leave_to_owner") < names.index("understand")
    assert names[-1] == "check_ownership_again"


class Leaning(FakeUnderstanding):
    """Reads `how much is it` in the light of the turn before, as likelier than not about bulky waste."""

    def understand(self, text: str, language: str, past: Sequence[PastTurn]) -> Understanding:
        if "how much is it" not in text:
            return super().understand(text, language, past)
        bulky = ServiceMatch(ServiceKey("bulky-waste"), 0.55)
        return Understanding((Question(text, f"{text} bulky waste" if past else text, (bulky,)),))


def test_a_follow_up_about_the_service_just_answered_is_not_asked_back(talk: Talk) -> None:
    leaning = Talk(talk.memory, understanding=Leaning())
    assert leaning.say("Do you do bulky waste collections?").outcome == Outcome.ANSWERED
    assert leaning.say("how much is it").outcome == Outcome.ANSWERED


def test_the_same_words_alone_are_asked_back(talk: Talk) -> None:
    assert Talk(talk.memory, understanding=Leaning()).say("how much is it").outcome == Outcome.ASKED_BACK
