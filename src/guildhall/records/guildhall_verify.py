#!/usr/bin/env python3
"""Checks an export of a council's record, or a receipt for one event. One file, Python's standard library, no network, no database.

    python3 guildhall_verify.py EXPORT [--operator-key KEY] [--witness-key KEY] [--witnessed FILE] [--json]

It shares no code with the program whose record it checks. Exit code 0: verified; 1: not verified, and the first fault is named; 2: the
file or a key could not be read. It shows that every record is in its place and says what was signed, and that none was added, cut or
moved, up to the size that a witness has seen. It cannot show that an event was recorded at all.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import re
import sys
from binascii import hexlify
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import reduce
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

FORMAT = "guildhall-record-export/1"
OPERATOR, WITNESS = 1, 4
NOTE = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,14})\n([^\n]+)\n\n((?:— [^ \n]+ [^ \n]+\n)+)")
RECEIPT = re.compile(r"c2sp\.org/tlog-proof@v1\nextra ([^\n]+)\nindex (0|[1-9][0-9]{0,14})\n((?:[^\n]+\n)*)\n(.+)", re.DOTALL)
ID, DIGEST, NUMBER = rb"[A-Za-z0-9_.:-]{1,64}", rb"[0-9a-f]{64}", rb"(0|[1-9][0-9]{0,14})"
RECORD = re.compile(
    rb'\{"at":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)","conversation":"((?:' + ID + rb')?)",'
    rb'"facts_commit":"(' + DIGEST + rb')","id":"' + ID + rb'","kind":"[A-Za-z]{1,40}","number":' + NUMBER + rb","
    rb'"pack":"[A-Za-z0-9_.:+-]{0,200}","payload":"(?:none|words|sealed)","previous":"(' + DIGEST + rb')","seq":' + NUMBER + rb","
    rb'"turn":"(?:' + ID + rb')?","v":1,"words_commit":"(?:' + DIGEST + rb')?"\}'
)  # fmt: skip
Progress = Callable[[int, int], None]
Seen = dict[str, int]  # when a witness cosigned, by its key
Roots = dict[int, list[tuple[int, bytes]]]


class NotVerifiedError(Exception):
    """Something is not as it was signed: the line (0 is the file as a whole) and what is wrong."""


P = 2**255 - 19  # the numbers of Ed25519 (RFC 8032)
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int, int, int]
ZERO: Point = (0, 1, 1, 0)


def add(a: Point, b: Point) -> Point:
    """The sum of two points of the curve."""
    x = (a[1] - a[0]) * (b[1] - b[0]) % P
    y = (a[1] + a[0]) * (b[1] + b[0]) % P
    t, z = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    return ((y - x) * (z - t) % P, (z + t) * (y + x) % P, (z - t) * (z + t) % P, (y - x) * (y + x) % P)


def unpack(data: bytes) -> Point | None:
    """The point of 32 bytes, or None when there is none."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if len(data) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def multiples(point: Point) -> list[list[Point]]:
    """The 256 multiples of the point for each byte of a factor, so that multiplying is adding."""
    table = []
    for _ in range(32):
        row = [ZERO]
        for _ in range(255):
            row.append(add(row[-1], point))
        table.append(row)
        point = add(row[-1], point)
    return table


BASE = unpack((4 * pow(5, -1, P) % P).to_bytes(32, "little")) or ZERO
TABLES: dict[bytes, list[list[Point]]] = {b"": multiples(BASE)}


def signature_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature of this key on this message is right."""
    if public not in TABLES:
        if (key := unpack(public)) is None:
            return False
        TABLES[public] = multiples((P - key[0], key[1], key[2], P - key[3]))  # of the negative: we subtract
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    total = ZERO
    for place in range(32):
        total = add(add(total, TABLES[b""][place][s >> 8 * place & 255]), TABLES[public][place][k >> 8 * place & 255])
    inverse = pow(total[2], -1, P)
    x, y = total[0] * inverse % P, total[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


class Key(NamedTuple):
    """A public key by name. `text` is the form people exchange."""

    text: str
    name: str
    kind: int
    public: bytes
    key_id: bytes


def decode(text: str) -> bytes:
    """Base64 in its one right spelling. Raises ValueError."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError(f"{text!r} is not base64 in its right spelling")
    return data


def read_key(text: str) -> Key:
    """A key from `name+id+base64`. Raises ValueError."""
    name, key_id, encoded = [*text.split("+", 2), "", ""][:3]
    data = decode(encoded)
    if not name or len(data) != 33 or data[0] not in (OPERATOR, WITNESS):
        raise ValueError(f"{text!r} is not a public key")
    if hashlib.sha256(name.encode() + b"\n" + data).digest()[:4].hex() != key_id:
        raise ValueError(f"the key {text!r} does not have the id it says")
    return Key(text, name, data[0], data[1:], bytes.fromhex(key_id))


