"""A voice with recordings over it: what somebody has recorded is played, everything else is spoken."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass

from guildhall.channels.phone.speech import Speaking, TextToSpeech
from guildhall.providers.speech.prompt_pack import PromptPack
from guildhall.providers.speech.prompt_voice import pieces
from guildhall.providers.speech.rendered import RenderedVoice


@dataclass(frozen=True)
class RecordedOver:
    """One voice in the place of another."""

    voice: TextToSpeech
    packs: Mapping[str, PromptPack]

    @property
    def name(self) -> str:
        """As the voice below is called."""
        return self.voice.name

    @property
    def speaking(self) -> Speaking:
        """What the voice below can say."""
        return self.voice.speaking

    async def speak(self, text: str, language: str, rate: float = 1.0) -> AsyncIterator[bytes]:
        """Sound, piece by piece. Raises SpeechError."""
        pack = self.packs.get(language)
        sound = pack.sounds.get(text.strip()) if pack and rate == 1.0 else None
        if sound is not None:
            for piece in pieces(sound):
                yield piece
            return
        async for piece in self.voice.speak(text, language, rate):
            yield piece

    async def prepare(self, sentences: Iterable[tuple[str, str]]) -> None:
        """Have ready what will be said, as text and language, where the voice below keeps what it said."""
        if isinstance(self.voice, RenderedVoice):
            await self.voice.prepare((text, language) for text, language in sentences if not self._recorded(text, language))

    def _recorded(self, text: str, language: str) -> bool:
        pack = self.packs.get(language)
        return pack is not None and text.strip() in pack.sounds
