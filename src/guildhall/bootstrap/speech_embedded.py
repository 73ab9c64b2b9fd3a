"""What hears and speaks on this machine without a network: the last links of the phone's chains. What is not installed is not there."""

from collections.abc import Mapping

from guildhall.bootstrap.speech import Embedded
from guildhall.channels.phone.speech import TextToSpeech
from guildhall.providers.speech import espeak
from guildhall.providers.speech.grammar_ear import GrammarEar
from guildhall.providers.speech.prompt_pack import PromptPack
from guildhall.providers.speech.prompt_voice import PromptVoice
from guildhall.providers.speech.recorded_over import RecordedOver
from guildhall.providers.speech.rendered import RenderedVoice
from guildhall.providers.speech.worker_pool import PoolLimits, WorkerPool


def embedded_speech(packs: Mapping[str, PromptPack] | None = None, limits: PoolLimits | None = None) -> Embedded:
    """The embedded services that are installed, with a council's recordings over them. The workers start when the first caller speaks; `limits`
    says what they may cost, and when they are too slow for a caller."""
    packs = packs or {}
    voices: list[TextToSpeech] = []
    spoken: frozenset[str] = frozenset()
    if (voice := espeak.installed()) is not None:
        spoken = voice.speaking.languages
        voices.append(RecordedOver(RenderedVoice(voice), packs))
    if only_recorded := {language: pack for language, pack in packs.items() if language not in spoken}:
        voices.append(PromptVoice(only_recorded))
    return Embedded(ears=(GrammarEar(WorkerPool(limits)),), voices=voices)
