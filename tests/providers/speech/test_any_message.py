"""Whatever a service sends: text comes of it, nothing, or SpeechError, so that a call never fails over a supplier's mistake."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from guildhall.channels.phone.speech import SpeechError
from guildhall.providers.speech.azure import AzureUtterance
from guildhall.providers.speech.deepgram import DeepgramUtterance
from guildhall.providers.speech.openai_realtime import RealtimeTranscription
from guildhall.providers.speech.socket_ear import Dialect, Done, Partial, between, taken_from
from tests.providers.speech.services import NOON

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = (
    "type", "item_id", "delta", "transcript", "error", "code", "channel", "alternatives", "confidence", "is_final", "from_finalize",
    "RecognitionStatus", "NBest", "Display", "Confidence", "Text", "DisplayText",
)  # fmt: skip
KINDS = (
    "Results", "Metadata", "Error", "error", "conversation.item.input_audio_transcription.delta",
    "conversation.item.input_audio_transcription.completed", "conversation.item.input_audio_transcription.failed",
)  # fmt: skip
OBJECTS = st.dictionaries(st.sampled_from(NAMES), st.sampled_from((*KINDS, "Success", "NoMatch")) | PLAIN, max_size=6)
PATHS = st.sampled_from(["speech.phrase", "speech.hypothesis", "turn.end", "turn.start", "other"])


def dialects() -> list[Dialect]:
    return [
        RealtimeTranscription("ws://127.0.0.1", {}, "m", "en", ()),
        DeepgramUtterance("ws://127.0.0.1", {}),
        AzureUtterance("ws://127.0.0.1", {}, (), "0" * 32, lambda: NOON),
    ]


def check(message: str | bytes) -> None:
    for dialect in dialects():
        try:
            taken = taken_from(dialect, message)
        except SpeechError:
            continue
        assert taken is None or (isinstance(taken, Partial | Done) and isinstance(taken.text, str))


@given(OBJECTS | PLAIN, PATHS)
def test_any_json_is_survived(found: Any, path: str) -> None:
    text = json.dumps(found)
    check(text)
    check(f"Path: {path}\r\nX-RequestId: 0\r\n\r\n{text}")


@given(st.floats())
def test_a_confidence_lies_between_nought_and_one(given_number: float) -> None:
    assert 0.0 <= between(given_number) <= 1.0


def test_a_message_nested_without_end_is_survived() -> None:
    check("[" * 200_000)
    check(f"Path: speech.phrase\r\n\r\n{'[' * 200_000}")


@given(st.text(max_size=40) | st.binary(max_size=40))
def test_any_bytes_are_survived(message: str | bytes) -> None:
    check(message)
