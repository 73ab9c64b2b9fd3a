"""Recorded wording: `councils/<slug>/prompts/<language>/`, one wav file a sentence, and a script that says what each file says.

A recording speaks only while its words are the approved ones. The script keeps the text that was recorded; when the wording has changed
since, the recording is out of date and is not played: a voice that gives last year's number is worse than none.
"""

import csv
import io
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from guildhall.providers.speech.phone_band import speech_dbfs, to_phone

SCRIPT: Final = "script.csv"
COLUMNS: Final = ("file", "wording", "sentence", "text")
LONGEST_SECONDS: Final = 60.0
SHORTEST_SECONDS: Final = 0.2
LOWEST_RATE: Final = 8000
HIGHEST_RATE: Final = 96000
QUIETEST_DBFS: Final = -50.0

FixedWording = Mapping[str, tuple[str, ...]]
"""Wording that is the same in every call: its id, and its sentences."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence to record, and the file it goes into."""

    file: str
    wording: str
    sentence: int
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a pack, where, and what would be right."""

    file: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.file}: {self.wrong} {self.right}"


@dataclass(frozen=True, slots=True)
class PromptPack:
    """Recordings of one language, by what they say. `missing` are sentences nobody has recorded."""

    language: str
    sounds: Mapping[str, bytes]
    missing: tuple[Line, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether everything that has to be recorded is there."""
        return bool(self.sounds) and not self.missing and not self.problems


def lines_of(wording: FixedWording) -> list[Line]:
    """What has to be recorded: a file for each sentence, so that a caller who cut one off can hear it again."""
    return [
        Line(f"{name}.wav" if len(sentences) == 1 else f"{name}.{number}.wav", name, number, text)
        for name, sentences in sorted(wording.items())
        for number, text in enumerate(sentences, 1)
    ]


def script_of(wording: FixedWording) -> str:
    """The recording script, as a spreadsheet opens it; saved beside the recordings it tells what they say."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((line.file, line.wording, line.sentence, line.text) for line in lines_of(wording))
    return text.getvalue()


def read_pack(folder: Path, language: str, wording: FixedWording) -> PromptPack:
    """The pack in a folder, as far as it is right; what is not right is told and never played."""
    wanted = lines_of(wording)
    if not folder.is_dir():
        return PromptPack(language, {}, tuple(wanted))
    recorded, problems = _script(folder)
    if problems:
        return PromptPack(language, {}, tuple(wanted), tuple(problems))
    sounds: dict[str, bytes] = {}
    missing = []
    for line in wanted:
        path = folder / line.file
        if not path.is_file():
            missing.append(line)
        elif recorded.get(line.file) != line.text:
            was = "what it says is not in the script" if line.file not in recorded else "it says the wording of another time"
            problems.append(Problem(line.file, f"{was}.", f"Record “{line.text}” and put that text into {SCRIPT}."))
        else:
            try:
                sounds[line.text] = read_recording(path)
            except ValueError as error:
                problems.append(Problem(line.file, str(error), "Save it as wav, PCM 16 bit, one channel, 8 to 96 kHz."))
    strangers = sorted({path.name for path in folder.glob("*.wav")} - {line.file for line in wanted})
    problems += [
        Problem(name, "no wording has this name.", "Name it as `guildhall phone prompts list` does, or delete it.") for name in strangers
    ]
    return PromptPack(language, sounds, tuple(missing), tuple(problems))


def read_recording(path: Path) -> bytes:
    """A recording as the phone plays it: 8 kHz, in the phone's band, as loud as everything else. Raises ValueError saying what is wrong."""
    try:
        with wave.open(str(path), "rb") as file:
            channels, width, rate, frames = file.getnchannels(), file.getsampwidth(), file.getframerate(), file.getnframes()
            sound = file.readframes(frames)
    except (wave.Error, EOFError) as error:
        raise ValueError(f"it is no wav file that can be read ({error}).") from error
    if channels != 1:
        raise ValueError(f"it has {channels} channels, not one.")
    if width != 2:
        raise ValueError(f"it has {8 * width} bits a sample, not 16.")
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise ValueError(f"it has {rate} samples a second.")
    seconds = len(sound) / 2 / rate
    if not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
        raise ValueError(f"it lasts {seconds:.1f} seconds, not {SHORTEST_SECONDS:g} to {LONGEST_SECONDS:g}.")
    if speech_dbfs(np.frombuffer(sound, np.int16).astype(np.float64), rate) < QUIETEST_DBFS:
        raise ValueError("nothing can be heard in it.")
    return to_phone(sound, rate)


def _script(folder: Path) -> tuple[dict[str, str], list[Problem]]:
    """What each file says, by the script that lies beside them."""
    path = folder / SCRIPT
    if not path.is_file():
        return {}, [Problem(SCRIPT, "it is not there.", "Save the output of `guildhall phone prompts list` under this name.")]
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error):
        return {}, [Problem(SCRIPT, "it is no CSV file in UTF-8.", "Save it as “CSV UTF-8”.")]
    if not rows or not set(COLUMNS) <= set(rows[0]):
        return {}, [Problem(SCRIPT, "it lacks columns.", f"Its first line is `{','.join(COLUMNS)}`.")]
    return {row["file"]: (row["text"] or "").strip() for row in rows}, []
