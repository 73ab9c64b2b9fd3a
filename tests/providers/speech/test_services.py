"""Each networked service against a double that behaves, and against one that does not."""

import asyncio
import json
import logging
import re
from typing import Any

import numpy as np
import pytest
import structlog

from guildhall.channels.phone.ports import RATE
from guildhall.channels.phone.speech import SpeechError, TellsPartial
from guildhall.providers.speech.limits import Limits
from guildhall.providers.speech.openai_http import openai_voice
from guildhall.providers.telephony.g711 import Law, decode
from guildhall.testing.speech.conformance import YES_OR_NO, check_ear, check_hears, check_voice
from guildhall.testing.speech.http_server import SECONDS_A_WORD, SpeechHttpServer, tone
from guildhall.testing.speech.socket_server import SpeechSocketServer, base64_events, binary_results
from guildhall.testing.speech.trouble import Trouble
from tests.providers.speech.services import (
    EARS,
    HEARING,
    PATIENT,
    QUICK,
    SECRET,
    SPEAKING,
    VOICES,
    EarCase,
    VoiceCase,
    deepgram_at,
    hearing,
    realtime_at,
    speaking,
    speech_at,
)

SAID = tone(1.0, RATE)
HTTP_TROUBLES = [trouble for trouble in Trouble if trouble not in (Trouble.NONE, Trouble.NOTHING, Trouble.REPORTS_ERROR)]
SOCKET_TROUBLES = [trouble for trouble in Trouble if trouble not in (Trouble.NONE, Trouble.NOTHING)]
EAR_TROUBLES = [(case, trouble) for case in EARS for trouble in (HTTP_TROUBLES if case.name == "openai" else SOCKET_TROUBLES)]
named = pytest.mark.parametrize("case", EARS, ids=lambda case: case.name)
voiced = pytest.mark.parametrize("case", VOICES, ids=lambda case: case.name)


async def hear(ear: Any, language: str = "en", grammar: Any = None) -> Any:
    listening = await ear.open(language, grammar, ("Avonmere", "bulky waste"))
    try:
        for at in range(0, len(SAID), 320):
            await listening.feed(SAID[at : at + 320])
            await asyncio.sleep(0)
        return await listening.finish()
    except asyncio.CancelledError:
        await listening.cancel()
        raise


@named
def test_every_ear_conforms(case: EarCase) -> None:
    async def go() -> None:
        async with hearing(case) as (ear, server):
            await check_ear(ear, "en")
            await check_hears(ear, SAID, "en", None, "when is my bin day")
            server.says = "Yes, please."
            await check_hears(ear, SAID, "en", YES_OR_NO, "yes, please", "yes")
            assert [seen.faults for seen in server.seen if seen.faults] == []

    asyncio.run(go())


@voiced
def test_every_voice_conforms(case: VoiceCase) -> None:
    async def go() -> None:
        async with speaking(case) as (voice, _):
            sound = await check_voice(voice, "en")
            assert len(sound) / 2 / RATE == pytest.approx(6 * SECONDS_A_WORD, abs=0.01)

    asyncio.run(go())


@pytest.mark.parametrize(("case", "trouble"), EAR_TROUBLES, ids=lambda one: getattr(one, "name", one))
def test_an_ear_in_trouble_fails_in_time_and_lets_go(case: EarCase, trouble: Trouble, caplog: pytest.LogCaptureFixture) -> None:
    async def go() -> SpeechHttpServer | SpeechSocketServer:
        async with hearing(case, QUICK, trouble=trouble, says="my secret illness") as (ear, server):
            with pytest.raises(SpeechError) as error:
                await asyncio.wait_for(hear(ear), 5)
            assert "secret" not in str(error.value) and SECRET not in str(error.value)
            assert error.value.__cause__ is None  # what the service said is not carried along
        return server

    with caplog.at_level(logging.DEBUG):
        server = asyncio.run(go())
    assert (server.seen and server.seen[-1].closed) or trouble in (Trouble.TOO_MANY, Trouble.FAILS, Trouble.NO_ENTRY, Trouble.ELSEWHERE)
    assert "secret" not in caplog.text and SECRET not in caplog.text


@voiced
@pytest.mark.parametrize("trouble", [*HTTP_TROUBLES, Trouble.NOTHING])
def test_a_voice_in_trouble_fails_in_time_and_lets_go(case: VoiceCase, trouble: Trouble, caplog: pytest.LogCaptureFixture) -> None:
    async def go() -> None:
        async with speaking(case, QUICK, trouble=trouble) as (voice, _):
            with pytest.raises(SpeechError) as error:
                async with asyncio.timeout(8):
                    _ = [piece async for piece in voice.speak("Your illness is secret.", "en")]
            assert "secret" not in str(error.value)

    with caplog.at_level(logging.DEBUG):
        asyncio.run(go())
    assert "secret" not in caplog.text and SECRET not in caplog.text


