"""A call without a telephone: what is played, what is written down, what is kept."""

import asyncio
import json
import wave
from collections.abc import Sequence
from pathlib import Path

import pytest

from guildhall.bootstrap.phone_transcript import Line
from guildhall.bootstrap.phone_trying import CallerFile, Step, Tried, script_of, try_call
from guildhall.bootstrap.phone_wiring import NOBODY_WAITS, embedded_of
from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.phone import Failover, Phone
from guildhall.channels.phone.ports import TransferTarget
from guildhall.channels.phone.speech import Grammar, Heard, Listening, SpeechToText
from guildhall.councils.loading import load_council
from guildhall.providers.speech.grammar_ear import GrammarEar
from guildhall.providers.speech.worker_pool import PoolLimits
from guildhall.settings import Settings
from guildhall.vocabulary.errors import GuildhallError
from tests.channels.phone.fakes import FakeEar, FakeHouse, FakeVoice, PlainDialogue


def tried(caller: CallerFile, folder: Path, shown: list[Line] | None = None, ear: SpeechToText | None = None) -> tuple[Tried, FakeHouse]:
    house = FakeHouse()
    phone = Phone(
        house=house, hearing=ear or FakeEar([]), voice=FakeVoice(), detector=lambda: lambda _: True, dialogue=lambda _: PlainDialogue(),
        notice=(Spoken("I am a computer.", interruptible=False),),
        failover=Failover(TransferTarget("sip:duty@127.0.0.1"), {"en": Spoken("Wait, please.")}, {"en": Spoken("Please ring again.")}),
        transfer_to=lambda route: TransferTarget(route.number), new_id=lambda kind: f"{kind}_1",
    )  # fmt: skip
    show = (lambda _: None) if shown is None else shown.append
    return asyncio.run(try_call(phone, script_of(caller, folder, ear is None), folder / "kept", show, told=ear is None)), house


def test_what_the_caller_says_is_heard_as_it_stands_and_everything_is_written_down(tmp_path: Path) -> None:
    shown: list[Line] = []
    call, house = tried(CallerFile(steps=(Step(say="When is my bin collected?"),)), tmp_path, shown)
    assert house.asked == ["When is my bin collected?"]
    assert call.transcript.said("caller") == ["When is my bin collected?"]
    assert call.transcript.said("assistant") == ["I am a computer.", "What can I do for you?", "It is emptied on Tuesday."]
    kept = json.loads(call.files[0].read_text("utf-8"))
    assert [line["text"] for line in kept] == [line.text for line in shown]
    assert "caller     When is my bin collected?" in call.files[1].read_text("utf-8")
    assert [line["at"] for line in kept] == sorted(line["at"] for line in kept)


def test_the_recording_has_the_caller_on_the_left_and_us_on_the_right(tmp_path: Path) -> None:
    call, _ = tried(CallerFile(steps=(Step(say="Hello?"),)), tmp_path)
    with wave.open(str(call.recording)) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, 8000)
        assert file.getnframes() / 8000 == pytest.approx(call.seconds, abs=0.1)


def test_keys_are_pressed_and_a_transfer_is_told(tmp_path: Path) -> None:
    call, house = tried(CallerFile(steps=(Step(keys="0"),), advisers=("busy",)), tmp_path)
    assert house.persons == ["0"]
    assert call.transferred_to == ("01632960100",)
    texts = [line.text for line in call.transcript.lines]
    assert "presses 0" in texts and "transfer: busy" in texts


def test_a_caller_may_wait_and_hang_up(tmp_path: Path) -> None:
    call, house = tried(CallerFile(steps=(Step(wait=3.0, say="Bins"), Step(hang_up=True))), tmp_path)
    assert house.asked == ["Bins"]
    assert call.transcript.lines[-1].text.endswith("ended") or call.transcript.lines[-1].text == "hangs up"


def test_a_recording_that_is_none_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "question.wav").write_bytes(b"no sound")
    with pytest.raises(GuildhallError, match=r"question\.wav: is no wav file.*sox question\.wav"):
        script_of(CallerFile(steps=(Step(wav="question.wav"),)), tmp_path)


class SlowEar(FakeEar):
    """Takes a second of the clock on the wall to open, and one to understand: as long as hundreds of seconds of a tried call."""

    async def open(self, language: str, grammar: Grammar | None, hints: Sequence[str] = ()) -> Listening:
        await asyncio.sleep(1.0)
        listening = await super().open(language, grammar, hints)
        finish = listening.finish

        async def slowly() -> Heard:
            await asyncio.sleep(1.0)
            return await finish()

        listening.finish = slowly  # type: ignore[method-assign]
        return listening


def test_a_slow_machine_makes_a_tried_call_longer_and_not_deaf(tmp_path: Path) -> None:
    call, house = tried(CallerFile(steps=(Step(say="When is my bin collected?"),)), tmp_path, ear=SlowEar(["bins"]))
    assert house.asked == ["bins"] and call.seconds < 30
    ear = embedded_of(Settings(), load_council(Path("councils"), "avonmere", Path("var/cache/yaml")), NOBODY_WAITS).ears[0]
    assert isinstance(ear, GrammarEar) and ear.limits.answer_seconds >= 20 * PoolLimits().answer_seconds
