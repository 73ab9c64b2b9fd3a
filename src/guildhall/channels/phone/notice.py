"""The notice that a call begins with: that a machine answers, and what is kept. It cannot be cut off, so it must be short; that is measured."""

from collections.abc import Iterable
from typing import Final

from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.ports import RATE
from guildhall.channels.phone.speech import TextToSpeech

LONGEST_SECONDS: Final = 4.0


class NoticeTooLongError(Exception):
    """Nobody may be made to listen for so long before they can speak."""


async def notice_seconds(voice: TextToSpeech, notice: Iterable[Spoken]) -> float:
    """How long the notice takes in this voice; rendering it also keeps it ready where a voice keeps what it said. Raises SpeechError."""
    heard = 0
    for spoken in notice:
        async for piece in voice.speak(spoken.text, spoken.language):
            heard += len(piece) // 2
    return heard / RATE


async def check_notice(voice: TextToSpeech, notice: Iterable[Spoken]) -> float:
    """As `notice_seconds`; raises NoticeTooLongError when it takes longer than a caller may be made to listen."""
    seconds = await notice_seconds(voice, notice)
    if seconds > LONGEST_SECONDS:
        raise NoticeTooLongError(
            f"The notice at the beginning of a call takes {seconds:.1f} seconds in the voice {voice.name}. It cannot be cut off, so it may take "
            f"{LONGEST_SECONDS:.0f} at most: say in fewer words that a machine answers and what is kept."
        )
    return seconds
