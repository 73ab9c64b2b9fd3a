"""Tries a call without a telephone: a caller from words, keys or a recording, through the session, dialogue, house and speech of a real one."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from guildhall.bootstrap.phone_exchange import Exchange
from guildhall.bootstrap.phone_transcript import Line, Transcript, WrittenEar, WrittenHouse, WrittenVoice
from guildhall.channels.phone.phone import Phone
from guildhall.channels.phone.ports import RATE, TransferOutcome
from guildhall.channels.phone.speech import Grammar, Heard, Hearing, Listening
from guildhall.providers.telephony.caller_voice import read, say
from guildhall.providers.telephony.simulator import Call, CallerStep, HangsUp, Presses, Says, Script, SimulatedGateway, Waits
from guildhall.vocabulary.languages import Language

AFTER_A_REPLY: Final = Waits(0.8, for_reply=True)
"""Callers speak when they think that it is their turn."""
AT_LAST: Final = Waits(5.0, for_reply=True)
"""Whoever has nothing more to say still waits to see whether a phone that rings is answered."""


class Step(BaseModel):
    """One thing that the caller does: exactly one of these. Without a `wait` it is done when what was said to them has ended."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    say: str = ""
    keys: Annotated[str, Field(pattern=r"^[0-9*#]*$")] = ""
    wav: str = ""
    wait: float | Literal["reply"] | None = None
    hang_up: bool = False


class CallerFile(BaseModel):
    """A caller's script: `steps`, and what becomes of each transfer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: str = "01632960123"
    dialled: str = "01632960100"
    steps: tuple[Step, ...] = Field(min_length=1)
    advisers: tuple[Literal["connected", "busy", "no_answer"], ...] = ()


def script_of(caller: CallerFile, folder: Path, told: bool = True) -> Script:
    """What the simulated gateway plays. Raises GuildhallError for a recording that cannot be read."""
    steps: list[CallerStep] = []
    for step in caller.steps:
        if isinstance(step.wait, float):
            steps.append(Waits(step.wait))
        else:
            steps.append(AFTER_A_REPLY)
        if step.say:
            steps.append(Says(say(step.say, rustle=told), step.say))
        if step.wav:
            steps.append(Says(read(folder / step.wav)))
        if step.keys:
            steps.append(Presses(step.keys))
        if step.hang_up:
            steps.append(HangsUp())
    steps.append(AT_LAST)
    return Script(
        steps, caller.number, caller.dialled, [TransferOutcome(outcome) for outcome in caller.advisers] or [TransferOutcome.CONNECTED] * 9
    )


@dataclass
class ToldEar:
    """Hears what the script says that the caller says: for trying the dialogue where no ear can hear every word."""

    texts: deque[str]
    name: str = "script"
    hearing: Hearing = field(default_factory=lambda: Hearing(frozenset(language.value for language in Language), open_vocabulary=True))

    async def open(self, language: str, grammar: Grammar | None, hints: Sequence[str] = ()) -> Listening:
        """The next thing that is said."""
        return _Told(self)


@dataclass
class _Told:
    ear: ToldEar

    async def feed(self, sound: bytes) -> None:
        pass

    async def finish(self) -> Heard:
        text = self.ear.texts.popleft() if self.ear.texts else ""
        return Heard(text, provider=self.ear.name)

    async def cancel(self) -> None:
        pass


@dataclass(frozen=True)
class Tried:
    """What a tried call left."""

    recording: Path
    transcript: Transcript
    files: tuple[Path, Path]
    seconds: float
    transferred_to: tuple[str, ...]


async def try_call(phone: Phone, script: Script, folder: Path, show: Callable[[Line], None], pace: float = 0.0, told: bool = True) -> Tried:
    """Play the call and write down what became of it. With `told` the ear is told what the caller says."""
    calls: list[Call] = []
    transcript = Transcript(lambda: len(calls[0].heard_by_caller) / (2 * RATE) if calls else 0.0, show)
    script = replace(script, playing=lambda step: _played(step, transcript, told))
    gateway = SimulatedGateway([script], pace)
    ear = ToldEar(deque(step.text for step in script.steps if isinstance(step, Says))) if told else phone.hearing
    wired = replace(
        phone,
        house=WrittenHouse(phone.house, transcript),
        hearing=WrittenEar(ear, transcript),
        voice=WrittenVoice(phone.voice, transcript),
        detector=(lambda: lambda _: True) if told else phone.detector,
        steady=True,
    )
    calls = gateway.calls
    await gateway.serve(Exchange(wired).take)
    return _kept(calls[0], transcript, folder)


def _played(step: CallerStep, transcript: Transcript, told: bool) -> None:
    """What the caller does. What they say is written down when it was heard, unless it may be heard wrongly."""
    if isinstance(step, Presses):
        transcript.add("caller", f"presses {step.keys}", "keys")
    elif isinstance(step, HangsUp):
        transcript.add("caller", "hangs up", "end")
    elif isinstance(step, Says) and not told:
        transcript.add("caller", f"says: {step.text or 'a recording'}", "said")


def _kept(call: Call, transcript: Transcript, folder: Path) -> Tried:
    folder.mkdir(parents=True, exist_ok=True)
    recording = folder / "call.wav"
    call.write(recording)
    return Tried(recording, transcript, transcript.write(folder), transcript.clock(), tuple(target.address for target in call.transfers))
