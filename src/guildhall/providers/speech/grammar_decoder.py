"""Hears one small grammar at a time: pocketsphinx with its own English model, and bare sounds beside the grammar for whatever else is said.

An engine that knows a grammar only finds its phrases in anything. So every single sound of English may stand anywhere too, at a price: words
that are in no phrase come out as bare sounds, and `share` is how much of the speech was words of the grammar after all. A wrong answer is
worse than "I did not catch that". Runs in a speech worker, never in the process that carries sound.
"""

import tempfile
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pocketsphinx import Decoder, get_model_path

from guildhall.providers.speech.wideband import trimmed, widened

MODEL: Final = "en-us/en-us"
SOUNDS: Final = (
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH", "IH", "IY", "JH", "K", "L", "M", "N", "NG",
    "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH", "+SPN+", "+NSN+",
)  # fmt: skip
BARE: Final = "++"
PRICE: Final = 1e-8
"""How likely each bare sound is. Higher rejects more of what was meant, lower takes more of what was not; see `tests/phone/test_grammar_floors.py`."""
PAUSE: Final = 0.05
MOST_GRAMMARS: Final = 48


@dataclass(frozen=True, slots=True)
class Decoded:
    """What was decoded: words of the grammar, and which share of the speech they are."""

    text: str
    share: float


class GrammarDecoder:
    """One decoder, with the grammars it has been given lately."""

    def __init__(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            noises = Path(folder) / "sounds.dict"
            noises.write_text(_noises(), "ascii")
            self._decoder: Any = Decoder(
                lm=None, dict=None, fdict=str(noises), hmm=get_model_path(MODEL), loglevel="FATAL", fillprob=PRICE, silprob=PAUSE, lw=1.0
            )
        self._words: set[str] = set()
        self._grammars: OrderedDict[str, None] = OrderedDict()

    def has(self, name: str) -> bool:
        """Whether a grammar needs not be sent again."""
        return name in self._grammars

    def learn(self, name: str, jsgf: str, sounds: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Keep a grammar ready; the one that was not used for longest makes room."""
        self._learn(sounds)
        self._decoder.add_jsgf_string(name, jsgf)
        self._decoder.activate_search(name)
        self._grammars[name] = None
        while len(self._grammars) > MOST_GRAMMARS:
            self._decoder.remove_search(self._grammars.popitem(last=False)[0])

    def hear(self, name: str, sound: bytes) -> Decoded:
        """What of a grammar was said."""
        self._grammars.move_to_end(name)
        speech = trimmed(sound)
        if not speech:
            return Decoded("", 0.0)
        decoder = self._decoder
        decoder.activate_search(name)
        decoder.start_utt()
        decoder.process_raw(widened(speech), full_utt=True)
        decoder.end_utt()
        parts = [(part.word, part.end_frame - part.start_frame + 1) for part in decoder.seg()] if decoder.hyp() is not None else []
        words = [(word.partition("(")[0], frames) for word, frames in parts if not word.startswith(("<", BARE))]
        bare = sum(frames for word, frames in parts if word.startswith(BARE))
        said = sum(frames for _, frames in words)
        return Decoded(" ".join(word for word, _ in words), said / (said + bare) if said else 0.0)

    def _learn(self, sounds: Sequence[tuple[str, Sequence[str]]]) -> None:
        new = [
            (word if number == 0 else f"{word}({number + 1})", phones)
            for word, ways in sounds
            if word not in self._words
            for number, phones in enumerate(ways)
        ]
        for at, (word, phones) in enumerate(new, 1):
            self._decoder.add_word(word, phones, at == len(new))
        self._words.update(word for word, _ in sounds)


def _noises() -> str:
    """The engine's list of noises that may stand anywhere: silence, and every sound there is."""
    each = "".join(f"{BARE}{sound.strip('+').lower()}{BARE} {sound}\n" for sound in SOUNDS)
    return f"<s> SIL\n</s> SIL\n<sil> SIL\n{each}"
