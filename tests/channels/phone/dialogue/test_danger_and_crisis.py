"""Danger and crisis on the phone: by key and by word, within ten seconds, 999 first, words that nobody can cut off, and then a person."""

from collections.abc import Callable

import pytest

from guildhall.channels.phone.moves import Move
from guildhall.channels.phone.speech import Heard
from guildhall.channels.phone.states import CallState
from guildhall.councils.phone_files import notice_of
from guildhall.councils.phone_notice import SAFETY_SECONDS, seconds_to_say
from guildhall.vocabulary.turns import PartKind, ReplyPart
from tests.channels.phone.dialogue.calls import PROFILE, Caller, Scripted, directed, opened, text_of

Calling = Callable[[], Caller]
CALLS = pytest.mark.parametrize("call_of", [directed, opened], ids=["directed", "open"])
NOTICE = notice_of(PROFILE, "en", transcribed_outside=False)


@CALLS
def test_a_resident_in_a_gas_leak_hears_what_to_do_within_ten_seconds_by_key(call_of: Calling) -> None:
    call = call_of()
    call.begin()
    first = call.press("9")
    call.press("1")
    before_advice = seconds_to_say(NOTICE, "en") + seconds_to_say(first[0].text, "en")
    advice = call.call.said[-2]
    assert before_advice <= SAFETY_SECONDS and advice.wording == "hazard.gas" and not advice.interruptible
    assert (call.house.persons, call.house.dangers) == (["I can smell gas"], [True])


@CALLS
@pytest.mark.parametrize("words", ["gas", "gas leak", "I can smell gas", "There's a gas leak!", "gas leak, please", "czuję gaz"])
def test_a_resident_in_a_gas_leak_hears_what_to_do_within_ten_seconds_by_word(call_of: Calling, words: str) -> None:
    call = call_of()
    call.begin()
    said = call.say(words)
    assert [spoken.wording for spoken in said] == ["phone.danger_first", "hazard.gas", "phone.ring"]
    assert seconds_to_say(f"{NOTICE} {said[0].text}", "en") <= SAFETY_SECONDS
    assert call.house.dangers == [True]


@CALLS
def test_the_first_words_after_the_notice_name_the_keys_of_danger_crisis_and_a_person(call_of: Calling) -> None:
    call = call_of()
    first = (call.begin())[0]
    assert first.text == "Danger or gas, press nine. Crisis, press seven. A person, press zero."
    assert seconds_to_say(f"{NOTICE} {first.text}", "en") <= SAFETY_SECONDS


@CALLS
def test_whoever_says_nothing_after_the_danger_key_gets_a_person_at_once(call_of: Calling) -> None:
    call = call_of()
    call.begin()
    call.press("9")
    assert call.state == CallState.EMERGENCY
    call.silence()
    assert call.house.dangers == [True]


@CALLS
@pytest.mark.parametrize("name", PROFILE.phone.danger)
def test_every_danger_says_999_first_and_brings_a_person_ahead_of_everybody(call_of: Calling, name: str) -> None:
    call, path = call_of(), PROFILE.phone.danger[name]
    call.begin()
    call.press(f"9{path.key}")
    firm = [spoken for spoken in call.call.said if not spoken.interruptible]
    assert firm[0].text == "If anyone is in danger, phone nine nine nine." and firm[-1].wording == path.wording
    assert (call.house.persons, call.house.dangers) == ([path.says], [True])


@CALLS
@pytest.mark.parametrize("name", PROFILE.phone.crisis)
def test_every_crisis_has_its_approved_words_and_a_person(call_of: Calling, name: str) -> None:
    call, path = call_of(), PROFILE.phone.crisis[name]
    call.begin()
    call.press(f"7{path.key}")
    assert call.call.moves[2].say[0].wording in (path.wording, f"phone.{path.wording}") and not call.call.moves[2].say[0].interruptible
    assert (call.house.persons, call.house.dangers) == ([path.says], [path.ahead])


@pytest.mark.parametrize("words", ["suicide", "I want to kill myself", "nie chcę żyć", "خودکشی"])
def test_thoughts_of_suicide_are_answered_with_care_and_a_person_in_whatever_language_they_are_said(words: str) -> None:
    call = directed()
    call.begin()
    said = call.say(words)
    assert said[0].wording == "crisis.suicide_self_harm" and "one one six, one two three" in said[0].text
    assert call.house.dangers == [True]


def test_words_about_abuse_do_not_speak_of_a_screen() -> None:
    call = directed()
    call.begin()
    said = text_of(call.say("he hits me"))
    assert "screen" not in said and "page" not in said and "press five five when asked" in said