@named
def test_nothing_understood_is_no_error(case: EarCase) -> None:
    async def go() -> None:
        async with hearing(case, trouble=Trouble.NOTHING) as (ear, _):
            assert (await hear(ear)).text == ""

    asyncio.run(go())


@named
def test_giving_up_closes_the_connection(case: EarCase) -> None:
    async def go() -> None:
        async with hearing(case, trouble=Trouble.STALLS) as (ear, server):
            waiting = asyncio.create_task(hear(ear))
            while not server.seen:
                await asyncio.sleep(0.005)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            async with asyncio.timeout(2):
                while not server.seen[-1].closed:
                    await asyncio.sleep(0.005)

    asyncio.run(go())


@pytest.mark.parametrize("case", EARS[1:], ids=lambda case: case.name)
def test_a_forgotten_connection_is_closed_all_the_same(case: EarCase) -> None:
    async def go() -> None:
        async with hearing(case, Limits(utterance_seconds=0.1)) as (ear, server):
            listening = await ear.open("en", None)
            await listening.feed(SAID)
            async with asyncio.timeout(2):
                while not (server.seen and server.seen[-1].closed):
                    await asyncio.sleep(0.005)
            with pytest.raises(SpeechError):
                await listening.feed(SAID)

    asyncio.run(go())


@named
def test_who_speaks_without_end_is_stopped(case: EarCase) -> None:
    async def go() -> None:
        async with hearing(case, Limits(most_heard_seconds=1.0)) as (ear, _):
            listening = await ear.open("en", None)
            with pytest.raises(SpeechError, match="too long"):
                for _ in range(60):
                    await listening.feed(bytes(320))
            await listening.cancel()

    asyncio.run(go())


def test_two_callers_are_heard_each_for_themselves() -> None:
    async def go() -> None:
        for case in EARS:
            async with hearing(case) as (ear, server):
                first, second = await asyncio.gather(hear(ear), hear(ear))
                assert first.text == second.text == "when is my bin day"
                assert len(server.seen) == 2

    asyncio.run(go())


def test_a_transcription_is_asked_for_with_language_hints_and_a_wav_file() -> None:
    async def go() -> None:
        async with hearing(EARS[0]) as (ear, server):
            heard = await hear(ear, "pl", YES_OR_NO)
            body = server.seen[0].body
            fields = dict(re.findall(rb'name="(\w+)"\r\n\r\n([^\r]*)\r\n', body))
            assert (fields[b"model"], fields[b"language"], fields[b"response_format"]) == (b"a-model", b"pl", b"json")
            assert fields[b"prompt"] == b"Avonmere, bulky waste, yes, yes please, no, no thanks."
            assert b'filename="utterance.wav"\r\nContent-Type: audio/wav' in body and body.count(SAID) == 1
            assert server.seen[0].headers["authorization"] == f"Bearer {SECRET}"
            assert heard.provider == "openai" and heard.means == ""

    asyncio.run(go())


@pytest.mark.parametrize(("sends", "rate"), [("pcm", 24_000), ("wav", 22_050), ("endless-wav", 16_000), ("wav", 48_000)])
def test_speech_at_any_rate_comes_out_at_the_phone_s(sends: str, rate: int) -> None:
    async def go() -> None:
        async with SpeechHttpServer(rate=rate, sends=sends) as server:
            voice = openai_voice(speech_at(server.url, sends.removeprefix("endless-")), SPEAKING, PATIENT)
            pieces = [piece async for piece in voice.speak("one two three four", "en", 0.8)]
            await voice.close()
            sound = np.frombuffer(b"".join(pieces), np.int16)
            assert len(sound) == pytest.approx(RATE, abs=3) and len(pieces) > 3
            crossings = int(np.sum(np.diff(np.signbit(sound).astype(int)) != 0))
            assert crossings == pytest.approx(800, abs=4)  # 400 Hz
            asked = json.loads(server.seen[0].body)
            assert asked == {
                "model": "a-voice-model",
                "voice": "alloy",
                "input": "one two three four",
                "response_format": sends[-3:],
                "speed": 0.8,
            }

    asyncio.run(go())


def test_two_channels_are_refused() -> None:
    async def go() -> None:
        async with SpeechHttpServer(sends="stereo") as server:
            voice = openai_voice(speech_at(server.url, "wav"), SPEAKING, PATIENT)
            with pytest.raises(SpeechError, match="one channel of 16-bit PCM is right"):
                _ = [piece async for piece in voice.speak("one two", "en")]
            await voice.close()

    asyncio.run(go())


