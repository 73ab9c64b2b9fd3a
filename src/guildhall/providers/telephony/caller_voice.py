"""A voice for simulated callers: what they are to say as sound of a telephone. It is no voice of the assistant's."""

import shutil
import subprocess
import tempfile
import wave
from pathlib import Path
from typing import Final

import numpy as np

from guildhall.channels.phone.ports import RATE
from guildhall.providers.speech.phone_band import to_phone
from guildhall.vocabulary.errors import GuildhallError

VOICE: Final = "slt"
RUSTLE: Final = 300.0
"""A faint noise under all of it, so that a pause for breath does not end what the caller says."""
SECONDS_A_CHARACTER: Final = 0.06
BESIDE: Final = bytes(int(0.1 * RATE) * 2)


def speaks() -> bool:
    """Whether callers can be given a voice on this machine."""
    return shutil.which("flite") is not None


def say(text: str, rustle: bool = True) -> bytes:
    """A caller's sentence; where no voice is installed, a hum as long as it would take."""
    sound = _flite(text) if speaks() else _hum(len(text) * SECONDS_A_CHARACTER)
    if not rustle:
        return BESIDE + sound + BESIDE
    samples = np.frombuffer(sound, np.int16).astype(np.float64)
    noise = np.random.default_rng(len(text)).normal(0.0, RUSTLE, len(samples))
    return BESIDE + np.clip(samples + noise, -32768, 32767).astype(np.int16).tobytes() + BESIDE


def read(path: Path) -> bytes:
    """A recording as sound of a telephone. Raises GuildhallError saying what would be right."""
    try:
        with wave.open(str(path), "rb") as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise GuildhallError(f"{path}: is no wav file that can be read ({error}). {_convert(path)}") from None
    if width != 2:
        raise GuildhallError(f"{path}: has {8 * width} bits a sample, and 16 are needed. {_convert(path)}")
    samples = np.frombuffer(frames, np.int16)
    if channels > 1:
        samples = samples.reshape(-1, channels)[:, 0]
    return to_phone(samples.tobytes(), rate)


def _convert(path: Path) -> str:
    return f"Convert it: sox {path.name} -b 16 -c 1 question.wav"


def _flite(text: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        command = ["flite", "-voice", VOICE, "-t", text, "-o", str(path)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return read(path)


def _hum(seconds: float) -> bytes:
    at = np.arange(int(seconds * RATE)) / RATE
    return (4000 * np.sin(2 * np.pi * 220 * at) * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * at))).astype(np.int16).tobytes()
