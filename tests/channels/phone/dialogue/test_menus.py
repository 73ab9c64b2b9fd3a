"""Menus by key and word: few choices, a key for every question, a way back, services by name, and a person after two failures."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from guildhall.channels.phone.dialogue.phrases import Table, everywhere, services
from guildhall.councils.phone_config import MAIN_MENU, MenuOption
from guildhall.vocabulary.languages import Language
from tests.channels.phone.dialogue.calls import BASIC, PROFILE, Scripted, directed, text_of

MENUS = PROFILE.phone.menus


def leaves(menu: str = MAIN_MENU, path: str = "") -> Iterator[tuple[str, MenuOption]]:
    """Every question of the menus, with the keys that lead to it."""
    for option in MENUS[menu].options:
        if option.menu:
            yield from leaves(option.menu, path + option.key)
        else:
            yield path + option.key, option


LEAVES = list(leaves())


@pytest.mark.parametrize(("path", "option"), LEAVES, ids=[path for path, _ in LEAVES])
def test_every_question_of_the_menus_can_be_asked_with_keys_alone(path: str, option: MenuOption) -> None:
    call = directed()
    call.begin()
    call.press(path)
    if option.place:
        assert call.question.name == "street"
    else:
        assert call.asked == [option.ask[Language.ENGLISH]]


@pytest.mark.parametrize(("path", "option"), LEAVES, ids=[path for path, _ in LEAVES])
def test_every_question_of_the_menus_can_be_asked_by_its_words_from_the_first_menu(path: str, option: MenuOption) -> None:
    for words in (option.label[Language.ENGLISH], option.words[Language.ENGLISH][-1]):
        call = directed()
        call.begin()
        call.say(words)
        assert call.question.name == "street" if option.place else call.asked == [option.ask[Language.ENGLISH]], words


def test_every_question_that_is_ever_open_has_keys() -> None:
    """The whole tree, and what follows it: no state waits for words alone."""
    for path, option in LEAVES:
        call = directed()
        call.begin()
        for key in ["", *path]:
            if key:
                call.press(key)
            assert call.question.choices or call.question.collect, call.question.name
            keys = [choice.key for choice in call.question.choices]
            assert len(keys) == len(set(keys)) and all(keys)
        spoken = text_of(call.question.say)
        assert option.place or all(word in spoken for word in ("one", "two", "three", "four"))


def test_no_menu_offers_more_than_four_choices_and_each_is_said_with_its_key() -> None:
    call = directed()
    call.begin()
    for name, menu in MENUS.items():
        call.dialogue.menus.open(name)
        said = [spoken.text for spoken in call.question.say if spoken.wording == "phone.choice"]
        assert len(said) == len(menu.options) <= 4
        assert all(text.endswith(f": press {key}.") for text, key in zip(said, ("one", "two", "three", "four"), strict=False))


def test_the_back_key_goes_up_one_level_and_from_the_first_menu_nowhere() -> None:
    call = directed()
    call.begin()
    call.press("4")
    call.press("1")
    assert call.question.name == "registrars"
    call.press("#")
    assert call.question.name == "more"
    call.press("#")
    assert call.question.name == "main"
    call.press("#")
    assert call.question.name == "main"


def test_words_that_cannot_be_made_out_are_asked_for_again_once() -> None:
    call = directed()
    call.begin()
    first = call.noise()
    assert first[0].text == "I did not catch that." and "press one" in text_of(first)
    second = call.noise()
    assert second[0].wording == "phone.two_failed" and call.house.persons == ["two_failed"]


def test_a_success_between_two_failures_counts_afresh() -> None:
    call = directed()
    call.begin()
    call.noise()
    call.press("1")
    call.noise()
    assert call.house.persons == []


def test_two_keys_that_do_nothing_bring_a_person() -> None:
    call = directed()
    call.begin()
    call.press("7")
    assert call.press("3")[0].wording != "phone.not_heard"
    call = directed()
    call.begin()
    call.press("12")  # a question was answered: only one to four are offered
    call.dialogue.talk.question = replace(call.question, choices=call.question.choices[:1])
    assert call.press("4")[0].wording == "phone.not_heard" and call.press("4")[0].wording == "phone.two_failed"


def test_nought_is_a_person_everywhere() -> None:
    for path in ("", "1", "11", "44", "9", "7", "5"):
        call = directed()
        call.begin()
        call.press(path)
        call.press("0")
        assert call.house.persons, path


@pytest.mark.parametrize("words", ["person", "real person please", "speak to someone", "człowiek", "qof", "شخص"])
def test_a_person_is_had_by_word_in_every_language(words: str) -> None:
    call = directed()
    call.begin()
    call.say(words)
    assert len(call.house.persons) == 1


def test_what_was_chosen_is_told_to_whoever_takes_the_call() -> None:
    call = directed()
    call.begin()
    call.press("12")
    call.press("0")
    assert call.house.persons == ["My bin was missed. How do I report it?"]


def test_every_service_of_the_council_can_be_named() -> None:
    for service in PROFILE.services.values():
        call = directed()
        call.begin()
        call.say(service.name)
        assert call.asked or call.question.name == "street" or call.house.persons or call.call.transferred, service.name


def test_every_open_question_hears_safety_and_a_person() -> None:
    for path in ("", "1", "11", "11645", "7", "9", "5", "12"):
        call = directed()
        call.begin()
        call.press(path[:2])
        if path[2:]:
            call.press(path[2:])
        expect = call.dialogue.talk.expect(call.question)
        assert expect.grammar is not None
        means = {phrase.means for phrase in expect.grammar.phrases}
        assert {"danger", "crisis", "person", "danger:gas"} <= means, call.question.name


def test_no_two_phrases_that_mean_different_things_sound_the_same() -> None:
    """A word for danger is never taken for a service, nor a command for a choice."""
    safety = Table(everywhere(BASIC))
    found = {says: (safety.find(says), phrase.means) for phrase in services(BASIC) for says in phrase.says if safety.find(says)}
    assert {says: pair for says, pair in found.items() if not pair[0].startswith(("danger", "crisis", "command:menu"))} == {}


def test_a_faint_phrase_is_said_back_before_anything_is_done() -> None:
    call = directed()
    call.begin()
    said = call.say("potholes", confidence=0.3)
    assert said[0].text == "Did you say: potholes? Yes: press one. No: press two." and call.asked == []
    call.press("1")
    assert call.asked == ["There is a pothole in my road. How do I report it?"]


def test_a_faint_phrase_that_was_another_is_asked_for_again() -> None:
    call = directed()
    call.begin()
    call.say("potholes", confidence=0.3)
    said = call.press("2")
    assert said[0].wording == "phone.not_heard" and call.question.name == "main"


def test_the_name_of_a_language_that_a_grammar_heard_is_said_back_in_both_languages_however_well_it_was_heard() -> None:
    call = directed()
    call.begin()
    said = call.say("polish", "language:pl", confidence=1.0)  # "bins" was heard so
    assert [(spoken.language, spoken.wording) for spoken in said] == [("pl", ""), ("en", "phone.did_you_say")]
    assert "polish" in said[1].text and call.call.moves[-1].language == ""


@pytest.mark.parametrize(("does", "language"), [("yes", "pl"), ("1", "pl"), ("polish", "pl"), ("no", ""), ("2", ""), ("silence", "")])
def test_only_a_yes_or_the_name_again_changes_the_language(does: str, language: str) -> None:
    call = directed()
    call.begin()
    call.say("polish", "language:pl")
    if does == "silence":
        call.silence()
    elif does == "polish":
        call.say("polish", "language:pl")
    else:
        call.press(does) if does in "12" else call.say(does)
    assert {move.language for move in call.call.moves} - {""} == ({language} if language else set())
    assert language or call.question.name == ("sure" if does == "silence" else "main")


def test_the_key_of_a_language_chooses_it_at_once() -> None:
    call = directed()
    call.begin()
    call.press("5")
    assert call.press("1")[0].language == "pl" and "pl" in {move.language for move in call.call.moves}


def test_a_faint_goodbye_is_said_back_and_a_faint_repeat_is_done() -> None:
    call = directed()
    call.begin()
    assert call.say("bye", "command:goodbye", confidence=0.3)[0].wording == "phone.did_you_say"
    call.press("2")
    assert not call.call.moves[-1].hang_up and call.question.name == "main"
    call.say("pardon", "command:repeat", confidence=0.3)
    assert call.call.moves[-1].repeat


def test_who_says_no_twice_to_what_was_misheard_gets_a_person() -> None:
    call = directed()
    call.begin()
    for _ in range(2):
        call.say("polish", "language:pl")
        call.say("no")
    assert call.house.persons and call.call.moves[-1].language == ""


def test_a_faint_yes_is_asked_for_again() -> None:
    call = directed()
    call.begin()
    call.say("polish", "language:pl")
    said = call.say("yes", "yes", confidence=0.3)
    assert said[0].wording == "phone.not_heard" and call.question.name == "sure"


def test_words_that_are_no_phrase_are_asked_of_the_house_as_they_are() -> None:
    call = directed(Scripted())
    call.begin()
    call.say("who is my councillor")
    assert call.asked == ["who is my councillor"]


def test_silence_is_asked_after_then_put_more_simply_and_then_a_person_comes() -> None:
    call = directed()
    call.begin()
    assert call.silence()[0].text == "Are you still there? Take your time."
    assert "press one" in text_of(call.silence())
    assert call.silence()[0].wording == "phone.silence_person" and call.house.persons == ["silence"]
