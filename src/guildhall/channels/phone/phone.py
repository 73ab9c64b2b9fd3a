"""What a call session is given: the house, ears, a voice, words, and where callers go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from guildhall.channels.phone.house import PersonRoute, TalksToHouse
from guildhall.channels.phone.moves import Dialogue, Spoken
from guildhall.channels.phone.ports import CallLeg, CallTap, TransferTarget
from guildhall.channels.phone.speech import SpeechToText, TextToSpeech
from guildhall.channels.phone.voice_activity import IsSpeech


@dataclass(frozen=True, slots=True)
class Failover:
    """Where a caller goes when anything of ours fails: configured, pre-rendered, and needing nothing of the house.

    `words` are said while the adviser's phone rings; `nobody`, which holds the numbers to ring, when it is not answered. Both by language, English always there.
    """

    target: TransferTarget
    words: Mapping[str, Spoken]
    nobody: Mapping[str, Spoken]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The key by which a caller refuses to be recorded, while the notice is said and a moment longer, and what they hear then."""

    key: str
    words: Spoken


@dataclass(frozen=True)
class Phone:
    """What a call session is given."""

    house: TalksToHouse
    hearing: SpeechToText
    voice: TextToSpeech
    detector: Callable[[], IsSpeech]
    """A new detector of speech, for one call: such a detector remembers what it heard."""
    dialogue: Callable[[CallLeg], Dialogue]
    notice: tuple[Spoken, ...]
    """That a machine answers, and what is kept: at most four seconds."""
    failover: Failover
    transfer_to: Callable[[PersonRoute], TransferTarget]
    new_id: Callable[[str], str]
    payment: TransferTarget | None = None
    """The council's payment line."""
    transfer_mode: Literal["bridge", "refer"] = "bridge"
    language: str = "en"
    """What a call begins in."""
    version: str = ""
    """Of the configuration, for the record of each change of state."""
    tap: Callable[[CallLeg], CallTap | None] = field(default=lambda _: None)
    """What else takes in the sound of a call, such as a recording; None when nothing does."""
    refusal: Refusal | None = None
    """None where callers are not recorded, or cannot refuse it."""
    records_people: bool = False
    """Whether a recording goes on when a person has the call."""
    steady: bool = False
    """For simulated calls with real speech: time stands still while something is worked out, so that a slow machine changes nothing."""
