"""Messages that are JSON objects, read without trust."""

import json
from typing import Any

from guildhall.channels.phone.speech import SpeechError


def object_of(message: str | bytes) -> dict[str, Any]:
    """The object of a text message. Raises SpeechError."""
    try:
        found = json.loads(message)
    except (ValueError, RecursionError):
        raise SpeechError("the service sent a message that is not JSON") from None
    if not isinstance(found, dict):
        raise SpeechError("the service sent a message that is not a JSON object")
    return found


def text_of(found: dict[str, Any], key: str) -> str:
    """A text of an object. Raises SpeechError."""
    text = found.get(key, "")
    if not isinstance(text, str):
        raise SpeechError(f"the service's `{key}` is no text")
    return text


def code_of(found: dict[str, Any], *keys: str) -> str:
    """A short code of an error, fit for a log: never a sentence, which may hold what was said."""
    for key in keys:
        code = found.get(key)
        if isinstance(code, str) and code.replace("_", "").replace("-", "").isalnum() and len(code) <= 60:
            return code
    return "no code"
