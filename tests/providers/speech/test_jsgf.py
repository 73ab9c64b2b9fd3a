"""From a grammar of the dialogue to what the embedded hearing follows: words, sounds, meanings, and what is left to the keypad."""

import time
from pathlib import Path

import pytest
from pocketsphinx import get_model_path

from guildhall.channels.phone.speech import Grammar, Phrase
from guildhall.providers.speech.jsgf import MOST_FAR, Hearable, digits_of, hearable, is_date, spoken_words
from guildhall.providers.speech.pronouncing import DICTIONARY, OURS, Pronouncing, spelt_out

PRONOUNCING = Pronouncing()
ARPABET = set("AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH".split())


def made(*phrases: Phrase, slot: str = "choice") -> Hearable:
    (found,) = hearable(Grammar("g", phrases, slot), "en", PRONOUNCING)
    return found


def test_each_phrase_means_what_the_dialogue_said() -> None:
    found = made(Phrase(("Council Tax", "my bill"), "tax"), Phrase(("Bins & recycling",), "bins"))
    assert found.means == {"council tax": "tax", "my bill": "tax", "bins and recycling": "bins"}
    assert "public <heard> = /1/ council tax | /1/ my bill | /1/ bins and recycling;" in found.jsgf
    assert dict(found.sounds)["bins"] == ("B IH N Z",)


def test_the_first_meaning_of_a_phrase_stays() -> None:
    assert made(Phrase(("help",), "own"), Phrase(("help",), "everywhere")).means == {"help": "own"}


def test_what_cannot_be_heard_is_left_to_the_keypad_and_named() -> None:
    found = made(Phrase(("bins", "śmieci", "کوڑا"), "bins"))
    assert found.means == {"bins": "bins"}
    assert found.left_out == ("śmieci", "کوڑا")


def test_words_of_another_language_are_not_taken_for_english_ones_that_sound_alike() -> None:
    phrase = Phrase(("yes", "jo"), "yes", "1", by_language=(("en", ("yes",)), ("cs", ("jo",))))
    assert made(phrase).means == {"yes": "yes"}
    assert [one.means for one in hearable(Grammar("g", (phrase,)), "cs", PRONOUNCING)] == [{"jo": "yes"}]
    assert phrase.said_in("pl") == ()


def test_answers_are_looked_for_among_few_phrases_and_the_rest_only_then() -> None:
    answers, always = Phrase(("bins",), "bins"), Phrase(("gas leak",), "danger", rank=1)
    beside = Phrase(("bus passes", "bins", "pay"), "other", rank=2)
    near, far = hearable(Grammar("g", (answers, beside, always)), "en", PRONOUNCING)
    assert near.means == {"bins": "bins", "gas leak": "danger"}
    assert (near.far, far.far) == (False, True)
    assert far.means == {"bus passes": "other"}  # "pay" has so few sounds that it is found in anything


def test_what_may_be_said_besides_is_bounded() -> None:
    many = Phrase(tuple(f"bus pass {number}" for number in range(400)), "x", rank=2)
    assert [len(one.means) for one in hearable(Grammar("g", (Phrase(("bins",), "b"), many)), "en", PRONOUNCING)] == [1, MOST_FAR]


def test_a_grammar_has_the_same_name_whenever_it_is_the_same() -> None:
    one, other = made(Phrase(("bins",), "a")), made(Phrase(("bins",), "b"))
    assert one.name == other.name != made(Phrase(("tax",), "a")).name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Fly-tipping, please!", "fly tipping please"),
        ("999", "nine nine nine"),
        ("that’s right", "that's right"),
        ("'quoted'", "quoted"),
        ("<b> = x;", "b x"),
        ("…", ""),
    ],
)
def test_a_phrase_becomes_words_and_no_grammar_of_its_own(text: str, words: str) -> None:
    assert " ".join(spoken_words(text)) == words


@pytest.mark.parametrize(
    ("heard", "digits"),
    [("nine oh seven", "907"), ("double four one", "441"), ("triple nine nought", "9990"), ("nine double", ""), ("help", ""), ("", "")],
)
def test_digits_are_read_from_words(heard: str, digits: str) -> None:
    assert digits_of(heard) == digits


@pytest.mark.parametrize(
    "text",
    ["the third of march", "monday the fifth of june", "may the twelfth", "tomorrow", "next tuesday", "friday", "first march two thousand and four",
     "the thirtieth of september nineteen eighty four", "june thirty first twenty twenty six", "third of may twenty eleven"],
)  # fmt: skip
def test_a_whole_date_is_one(text: str) -> None:
    assert is_date(text)


@pytest.mark.parametrize("text", ["the third of", "monday the", "march", "next", "the third of march the", "help", "third march nineteen"])
def test_the_beginning_of_a_date_is_none(text: str) -> None:
    assert not is_date(text)


def test_slots_bring_their_words_along() -> None:
    assert {"double", "oh", "seven"} <= set(dict(made(slot="digits").sounds))
    assert {"monday", "twenty", "thousand", "thirtieth"} <= set(dict(made(slot="date").sounds))
    assert all(ways for slot in ("digits", "date") for _, ways in made(slot=slot).sounds)


@pytest.mark.parametrize(("word", "first"), [("postcode", "P OW S T K OW D"), ("wheelie", "W IY L IY"), ("council", "K AW N S AH L")])
def test_words_of_a_council_can_be_said(word: str, first: str) -> None:
    found = PRONOUNCING.of(word)
    assert found is not None and found[0] == first


def test_a_word_with_several_pronunciations_has_them_all() -> None:
    assert len(PRONOUNCING.looked_up("either")) > 1
    assert PRONOUNCING.looked_up("eithe") == ()


@pytest.mark.parametrize(("word", "sounds"), [("brockholme", "B R AA K HH AA L M"), ("x", ""), ("żółć", ""), ("z" * 30, "")])
def test_a_name_that_no_dictionary_has_is_spelt_out(word: str, sounds: str) -> None:
    assert spelt_out(word) == sounds


def test_every_sound_that_is_written_down_is_one_of_the_models() -> None:
    assert {sound for ways in OURS.values() for sound in ways.split()} <= ARPABET
    assert {sound for word in ("schoolchild", "thoughtfulness", "quickly", "wharf", "boyz") for sound in spelt_out(word).split()} <= ARPABET


def test_words_are_looked_up_without_reading_the_whole_dictionary_for_each() -> None:
    words = [f"{first}{second}" for first in "abcdefghijklmnopqrstuvwxyz" for second in ("in", "rain", "ight", "oll", "zzx", "qq")] * 3
    fresh = Pronouncing()
    began = time.process_time()
    found = {word: fresh.looked_up(word) for word in dict.fromkeys(words)}
    assert time.process_time() - began < 0.2
    text = Path(get_model_path(DICTIONARY)).read_text("utf-8").splitlines()
    ways: dict[str, list[str]] = {}
    for line in text:
        entry, _, phones = line.replace("\t", " ").partition(" ")
        ways.setdefault(entry.partition("(")[0], []).append(phones.strip())
    assert found == {word: tuple(ways.get(word, ())) for word in found} and sum(map(bool, found.values())) > 30
