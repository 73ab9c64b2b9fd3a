"""Where a caller lives, by keys alone: letters, at most four streets at once, the house number, and a person after two failures."""

from guildhall.channels.phone.dialogue.streets import OFFERED_AT_MOST, keys_of, streets_by_keys
from guildhall.channels.phone.states import CallState
from guildhall.knowledge.places import Street
from tests.channels.phone.dialogue.calls import PROFILE, Scripted, directed, opened, text_of


def test_letters_are_on_the_keys_they_are_printed_on() -> None:
    assert keys_of("Mill Lane") == "64555263" and keys_of("St. Quy-Z") == "787899"


def test_every_street_of_the_council_can_be_found_by_keys() -> None:
    for street in PROFILE.places.streets:
        found_by_keys(street)


def found_by_keys(street: Street) -> None:
    """A street is reached by three letters and its key, or by more letters where too many begin alike."""
    call = directed()
    call.begin()
    call.press("11")
    said = text_of(call.press(keys_of(street.name)[:3]))
    if "Press the first eight letters" in said:
        said = text_of(call.press(f"{keys_of(street.name)[:8]}#"))
    key = None
    for _ in range(4):
        offered = [choice for choice in call.question.choices if choice.means.startswith("street:")]
        assert 0 < len(call.question.choices) - 1 <= OFFERED_AT_MOST
        names = (f"{street.name}:", f"{street.name}, {street.town}:")
        key = next((c.key for c, line in zip(offered, call.question.say, strict=False) if line.text.startswith(names)), None)
        if key:
            break
        call.press("4")
    assert key, f"{street.name} is never offered: {said}"
    call.press(key)
    call.press("12#")
    call.press("1")
    assert call.asked == [f"When is my bin collected? I live at 12 {street.name}, {street.postcode}."]


def test_the_address_is_said_back_before_it_is_used() -> None:
    call = directed()
    call.begin()
    call.press("11")
    call.press(keys_of("Cloister Gate")[:3])
    call.press("1")
    assert call.state == CallState.COLLECTING
    said = text_of(call.press("12#"))
    assert said == "Twelve Cloister Gate, Avonmere. If that is right, press one. If not, press two." and call.state == CallState.CONFIRMING
    call.press("2")
    assert call.asked == []


def test_a_house_without_a_number_is_asked_for_by_its_street() -> None:
    call = directed()
    call.begin()
    call.press("11")
    call.press(keys_of("Cloister Gate")[:3])
    call.press("1")
    call.press("#")
    call.press("1")
    assert call.asked == ["When is my bin collected? I live at Cloister Gate, AV1 3LW."]


def test_two_failures_bring_a_person_and_nobody_goes_round_in_a_circle() -> None:
    call = directed()
    call.begin()
    call.press("11")
    call.press("999")
    said = text_of(call.press("999"))
    assert "I will find you a person" in said and call.house.persons == ["When is my bin collected?"]


def test_none_of_these_twice_brings_a_person() -> None:
    call = directed()
    call.begin()
    call.press("11")
    for _ in range(2):
        call.press(keys_of("Cloister Gate")[:3])
        call.press("#")
    assert call.house.persons


def test_zero_is_a_person_while_letters_are_pressed() -> None:
    call = directed()
    call.begin()
    call.press("11")
    call.press("0")
    assert call.house.persons


def test_the_callers_number_is_not_used_to_find_where_they_live() -> None:
    call = directed(number="07700900123")
    call.begin()
    call.press("11")
    assert call.state == CallState.COLLECTING and "07700900123" not in "".join(call.asked)


def test_a_street_that_is_said_is_taken_where_any_words_can_be_heard() -> None:
    house = Scripted(parts=(), done={"outcome": "asked_back", "reason": "place_needed"})
    call = opened(house)
    call.begin()
    said = text_of(call.say("when is my bin collected"))
    assert "first three letters" in said
    said = text_of(call.say("I live in Cloister Gate"))
    assert said.startswith("Cloister Gate. Press your house number")


def test_a_place_that_the_house_still_does_not_know_brings_a_person_and_is_not_asked_for_again() -> None:
    call = directed(Scripted(parts=(), done={"outcome": "asked_back", "reason": "place_needed"}))
    call.begin()
    call.press("11")
    call.press(keys_of("Cloister Gate")[:3])
    call.press("1")
    call.press("#")
    assert call.press("1")[0].wording == "phone.two_failed" and call.house.persons == ["When is my bin collected?"]


def test_a_house_number_may_be_said_and_is_read_back() -> None:
    call = directed()
    call.begin()
    call.press("11")
    call.press(keys_of("Cloister Gate")[:3])
    call.press("1")
    assert text_of(call.say("12")).startswith("Twelve Cloister Gate, Avonmere. If that is right, press one.")
    assert call.asked == []


def test_a_grammar_of_words_is_expected_only_where_words_cannot_be_heard_freely() -> None:
    by_menus, freely = directed().dialogue.opening().expect, opened().dialogue.opening().expect
    assert by_menus and by_menus.grammar is not None and freely and freely.grammar is None


def test_keys_that_begin_no_street_find_none() -> None:
    assert streets_by_keys(PROFILE.places, "") == () and streets_by_keys(PROFILE.places, "99999") == ()
