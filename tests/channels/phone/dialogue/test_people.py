"""On the way to a person: who is rung, the place and an honest wait, a callback by keys, and what happens when nobody answers."""

from dataclasses import replace

import pytest

from guildhall.channels.phone.house import PersonAnswer, PersonRoute
from guildhall.channels.phone.ports import TransferOutcome
from guildhall.channels.phone.states import CallState
from guildhall.councils.phone_config import Recording
from tests.channels.phone.dialogue.calls import BASIC, MOBILE, Scripted, directed, opened, text_of

SLOTS = tuple(f"2026-11-2{day}T{hour}:00:00+00:00" for day in (5, 6) for hour in ("09", "10", "11"))
RING = PersonRoute(PersonAnswer.RING, "ABCD-2345", "revenues", "01632 960200")
DUTY = PersonRoute(PersonAnswer.DUTY, "ABCD-2345", "repairs", "01632 960999")
WAIT = PersonRoute(PersonAnswer.WAIT, "ABCD-2345", "revenues", position=3, wait_seconds=250)
CALLBACK = PersonRoute(PersonAnswer.CALLBACK, "ABCD-2345", "revenues", slots=SLOTS)


def test_the_caller_hears_who_is_rung() -> None:
    call = directed(Scripted(route_to=RING))
    call.begin()
    assert text_of(call.press("0")) == "I am putting you through to a person in the council tax and benefits team. Please stay on the line."
    assert call.call.transferred == ["01632 960200"] and call.state == CallState.BRIDGED


def test_the_duty_team_is_named_when_a_team_is_closed() -> None:
    call = directed(Scripted(route_to=DUTY))
    call.begin()
    assert text_of(call.press("0")).startswith("The repairs team is closed now. I am putting you through to the duty team")


def test_a_wait_is_told_with_the_place_and_an_honest_time() -> None:
    call = directed(Scripted(route_to=WAIT))
    call.begin()
    said = text_of(call.press("0"))
    assert said.startswith("You are number three in the queue for the council tax and benefits team. It should take about five minutes.")
    assert call.state == CallState.WAITING


def test_a_wait_that_cannot_be_told_is_not_made_up() -> None:
    call = directed(Scripted(route_to=PersonRoute(PersonAnswer.WAIT, "A", "revenues", position=1)))
    call.begin()
    assert "I cannot say how long it will take." in text_of(call.press("0"))


@pytest.mark.parametrize("how", ["1", "stop waiting", "go on without a person please"])
def test_whoever_waits_may_go_on_without_a_person(how: str) -> None:
    call = directed(Scripted(route_to=WAIT))
    call.begin()
    call.press("0")
    said = call.press(how) if how.isdigit() else call.say(how)
    assert said[0].wording == "phone.wait_stopped" and call.question.name == "main"
    assert [what for what, _ in call.house.notes] == ["stop_waiting"] and call.asked == []


def test_words_that_an_adviser_to_come_will_read_bring_back_the_place_in_the_queue() -> None:
    call = opened(Scripted(route_to=WAIT, parts=(), done={"outcome": "handed_over", "reason": "not_the_owner"}))
    call.begin()
    call.press("0")
    said = call.say("it is about my council tax")
    assert call.asked == ["it is about my council tax"] and said[0].wording == "phone.wait" and call.question.name == "waiting"


def test_somebody_in_danger_is_not_asked_whether_they_would_rather_not_wait() -> None:
    call = directed(Scripted(route_to=WAIT))
    call.begin()
    said = call.say("gas leak")
    assert [spoken.wording for spoken in said] == ["phone.danger_first", "hazard.gas", "phone.wait"]
    assert all(choice.means != "stop_waiting" for choice in call.question.choices)


def test_silence_of_somebody_who_waits_is_no_failure() -> None:
    call = directed(Scripted(route_to=WAIT))
    call.begin()
    call.press("0")
    for _ in range(5):
        assert call.silence() == ()
    assert len(call.house.persons) == 1


def test_every_half_minute_the_place_is_told_and_the_choices_every_other_time() -> None:
    call = directed(Scripted(route_to=WAIT))
    call.begin()
    call.press("0")
    first, second = call.dialogue.waiting(WAIT, 1), call.dialogue.waiting(WAIT, 2)
    assert len(first.say) == 1 and "number three" in first.say[0].text and len(second.say) == 2


def test_a_callback_is_booked_by_keys_for_a_number_that_was_confirmed() -> None:
    house = Scripted(route_to=CALLBACK, when="Wednesday 25 November at 10:00")
    call = directed(house)
    call.begin()
    said = text_of(call.press("0"))
    assert said.startswith(
        "Nobody can come to the phone now. We can ring you back. Wednesday the twenty-fifth of November, nine in the morning: press one."
    )
    assert call.state == CallState.CALLBACK
    assert "ending in one two three" in text_of(call.press("2"))
    said = text_of(call.press("1"))
    assert house.books == [(SLOTS[1], MOBILE)]
    assert said.startswith(
        "We will ring you: Wednesday the twenty-fifth of November at ten in the morning. Your reference is A B C D, two three four five."
    )


