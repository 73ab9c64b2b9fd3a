"""Open conversation: any words go to the house, and the phone's own commands only as whole utterances."""

from dataclasses import replace

import pytest

from guildhall.channels.phone.moves import Move
from guildhall.channels.phone.states import CallState
from tests.channels.phone.dialogue.calls import BASIC, Scripted, directed, opened, text_of

NO_COMMANDS = [
    "My mum needs more time to pay her rent, can you help",
    "How do I repeat my prescription for a parking permit",
    "Can you text me when my bin is late",
    "I said goodbye to my husband last week and need to tell the council",
    "What language are the forms in",
    "Go on then, tell me about bulky waste",
    "I need a person to come and look at the damp",
    "The music next door is louder every night",
    "Is there a robot lawnmower in the park",
    "He said he would kill me if I pay",
    "I have a stammer and my son was hurt at school",
    "Hello, when is my bin day?",
]


@pytest.mark.parametrize("words", NO_COMMANDS)
def test_a_question_that_holds_a_command_is_asked_and_not_obeyed(words: str) -> None:
    call = opened()
    call.begin()
    call.say(words)
    assert call.asked == [words] and call.house.persons == []


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("slower please", "slower"), ("could you speak more slowly", "slower"), ("wolniej", "slower"), ("speak up please", "louder"),
        ("I can't hear you", "louder"), ("I need more time", "patient"), ("this is Relay UK", "patient"), ("I have a stammer", "patient"),
        ("hang on", "patient"), ("can you say that again please", "repeat"), ("pardon", "repeat"), ("bye", "hang_up"), ("that's all thanks", "hang_up"),
    ],
)  # fmt: skip
def test_the_phones_own_commands_are_obeyed_before_the_house_is_asked(words: str, what: str) -> None:
    call = opened()
    call.begin()
    call.say(words)
    assert getattr(call.call.moves[-1], what) is True and call.asked == []


@pytest.mark.parametrize("words", ["are you a robot", "Am I talking to a machine?", "is this a recording", "are you real"])
def test_it_says_that_it_is_a_machine_and_asks_again(words: str) -> None:
    call = opened()
    call.begin()
    said = text_of(call.say(words))
    assert said.startswith("No. I am a computer program") and "What can I help you with?" in said and call.asked == []


def test_the_key_for_more_time_gives_it_without_a_word() -> None:
    call = directed()
    call.begin()
    said = call.press("8")
    assert call.call.moves[-1].patient and said[0].text == "Take all the time you need. I will wait, and I will not hurry you."
    assert call.question.name == "main"


def test_words_go_to_the_house_as_they_were_said_with_how_surely_they_were_heard() -> None:
    house = Scripted()
    call = opened(house)
    call.begin()
    call.say("When's me bin day, duck?", confidence=0.83)
    assert house.said == [("When's me bin day, duck?", 0.83)]


def test_the_keys_of_the_menus_work_in_open_conversation_too() -> None:
    call = opened()
    call.begin()
    call.press("1")
    assert call.question.name == "main"
    call.press("12")
    assert call.asked == ["My bin was missed. How do I report it?"]


def test_silence_brings_the_menus_and_then_a_person() -> None:
    call = opened()
    call.begin()
    call.silence()
    call.silence()
    assert call.question.name == "main"
    call.silence()
    assert call.house.persons == ["silence"]


def test_when_nothing_can_be_heard_any_more_the_keys_still_work() -> None:
    call = opened()
    call.begin()
    move = call.dialogue.deaf()
    assert move.say[0].text.startswith("I cannot hear words at the moment.") and move.state == CallState.DIRECTED


def test_no_menu_is_offered_in_a_language_it_is_not_written_in() -> None:
    call = opened()
    call.begin()
    call.press("5")
    call.press("1")
    assert call.question.choices == ()
    call.silence()
    assert {spoken.language for spoken in call.silence()} == {"pl"}
    assert call.dialogue.deaf().person == "hearing_failed"


def test_languages_are_offered_in_themselves_four_at_a_time() -> None:
    call = directed()
    opening = call.begin()
    assert [spoken.language for spoken in opening if spoken.wording == ""][:4] == ["pl", "ur", "ro", "pa"]
    said = call.press("5")
    assert [spoken.language for spoken in said] == ["pl", "ur", "ro", "pa"]
    assert [spoken.language for spoken in call.silence()] == ["ar", "cs", "sk", "so"]
    assert len({choice.key for choice in call.question.choices}) == 9


def test_a_language_that_can_be_heard_freely_goes_on_in_it() -> None:
    call = opened()
    call.begin()
    call.press("5")
    said = call.press("1")
    assert (
        {spoken.language for spoken in said} == {"pl"} and said[0].text.startswith("Automat urzędu Avonmere.") and not said[0].interruptible
    )
    assert call.call.moves[-1].language == "pl" and call.state == CallState.OPEN
    call.say("kiedy wywóz śmieci")
    assert call.asked == ["kiedy wywóz śmieci"]


@pytest.mark.parametrize("key", ["2", "8", "9"])
def test_a_language_in_which_nothing_can_be_understood_brings_a_person_with_an_interpreter(key: str) -> None:
    call = directed()
    call.begin()
    call.press("5")
    said = call.press(key)
    assert said[1].wording == "language.interpreter" and len(call.house.persons) == 1
    assert "need an interpreter" in call.house.persons[0]


def test_a_language_is_offered_only_if_it_can_be_said_here() -> None:
    call = directed(council=replace(BASIC, languages=("pl",)))
    opening = call.begin()
    assert [spoken.text for spoken in opening if spoken.language != "en"] == ["Polski."]
    call.press("5")
    assert [choice.key for choice in call.question.choices] == ["1"]
    none = directed(council=replace(BASIC, languages=()))
    assert {spoken.language for spoken in none.begin()} == {"en"}
    assert "free interpreter: press zero" in text_of(none.press("5"))


def test_a_reply_that_takes_long_is_told_of_with_a_way_to_a_person() -> None:
    dialogue = opened().dialogue
    assert dialogue.filler().text == "Let me check that."
    assert dialogue.slow() == Move((dialogue.talk.words.say("phone.slow", key="0"),))