def test_danger_is_heard_while_a_persons_phone_rings() -> None:
    call = directed()
    call.begin()
    dialogue = call.dialogue
    dialogue.person(Scripted().route_to)
    assert dialogue.heard(Heard("how are you")) == Move()
    assert dialogue.heard(Heard("fire")).danger
    assert dialogue.pressed("9").state == CallState.EMERGENCY


@pytest.mark.parametrize(
    "words",
    ["My gas bill is too high", "Do you fit gas boilers?", "Can you help me with my council tax", "I had a burst pipe in March, who pays?"],
)
def test_a_question_that_only_names_a_danger_is_a_question(words: str) -> None:
    call = opened()
    call.begin()
    call.say(words)
    assert call.asked == [words] and call.house.persons == []


def test_what_the_house_finds_dangerous_is_said_with_999_before_it_and_brings_a_person() -> None:
    gas = ReplyPart(PartKind.WORDING, PROFILE.wordings.say("hazard.gas", "en"), "en", wording="hazard.gas")
    helplines = ReplyPart(PartKind.SIGNPOSTS, "- National Gas Emergency Service: 0800 111 999", "en")
    house = Scripted(parts=(gas, helplines), done={"outcome": "handed_over", "reason": "hazard", "person": "brought", "danger": True})
    call = opened(house)
    call.begin()
    said = call.say("there is a really strong smell of gas in our stairwell")
    assert [spoken.wording for spoken in said][:2] == ["phone.danger_first", "hazard.gas"]
    assert not any(spoken.interruptible for spoken in said[:2]) and said[-1].wording == "phone.ring"
    assert house.dangers == [True] and house.persons == ["there is a really strong smell of gas in our stairwell"]


def test_danger_found_without_safety_words_still_says_999_first() -> None:
    house = Scripted(parts=(), done={"outcome": "fail_safe", "reason": "detector_failed", "person": "brought", "danger": True})
    call = opened(house)
    call.begin()
    said = call.say("everything is burning")
    assert said[0].wording == "phone.danger_first" and house.dangers == [True]


@pytest.mark.parametrize("does", ["yes", "1", "the word again", "more words", "nothing"])
def test_one_word_of_danger_that_a_grammar_heard_is_said_back_and_anything_but_a_no_is_danger(does: str) -> None:
    call = directed()
    call.begin()
    said = call.say("flooding", "danger:water", confidence=0.9)
    assert [spoken.wording for spoken in said] == ["phone.did_you_say"] and "flooding" in said[0].text
    assert call.house.persons == []
    ways = {
        "yes": lambda: call.say("yes"),
        "1": lambda: call.press("1"),
        "the word again": lambda: call.say("flooding", "danger:water"),
        "more words": lambda: call.say("water pouring in", "danger:water"),
        "nothing": call.silence,
    }
    after = ways[does]()
    assert [spoken.wording for spoken in after][:2] == ["phone.danger_first", "hazard.water"] and call.house.dangers == [True]


@pytest.mark.parametrize("does", ["yes", "nothing"])
def test_a_faint_sentence_of_crisis_is_said_back_and_anything_but_a_no_is_one(does: str) -> None:
    call = directed()
    call.begin()
    said = call.say("i want to die", "crisis:suicide", confidence=0.51)  # "I want to buy a new bin" was heard so
    assert [spoken.wording for spoken in said] == ["phone.did_you_say"] and call.house.persons == []
    after = call.say("yes") if does == "yes" else call.silence()
    assert after[0].wording.endswith("crisis.suicide_self_harm") and call.house.dangers == [True]


def test_a_sentence_of_crisis_that_was_heard_well_is_acted_upon_at_once() -> None:
    call = directed()
    call.begin()
    assert call.say("i want to die", "crisis:suicide", confidence=0.9)[0].wording.endswith("crisis.suicide_self_harm")
    assert call.house.dangers == [True]


def test_a_no_to_a_misheard_danger_brings_back_the_question() -> None:
    call = directed()
    call.begin()
    call.say("flooding", "danger:water")
    call.say("no")
    assert call.question.name == "main" and call.house.persons == []
    call.say("housing and repairs")
    assert call.question.name == "housing"


def test_danger_of_several_words_and_words_that_were_heard_freely_are_not_asked_back() -> None:
    for heard, means in (("smell gas", "danger:gas"), ("fire", "")):
        call = directed()
        call.begin()
        assert call.say(heard, means)[0].wording == "phone.danger_first" and call.house.dangers == [True]


def test_nothing_is_asked_back_while_a_phone_rings_or_danger_is_spoken_of() -> None:
    ringing = directed()
    ringing.begin()
    ringing.dialogue.person(Scripted().route_to)
    assert ringing.dialogue.heard(Heard("fire", means="danger:life")).danger
    asked = directed()
    asked.begin()
    asked.press("9")
    assert "hazard.gas" in [spoken.wording for spoken in asked.say("gas", "danger:gas")]