def test_other_times_come_three_at_a_time_and_begin_again() -> None:
    call = directed(Scripted(route_to=CALLBACK))
    call.begin()
    call.press("0")
    assert "Thursday the twenty-sixth of November, nine in the morning: press one." in text_of(call.press("4"))
    assert "Wednesday the twenty-fifth" in text_of(call.press("4"))
    assert len(call.question.choices) == 4


def test_a_landline_can_be_rung_back_but_nothing_that_is_no_number() -> None:
    house = Scripted(route_to=CALLBACK)
    call = directed(house, number="")
    call.begin()
    call.press("0")
    call.press("1")
    assert call.press("0900#")[0].text == "That is not a number I can use."
    call.press("01632960777#")
    call.press("1")
    assert house.books == [(SLOTS[0], "01632960777")]


def test_a_callback_that_could_not_be_booked_is_owned_up_to_and_something_follows() -> None:
    call = directed(Scripted(route_to=CALLBACK, when=""))
    call.begin()
    call.press("0")
    call.press("1")
    said = text_of(call.press("1"))
    assert said.startswith("I am sorry, I could not book that. To try for a person again, press one.")


def test_no_free_time_is_said_as_it_is() -> None:
    call = directed(Scripted(route_to=PersonRoute(PersonAnswer.CALLBACK, "A", "revenues")))
    call.begin()
    assert "I have no time to offer for that. Your request is kept" in text_of(call.press("0"))


def test_when_nobody_answers_the_caller_is_back_with_something_to_choose() -> None:
    call = directed(Scripted(route_to=RING), answers=(TransferOutcome.NO_ANSWER, TransferOutcome.CONNECTED))
    call.begin()
    said = text_of(call.press("0"))
    assert "I am sorry, nobody could take the call. To try for a person again, press one." in said
    call.press("1")
    assert call.call.transferred == ["01632 960200"] * 2 and call.state == CallState.BRIDGED


def test_when_nobody_answers_and_times_are_free_a_callback_is_offered() -> None:
    call = directed(Scripted(route_to=RING, then=CALLBACK), answers=(TransferOutcome.BUSY,))
    call.begin()
    said = text_of(call.press("0"))
    assert (
        "nobody could take the call. We can ring you back. Wednesday the twenty-fifth of November" in said
        and call.state == CallState.CALLBACK
    )


def test_another_line_that_rings_next_is_told_of_without_a_question() -> None:
    call = directed()
    move = call.dialogue.back("no_answer", RING)
    assert move.say[0].text == "Nobody answered. I am trying another line." and move.expect is None


def test_a_place_in_the_queue_after_no_answer_keeps_the_caller_waiting() -> None:
    call = directed()
    move = call.dialogue.back("no_answer", WAIT)
    assert "number three" in move.say[1].text and move.expect is None and call.question.name == "waiting"


@pytest.mark.parametrize(
    ("after", "told"), [("stop", "The recording stops when they answer."), ("continue", "The recording goes on while you talk to them.")]
)
def test_whether_the_recording_goes_on_is_said_before_a_person_answers(after: str, told: str) -> None:
    recording = Recording(on=True, purpose="training", lawful_basis="public_task", after_transfer=after)  # type: ignore[arg-type]
    profile = BASIC.profile
    phone = profile.phone.model_copy(update={"recording": recording})
    call = directed(Scripted(route_to=RING), council=replace(BASIC, profile=replace(profile, phone=phone)))
    call.begin()
    assert told in text_of(call.press("0"))


@pytest.mark.parametrize("words", ["6", "pay", "I want to pay", "pay my council tax"])
def test_a_payment_goes_to_the_councils_payment_line(words: str) -> None:
    call = opened()
    call.begin()
    said = call.press(words) if words.isdigit() else call.say(words)
    assert said[0].text.startswith("I never take card numbers.") and not said[0].interruptible
    assert call.call.transferred == ["payment"] and call.state == CallState.PAYING and call.asked == []


@pytest.mark.parametrize("words", ["my card is 4929 1234 5678 9012", "4929123456789012 expires next year", "it is 4929-1234-5678-9012"])
def test_card_digits_go_nowhere(words: str) -> None:
    call = opened()
    call.begin()
    call.say(words)
    assert call.asked == [] and call.house.persons == [] and call.call.transferred == ["payment"]
    assert "4929" not in text_of(call.call.said)


def test_a_payment_line_that_does_not_answer_brings_a_person() -> None:
    move = directed().dialogue.back("payment", None)
    assert move.person == "payment" and "Please do not say card numbers to me." in move.say[0].text


def test_a_question_about_paying_is_a_question() -> None:
    call = opened()
    call.begin()
    call.say("How can I pay my council tax in instalments?")
    assert call.asked == ["How can I pay my council tax in instalments?"]
