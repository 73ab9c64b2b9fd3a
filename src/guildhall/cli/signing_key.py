"""Reads the private key a person signs with. The key stays with the person; nothing here keeps it."""

import stat
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guildhall.vocabulary.errors import RefusedError


def read_signing_key(path: Path, passphrase: str = "") -> Ed25519PrivateKey:
    """The Ed25519 key of a PEM file. Raises RefusedError saying what is wrong with it."""
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise RefusedError(f"{path}: others can read this key; close it with `chmod 600 {path}`")
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), passphrase.encode() if passphrase else None)
    except TypeError:
        raise RefusedError(f"{path}: the key has a passphrase and none was given, or the other way round") from None
    except ValueError:
        raise RefusedError(f"{path}: this is not a private key, or the passphrase is wrong") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise RefusedError(f"{path}: this is another kind of key; the board's keys are Ed25519")
    return key
