"""How a call's recording lies on disk: a head that names it, then sealed pieces of a second, each bound to its place.

The recording's own key stands in the head, sealed under the key of the conversation: destroying that one makes the sound unreadable
wherever the file was copied. Whoever writes the pieces never needs the conversation's key, and a file that breaks off, as in a crash, is
good up to its last whole piece.
"""

import base64
import json
import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guildhall.records.sealing import NONCE_BYTES, SealError

MAGIC: Final = b"GHREC1\n"
RATE: Final = 8000
SILENCE: Final = 0xD5
"""Of A-law, in which both tracks are kept: a byte a sample."""
HEAD: Final = struct.Struct(">dI")
MOST_PIECE: Final = 1_000_000
MOST_HEAD: Final = 10_000


@dataclass(frozen=True, slots=True)
class Head:
    """What a recording is of, readable without any key. No name, no number, no words."""

    recording: str
    conversation: str
    began_at: datetime
    sealed_key: bytes

    @property
    def as_bytes(self) -> bytes:
        """As it stands at the beginning of the file."""
        plain = {
            "recording": self.recording,
            "conversation": self.conversation,
            "began_at": self.began_at.isoformat(),
            "key": base64.b64encode(self.sealed_key).decode(),
        }
        return MAGIC + json.dumps(plain).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """Both sides from a moment of the call on, in A-law; the tracks are equally long."""

    at: float
    caller: bytes
    said: bytes


def read_head(text: bytes) -> tuple[Head, int]:
    """The head, and where the pieces begin. Raises SealError for what is no recording."""
    end = text.find(b"\n", len(MAGIC), MOST_HEAD)
    try:
        if not text.startswith(MAGIC) or end < 0:
            raise ValueError
        plain: dict[str, Any] = json.loads(text[len(MAGIC) : end])
        began_at = datetime.fromisoformat(plain["began_at"])
        return Head(plain["recording"], plain["conversation"], began_at, base64.b64decode(plain["key"], validate=True)), end + 1
    except (ValueError, KeyError, TypeError):
        raise SealError("this file is no recording of a call") from None


def seal_piece(key: bytes, recording: str, number: int, piece: Piece, random_bytes: Callable[[int], bytes] = os.urandom) -> bytes:
    """A piece as it is written, with its length before it."""
    nonce = random_bytes(NONCE_BYTES)
    plain = HEAD.pack(piece.at, len(piece.caller)) + piece.caller + piece.said
    sealed = nonce + AESGCM(key).encrypt(nonce, plain, f"{recording}:{number}".encode())
    return len(sealed).to_bytes(4, "big") + sealed


def open_pieces(key: bytes, recording: str, text: bytes) -> Iterator[Piece]:
    """The pieces again. What breaks off at the end is left out; raises SealError where a piece was changed, moved or taken out."""
    at, number = 0, 0
    over = AESGCM(key)
    while at + 4 <= len(text):
        length = int.from_bytes(text[at : at + 4], "big")
        sealed = text[at + 4 : at + 4 + length]
        if length > MOST_PIECE or len(sealed) < length:
            return
        try:
            plain = over.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], f"{recording}:{number}".encode())
        except InvalidTag:
            raise SealError(f"piece {number} of recording {recording} was changed, or belongs elsewhere") from None
        began, caller = HEAD.unpack_from(plain)
        sound = plain[HEAD.size :]
        yield Piece(began, sound[:caller], sound[caller:])
        at, number = at + 4 + length, number + 1


def two_track_wav(caller: bytes, said: bytes) -> bytes:
    """Both tracks as a wav file that everything plays: 16-bit, the caller on the left."""
    length = max(len(caller), len(said))
    woven = bytearray(4 * length)
    for side, track in enumerate((caller, said)):
        whole = track.ljust(length, bytes([SILENCE]))
        woven[2 * side :: 4], woven[2 * side + 1 :: 4] = whole.translate(LOW), whole.translate(HIGH)
    described = struct.pack("<HHIIHH", 1, 2, RATE, 4 * RATE, 4, 16)
    body = b"WAVEfmt " + struct.pack("<I", len(described)) + described + b"data" + struct.pack("<I", len(woven)) + bytes(woven)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _linear(byte: int) -> int:
    """A sample of A-law (ITU-T G.711)."""
    byte ^= 0x55
    exponent, mantissa = (byte & 0x70) >> 4, byte & 0x0F
    size = (mantissa << 4) + 8 if exponent == 0 else ((mantissa << 4) + 0x108) << (exponent - 1)
    return size if byte & 0x80 else -size


LOW: Final = bytes(_linear(byte) & 0xFF for byte in range(256))
HIGH: Final = bytes((_linear(byte) >> 8) & 0xFF for byte in range(256))


def two_tracks(pieces: Iterator[Piece]) -> tuple[bytes, bytes]:
    """Both tracks from the beginning of the call, in A-law; what was not kept is silence, as long as it lasted."""
    caller, said = bytearray(), bytearray()
    for piece in pieces:
        missing = max(0, round(piece.at * RATE) - len(caller))
        silence = bytes([SILENCE]) * missing
        caller += silence + piece.caller
        said += silence + piece.said
    return bytes(caller), bytes(said)
