"""What another body does is signposted: who, where, in the resident's language, with a person beside it; what is ours is answered first."""

import pytest

from guildhall.testing.house import FakeSwitches
from guildhall.value.ladder import TurnKind, kind_of_turn
from guildhall.vocabulary.outcomes import Outcome, Person, Reason
from guildhall.vocabulary.switches import SwitchKind
from guildhall.vocabulary.turns import Channel, PartKind, Turn
from tests.conversations.talk import Talk

WHO = "elsewhere.who"


def wordings(turn: Turn) -> list[str]:
    return [part.wording or part.kind.value for part in turn.reply.parts]


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.PHONE])
def test_a_question_for_another_body_gets_its_name_its_page_and_the_offer_of_a_person(talk: Talk, channel: Channel) -> None:
    turn = talk.say("renew my driving licence", channel)
    assert (turn.outcome, turn.reason, turn.reply.person) == (Outcome.DECLINED, Reason.OTHER_BODY, Person.OFFERED)
    assert wordings(turn) == [WHO, "person.offered"]
    assert turn.reply.parts[0].kind == PartKind.SIGNPOSTS
    assert "this is for DVLA, not Avonmere City Council" in turn.reply.text
    assert "](https://www.gov.uk/browse/driving/driving-licences)" in turn.reply.text
    assert turn.found == ()


def test_it_stands_on_the_ladder_as_signposted(talk: Talk) -> None:
    turn = talk.say("jury service")
    facts = {"outcome": turn.outcome.value, "reason": turn.reason.value, "channel": "web"}
    assert kind_of_turn(facts, heard=True) == TurnKind.SIGNPOST


def test_what_is_ours_is_answered_and_then_the_other_is_said(talk: Talk) -> None:
    turn = talk.say("my driving licence and council tax")
    assert (turn.outcome, turn.reason) == (Outcome.ANSWERED, Reason.EVIDENCE_FOUND)
    said = wordings(turn)
    assert said[-2:] == [WHO, "person.offered"] and "answer" in said[:-2]
    assert (turn.parts_asked, turn.parts_answered) == (2, 2)


def test_what_is_ours_and_unclear_is_asked_back_beside_the_signpost(talk: Talk) -> None:
    turn = talk.say("my driving licence and a badge for the blue badge")
    assert turn.outcome == Outcome.ASKED_BACK
    assert wordings(turn) == [WHO, "clarify.which", "person.offered"]


def test_two_bodies_are_both_said(talk: Talk) -> None:
    turn = talk.say("renew my passport and my driving licence")
    assert wordings(turn) == [WHO, WHO, "person.offered"]


def test_a_service_of_ours_that_is_surely_meant_wins_over_a_body_that_is_only_mentioned(talk: Talk) -> None:
    turn = talk.say("can I get a parking permit with a foreign driving licence")
    assert turn.outcome == Outcome.ANSWERED and WHO not in wordings(turn)


def test_where_somebody_lived_before_sends_nobody_away(talk: Talk) -> None:
    turn = talk.say("I moved from Leeds, how do I register for council tax")
    assert turn.outcome == Outcome.ANSWERED and WHO not in wordings(turn)


def test_safety_comes_first_and_nobody_in_danger_is_sent_elsewhere(talk: Talk) -> None:
    turn = talk.say("I will kill myself, and my driving licence is gone")
    assert turn.outcome == Outcome.HANDED_OVER and WHO not in wordings(turn)


def test_a_signpost_is_no_failed_turn(talk: Talk) -> None:
    talk.say("renew my driving licence")
    turn = talk.say("renew my passport")
    assert (turn.reason, turn.reply.person) == (Reason.OTHER_BODY, Person.OFFERED)


def test_a_question_about_what_was_sent_elsewhere_goes_to_the_same_body(talk: Talk) -> None:
    talk.say("renew my driving licence")
    turn = talk.say("how much is it?")
    assert turn.reason == Reason.OTHER_BODY and "DVLA" in turn.reply.text
    assert talk.say("how do I pay council tax?").outcome == Outcome.ANSWERED


def test_other_languages_read_who_it_is_and_where_without_the_english_sentence(talk: Talk) -> None:
    turn = talk.say("میں اپنا ڈرائیونگ لائسنس کیسے بدلوں")
    part = next(part for part in turn.reply.parts if part.wording == WHO)
    assert part.language == "ur" and "DVLA" in part.text and "gov.uk" in part.text
    assert "You can apply" not in part.text


def test_while_answers_are_off_nothing_is_signposted(talk: Talk) -> None:
    switches = FakeSwitches()
    switches.turn_off(SwitchKind.CHANNEL, "web")
    silent = Talk(talk.memory, switches=switches)
    assert WHO not in wordings(silent.say("renew my driving licence"))
