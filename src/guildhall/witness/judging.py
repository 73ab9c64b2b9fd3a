"""What a witness says to a checkpoint: C2SP tlog-witness, as one pure function of the request and of what was cosigned last."""

import base64
import re
from dataclasses import dataclass
from typing import Final

from guildhall.records.checkpoints import Checkpoint, NoteError, SignedNote, VerifierKey, parse_checkpoint, parse_note
from guildhall.records.merkle import EMPTY_ROOT, HASH_BYTES, consistent

MOST_PROOF_LINES: Final = 63
_OLD = re.compile(r"old (0|[1-9][0-9]{0,15})")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to cosign: the size the log believes we hold, the proof from there, and the checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: SignedNote
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Seen:
    """The last tree cosigned for a log. A log never seen is the empty tree."""

    size: int = 0
    root: bytes = EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Verdict:
    """An HTTP status; 200 is the only one on which a cosignature may follow. `why` is for people, `size` for a conflict."""

    status: int
    why: str = ""
    size: int | None = None


def read_request(body: bytes) -> Asked:
    """The request a body holds. Raises NoteError."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise NoteError("the request is not UTF-8") from None
    head, separator, note_text = text.partition("\n\n")
    first, *proof = head.split("\n")
    match = _OLD.fullmatch(first)
    if not separator or not match:
        raise NoteError("the request begins with a line `old <size>`, then proof lines, an empty line and the checkpoint")
    if len(proof) > MOST_PROOF_LINES:
        raise NoteError(f"a proof has at most {MOST_PROOF_LINES} lines, not {len(proof)}")
    note = parse_note(note_text)
    return Asked(int(match[1]), tuple(_hash(line) for line in proof), note, parse_checkpoint(note.body))


def judge(asked: Asked, key: VerifierKey | None, seen: Seen) -> Verdict:
    """Whether to cosign. `key` is the log's, or None when we know no log of that name."""
    checkpoint = asked.checkpoint
    if key is None:
        return Verdict(404, f"this witness knows no log called {checkpoint.origin}")
    try:
        signed = asked.note.signed_at(key) is not None
    except NoteError:
        signed = False
    if not signed:
        return Verdict(403, f"the checkpoint is not signed by {key.name}")
    if asked.old > checkpoint.size:
        return Verdict(400, f"the old size {asked.old} is beyond the checkpoint's {checkpoint.size}")
    if asked.old != seen.size:
        return Verdict(409, "the old size is not the one cosigned last", seen.size)
    if checkpoint.size == seen.size and checkpoint.root != seen.root:
        return Verdict(409, f"another root was cosigned for {seen.size} records", seen.size)
    if asked.old == 0:
        proved = not asked.proof and (checkpoint.size > 0 or checkpoint.root == EMPTY_ROOT)
    else:
        proved = consistent(seen.size, seen.root, checkpoint.size, checkpoint.root, asked.proof)
    if not proved:
        return Verdict(422, f"the proof does not lead from the {seen.size} records cosigned last to these {checkpoint.size}")
    return Verdict(200)


def _hash(line: str) -> bytes:
    try:
        data = base64.b64decode(line, validate=True)
    except ValueError:
        data = b""
    if len(data) != HASH_BYTES:
        raise NoteError(f"{line!r} is not the base64 of a hash")
    return data
