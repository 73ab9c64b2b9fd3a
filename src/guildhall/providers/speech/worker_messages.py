"""What the gateway and a speech worker tell each other, over the worker's standard input and output: a length, a short JSON head, and sound.

Everything is in memory on both sides: what a caller said is in no file, no argument and no log.
"""

import asyncio
import json
import struct
from typing import Any, BinaryIO, Final

HEAD: Final = struct.Struct("!II")
LONGEST_HEAD: Final = 4_000_000
LONGEST_SOUND: Final = 2_000_000

Message = tuple[dict[str, Any], bytes]


class BrokenMessageError(Exception):
    """The other side ended, or sent no message."""


def packed(head: dict[str, Any], sound: bytes = b"") -> bytes:
    """A message on its way."""
    text = json.dumps(head, separators=(",", ":")).encode()
    return HEAD.pack(len(text), len(sound)) + text + sound


def read(stream: BinaryIO) -> Message | None:
    """The next message for a worker; None when the gateway is gone."""
    begins = stream.read(HEAD.size)
    if len(begins) < HEAD.size:
        return None
    text, sound = _lengths(begins)
    body = stream.read(text + sound)
    return (json.loads(body[:text]), body[text:]) if len(body) == text + sound else None


async def received(stream: asyncio.StreamReader) -> Message:
    """The next message of a worker. Raises BrokenMessageError."""
    try:
        text, sound = _lengths(await stream.readexactly(HEAD.size))
        return json.loads(await stream.readexactly(text)), await stream.readexactly(sound)
    except (asyncio.IncompleteReadError, ConnectionError, ValueError) as error:
        raise BrokenMessageError from error


def _lengths(begins: bytes) -> tuple[int, int]:
    text, sound = HEAD.unpack(begins)
    if text > LONGEST_HEAD or sound > LONGEST_SOUND:
        raise ValueError("longer than any message is")
    return text, sound
