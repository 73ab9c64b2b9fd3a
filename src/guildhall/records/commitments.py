"""Commitments: they pin down what was recorded without saying anything about it.

A bare hash of personal data can be guessed from a list of likely values. A commitment is HMAC-SHA256 under a random salt of its
own: while the salt is kept beside the data, anybody who holds both can check it; once the salt is destroyed with the data, the
commitment is 32 bytes of noise, and the log that holds it still verifies.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

SALT_BYTES: Final = 32


def commitment(salt: bytes, data: bytes) -> str:
    """The commitment to some bytes, as hex."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return hmac.digest(salt, data, hashlib.sha256).hex()


def opens(committed: str, salt: bytes, data: bytes) -> bool:
    """Whether the salt and the bytes are those that were committed to, compared in constant time."""
    return hmac.compare_digest(committed, commitment(salt, data))


def as_stored(content: Mapping[str, Any]) -> str:
    """Facts or words as the JSON text that is stored, and that a commitment is made over."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
