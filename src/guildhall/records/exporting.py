"""What leaves the house for an auditor: the whole record as text, or a receipt for one event. `guildhall_verify.py` reads both."""

import base64
from collections.abc import Iterable, Iterator, Sequence

from guildhall.records.canonical import canonical
from guildhall.records.checkpoints import WITNESS, SignedNote, VerifierKey

FORMAT = "guildhall-record-export/1"
RECEIPT_FORMAT = "c2sp.org/tlog-proof@v1"


def export_lines(
    operator: VerifierKey, witnesses: Sequence[VerifierKey], checkpoints: Sequence[SignedNote], size: int, records: Iterable[bytes]
) -> Iterator[bytes]:
    """The lines of an export: what it is, the checkpoints over it with their signatures, then every record in order."""
    named = [operator, *(key for key in witnesses if key.kind == WITNESS)]
    head = {
        "checkpoints": len(checkpoints),
        "format": FORMAT,
        "keys": [key.text for key in named],
        "origin": operator.name,
        "records": size,
    }
    yield canonical(head) + b"\n"
    for note in checkpoints:
        yield canonical({"note": signed_by(note, named).text}) + b"\n"
    for record in records:
        yield record + b"\n"


def receipt_text(
    operator: VerifierKey,
    witnesses: Sequence[VerifierKey],
    place: tuple[int, bytes, Sequence[bytes]],
    note: SignedNote,
    facts: tuple[str, bytes] | None = None,
) -> str:
    """A receipt as C2SP tlog-proof: `place` is the event's number, record and path; `facts`, when they are shown, come with their salt."""
    index, record, path = place
    named = [operator, *witnesses]
    extra = {"keys": [key.text for key in named], "record": record.decode()}
    if facts:
        extra |= {"facts": facts[0], "facts_salt": facts[1].hex()}
    lines = [RECEIPT_FORMAT, f"extra {base64.b64encode(canonical(extra)).decode()}", f"index {index}"]
    lines += [base64.b64encode(step).decode() for step in path]
    return "\n".join(lines) + "\n\n" + signed_by(note, named).text


def signed_by(note: SignedNote, keys: Sequence[VerifierKey]) -> SignedNote:
    """The note with the signature lines of these keys alone: a witness that is no longer ours is left out."""
    kept = tuple(line for line in note.lines if any(SignedNote(note.body, (line,)).names(key) for key in keys))
    return SignedNote(note.body, kept)
