"""Logs to check: any number of records, signed and witnessed, without a database."""

import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from guildhall.records import guildhall_verify as verifier
from guildhall.records.checkpoints import OPERATOR, WITNESS, Checkpoint, SignedNote, Signer
from guildhall.records.exporting import export_lines
from guildhall.records.log_record import FIRST, WORDS, Committed
from guildhall.records.merkle import Frontier, leaf_hash
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId

LOG = Signer("council.example/record", bytes(range(32)))
AUDIT = Signer("audit.example/witness", bytes(range(1, 33)))
OPERATOR_KEY, WITNESS_KEY = LOG.key(OPERATOR), AUDIT.key(WITNESS)
START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@dataclass
class Log:
    """Records with checkpoints after every so many, and the export they make."""

    records: list[bytes]
    notes: list[SignedNote]

    @property
    def export(self) -> bytes:
        return b"".join(export_lines(OPERATOR_KEY, [WITNESS_KEY], self.notes, len(self.records), self.records))

    @property
    def leaves(self) -> list[bytes]:
        return [leaf_hash(record) for record in self.records]


def made_log(size: int, every: int = 1000, seed: str = "") -> Log:
    """A log of that size."""
    records: list[bytes] = []
    frontier, previous = Frontier(), FIRST
    numbers: dict[str, int] = {}
    notes = []
    for seq in range(size):
        conversation = f"conv_{hashlib.sha256(f'{seed}{seq // 4}'.encode()).hexdigest()[:22]}" if seq % 7 else ""
        number = numbers[conversation] = numbers.get(conversation, 0) + 1
        event = Event(
            EventId(f"even_{seed}{seq}"),
            EventKind.TURN_COMPLETED,
            START + timedelta(seconds=seq),
            ConversationId(conversation),
            TurnId(f"turn_{seq}" if conversation else ""),
        )
        commits = [hashlib.sha256(f"{name}{seq}".encode()).hexdigest() for name in ("facts", "words")]
        record = Committed(event, "ab" * 32, WORDS, *commits).placed(seq, number if conversation else 0, previous).encoded()
        leaf = leaf_hash(record)
        records.append(record)
        frontier.append(leaf)
        previous = leaf.hex()
        if (seq + 1) % every == 0 or seq + 1 == size:
            notes.append(signed(frontier))
    return Log(records, notes or [signed(frontier)])


def signed(frontier: Frontier, signer: Signer = LOG) -> SignedNote:
    """A checkpoint by the operator, cosigned by the witness."""
    body = Checkpoint(signer.name, frontier.size, frontier.root()).body
    return SignedNote(body, (signer.sign(body), AUDIT.cosign(body, 1_795_600_000 + frontier.size)))


def fault(path: Path, data: bytes, trust: verifier.Trust | None = None) -> tuple[int, str] | None:
    """Where and what is wrong with an export or receipt of these bytes, None when it verifies."""
    trust = trust or verifier.Trust()
    try:
        if data.startswith(b"c2sp.org"):
            path.write_bytes(data)
            verifier.verify(path, trust, lambda _done, _total: None)
        else:
            verifier.verify_export(io.BytesIO(data), trust, lambda _done, _total: None)
    except verifier.NotVerifiedError as error:
        return error.args[0], error.args[1]
    return None