def test_no_answer_is_waited_for_from_a_server_that_is_not_there() -> None:
    async def go() -> None:
        for case in EARS:
            ear = case.ear("http://127.0.0.1:9", PATIENT)
            with pytest.raises(SpeechError, match="could not be"):
                await hear(ear)
            await ear.close()

    asyncio.run(go())


@pytest.mark.parametrize(("coding", "law"), [("alaw", Law.A), ("mulaw", Law.MU)])
def test_deepgram_and_realtime_get_the_phone_s_own_coding(coding: str, law: Law) -> None:
    async def go() -> None:
        async with SpeechSocketServer(binary_results) as server:
            await hear(deepgram_at(server.url, coding).ear(HEARING, PATIENT))
            heard = bytes(server.seen[0].sound)
        async with SpeechSocketServer(base64_events) as server:
            await hear(realtime_at(server.url, coding).ear(HEARING, PATIENT))
            assert bytes(server.seen[0].sound) == heard
        near = decode(heard, law).astype(int) - np.frombuffer(SAID, np.int16)
        assert len(near) == RATE and np.abs(near).max() < 200

    asyncio.run(go())


def test_realtime_gets_wide_sound_where_it_takes_no_telephone_s() -> None:
    async def go() -> None:
        async with SpeechSocketServer(base64_events) as server:
            await hear(realtime_at(server.url, "linear16").ear(HEARING, PATIENT))
            assert len(server.seen[0].sound) == pytest.approx(48_000, abs=8)
            assert server.seen[0].messages == ["session.update", "input_audio_buffer.append", "input_audio_buffer.commit"]

    asyncio.run(go())


def test_deepgram_is_kept_alive_while_nothing_is_said_and_told_when_all_is() -> None:
    async def go() -> None:
        async with SpeechSocketServer(binary_results) as server:
            limits = Limits(keep_alive_seconds=0.02)
            listening = await deepgram_at(server.url).ear(HEARING, limits).open("en", None, ("bulky waste",))
            while not server.seen or "KeepAlive" not in server.seen[0].messages:
                await asyncio.sleep(0.005)
            await listening.feed(SAID)
            heard = await listening.finish()
            assert (heard.text, heard.confidence, heard.provider) == ("when is my bin day", 0.75, "deepgram")
            assert server.seen[0].messages[-2:] == ["sound", "Finalize"] or server.seen[0].messages[-1] == "CloseStream"
            assert "keyterm=bulky+waste" in server.seen[0].path and "mip_opt_out=true" in server.seen[0].path
            assert "language=en-GB" in server.seen[0].path and server.seen[0].headers["authorization"] == f"Token {SECRET}"

    asyncio.run(go())


def test_what_is_understood_so_far_can_be_read() -> None:
    async def go() -> None:
        async with SpeechSocketServer(binary_results) as server:
            listening = await deepgram_at(server.url).ear(HEARING, PATIENT).open("en", None)
            assert isinstance(listening, TellsPartial)
            await listening.feed(SAID)
            async with asyncio.timeout(2):
                while listening.partial != "when is":
                    await asyncio.sleep(0.005)
            await listening.cancel()

    asyncio.run(go())


def test_azure_reads_a_sentence_and_never_markup() -> None:
    async def go() -> None:
        async with speaking(VOICES[1]) as (voice, server):
            text = "Fees & <break time='9s'/> \x00 \"charges\""
            _ = [piece async for piece in voice.speak(text, "pl", 0.8)]
            seen = server.seen[0]
            body = seen.body.decode()
            assert '<prosody rate="-20%">Fees &amp; &lt;break time=\'9s\'/&gt;  "charges"</prosody>' in body
            assert 'xml:lang="pl-PL"' in body and 'name="pl-PL-ZofiaNeural"' in body
            assert seen.headers["x-microsoft-outputformat"] == "raw-8khz-16bit-mono-pcm"
            assert seen.headers["ocp-apim-subscription-key"] == SECRET

    asyncio.run(go())


def test_errors_in_the_log_name_the_service_and_nothing_else() -> None:
    async def go() -> None:
        async with hearing(EARS[1], QUICK, trouble=Trouble.REPORTS_ERROR, says="my secret") as (ear, _):
            with pytest.raises(SpeechError, match=r"reports an error: server_error$"):
                await hear(ear)

    with structlog.testing.capture_logs() as logs:
        asyncio.run(go())
    assert "secret" not in str(logs)