def read_checkpoint(text: str, keys: Sequence[Key], line: int, strict: bool = True) -> tuple[str, int, bytes, Seen]:
    """A checkpoint whose signatures hold: origin, size, root, and when each witness saw it. With `strict`, a signature of a key that is not among `keys` is a fault; else it is passed over."""
    match = NOTE.fullmatch(text)
    if not match:
        raise NotVerifiedError(line, "this is not a signed checkpoint")
    body, operator, witnessed = text[: match.start(4) - 1].encode(), False, Seen()
    try:
        root = decode(match[3])
        signatures = [(name, decode(data)) for name, data in (item[2:].split(" ") for item in match[4].splitlines())]
    except ValueError:
        raise NotVerifiedError(line, "the checkpoint cannot be read") from None
    for name, data in signatures:
        key = next((key for key in keys if key.name == name and key.key_id == data[:4]), None)
        if key is None:
            if strict:
                raise NotVerifiedError(line, f"the checkpoint bears a signature of an unknown key of {name}")
            continue
        at = int.from_bytes(data[4:12], "big")
        timed, signature = (f"cosignature/v1\ntime {at}\n".encode(), data[12:]) if key.kind == WITNESS else (b"", data[4:])
        if not signature_holds(key.public, signature, timed + body):
            raise NotVerifiedError(line, f"the signature of {name} on the checkpoint over {match[2]} records is wrong")
        if key.kind == WITNESS:
            witnessed[key.text] = at
        operator = operator or key.kind == OPERATOR
    if not operator:
        raise NotVerifiedError(line, f"the checkpoint over {match[2]} records is not signed by the operator's key")
    return match[1], int(match[2]), root, witnessed


@dataclass
class Report:
    """What was found to be so. `witnessed` has, by a witness's key, the largest size it cosigned and when."""

    origin: str
    size: int
    operator: str
    operator_given: bool = False
    checkpoints: int = 0
    span: str = ""
    witnessed: dict[str, tuple[int, int]] = field(default_factory=dict)
    tail_known: bool = False
    receipt_for: int | None = None

    def lines(self) -> Iterator[str]:
        """For people."""
        if self.receipt_for is not None:
            yield f"The record of {self.origin} holds this event as number {self.receipt_for:,} of the {self.size:,} that are signed."
        else:
            yield f"The record of {self.origin}: {self.size:,} records{self.span}, each in its place and as it was signed."
            yield f"Checkpoints: {self.checkpoints:,}, every signature right."
        whence = "as you gave it" if self.operator_given else "the file's own word: compare it with the one you were given"
        yield f"Operator's key: {self.operator} ({whence})."
        for key, (size, at) in self.witnessed.items():
            yield f"Witness {key} cosigned {size:,} records at {datetime.fromtimestamp(at, timezone.utc):%Y-%m-%d %H:%M:%S} UTC."  # noqa: UP017
        if not self.witnessed:
            yield "No witness has cosigned this: whoever holds the operator's key could have written it anew."
        elif not self.tail_known and self.receipt_for is None:
            yield "Whether the newest records were cut off only a witness's own checkpoint can tell: get it, and give it with --witnessed."


class Trust(NamedTuple):
    """The keys the auditor was given, and the text of the witness's own checkpoint."""

    operators: tuple[Key, ...] = ()
    witnesses: tuple[Key, ...] = ()
    witnessed: str = ""

    def keys(self, named: Sequence[str], line: int) -> list[Key]:
        """The operator's key and then the witnesses', once what the file names agrees with what was given."""
        try:
            keys = [read_key(str(text)) for text in named]
        except ValueError as error:
            raise NotVerifiedError(line, f"a key cannot be read: {error}") from None
        if [key.kind for key in keys] != [OPERATOR] + [WITNESS] * (len(keys) - 1):
            raise NotVerifiedError(line, "the operator's key must be named first, then those of witnesses")
        if self.operators and keys[0] not in self.operators:
            raise NotVerifiedError(line, f"this is signed with {keys[0].text}, which is not the operator's key you gave")
        return list(dict.fromkeys([*keys, *self.witnesses]))

    def check(self, report: Report) -> Report:
        """The report, once every witness the auditor trusts is found to have cosigned."""
        report.operator_given = bool(self.operators)
        for key in self.witnesses:
            if key.text not in report.witnessed:
                raise NotVerifiedError(0, f"nothing here is cosigned by the witness you gave, {key.name}")
        return report


