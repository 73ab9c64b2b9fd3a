"""Answers on the phone: at most sixty words, then on, again or by text; what was not said is kept, and nothing is said twice or lost."""

import pytest

from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.states import CallState
from guildhall.vocabulary.turns import Option, PartKind, ReplyPart
from tests.channels.phone.dialogue.calls import MOBILE, PROFILE, Scripted, directed, opened, text_of

LONG = " ".join(f"Sentence number {n} is about the bins, and it has twelve words." for n in range(1, 13))


def answer(text: str, **more: object) -> ReplyPart:
    return ReplyPart(PartKind.ANSWER, text, "en", **more)  # type: ignore[arg-type]


def own(said: "tuple[Spoken, ...]") -> list[Spoken]:
    """What belongs to the answer."""
    return [spoken for spoken in said if spoken.turn_id]


def test_an_answer_stops_after_at_most_sixty_words_and_asks_how_to_go_on() -> None:
    call = opened(Scripted(parts=(answer(LONG),)))
    call.begin()
    said = call.say("tell me about bins")
    words = sum(len(spoken.text.split()) for spoken in own(said))
    assert 40 < words <= 60
    assert said[-1].text == "Shall I go on, say it again, or text it to you? Press one, two or three." and call.state == CallState.MORE


@pytest.mark.parametrize("on", ["1", "go on", "yes", "carry on please"])
def test_going_on_continues_at_the_next_sentence_until_everything_was_said_once(on: str) -> None:
    call = opened(Scripted(parts=(answer(LONG),)))
    call.begin()
    heard = own(call.say("tell me about bins"))
    for _ in range(3):
        if call.question.say[0].wording == "phone.go_on":
            heard += own(call.press(on) if on.isdigit() else call.say(on))
    texts = [spoken.text for spoken in heard]
    assert (
        len(texts) == len(set(texts)) == 12
        and texts[0].startswith("Sentence number one ")
        and texts[-1].startswith("Sentence number twelve")
    )
    assert [spoken.ends for spoken in heard] == [False] * 11 + [True]
    assert {spoken.part for spoken in heard} == {0}


@pytest.mark.parametrize("again", ["2", "again", "say it again"])
def test_the_same_page_is_said_again(again: str) -> None:
    call = opened(Scripted(parts=(answer(LONG),)))
    call.begin()
    first = own(call.say("tell me about bins"))
    if again == "say it again":  # the phone's own command: whatever was last said, the question with it
        assert call.say(again)[-1].wording == "phone.go_on"
        return
    assert own(call.press(again) if again.isdigit() else call.say(again)) == first


def test_a_short_answer_asks_what_else() -> None:
    call = opened()
    call.begin()
    said = call.say("when is my bin day")
    assert said[-1].wording == "phone.after" and call.state == CallState.MORE
    assert text_of(call.press("1")).startswith("Ask me anything else")


@pytest.mark.parametrize(
    "words", ["4", "no", "no thank you", "goodbye", "that's all thanks", "Thank you, goodbye.", "ok, that's great, bye"]
)
def test_whoever_wants_nothing_else_hears_goodbye(words: str) -> None:
    call = opened()
    call.begin()
    call.say("when is my bin day")
    said = call.press(words) if words.isdigit() else call.say(words)
    assert said[-1].text == "Thank you for ringing. Goodbye." and call.call.over


def test_another_question_can_be_asked_at_once_instead_of_a_choice() -> None:
    call = opened()
    call.begin()
    call.say("when is my bin day")
    call.say("and how much is bulky waste")
    assert call.asked == ["when is my bin day", "and how much is bulky waste"]


def test_the_text_goes_to_the_number_the_caller_rings_from_only_when_they_say_so() -> None:
    call = opened()
    call.begin()
    call.say("when is my bin day")
    said = text_of(call.press("3"))
    assert said == "Shall I use the number you are ringing from, ending in one two three? Yes: press one. Another number: press two."
    assert call.house.texts == []
    assert call.press("1")[0].text == "The text is on its way."
    assert call.house.texts == [("turn_1", MOBILE)]


def test_another_number_is_pressed_and_said_back_digit_by_digit() -> None:
    call = opened()
    call.begin()
    call.say("when is my bin day")
    call.press("3")
    call.press("2")
    said = text_of(call.press("07700900456#"))
    assert said.startswith("The number is oh seven seven oh oh, nine oh oh, four five six. If that is right, press one.")
    call.press("1")
    assert call.house.texts == [("turn_1", "07700900456")]


@pytest.mark.parametrize("number", ["", "anonymous", "01632960777"])
def test_a_number_that_takes_no_texts_or_is_withheld_is_not_offered(number: str) -> None:
    call = opened(number=number)
    call.begin()
    call.say("when is my bin day")
    assert text_of(call.press("3")).startswith("Press the mobile number")


