"""A gateway that is killed while it records: what was written can be heard, and no sound lies about in the open."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guildhall.records.recordings import RATE
from guildhall.records.sealing import Sealer
from guildhall.storage.recordings import RecordingsFolder

pytestmark = pytest.mark.chaos

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from guildhall.records.recordings import RATE, Piece
from guildhall.records.sealing import Sealer
from guildhall.storage.recordings import NewRecordings, RecordingFile
new = NewRecordings(Sealer(bytes(32)), lambda _: AESGCM(bytes(32)), lambda: datetime.now(UTC), lambda kind: kind + "_1")
head, key = new.begin("conv_1")
file = RecordingFile(Path(sys.argv[1]), head, key)
number = 0
while True:
    file.add(Piece(float(number), b"caller!!" * (RATE // 8), b"council!" * (RATE // 8)))
    number += 1
    print(number, flush=True)
"""


def test_a_killed_gateway_leaves_a_recording_that_opens_and_nothing_in_the_open(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as gateway:
        assert gateway.stdout is not None
        told = 0
        deadline = time.monotonic() + 30
        while told < 20 and time.monotonic() < deadline:
            told = int(gateway.stdout.readline() or 0)
        gateway.kill()
        told = max([told, *(int(line) for line in gateway.stdout.read().split() if line.isdigit())])
    folder = RecordingsFolder(tmp_path)
    (kept,) = folder.all()
    caller, said = folder.tracks(kept, Sealer(bytes(32)), AESGCM(bytes(32)))
    assert told <= len(caller) // RATE <= told + 1, "every second that was said to be written is there"
    assert caller[:8] == b"caller!!" and said[-8:] == b"council!"
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert b"caller!!" not in path.read_bytes() and b"council!" not in path.read_bytes()