def verify_export(file: BinaryIO, trust: Trust, progress: Progress) -> Report:
    """Check an export: a line that says what it is, a line a checkpoint, a line a record. Raises NotVerifiedError at the first fault."""
    head = canonical_line(next_line(file, 1), 1, {"checkpoints": int, "format": str, "keys": list, "origin": str, "records": int})
    if head["format"] != FORMAT:
        raise NotVerifiedError(1, f"the first line does not say that this is a {FORMAT}")
    keys, origin, size, expected = trust.keys(head["keys"], 1), head["origin"], -1, Roots()
    report = Report(origin, head["records"], keys[0].text, checkpoints=head["checkpoints"])
    for number in range(2, head["checkpoints"] + 2):
        note = canonical_line(next_line(file, number), number, {"note": str})["note"]
        named, over, root, witnessed = read_checkpoint(note, keys, number)
        if named != origin or over <= size:
            raise NotVerifiedError(number, f"this checkpoint, over {over:,} records of {named}, is out of place")
        size, expected[over] = over, [(number, root)]
        report.witnessed.update({key: (size, at) for key, at in witnessed.items()})
    if size != head["records"]:
        raise NotVerifiedError(1, f"the last checkpoint is over {max(size, 0):,} records, not over {head['records']:,}")
    if trust.witnessed:
        named, over, root, witnessed = read_checkpoint(trust.witnessed, keys, 0, strict=False)
        if named != origin or not witnessed:
            raise NotVerifiedError(0, "the file of --witnessed is not this record's checkpoint, cosigned by a witness known here")
        if over > size:
            raise NotVerifiedError(0, f"the tail was cut: a witness saw {over:,} records; the last {over - size:,} are not here")
        expected.setdefault(over, []).append((0, root))
        report.witnessed.update({key: (over, at) for key, at in witnessed.items()})
        report.tail_known = True
    report.span = verify_records(file, head["checkpoints"] + 2, size, expected, progress)
    return trust.check(report)


def verify_records(file: BinaryIO, first_line: int, records: int, expected: Roots, progress: Progress) -> str:
    """Check each record against its place, the one before it, its conversation's count and the roots signed over it."""
    peaks, numbers = list[bytes](), dict[bytes, int]()
    previous, good, first_at, at, sha256, fullmatch = b"0" * 64, 0, b"", b"", hashlib.sha256, RECORD.fullmatch
    for seq in range(records + 1):
        for where, root in expected.get(seq, ()):
            if reduce(lambda right, left: sha256(b"\x01" + left + right).digest(), peaks[::-1] or [sha256(b"").digest()]) != root:
                what = f"records {good:,} to {seq - 1:,} do not lead to the root signed over {seq:,} records: one of them was changed"
                raise NotVerifiedError(where, f"{what}; if it was one alone, it was the last, on line {first_line + seq - 1:,}")
            good = seq
        if seq == records:
            break
        line = next_line(file, first_line + seq)
        match = fullmatch(line)
        if not match:
            raise NotVerifiedError(first_line + seq, f"this is not a record; number {seq:,} should stand here")
        at, conversation, _, number, before, own_seq = match.groups()
        if own_seq != b"%d" % seq:
            raise NotVerifiedError(first_line + seq, f"record {int(own_seq):,} stands where {seq:,} should: some were cut, added or moved")
        leaf = sha256(b"\x00" + line).digest()
        if before != previous:
            raise NotVerifiedError(*which_was_changed(file, first_line + seq, seq, leaf))
        counted = numbers[conversation] = numbers.get(conversation, 0) + 1 if conversation else 0
        if number != b"%d" % counted:
            raise NotVerifiedError(first_line + seq, f"record {seq:,} is number {int(number)} of its conversation, not {counted}")
        first_at, previous, below = first_at or at, hexlify(leaf), seq
        while below & 1:  # each complete pair of subtrees becomes one
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            below >>= 1
        peaks.append(leaf)
        if not seq & 0x3FFF or seq + 1 == records:
            progress(seq + 1, records)
    if file.read(1):
        raise NotVerifiedError(first_line + records, f"there is more in the file after its {records:,} records")
    return f", from {first_at.decode()} to {at.decode()}" if records else ""


def which_was_changed(file: BinaryIO, line: int, seq: int, leaf: bytes) -> tuple[int, str]:
    """A record does not name the one before it: the one after tells which of the two was changed."""
    after = RECORD.fullmatch(file.readline().rstrip(b"\n"))
    if seq and (after is None or after[5] == leaf.hex().encode()):
        return line - 1, f"record {seq - 1:,} was changed: record {seq:,} names another hash for it"
    return line, f"record {seq:,} was changed: what it says of the record before it is not so"


