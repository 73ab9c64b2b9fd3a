"""Each dialect with messages as the supplier's own documentation writes them."""

import base64
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.channels.phone.ports import FRAME_BYTES
from guildhall.providers.telephony.g711 import Law, encode
from guildhall.providers.telephony.streams.dialect import (
    Began,
    DialectError,
    KeyCame,
    MarkCame,
    SoundCame,
    Stopped,
    dialects,
    read_dialects,
)
from guildhall.testing.media_gateway import tone

FRAME = tone(0.02)
CODED = encode(np.frombuffer(FRAME, np.int16), Law.MU)
PAYLOAD = base64.b64encode(CODED).decode()


@dataclass(frozen=True)
class Spoken:
    """What a supplier sends, and what it expects of us."""

    start: dict[str, Any]
    began: Began
    sound: dict[str, Any] | bytes
    key: dict[str, Any]
    said: dict[str, Any] | bytes
    clear: dict[str, Any]
    mark: tuple[dict[str, Any], dict[str, Any]] | None = None
    stop: dict[str, Any] | None = None
    nothing: dict[str, Any] | None = None


SPOKEN = {
    "twilio": Spoken(
        {
            "event": "start",
            "sequenceNumber": "1",
            "streamSid": "MZ18ad3ab5a668481ce02b83e7395059f0",
            "start": {
                "accountSid": "AC123",
                "streamSid": "MZ18ad3ab5a668481ce02b83e7395059f0",
                "callSid": "CA123",
                "tracks": ["inbound"],
                "customParameters": {"token": "t"},
                "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            },
        },
        Began("CA123", "MZ18ad3ab5a668481ce02b83e7395059f0", "t"),
        {"event": "media", "sequenceNumber": "3", "streamSid": "MZ1", "media": {"track": "inbound", "chunk": "1", "payload": PAYLOAD}},
        {"event": "dtmf", "streamSid": "MZ1", "sequenceNumber": "5", "dtmf": {"track": "inbound_track", "digit": "1"}},
        {"event": "media", "streamSid": "S", "media": {"payload": PAYLOAD}},
        {"event": "clear", "streamSid": "S"},
        (
            {"event": "mark", "streamSid": "S", "mark": {"name": "m1"}},
            {"event": "mark", "sequenceNumber": "4", "streamSid": "S", "mark": {"name": "m1"}},
        ),
        {"event": "stop", "sequenceNumber": "5", "streamSid": "S", "stop": {"accountSid": "AC123", "callSid": "CA123"}},
        {"event": "media", "media": {"track": "outbound", "payload": PAYLOAD}},
    ),
    "telnyx": Spoken(
        {
            "event": "start",
            "sequence_number": "1",
            "stream_id": "32DE0DEA",
            "start": {
                "call_control_id": "v2:T02",
                "from": "+441632960123",
                "to": "+441632960100",
                "media_format": {"encoding": "PCMU", "sample_rate": 8000, "channels": 1},
            },
        },
        Began("v2:T02", "32DE0DEA", "", "+441632960123", "+441632960100"),
        {"event": "media", "sequence_number": "4", "media": {"track": "inbound", "chunk": "2", "payload": PAYLOAD}, "stream_id": "3"},
        {"event": "dtmf", "stream_id": "3", "sequence_number": "5", "dtmf": {"digit": "1"}},
        {"event": "media", "media": {"payload": PAYLOAD}},
        {"event": "clear"},
        ({"event": "mark", "mark": {"name": "m1"}}, {"event": "mark", "sequence_number": "4", "stream_id": "3", "mark": {"name": "m1"}}),
        {"event": "stop", "sequence_number": "5", "stop": {"call_control_id": "v2:T02"}, "stream_id": "3"},
        {"event": "connected", "version": "1.0.0"},
    ),
    "vonage": Spoken(
        {"event": "websocket:connected", "content-type": "audio/l16;rate=8000", "call": "c1", "caller": "441632960123"},
        Began("c1", "", "", "441632960123"),
        FRAME,
        {"event": "websocket:dtmf", "digit": "1", "duration": 260},
        FRAME,
        {"action": "clear"},
        ({"action": "notify", "payload": {"name": "m1"}}, {"event": "websocket:notify", "payload": {"name": "m1"}}),
        None,
        {"event": "websocket:cleared"},
    ),
    "jambonz": Spoken(
        {"callSid": "c1", "from": "441632960123", "to": "441632960100", "sampleRate": 8000, "mixType": "mono"},
        Began("c1", "", "", "441632960123", "441632960100"),
        FRAME,
        {"event": "dtmf", "dtmf": "1", "duration": "1600"},
        FRAME,
        {"type": "killAudio"},
    ),
    "audiocodes": Spoken(
        {
            "type": "session.initiate",
            "conversationId": "c1",
            "expectAudioMessages": True,
            "botName": "council",
            "caller": "+441632960123",
            "supportedMediaFormats": ["raw/lpcm16", "raw/mulaw"],
        },
        Began("c1", "c1", "", "+441632960123", "council"),
        {"type": "userStream.chunk", "conversationId": "c1", "audioChunk": PAYLOAD},
        {"type": "activities", "conversationId": "c1", "activities": [{"type": "event", "name": "DTMF", "value": "1"}]},
        {"type": "playStream.chunk", "streamId": "1", "audioChunk": PAYLOAD},
        {"type": "playStream.stop", "streamId": "1"},
        None,
        {"type": "session.end", "conversationId": "c1", "reasonCode": "client-disconnected"},
        {"type": "activities", "activities": [{"type": "event", "name": "start"}]},
    ),
}


def sent(message: dict[str, Any] | bytes) -> str | bytes:
    return message if isinstance(message, bytes) else json.dumps(message)


def test_every_dialect_is_spoken_here() -> None:
    assert set(SPOKEN) == set(dialects())


@pytest.mark.parametrize("name", SPOKEN)
def test_what_the_supplier_says_is_understood(name: str) -> None:
    dialect, spoken = dialects()[name], SPOKEN[name]
    assert dialect.read(sent(spoken.start), begun=False) == spoken.began
    came = dialect.read(sent(spoken.sound), begun=True)
    assert isinstance(came, SoundCame) and len(came.sound) == FRAME_BYTES
    assert np.abs(np.frombuffer(came.sound, np.int16) - np.frombuffer(FRAME, np.int16)).max() < 300
    assert dialect.read(sent(spoken.key), begun=True) == KeyCame("1")
    if spoken.mark:
        assert dialect.read(sent(spoken.mark[1]), begun=True) == MarkCame("m1")
    if spoken.stop:
        assert dialect.read(sent(spoken.stop), begun=True) == Stopped()
    if spoken.nothing:
        assert dialect.read(sent(spoken.nothing), begun=True) is None


@pytest.mark.parametrize("name", SPOKEN)
def test_what_we_say_is_what_the_supplier_understands(name: str) -> None:
    dialect, spoken = dialects()[name], SPOKEN[name]
    said = dialect.sound(FRAME, "S", 1)
    assert (said if isinstance(said, bytes) else json.loads(said)) == spoken.said
    assert json.loads(dialect.said("clear", stream="S", count="1")) == spoken.clear
    assert dialect.gives_marks_back == (spoken.mark is not None)
    if spoken.mark:
        assert json.loads(dialect.said("mark", stream="S", mark="m1")) == spoken.mark[0]


def test_the_dialect_that_waits_for_answers_gets_them() -> None:
    dialect = dialects()["audiocodes"]
    assert json.loads(dialect.answer('{"type": "session.initiate"}')) == {"type": "session.accepted", "mediaFormat": "raw/mulaw"}
    assert json.loads(dialect.answer('{"type": "userStream.start"}')) == {"type": "userStream.started"}
    assert dialect.answer('{"type": "userStream.chunk"}') == ""
    wish = json.loads(dialect.said("transfer", target="tel:01632960200", reference="ABCD-2345"))
    assert wish["activities"][0]["activityParams"]["transferTarget"] == "tel:01632960200"


LEAF = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.just("media"), st.just("start"), st.just(PAYLOAD))
NAMES = st.sampled_from(
    ["event", "type", "media", "payload", "track", "start", "callSid", "dtmf", "digit", "activities", "audioChunk", "x"]
)
MESSAGES = st.recursive(
    LEAF, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)), max_leaves=12
)


@pytest.mark.parametrize("name", SPOKEN)
@given(message=st.one_of(st.binary(max_size=64), st.text(max_size=64), MESSAGES.map(json.dumps)), begun=st.booleans())
def test_whatever_comes_is_a_message_or_is_said_to_be_none(name: str, message: str | bytes, begun: bool) -> None:
    dialect = dialects()[name]
    try:
        dialect.read(message, begun)
        if isinstance(message, str):
            dialect.answer(message)
    except DialectError:
        pass


def test_a_fault_in_the_data_is_told_with_what_would_be_right() -> None:
    with pytest.raises(DialectError, match="smoke: colour is no part of a dialect; answers, hears"):
        read_dialects("smoke: {colour: red, sound: {coding: mulaw}}")
    with pytest.raises(DialectError, match="smoke: the sound's coding is 'morse'; it can be alaw, linear, mulaw"):
        read_dialects("smoke: {kind: event, sound: {coding: morse, carried: base64}, hears: {}, says: {}}")
