"""Checkpoints: the record's size and root, signed. Text as in C2SP tlog-checkpoint and signed-note; witnesses add cosignature/v1 lines.

A key is known by its name and four bytes of a hash; its text form (`name+hash+base64`) is what people exchange.
"""

import base64
import hashlib
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from guildhall.records.merkle import HASH_BYTES
from guildhall.vocabulary.errors import GuildhallError

OPERATOR: Final = 1
"""The kind of a key that signs a note as it stands."""
WITNESS: Final = 4
"""The kind of a key that cosigns a checkpoint at a time."""

SEED_BYTES: Final = 32
LONGEST_NOTE: Final = 64 * 1024
NAME = re.compile(r"[^\s+]+")
LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


class NoteError(GuildhallError):
    """A note, checkpoint or key is not as C2SP says, or a signature on it is not right."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: its name, how many records it holds and their root."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key by name. `kind` is OPERATOR or WITNESS."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that tell keys of one name apart."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The key as people exchange it."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    def signed(self, body: str, signature: bytes) -> int | None:
        """The time of a cosignature, 0 for an operator's signature, None when the signature is wrong."""
        message, at = body.encode(), 0
        if self.kind == WITNESS:
            if len(signature) != 72:
                return None
            at, signature = struct.unpack(">Q", signature[:8])[0], signature[8:]
            message = _cosigned(body, at)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return None
        return at


@dataclass(frozen=True, slots=True)
class Signer:
    """A name and its private key."""

    name: str
    seed: bytes

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def key(self, kind: int) -> VerifierKey:
        """The public half, for a kind of signature."""
        return VerifierKey(self.name, kind, self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def sign(self, body: str) -> str:
        """The signature line of an operator."""
        return self._line(OPERATOR, self._private.sign(body.encode()))

    def cosign(self, body: str, at: int) -> str:
        """The line of a witness that saw this checkpoint at that time (seconds since 1970)."""
        return self._line(WITNESS, struct.pack(">Q", at) + self._private.sign(_cosigned(body, at)))

    def _line(self, kind: int, signature: bytes) -> str:
        return f"— {self.name} {base64.b64encode(self.key(kind).key_id + signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text and the signature lines below it."""

    body: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The note as it is stored and sent."""
        return self.body + "\n" + "".join(self.lines)

    def signed_at(self, key: VerifierKey) -> int | None:
        """When this key cosigned (0: signed), None when it did not. Raises NoteError for a signature of this key that is wrong."""
        for line in self.lines:
            name, signature = parse_line(line)
            if name == key.name and signature[:4] == key.key_id:
                at = key.signed(self.body, signature[4:])
                if at is None:
                    raise NoteError(f"the signature of {name} on this note is wrong: the note or the signature was changed")
                return at
        return None

    def names(self, key: VerifierKey) -> bool:
        """Whether some line says that it is this key's; whether it is right is another question."""
        return any(name == key.name and signature[:4] == key.key_id for name, signature in map(parse_line, self.lines))

    def with_lines(self, lines: Sequence[str]) -> "SignedNote":
        """The same note with more signature lines."""
        return SignedNote(self.body, (*self.lines, *lines))


def parse_note(text: str) -> SignedNote:
    """A signed note from its text. Raises NoteError."""
    if len(text) > LONGEST_NOTE:
        raise NoteError(f"a note has at most {LONGEST_NOTE} characters, not {len(text)}")
    body, separator, below = text.rpartition("\n\n")
    if not separator or not below.endswith("\n"):
        raise NoteError("a note is a text, an empty line and signature lines, each ended by a newline")
    if any(ord(character) < 32 and character != "\n" for character in text):
        raise NoteError("a note holds no control characters")
    lines = tuple(line + "\n" for line in below[:-1].split("\n"))
    for line in lines:
        parse_line(line)
    return SignedNote(body + "\n", lines)


def parse_line(line: str) -> tuple[str, bytes]:
    """The name and the key id with signature of a signature line. Raises NoteError."""
    match = LINE.fullmatch(line.removesuffix("\n"))
    signature = _decoded(match[2]) if match else b""
    if not match or len(signature) < 5:
        raise NoteError(f"{line!r} is not a signature line: an em dash, a key's name and base64 are")
    return match[1], signature


def parse_checkpoint(body: str) -> Checkpoint:
    """The checkpoint a note's body says. Raises NoteError."""
    lines = body.split("\n")
    if len(lines) < 4 or lines[-1] or not lines[0] or not SIZE.fullmatch(lines[1]):
        raise NoteError("a checkpoint has a line with the log's name, one with its size in digits, and one with its root in base64")
    root = _decoded(lines[2])
    if len(root) != HASH_BYTES:
        raise NoteError(f"a checkpoint's root has {HASH_BYTES} bytes in base64, not {lines[2]!r}")
    return Checkpoint(lines[0], int(lines[1]), root)


def parse_key(text: str) -> VerifierKey:
    """A public key from the text people exchange. Raises NoteError."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    material = _decoded(encoded)
    if not NAME.fullmatch(name) or len(material) != 33 or material[0] not in (OPERATOR, WITNESS):
        raise NoteError(f"{text!r} is not a public key: a name, +, eight hex digits, + and the base64 of an Ed25519 key are")
    key = VerifierKey(name, material[0], material[1:])
    if key.key_id.hex() != key_id:
        raise NoteError(f"the key of {name} says its id is {key_id}, but it is {key.key_id.hex()}: part of it was mistyped or changed")
    return key


def read_seed(encoded: str, where: str) -> bytes:
    """A private key's 32 bytes from base64. Raises NoteError that names where it stood."""
    seed = _decoded(encoded.strip())
    if len(seed) != SEED_BYTES:
        raise NoteError(f"{where} holds no signing key: the base64 of {SEED_BYTES} random bytes would be right")
    return seed


def _cosigned(body: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{body}".encode()


def _decoded(text: str) -> bytes:
    """Base64 in its one right spelling; empty otherwise."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return b""
    return data if base64.b64encode(data).decode() == text else b""