def next_line(file: BinaryIO, number: int) -> bytes:
    """The next line without its end."""
    line = file.readline()
    if not line.endswith(b"\n"):
        raise NotVerifiedError(number, "the file ends in the middle of this line" if line else "the file ends before this line")
    return line[:-1]


def canonical_line(line: bytes, number: int, fields: Mapping[str, type]) -> Any:
    """The object of a line of JSON in its one right spelling, with these fields."""
    try:
        value = json.loads(line)
        kinds = {name: type(held) for name, held in value.items()}
        if json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() == line and kinds == fields:
            return value
    except (ValueError, AttributeError):
        pass
    raise NotVerifiedError(number, f"this line is not what the export writes: {', '.join(fields)} as JSON with no spaces")


def verify_receipt(text: str, trust: Trust) -> Report:
    """Check a receipt (C2SP tlog-proof): one event's record, and the way from it to a signed root. Raises NotVerifiedError."""
    match = RECEIPT.fullmatch(text)
    if not match:
        raise NotVerifiedError(1, "this is not a receipt")
    try:
        with_facts = b'"facts":' in decode(match[1])
        extra = canonical_line(
            decode(match[1]), 2, {"keys": list, "record": str} | ({"facts": str, "facts_salt": str} if with_facts else {})
        )
        path, salt = [decode(line) for line in match[3].splitlines()], bytes.fromhex(extra.get("facts_salt", ""))
    except ValueError as error:
        raise NotVerifiedError(2, f"the receipt cannot be read: {error}") from None
    keys, record, index = trust.keys(extra["keys"], 2), extra["record"].encode(), int(match[2])
    origin, size, root, seen = read_checkpoint(match[4], keys, text[: match.start(4)].count("\n") + 1)
    shaped = RECORD.fullmatch(record)
    if not shaped or int(shaped[6]) != index or index >= size:
        raise NotVerifiedError(2, f"this is not record {index:,} of {size:,}")
    if with_facts and hmac.digest(salt, extra["facts"].encode(), "sha256").hex().encode() != shaped[3]:
        raise NotVerifiedError(2, "the facts beside the record are not those that were recorded")
    hashed, place, last = hashlib.sha256(b"\x00" + record).digest(), index, size - 1
    while last:
        if place & 1 or place < last:
            step = path.pop(0) if path else b""
            hashed = hashlib.sha256(b"\x01" + (step + hashed if place & 1 else hashed + step)).digest()
        place, last = place >> 1, last >> 1
    if path or hashed != root:
        raise NotVerifiedError(4, f"the way from record {index:,} does not lead to the root that was signed")
    witnessed = {key: (size, at) for key, at in seen.items()}
    return trust.check(Report(origin, size, keys[0].text, witnessed=witnessed, receipt_for=index))


def verify(path: Path, trust: Trust, progress: Progress) -> Report:
    """Check a file of either kind. Raises NotVerifiedError and OSError."""
    with path.open("rb") as file:
        if file.read(8) == b"c2sp.org":
            try:
                return verify_receipt(path.read_bytes().decode(), trust)
            except UnicodeDecodeError:
                raise NotVerifiedError(0, "the receipt is not UTF-8") from None
        file.seek(0)
        return verify_export(file, trust, progress)


def show_progress(done: int, total: int) -> None:
    """A bar on the terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r[{'#' * (40 * done // max(total, 1)):.<40}] {done:,} of {total:,} records " + "\n" * (done == total))


def main(arguments: Sequence[str] | None = None) -> int:
    """The program."""
    parser = argparse.ArgumentParser(description="Check an export of a council's record, or a receipt.")
    parser.add_argument("export", type=Path)
    parser.add_argument("--operator-key", action="append", default=[], help="The council's key, as it was given to you.")
    parser.add_argument("--witness-key", action="append", default=[], help="A witness's key: the record must bear its cosignature.")
    parser.add_argument("--witnessed", type=Path, help="The last checkpoint that a witness holds.")
    parser.add_argument("--json", action="store_true", help="Print the result as JSON.")
    given = parser.parse_args(arguments)
    try:
        operators, witnesses = (tuple(read_key(text) for text in texts) for texts in (given.operator_key, given.witness_key))
        witnessed = given.witnessed.read_bytes().decode() if given.witnessed else ""
        report = verify(given.export, Trust(operators, witnesses, witnessed), show_progress)
    except NotVerifiedError as fault:
        line, what = fault.args
        said = json.dumps({"verified": False, "line": line, "fault": what}, ensure_ascii=False)
        print(said if given.json else f"NOT VERIFIED\n  {f'line {line:,}: ' if line else ''}{what}")
        return 1
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    print(json.dumps({"verified": True, **report.__dict__}) if given.json else "VERIFIED\n  " + "\n  ".join(report.lines()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
