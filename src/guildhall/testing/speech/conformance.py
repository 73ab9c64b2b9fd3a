"""What everything that hears or speaks must do, for providers of ours and of plug-ins: call these from a test.

Each raises AssertionError that says what was expected.
"""

from collections.abc import AsyncGenerator
from typing import Final, cast

from guildhall.channels.phone.ports import RATE
from guildhall.channels.phone.speech import Grammar, Phrase, SpeechError, SpeechToText, TextToSpeech

FRAME: Final = 320
YES_OR_NO: Final = Grammar("conformance", (Phrase(("yes", "yes please"), "yes", "1"), Phrase(("no", "no thanks"), "no", "2")), "yes_no")
NOWHERE: Final = "xx"
"""No language has this code."""


async def check_hears(ear: SpeechToText, sound: bytes, language: str, grammar: Grammar | None, text: str, means: str = "") -> None:
    """An utterance in frames of 20 ms becomes its text, with its meaning where a grammar was given, and the provider's name."""
    assert language in ear.hearing.languages, f"{ear.name} does not say that it hears {language}"
    listening = await ear.open(language, grammar, ("Cavendish Park",))
    for at in range(0, len(sound), FRAME):
        await listening.feed(sound[at : at + FRAME])
    heard = await listening.finish()
    assert heard.text.lower().strip(" .") == text, f"{ear.name} heard something else"
    assert heard.means == means, f"{ear.name} means `{heard.means}`: `{means}` is right"
    assert 0.0 <= heard.confidence <= 1.0, "a confidence lies between 0 and 1"
    assert heard.provider, "who heard it is said"


async def check_ear(ear: SpeechToText, language: str) -> None:
    """What holds whatever is said: names, capabilities, other languages, giving up, and two callers at once."""
    assert ear.name and " " not in ear.name
    assert ear.hearing.languages
    await _refuses_elsewhere(ear)
    if not ear.hearing.open_vocabulary:
        await _needs_a_grammar(ear, language)
    listening = await ear.open(language, YES_OR_NO)
    await listening.feed(bytes(FRAME))
    await listening.cancel()
    await listening.cancel()  # twice is once
    nothing = await ear.open(language, YES_OR_NO)
    assert (await nothing.finish()).text == "", "nothing was said, and nothing is heard"


async def _refuses_elsewhere(ear: SpeechToText) -> None:
    try:
        await ear.open(NOWHERE, YES_OR_NO)
    except SpeechError:
        return
    raise AssertionError(f"{ear.name} takes a language that it does not hear")


async def _needs_a_grammar(ear: SpeechToText, language: str) -> None:
    try:
        await ear.open(language, None)
    except SpeechError:
        return
    raise AssertionError(f"{ear.name} has no open vocabulary and takes an utterance without a grammar")


async def check_voice(voice: TextToSpeech, language: str, text: str = "Your bin is emptied on Tuesday.") -> bytes:
    """A sentence becomes whole samples of audible sound of a likely length; another language is refused; stopping early is possible."""
    assert voice.name and " " not in voice.name
    assert language in voice.speaking.languages
    sound = b""
    async for piece in voice.speak(text, language):
        assert len(piece) % 2 == 0, "a sample is cut in two"
        sound += piece
    seconds = len(sound) / (2 * RATE)
    assert 0.1 * len(text.split()) < seconds < 2.0 * len(text.split()), f"{seconds:.2f} s is no length for these words"
    assert any(sound), "there is nothing to hear"
    slow = b"".join([piece async for piece in voice.speak(text, language, 0.8)])
    assert len(slow) >= 0.95 * len(sound), "slower speech is shorter"
    stopped = cast("AsyncGenerator[bytes, None]", voice.speak(text, language))
    async for _ in stopped:
        break
    await stopped.aclose()
    try:
        async for _ in voice.speak(text, NOWHERE):
            pass
    except SpeechError:
        return sound
    raise AssertionError(f"{voice.name} takes a language that it does not speak")
