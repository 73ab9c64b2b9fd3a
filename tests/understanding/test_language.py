"""The language of an utterance, and when words say nothing about it."""

from pathlib import Path

import pytest

from guildhall.bootstrap.understanding_weights import load_weights
from guildhall.understanding.language import LanguageModels, LanguageRecogniser
from guildhall.vocabulary.languages import Language, Script


@pytest.fixture(scope="module")
def recogniser() -> LanguageRecogniser:
    weights = load_weights(Path("councils/_baseline"))
    return LanguageRecogniser(LanguageModels(weights.languages, {k: frozenset(v) for k, v in weights.telling.items()}))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("When does my bin get collected on a bank holiday?", "en"),
        ("ay up me duck where do I tek this settee", "en"),
        ("Kiedy odbierają śmieci na mojej ulicy?", "pl"),
        ("Kiedy odbieraja smieci na mojej ulicy", "pl"),
        ("Jak zaplatím council tax?", "cs"),
        ("Potrebujem prihlásiť dieťa do školy", "sk"),
        ("Am primit o scrisoare de la executor, nu pot plăti tot", "ro"),
        ("Ma haysto meel aan caawa seexdo", "so"),
        ("ليس لدي مكان أنام فيه الليلة", "ar"),
        ("مجھے گھر کے لیے درخواست دینی ہے", "ur"),
        ("زما د کونسل ټیکس لیک راغلی", "ps"),
        ("ਮੇਰੇ ਘਰ ਵਿੱਚ ਉੱਲੀ ਲੱਗੀ ਹੋਈ ਹੈ", "pa"),
    ],
)
def test_a_sentence_is_known_by_its_words(recogniser: LanguageRecogniser, text: str, language: str) -> None:
    guess = recogniser.recognise(text)
    assert (guess.language, guess.supported) == (language, True)


@pytest.mark.parametrize(
    ("text", "language"),
    [("mera council tax ka bill galat aya hai, kis se baat karun", "ur"), ("mere ghar vich ulli aa te bacche bimaar ne", "pa")],
)
def test_romanised_urdu_and_punjabi_are_known_and_said_to_be_in_latin_letters(
    recogniser: LanguageRecogniser, text: str, language: str
) -> None:
    guess = recogniser.recognise(text)
    assert (guess.language, guess.script) == (language, Script.LATIN)


@pytest.mark.parametrize("text", ["ok", "council tax", "AV7 3MS", "12", "PCN", "👍", "", "Mill Lane"])
def test_words_that_tell_nothing_keep_the_language_of_the_conversation(recogniser: LanguageRecogniser, text: str) -> None:
    assert recogniser.recognise(text, hint="pl").language == Language.POLISH
    assert recogniser.recognise(text).language == Language.ENGLISH


def test_without_a_hint_earlier_words_decide(recogniser: LanguageRecogniser) -> None:
    assert recogniser.recognise("ok", "", ["Kiedy odbierają śmieci na mojej ulicy?"]).language == Language.POLISH


def test_a_clear_sentence_overrules_the_language_chosen_on_the_page(recogniser: LanguageRecogniser) -> None:
    assert recogniser.recognise("When is my bin collected this week please", hint="pl").language == Language.ENGLISH


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, je voudrais savoir quand les ordures sont ramassées chez nous",
        "मुझे अपने घर के बारे में मदद चाहिए",
        "我想知道什么时候收垃圾",
        "Підкажіть, будь ласка, коли вивозять сміття",
    ],
)
def test_a_language_we_do_not_answer_in_is_owned_up_to(recogniser: LanguageRecogniser, text: str) -> None:
    assert recogniser.recognise(text).supported is False
