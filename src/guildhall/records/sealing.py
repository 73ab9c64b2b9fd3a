"""Encryption of what was said: AES-256-GCM under a key of the conversation's own, wrapped by a key of the person's, wrapped by a master key.

Destroying a conversation's key makes its words unreadable wherever they were copied, while the record's facts stay.
"""

import base64
import hashlib
import hmac
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
    """Seals and opens JSON under wrapped keys. `random_bytes` is injected so that tests repeat.

    A key is wrapped by the master key, or by the key `under` which it stands; it is bound to its owner, so that it opens nothing else.
    """

    def __init__(self, master_key: bytes, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        if len(master_key) != KEY_BYTES:
            raise ConfigurationError(
                f"the master key has {len(master_key)} bytes.", file="GUILDHALL_MASTER_KEY", fix="Give the base64 of 32 random bytes."
            )
        self._master = AESGCM(master_key)
        self._derives_from = hmac.digest(master_key, b"keys for other purposes", hashlib.sha256)
        self._random = random_bytes

    def derive(self, purpose: str) -> bytes:
        """A key for another purpose, the same each time; it says nothing about the master key or about other purposes."""
        return hmac.digest(self._derives_from, purpose.encode(), hashlib.sha256)

    def new_key(self, owner: str, under: bytes = b"") -> bytes:
        """A fresh key for `owner`, wrapped: 12 bytes nonce, then the sealed key."""
        return self.wrap(self._random(KEY_BYTES), owner, under)

    def wrap(self, key: bytes, owner: str, under: bytes = b"") -> bytes:
        """A key, wrapped for its owner."""
        nonce = self._random(NONCE_BYTES)
        return nonce + self._over(under).encrypt(nonce, key, owner.encode())

    def key_of(self, wrapped: bytes, owner: str, under: bytes = b"") -> bytes:
        """The key itself, to wrap others with. Raises SealError."""
        try:
            return self._over(under).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], owner.encode())
        except InvalidTag:
            raise SealError(
                "a conversation key cannot be opened with this master key; check GUILDHALL_MASTER_KEY or the key file"
            ) from None

    def unwrap(self, wrapped: bytes, owner: str, under: bytes = b"") -> AESGCM:
        """The key ready for use. Raises SealError."""
        return AESGCM(self.key_of(wrapped, owner, under))

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

    def _over(self, under: bytes) -> AESGCM:
        return AESGCM(under) if under else self._master


def decode_master_key(text: str) -> bytes:
    """Base64 text as key bytes. Raises ConfigurationError."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise ConfigurationError(
            "the master key is not base64.", file="GUILDHALL_MASTER_KEY", fix="Give the base64 of 32 random bytes."
        ) from None
