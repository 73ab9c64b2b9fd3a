"""The voice of recorded wording: says what somebody has recorded, and nothing else. For Pashto and Somali it is the only one."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from guildhall.channels.phone.speech import Speaking, SpeechError
from guildhall.providers.speech.prompt_pack import PromptPack

PIECE_BYTES: Final = 3200
NAME: Final = "recorded"


@dataclass(frozen=True)
class PromptVoice:
    """Plays recordings. What is not recorded it cannot say, and the next voice of the chain is asked."""

    packs: Mapping[str, PromptPack]
    name: str = NAME

    @property
    def speaking(self) -> Speaking:
        """The languages in which all the wording is recorded: half of it is no voice."""
        complete = frozenset(language for language, pack in self.packs.items() if pack.complete)
        return Speaking(complete, on_premises=True, recorded=complete)

    async def speak(self, text: str, language: str, rate: float = 1.0) -> AsyncIterator[bytes]:
        """Sound, piece by piece. A recording has its own pace. Raises SpeechError when the sentence is not recorded."""
        pack = self.packs.get(language)
        sound = pack.sounds.get(text.strip()) if pack else None
        if sound is None:
            raise SpeechError(f"recorded: this sentence is not among the recordings in {language!r}")
        for piece in pieces(sound):
            yield piece


def pieces(sound: bytes) -> Iterator[bytes]:
    """A fifth of a second each."""
    for at in range(0, len(sound), PIECE_BYTES):
        yield sound[at : at + PIECE_BYTES]
