"""The embedded voice as a process: what it is given, what it may cost, and that it never outlives the wish for it.

A small program of our own stands in for espeak-ng, so these run on any machine; the real one is heard in `tests/phone`.
"""

import asyncio
import stat
from pathlib import Path

import pytest

from guildhall.channels.phone.speech import SpeechError
from guildhall.providers.speech.espeak import LONGEST_CHARACTERS, EspeakVoice, installed, speakable

HEADER = "b'RIFF' + b'\\xff' * 4 + b'WAVEfmt ' + (16).to_bytes(4, 'little') + bytes([1, 0, 1, 0]) + (22050).to_bytes(4, 'little') + bytes(8) + b'data' + bytes(4)"


def program(folder: Path, body: str) -> str:
    """A program that does what `body` says with `words` from standard input; it notes its arguments and its number."""
    path = folder / "speaks"
    path.write_text(
        "#!/usr/bin/env python3\nimport os, sys, time\n"
        f"open({str(folder / 'pids')!r}, 'a').write(f'{{os.getpid()}}\\n')\n"
        f"open({str(folder / 'arguments')!r}, 'a').write(' '.join(sys.argv[1:]) + '\\n')\n"
        "words = sys.stdin.buffer.read()\n"
        f"header = {HEADER}\nout = sys.stdout.buffer\n{body}\n",
        "utf-8",
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


SPEAKS = "out.write(header + bytes(44100))"
HANGS = "out.write(header + bytes(44100)); out.flush(); time.sleep(60)"


async def whole(voice: EspeakVoice, text: str, language: str = "en", rate: float = 1.0) -> bytes:
    return b"".join([piece async for piece in voice.speak(text, language, rate)])


def gone(folder: Path) -> bool:
    """Whether every process that was started has ended."""
    return not any(Path(f"/proc/{pid}").exists() for pid in (folder / "pids").read_text().split())


def test_a_second_of_sound_is_a_second_at_8_khz(tmp_path: Path) -> None:
    assert len(asyncio.run(whole(EspeakVoice(program(tmp_path, SPEAKS)), "Hello"))) == pytest.approx(16000, abs=400)


def test_words_are_never_among_the_arguments(tmp_path: Path) -> None:
    asyncio.run(whole(EspeakVoice(program(tmp_path, SPEAKS)), "My name is Mary; $(reboot) --version"))
    arguments = (tmp_path / "arguments").read_text()
    assert "Mary" not in arguments and "reboot" not in arguments
    assert arguments.split() == ["-v", "en-gb", "-s", "150", "-b", "1", "-z", "--stdin", "--stdout"]


@pytest.mark.parametrize(("rate", "pace"), [(0.8, "120"), (1.0, "150"), (0.01, "80"), (9.0, "350")])
def test_slower_is_asked_of_the_program_within_what_it_can(tmp_path: Path, rate: float, pace: str) -> None:
    asyncio.run(whole(EspeakVoice(program(tmp_path, SPEAKS)), "Hello", rate=rate))
    assert f"-s {pace} " in (tmp_path / "arguments").read_text()


def test_a_language_it_cannot_speak_is_refused_with_those_it_can(tmp_path: Path) -> None:
    for language in ("ar", "ps", "so", "xx"):
        with pytest.raises(SpeechError, match=rf"no voice for '{language}'; it speaks cs, en, pa, pl, ro, sk, ur"):
            asyncio.run(whole(EspeakVoice(program(tmp_path, SPEAKS)), "Hello", language))


def test_the_first_sound_comes_before_the_last_is_made(tmp_path: Path) -> None:
    async def first() -> bytes:
        speech = EspeakVoice(program(tmp_path, HANGS)).speak("Hello", "en")
        piece = await anext(speech)
        await speech.aclose()  # type: ignore[attr-defined]
        return piece

    assert asyncio.run(first())
    assert gone(tmp_path)


def test_a_sentence_that_is_cut_off_ends_its_process(tmp_path: Path) -> None:
    async def cut_off() -> None:
        voice = EspeakVoice(program(tmp_path, HANGS))
        heard = asyncio.Event()

        async def listen() -> None:
            async for _ in voice.speak("Hello", "en"):
                heard.set()

        listening = asyncio.create_task(listen())
        await heard.wait()
        listening.cancel()
        await asyncio.wait([listening])

    asyncio.run(cut_off())
    assert gone(tmp_path)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("time.sleep(60)", "stalled"),
        (HANGS, "stalled"),
        ("sys.exit(1)", "ended without sound"),
        ("out.write(b'no such voice at all, and a long text about why that is so')", "no wav sound"),
    ],
)
def test_a_program_that_fails_says_so_and_is_ended(tmp_path: Path, body: str, says: str) -> None:
    voice = EspeakVoice(program(tmp_path, body), first_sound_seconds=1.0, whole_seconds=1.5)
    with pytest.raises(SpeechError, match=says):
        asyncio.run(whole(voice, "Hello"))
    assert gone(tmp_path)


def test_a_program_that_is_not_there_says_so(tmp_path: Path) -> None:
    assert installed("no-such-program-here") is None
    with pytest.raises(SpeechError, match="does not start"):
        asyncio.run(whole(EspeakVoice(str(tmp_path / "missing")), "Hello"))


def test_no_more_run_at_once_than_allowed(tmp_path: Path) -> None:
    body = (
        f"import glob\nopen({str(tmp_path)!r} + f'/run-{{os.getpid()}}', 'w')\n"
        f"open({str(tmp_path / 'most')!r}, 'a').write(str(len(glob.glob({str(tmp_path)!r} + '/run-*'))) + '\\n')\n"
        f"time.sleep(0.05); {SPEAKS}; os.unlink({str(tmp_path)!r} + f'/run-{{os.getpid()}}')"
    )

    async def many() -> None:
        voice = EspeakVoice(program(tmp_path, body), at_once=2)
        await asyncio.gather(*(whole(voice, "Hello") for _ in range(6)))

    asyncio.run(many())
    assert max(int(n) for n in (tmp_path / "most").read_text().split()) <= 2


def test_a_slow_listener_holds_up_nobody(tmp_path: Path) -> None:
    async def two() -> bytes:
        voice = EspeakVoice(program(tmp_path, SPEAKS), at_once=1)
        slow = voice.speak("Hello", "en")
        await anext(slow)
        other = await whole(voice, "Hello")
        await slow.aclose()  # type: ignore[attr-defined]
        return other

    assert asyncio.run(two())


def test_marks_without_sound_and_phoneme_codes_are_not_spoken() -> None:
    assert speakable("Ring \u206601632 960100\u2069\x07 [[h@'loU]]").decode() == "Ring 01632 960100 ((h@'loU))"
    assert speakable(" \u2066\u2069 ") == b""
    with pytest.raises(SpeechError, match="2001 characters"):
        speakable("x" * (LONGEST_CHARACTERS + 1))


def test_nothing_to_say_is_no_process(tmp_path: Path) -> None:
    assert asyncio.run(whole(EspeakVoice(str(tmp_path / "missing")), " \u2069")) == b""
