"""Recorded wording: found by its name, played while its words are the approved ones, and refused with a reason otherwise."""

import asyncio
import csv
import io
import wave
from pathlib import Path

import numpy as np
import pytest

from guildhall.channels.phone.ports import RATE
from guildhall.channels.phone.speech import SpeechError
from guildhall.providers.speech.phone_band import LEVEL_DBFS, speech_dbfs
from guildhall.providers.speech.prompt_pack import SCRIPT, FixedWording, lines_of, read_pack, read_recording, script_of
from guildhall.providers.speech.prompt_voice import PromptVoice
from guildhall.providers.speech.recorded_over import RecordedOver
from tests.channels.phone.fakes import FakeVoice

WORDING = {"phone.goodbye": ("خدای پامان.",), "phone.notice": ("سلام.", "دا شورا ده.")}


def write(path: Path, seconds: float = 1.0, rate: int = 16000, channels: int = 1, width: int = 2, loud: float = 3000) -> None:
    wave_form = loud * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        frames = np.repeat(wave_form, channels)
        file.writeframes(frames.astype(np.int16).tobytes() if width == 2 else bytes(len(frames) * width))


def pack(folder: Path, *files: str, wording: FixedWording = WORDING) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / SCRIPT).write_text(script_of(wording), "utf-8")
    for name in files:
        write(folder / name)
    return folder


ALL = ("phone.goodbye.wav", "phone.notice.1.wav", "phone.notice.2.wav")


def test_each_sentence_is_a_file_of_its_own() -> None:
    assert [(line.file, line.sentence, line.text) for line in lines_of(WORDING)] == [
        ("phone.goodbye.wav", 1, "خدای پامان."),
        ("phone.notice.1.wav", 1, "سلام."),
        ("phone.notice.2.wav", 2, "دا شورا ده."),
    ]


def test_the_script_to_record_is_a_table_with_every_sentence() -> None:
    rows = list(csv.DictReader(io.StringIO(script_of(WORDING))))
    assert [row["text"] for row in rows] == ["خدای پامان.", "سلام.", "دا شورا ده."]
    assert rows[0]["wording"] == "phone.goodbye"


def test_a_whole_pack_is_complete_and_ready_for_the_phone(tmp_path: Path) -> None:
    found = read_pack(pack(tmp_path / "ps", *ALL), "ps", WORDING)
    assert found.complete
    sound = np.frombuffer(found.sounds["سلام."], np.int16).astype(np.float64)
    assert len(sound) / RATE == pytest.approx(1.0, abs=0.05)
    assert speech_dbfs(sound) == pytest.approx(LEVEL_DBFS, abs=1)


def test_what_nobody_recorded_is_missing(tmp_path: Path) -> None:
    found = read_pack(pack(tmp_path / "ps", *ALL[:2]), "ps", WORDING)
    assert [line.file for line in found.missing] == ["phone.notice.2.wav"]
    assert not found.complete
    assert len(read_pack(tmp_path / "nowhere", "ps", WORDING).missing) == 3


def test_a_recording_of_other_words_is_not_played(tmp_path: Path) -> None:
    folder = pack(tmp_path / "ps", *ALL)
    changed = {**WORDING, "phone.goodbye": ("خدای پامان، مننه.",)}
    found = read_pack(folder, "ps", changed)
    assert "خدای پامان، مننه." not in found.sounds and "خدای پامان." not in found.sounds
    assert [str(problem) for problem in found.problems] == [
        "phone.goodbye.wav: it says the wording of another time. Record “خدای پامان، مننه.” and put that text into script.csv."
    ]


def test_recordings_without_a_script_are_not_played(tmp_path: Path) -> None:
    folder = pack(tmp_path / "ps", *ALL)
    (folder / SCRIPT).unlink()
    found = read_pack(folder, "ps", WORDING)
    assert not found.sounds
    assert str(found.problems[0]) == "script.csv: it is not there. Save the output of `guildhall phone prompts list` under this name."
    assert len(found.problems) == 1


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ({"channels": 2}, "it has 2 channels, not one."),
        ({"width": 1}, "it has 8 bits a sample, not 16."),
        ({"rate": 4000}, "it has 4000 samples a second."),
        ({"seconds": 0.05}, "it lasts 0.1 seconds, not 0.2 to 60."),
        ({"seconds": 61.0, "rate": 8000}, "it lasts 61.0 seconds, not 0.2 to 60."),
        ({"loud": 1}, "nothing can be heard in it."),
    ],
)
def test_a_recording_that_cannot_be_used_says_why(tmp_path: Path, written: dict[str, float], says: str) -> None:
    folder = pack(tmp_path / "ps", *ALL)
    write(folder / ALL[0], **written)  # type: ignore[arg-type]
    found = read_pack(folder, "ps", WORDING)
    assert [(problem.file, problem.wrong) for problem in found.problems] == [(ALL[0], says)]
    assert "16 bit" in found.problems[0].right


def test_a_file_that_is_no_wav_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.wav").write_bytes(b"ID3 a song")
    with pytest.raises(ValueError, match="no wav file that can be read"):
        read_recording(tmp_path / "x.wav")


def test_a_file_that_no_wording_has_is_named(tmp_path: Path) -> None:
    folder = pack(tmp_path / "ps", *ALL, "phone.goodby.wav")
    assert "phone.goodby.wav: no wording has this name." in str(read_pack(folder, "ps", WORDING).problems[0])


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 44100, 48000])
def test_any_usual_rate_is_brought_to_the_phones(tmp_path: Path, rate: int) -> None:
    write(tmp_path / "x.wav", rate=rate)
    assert len(read_recording(tmp_path / "x.wav")) / 2 / RATE == pytest.approx(1.0, abs=0.05)


def test_recordings_are_the_voice_of_their_language_and_say_nothing_else(tmp_path: Path) -> None:
    voice = PromptVoice({"ps": read_pack(pack(tmp_path / "ps", *ALL), "ps", WORDING), "so": read_pack(tmp_path / "so", "so", WORDING)})
    assert voice.speaking.languages == {"ps"}

    async def say(text: str) -> int:
        return sum([len(piece) async for piece in voice.speak(text, "ps")])

    assert asyncio.run(say("سلام.")) > RATE
    with pytest.raises(SpeechError, match="not among the recordings"):
        asyncio.run(say("بل څه"))


def test_a_recorded_sentence_takes_the_place_of_the_spoken_one(tmp_path: Path) -> None:
    wording = {"phone.goodbye": ("Goodbye.",)}
    below = FakeVoice()
    voice = RecordedOver(below, {"en": read_pack(pack(tmp_path / "en", "phone.goodbye.wav", wording=wording), "en", wording)})

    async def say(text: str, rate: float = 1.0) -> None:
        assert b"".join([piece async for piece in voice.speak(text, "en", rate)])

    asyncio.run(say("Goodbye."))
    assert below.said == []
    asyncio.run(say("Your bin is emptied on Tuesday."))
    asyncio.run(say("Goodbye.", rate=0.8))
    assert below.said == ["Your bin is emptied on Tuesday.", "Goodbye."]
