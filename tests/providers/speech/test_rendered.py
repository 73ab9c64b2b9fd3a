"""Rendered speech that is kept: the council's wording on disk, a resident's answers in memory only, and both bounded."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from guildhall.channels.phone.speech import SpeechError
from guildhall.providers.speech.rendered import RenderedVoice
from tests.channels.phone.fakes import FakeVoice


@dataclass
class Speechless(FakeVoice):
    async def speak(self, text: str, language: str, rate: float = 1.0):  # type: ignore[no-untyped-def]
        raise SpeechError("no voice")
        yield b""


async def whole(voice: RenderedVoice, text: str, rate: float = 1.0) -> bytes:
    return b"".join([piece async for piece in voice.speak(text, "en", rate)])


def test_the_same_words_are_made_once() -> None:
    below = FakeVoice()
    voice = RenderedVoice(below)

    async def twice() -> tuple[bytes, bytes]:
        return await whole(voice, "Good morning."), await whole(voice, "Good morning.")

    first, second = asyncio.run(twice())
    assert first == second != b""
    assert below.said == ["Good morning."]


def test_a_slower_voice_is_another_sound() -> None:
    below = FakeVoice()
    voice = RenderedVoice(below)

    async def both() -> None:
        await whole(voice, "Good morning.")
        await whole(voice, "Good morning.", 0.8)

    asyncio.run(both())
    assert len(below.said) == 2


def test_what_was_cut_off_is_not_kept() -> None:
    below = FakeVoice()
    voice = RenderedVoice(below)

    async def cut_off() -> None:
        speech = voice.speak("Good morning.", "en")
        await anext(speech)
        await speech.aclose()  # type: ignore[attr-defined]
        await whole(voice, "Good morning.")

    asyncio.run(cut_off())
    assert len(below.said) == 2


def test_the_councils_wording_is_there_at_the_next_start(tmp_path: Path) -> None:
    first, second = FakeVoice(), FakeVoice()
    assert asyncio.run(RenderedVoice(first, tmp_path).prepare([("Welcome.", "en")])) == 0
    asyncio.run(RenderedVoice(second, tmp_path).prepare([("Welcome.", "en")]))
    assert (first.said, second.said) == (["Welcome."], [])


def test_another_voice_renders_afresh(tmp_path: Path) -> None:
    below = FakeVoice()
    for key in ("en-gb 150", "en-gb 140"):
        asyncio.run(RenderedVoice(below, tmp_path, key).prepare([("Welcome.", "en")]))
    assert len(below.said) == 2


def test_what_a_resident_is_told_is_never_on_disk(tmp_path: Path) -> None:
    asyncio.run(whole(RenderedVoice(FakeVoice(), tmp_path), "You owe 120 pounds."))
    assert list(tmp_path.iterdir()) == []


def test_names_of_files_tell_no_words(tmp_path: Path) -> None:
    asyncio.run(RenderedVoice(FakeVoice(), tmp_path).prepare([("Welcome.", "en")]))
    (name,) = [path.name for path in tmp_path.iterdir()]
    assert "elcome" not in name and len(name) == 64 + len(".s16")


def test_memory_is_bounded_and_the_oldest_goes_first() -> None:
    below = FakeVoice()
    voice = RenderedVoice(below, most_memory_bytes=8000)  # two words are 6,400 bytes

    async def three() -> None:
        for text in ("one two", "three four", "three four", "one two"):
            await whole(voice, text)

    asyncio.run(three())
    assert below.said == ["one two", "three four", "one two"]


def test_disk_is_bounded(tmp_path: Path) -> None:
    voice = RenderedVoice(FakeVoice(), tmp_path, most_disk_bytes=15000)
    asyncio.run(voice.prepare([(f"number {n}", "en") for n in range(6)]))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 15000


def test_a_broken_file_is_made_again(tmp_path: Path) -> None:
    below = FakeVoice()
    asyncio.run(RenderedVoice(below, tmp_path).prepare([("Welcome.", "en")]))
    next(tmp_path.iterdir()).write_bytes(b"odd")
    asyncio.run(RenderedVoice(below, tmp_path).prepare([("Welcome.", "en")]))
    assert len(below.said) == 2


def test_wording_that_no_voice_can_say_is_counted_and_stops_nothing(tmp_path: Path) -> None:
    assert asyncio.run(RenderedVoice(Speechless(), tmp_path).prepare([("a", "ps"), ("b", "so")])) == 2
