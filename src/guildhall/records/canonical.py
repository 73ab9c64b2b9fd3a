"""Canonical bytes: one value, one spelling, so that a hash of it means something.

A strict part of RFC 8785 (JSON Canonicalization Scheme): objects with sorted keys, arrays, strings, whole numbers, true, false
and null, in UTF-8 with no spaces. A float is refused: two programs need not write it alike.
"""

import json
from typing import Any, Final

from guildhall.vocabulary.errors import GuildhallError

LARGEST: Final = 2**53 - 1  # beyond it a reader that knows only floating numbers would see another number

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class CanonicalError(GuildhallError):
    """A value has no canonical form, or bytes are not in it; the message says where and why."""


def canonical(value: Any) -> bytes:
    """The canonical bytes of a value. Raises CanonicalError."""
    return _ENCODER.encode(_checked(value, "$")).encode()


def parse_canonical(data: bytes) -> Any:
    """The value of canonical bytes; any other spelling of the same value is refused. Raises CanonicalError."""
    try:
        value = json.loads(data)
    except ValueError as error:
        raise CanonicalError(f"these bytes are not JSON in UTF-8: {error}") from None
    if canonical(value) != data:
        raise CanonicalError("this JSON is not in canonical form: keys in order, no spaces, no needless escapes, each key once")
    return value


def _checked(value: Any, where: str) -> Any:
    """The same value with its keys in order, or an error that names the place."""
    if isinstance(value, str):
        return _text(value, where)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise CanonicalError(f"{where}: the whole number {value} is beyond ±{LARGEST}; write it as a string")
        return value
    if isinstance(value, dict):
        return _object(value, where)
    if isinstance(value, list | tuple):
        return [_checked(item, f"{where}[{index}]") for index, item in enumerate(value)]
    remedy = "give a whole number or a string" if isinstance(value, float) else "give a string, whole number, boolean, null, list or object"
    raise CanonicalError(f"{where}: a {type(value).__name__} has no canonical form; {remedy}")


def _object(value: dict[Any, Any], where: str) -> dict[str, Any]:
    for key in value:
        if not isinstance(key, str):
            raise CanonicalError(f"{where}: the key {key!r} is not a string")
        _text(key, f"{where}.{key}")
    ordered = sorted(value, key=lambda key: key.encode("utf-16-be"))  # RFC 8785 orders by UTF-16 units
    return {key: _checked(value[key], f"{where}.{key}") for key in ordered}


def _text(text: str, where: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise CanonicalError(f"{where!r}: half a character (a lone surrogate) cannot be written in UTF-8") from None
    return text
