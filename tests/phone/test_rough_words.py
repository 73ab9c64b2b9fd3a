"""Words spoken over a bad line (T14): three packets in a hundred lost, with jitter and the wrong order, cost next to no understanding."""

import importlib
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from tests.phone.tools import program
from tests.providers.telephony.relay import Roughness
from tests.providers.telephony.test_rough_line import Line, spoken

WORDS = "yes,no,bins,council tax,housing,planning,one,two,three,four,repeat,help".split(",")
VOICES = ("slt", "rms", "awb")


def say(text: str, voice: str, folder: Path) -> "np.ndarray[Any, Any]":
    """A synthetic caller, in the band of a telephone."""
    path, raw = folder / "said.wav", folder / "said.raw"
    subprocess.run([program("flite"), "-voice", voice, "-t", text, "-o", str(path)], check=True, capture_output=True)
    band = ["norm", "-3", "pad", "0.3", "0.5", "sinc", "300-3400"]
    subprocess.run(
        [program("sox"), "-D", str(path), "-r", "8000", "-c", "1", "-e", "signed", "-b", "16", "-t", "raw", str(raw), *band],
        check=True,
        capture_output=True,
    )
    return np.frombuffer(raw.read_bytes(), np.int16)


def decoder() -> Any:
    made = importlib.import_module("pocketsphinx").Decoder(lm=None, loglevel="FATAL")
    made.add_jsgf_string("words", "#JSGF V1.0;\ngrammar words;\npublic <word> = " + " | ".join(WORDS) + ";\n")
    made.activate_search("words")
    return made


def understood(ear: Any, sound: "np.ndarray[Any, Any]") -> str:
    wide = np.interp(np.arange(2 * len(sound)) / 2, np.arange(len(sound)), sound).astype(np.int16)
    ear.start_utt()
    ear.process_raw(wide.tobytes(), False, True)
    ear.end_utt()
    return str(ear.hyp().hypstr) if ear.hyp() else ""


def test_words_are_understood_at_three_in_a_hundred_lost(tmp_path: Path) -> None:
    ear = decoder()
    right = {0.0: 0, 0.03: 0}
    for voice in VOICES:
        for number, word in enumerate(WORDS):
            sound = say(word, voice, tmp_path)
            for loss in right:
                line = Line(Roughness(loss, 0.06 if loss else 0.0, seed=number))
                right[loss] += understood(ear, line.carry(spoken(sound))) == word
                line.close()
    share = {loss: number / (len(VOICES) * len(WORDS)) for loss, number in right.items()}
    assert share[0.0] >= 0.8
    assert share[0.0] - share[0.03] <= 0.05 + 1 / (len(VOICES) * len(WORDS))
