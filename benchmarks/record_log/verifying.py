"""How long an auditor waits: an export of a million records, signed and cosigned every thousand, checked by the one-file verifier."""

import hashlib
import json
import resource
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from guildhall.records import guildhall_verify
from guildhall.records.checkpoints import OPERATOR, WITNESS, Checkpoint, SignedNote, Signer
from guildhall.records.exporting import export_lines
from guildhall.records.log_record import FIRST, WORDS, Committed
from guildhall.records.merkle import Frontier, leaf_hash
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId

LOG, AUDIT = Signer("measured.example/record", bytes(range(32))), Signer("audit.example/witness", bytes(range(1, 33)))
START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
EVERY = 1000
RECORDS_A_CONVERSATION = 12


def write_export(folder: Path, size: int) -> Path:
    """An export of so many records in conversations of twelve, written as it would leave the house."""
    body, path = folder / "records.part", folder / "export.txt"
    frontier, previous, notes = Frontier(), FIRST, list[SignedNote]()
    with body.open("wb") as out:
        for seq in range(size):
            record = _record(seq, previous)
            leaf = leaf_hash(record)
            out.write(record + b"\n")
            frontier.append(leaf)
            previous = leaf.hex()
            if (seq + 1) % EVERY == 0 or seq + 1 == size:
                text = Checkpoint(LOG.name, frontier.size, frontier.root()).body
                notes.append(SignedNote(text, (LOG.sign(text), AUDIT.cosign(text, 1_795_600_000))))
    with path.open("wb") as out, body.open("rb") as records:
        out.writelines(export_lines(LOG.key(OPERATOR), [AUDIT.key(WITNESS)], notes, size, ()))
        shutil.copyfileobj(records, out)
    body.unlink()
    return path


def _record(seq: int, previous: str) -> bytes:
    name = hashlib.sha256(str(seq // RECORDS_A_CONVERSATION).encode()).hexdigest()
    at = START + timedelta(milliseconds=seq)
    event = Event(
        EventId(f"even_{name[:13]}{seq:09}"), EventKind.TURN_COMPLETED, at, ConversationId(f"conv_{name[:22]}"), TurnId(f"turn_{seq:022}")
    )
    commit = hashlib.sha256(previous.encode()).hexdigest()
    return Committed(event, "5" * 64, WORDS, commit, commit[::-1]).placed(seq, seq % RECORDS_A_CONVERSATION + 1, previous).encoded()


def measure(folder: Path, size: int) -> dict[str, float]:
    """Seconds on the clock and of the processor to verify, by the file alone in a process of its own."""
    path = write_export(folder, size)
    command = [sys.executable, "-I", guildhall_verify.__file__, str(path), "--json", "--witness-key", AUDIT.key(WITNESS).text]
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert told["verified"] and told["size"] == size
    megabytes = path.stat().st_size / 1e6
    path.unlink()
    return {"records": size, "seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2), "megabytes": round(megabytes, 1)}


def root_seconds(size: int) -> float:
    """Processor seconds for the root over so many leaf hashes, as a checkpoint with nothing kept would need."""
    leaves = [hashlib.sha256(str(number).encode()).digest() for number in range(size)]
    begun = time.process_time()
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    frontier.root()
    return round(time.process_time() - begun, 3)
