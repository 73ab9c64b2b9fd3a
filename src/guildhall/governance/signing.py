"""Signatures of people: Ed25519 keys that stay with the person, and the exact text that is signed.

What is signed names the change, both packs and the digests of the reports, so that any other byte makes another text.
"""

import base64
import hashlib
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from guildhall.vocabulary.errors import RefusedError

READABLE_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def canonical_json(data: Mapping[str, Any]) -> str:
    """One text for equal data: sorted keys, no spaces."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(text: str) -> str:
    """SHA-256 (hex) of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def make_key(path: Path, passphrase: str = "") -> str:
    """Write a new private key, readable by its owner only, and give the public key. Never writes over a file."""
    key = Ed25519PrivateKey.generate()
    sealed: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        sealed = serialization.BestAvailableEncryption(passphrase.encode())
    text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealed)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
    except FileExistsError:
        raise RefusedError(f"{path}: there is a file already, and a key is never written over; choose another name") from None
    except OSError as error:
        raise RefusedError(f"{path}: the key cannot be written there: {error.strerror}") from None
    return public_key_of(key)


def read_key(path: Path, passphrase: str = "") -> Ed25519PrivateKey:
    """The private key in a file. Raises RefusedError saying what is wrong with it."""
    try:
        if path.stat().st_mode & READABLE_BY_OTHERS:
            raise RefusedError(
                f"{path}: others can read this key; close it with `chmod 600 {path}`, and enrol again if it was open for long"
            )
        key = serialization.load_pem_private_key(path.read_bytes(), passphrase.encode() if passphrase else None)
    except OSError as error:
        raise RefusedError(f"{path}: the key cannot be read: {error.strerror}") from None
    except TypeError:
        wrong = "it has no passphrase, and one was given" if passphrase else "it is protected by a passphrase; give it"
        raise RefusedError(f"{path}: {wrong}") from None
    except ValueError:
        raise RefusedError(f"{path}: this is not a private key, or the passphrase is wrong") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise RefusedError(f"{path}: this is another kind of key; the board's keys are Ed25519, as `guildhall board enrol` makes them")
    return key


def is_protected(path: Path) -> bool:
    """Whether a key file needs a passphrase."""
    try:
        return b"ENCRYPTED" in path.read_bytes()[:200]
    except OSError:
        return False


def public_key_of(key: Ed25519PrivateKey) -> str:
    """The public key, as the board keeps it."""
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def sign(key: Ed25519PrivateKey, text: str) -> str:
    """The signature of a text, in base64."""
    return base64.b64encode(key.sign(text.encode())).decode()


def verifies(public_key: str, text: str, signature: str) -> bool:
    """Whether the signature is that key's, over exactly that text."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
