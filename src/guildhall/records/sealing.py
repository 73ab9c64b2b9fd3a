"""Encryption of what was said: AES-256-GCM under a key of the conversation's own, which is wrapped by a master key.

Destroying a conversation's key makes its words unreadable wherever they were copied, while the record's facts stay.
"""

import base64
import json
import os
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guildhall.vocabulary.errors import ConfigurationError, GuildhallError

KEY_BYTES = 32
NONCE_BYTES = 12


class SealError(GuildhallError):
    """Words could not be opened: the key is another one, or the stored bytes were changed."""


class Sealer:
    """Seals and opens JSON under wrapped keys. `random_bytes` is injected so that tests repeat."""

    def __init__(self, master_key: bytes, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        if len(master_key) != KEY_BYTES:
            raise ConfigurationError(
                f"the master key has {len(master_key)} bytes.", file="GUILDHALL_MASTER_KEY", fix="Give the base64 of 32 random bytes."
            )
        self._master = AESGCM(master_key)
        self._random = random_bytes

    def new_key(self, owner: str) -> bytes:
        """A fresh key for `owner`, wrapped: 12 bytes nonce, then the sealed key."""
        nonce = self._random(NONCE_BYTES)
        return nonce + self._master.encrypt(nonce, self._random(KEY_BYTES), owner.encode())

    def unwrap(self, wrapped: bytes, owner: str) -> AESGCM:
        """The key ready for use. Raises SealError."""
        try:
            return AESGCM(self._master.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], owner.encode()))
        except InvalidTag:
            raise SealError(
                "a conversation key cannot be opened with this master key; check GUILDHALL_MASTER_KEY or the key file"
            ) from None

    def seal(self, key: AESGCM, words: Mapping[str, Any], bound_to: str) -> bytes:
        """Sealed JSON, bound to the id of the event it belongs to."""
        nonce = self._random(NONCE_BYTES)
        return nonce + key.encrypt(nonce, json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode(), bound_to.encode())

    def open(self, key: AESGCM, sealed: bytes, bound_to: str) -> dict[str, Any]:
        """The words again. Raises SealError when the bytes were changed or moved to another event."""
        try:
            data = key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
        except InvalidTag:
            raise SealError(f"the stored words of event {bound_to} were changed, or belong to another event") from None
        opened: dict[str, Any] = json.loads(data)
        return opened


def decode_master_key(text: str) -> bytes:
    """Base64 text as key bytes. Raises ConfigurationError."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise ConfigurationError(
            "the master key is not base64.", file="GUILDHALL_MASTER_KEY", fix="Give the base64 of 32 random bytes."
        ) from None
