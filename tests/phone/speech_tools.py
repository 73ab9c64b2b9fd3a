"""Programs that speak and change sound, for tests that listen for real: they fail with what to install where one is missing."""

import hashlib
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

CALLERS = ("slt", "rms", "awb")
"""Three people whose voices flite has: a woman and a man from the United States, and a man from Scotland."""


def need(*programs: str) -> None:
    """Fail, naming the package, where a program is missing: a test that is left out in silence shows nothing."""
    if missing := [name for name in programs if shutil.which(name) is None]:
        pytest.fail(
            f"{', '.join(missing)} not installed: `apt-get install -y --no-install-recommends {' '.join(missing)}` (script/test does it)"
        )


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="guildhall-callers-"))


@cache
def caller_says(text: str, voice: str) -> bytes:
    """Words in a caller's voice, as they come out of a telephone line: 300 to 3,400 Hz, A-law, 8 kHz; given as 16-bit sound."""
    need("flite", "sox")
    spoken = _folder() / hashlib.sha256(f"{voice}\n{text}".encode()).hexdigest()[:16]
    wav, line = spoken.with_suffix(".wav"), spoken.with_suffix(".al.wav")
    subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(wav)], check=True)
    coded = ["-r", "8000", "-c", "1", "-e", "a-law", str(line), "norm", "-3", "pad", "0.3", "0.5", "sinc", "300-3400"]
    subprocess.run(["sox", "-R", str(wav), *coded], check=True)
    plain = ["-r", "8000", "-e", "signed", "-b", "16", "-t", "raw", "-"]
    return subprocess.run(["sox", "-R", str(line), *plain], check=True, capture_output=True).stdout