def test_two_numbers_that_are_none_end_the_asking() -> None:
    call = opened(number="")
    call.begin()
    call.say("when is my bin day")
    call.press("3")
    assert call.press("12345#")[0].text == "That is not a number I can use."
    assert call.press("01632960100#")[0].text == "I am sorry, I cannot send that as a text."
    assert call.house.texts == [] and call.state == CallState.MORE


def test_a_text_that_cannot_go_is_owned_up_to() -> None:
    call = opened(Scripted(text_goes=False))
    call.begin()
    call.say("when is my bin day")
    call.press("3")
    assert call.press("1")[0].text == "I am sorry, I cannot send that as a text."


def test_no_text_is_offered_after_words_of_care() -> None:
    care = ReplyPart(PartKind.WORDING, PROFILE.wordings.say("care.domestic_abuse", "en"), "en", wording="care.domestic_abuse")
    call = opened(Scripted(parts=(care, answer("The desk is open."))))
    call.begin()
    said = call.say("things are bad at home")
    assert said[-1].text == "Anything else: press one. To hear it again: press two. If that is all, press four."
    call.press("3")
    assert call.house.texts == []


def test_a_question_back_has_a_key_for_each_of_at_most_four_choices() -> None:
    options = tuple(Option(name, f"I mean {name}") for name in ("bins", "parking", "rent", "tax", "more"))
    which = ReplyPart(PartKind.CLARIFICATION, "Which of these is closest to what you need?", "en", wording="clarify.which", options=options)
    call = opened(Scripted(parts=(which,), done={"outcome": "asked_back", "reason": "service_unclear"}))
    call.begin()
    said = [spoken.text for spoken in call.say("it is broken")]
    assert said == [
        "Which of these is closest to what you need?",
        "Bins: press one.",
        "Parking: press two.",
        "Rent: press three.",
        "Tax: press four.",
    ]
    call.press("3")
    assert call.asked[-1] == "I mean rent"


def test_a_page_written_for_the_eye_is_not_said_where_the_phone_has_words_of_its_own() -> None:
    page = ReplyPart(PartKind.PERSON, "A person will help you here. You can stay on this page.", "en", wording="person.in_queue")
    call = opened(Scripted(parts=(page,), done={"outcome": "handed_over", "reason": "person_requested", "person": "brought"}))
    call.begin()
    said = text_of(call.say("I would like somebody to look at this with me"))
    assert "page" not in said and said.startswith("I am putting you through")


def test_a_person_that_is_offered_can_be_had_by_key() -> None:
    offered = ReplyPart(PartKind.WORDING, "Would you like to speak to a person?", "en", wording="person.offered")
    call = opened(Scripted(parts=(answer("It is emptied on Tuesday."), offered)))
    call.begin()
    said = text_of(call.say("when is my bin day"))
    assert "If you would rather talk to a person, press zero." in said
    call.press("0")
    assert call.house.persons == ["when is my bin day"]


def test_words_the_house_is_not_sure_of_are_asked_again_with_full_confidence_only_after_a_yes() -> None:
    sure = ReplyPart(PartKind.WORDING, "I heard: bin day. Is that right?", "en", wording="call.heard")
    house = Scripted(parts=(sure,), done={"outcome": "asked_back", "reason": "not_sure_heard"})
    call = opened(house)
    call.begin()
    call.say("bin day", confidence=0.4)
    assert house.said == [("bin day", 0.4)] and call.question.slot == "yes_no"
    call.say("yes")
    assert house.said == [("bin day", 0.4), ("bin day", 1.0)]


def test_a_no_to_what_was_heard_asks_for_it_again() -> None:
    house = Scripted(parts=(), done={"outcome": "asked_back", "reason": "not_sure_heard"})
    call = opened(house)
    call.begin()
    call.say("bin day", confidence=0.4)
    assert call.press("2")[0].text == "I did not catch that."
    assert len(house.said) == 1


def test_something_that_went_wrong_inside_brings_a_person() -> None:
    call = directed(Scripted(parts=(answer("Sorry."),), done={"outcome": "fail_safe", "reason": "unexpected_failure"}))
    call.begin()
    call.press("12")
    assert call.house.persons == ["My bin was missed. How do I report it?"]


def test_what_was_heard_belongs_to_its_turn_and_part() -> None:
    call = opened(Scripted(parts=(answer("One. Two."), answer("Three."))))
    call.begin()
    heard = own(call.say("tell me"))
    assert [(spoken.text, spoken.part, spoken.ends) for spoken in heard] == [("One.", 0, False), ("Two.", 0, True), ("Three.", 1, True)]
    assert {spoken.turn_id for spoken in heard} == {"turn_1"}
