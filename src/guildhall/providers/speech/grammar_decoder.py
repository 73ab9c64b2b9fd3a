"""Hears one small grammar at a time: pocketsphinx with its own English model, and then a second look at what it found.

An engine that knows a grammar only finds its phrases in anything. So what it found is decoded again, alone, with every single sound of
English beside it at a price: where other words were said, bare sounds fit better. `share` is how much of the speech was the phrase after
all. A wrong answer is worse than "I did not catch that". One or two words fit much that was not said, so those are looked at a third time,
with bare sounds for next to nothing: `sure` is the share that is left of them. Runs in a speech worker, never in the process that carries sound.
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
STRICT_PRICE: Final = 1e-3
"""The same for the third look: words that were meant mostly stand it, words that were not mostly do not; `python -m benchmarks.phone_words` counts."""
SHORT_WORDS: Final = 2
NARROWER: Final = {"beam": 1e-35, "pbeam": 1e-35, "wbeam": 1e-25}
"""Fewer hopeless paths are followed than the engine would by itself: a fifth less time, and nothing lost on the callers of the tests."""
PAUSE: Final = 0.05
MOST_GRAMMARS: Final = 48
SECOND: Final = "second"


@dataclass(frozen=True, slots=True)
class Decoded:
    """What was decoded: words of the grammar, which share of the speech they are, and which when one or two are looked at strictly."""

    text: str
    share: float
    sure: float


NOTHING: Final = Decoded("", 0.0, 0.0)


class GrammarDecoder:
    """One decoder, with the grammars it has been given lately."""

    def __init__(self) -> None:
        model = get_model_path(MODEL)
        self._grammar: Any = Decoder(lm=None, dict=None, hmm=model, loglevel="FATAL", **NARROWER)
        with tempfile.TemporaryDirectory() as folder:
            noises = Path(folder) / "sounds.dict"
            noises.write_text(_noises(), "ascii")
            self._second: Any = Decoder(
                lm=None, dict=None, fdict=str(noises), hmm=model, loglevel="FATAL", fillprob=PRICE, silprob=PAUSE, lw=1.0
            )
        self._words: set[str] = set()
        self._grammars: OrderedDict[str, None] = OrderedDict()

    def has(self, name: str) -> bool:
        """Whether a grammar needs not be sent again."""
        return name in self._grammars

    def learn(self, name: str, jsgf: str, sounds: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Keep a grammar ready; the one that was not used for longest makes room."""
        self._learn(sounds)
        self._grammar.add_jsgf_string(name, jsgf)
        self._grammar.activate_search(name)
        self._grammars[name] = None
        while len(self._grammars) > MOST_GRAMMARS:
            self._grammar.remove_search(self._grammars.popitem(last=False)[0])

    def hear(self, name: str, sound: bytes) -> Decoded:
        """What of a grammar was said."""
        self._grammars.move_to_end(name)
        speech = trimmed(sound)
        if not speech:
            return NOTHING
        wide = widened(speech)
        self._grammar.activate_search(name)
        found = _words(_decode(self._grammar, wide))
        return self._looked_at_again(found, wide) if found else NOTHING

    def _looked_at_again(self, found: str, wide: bytes) -> Decoded:
        """How much of it was really said."""
        share = self._share(found, wide, PRICE)
        short = share and len(found.split()) <= SHORT_WORDS
        return Decoded(found, share, self._share(found, wide, STRICT_PRICE) if short else share) if share else NOTHING

    def _share(self, found: str, wide: bytes, price: float) -> float:
        """Which share of the speech a phrase is beside bare sounds at a price; 0 when it is none of it."""
        self._second.config["fillprob"] = price
        self._second.add_jsgf_string(SECOND, f"#JSGF V1.0;\ngrammar second;\npublic <heard> = [{found}];\n")
        self._second.activate_search(SECOND)
        parts = _decode(self._second, wide)
        if _words(parts) != found:
            return 0.0
        bare = sum(frames for word, frames in parts if word.startswith(BARE))
        said = sum(frames for word, frames in parts if not word.startswith(("<", BARE)))
        return said / (said + bare)

    def _learn(self, sounds: Sequence[tuple[str, Sequence[str]]]) -> None:
        new = [
            (word if number == 0 else f"{word}({number + 1})", phones)
            for word, ways in sounds
            if word not in self._words
            for number, phones in enumerate(ways)
        ]
        for at, (word, phones) in enumerate(new, 1):
            self._grammar.add_word(word, phones, at == len(new))
            self._second.add_word(word, phones, at == len(new))
        self._words.update(word for word, _ in sounds)


def _noises() -> str:
    """The engine's list of noises that may stand anywhere: silence, and every sound there is."""
    each = "".join(f"{BARE}{sound.strip('+').lower()}{BARE} {sound}\n" for sound in SOUNDS)
    return f"<s> SIL\n</s> SIL\n<sil> SIL\n{each}"


def _decode(decoder: Any, wide: bytes) -> list[tuple[str, int]]:
    """The words and noises in a piece of sound, each with its number of frames."""
    decoder.start_utt()
    decoder.process_raw(wide, full_utt=True)
    decoder.end_utt()
    return [(part.word, part.end_frame - part.start_frame + 1) for part in decoder.seg()] if decoder.hyp() is not None else []


def _words(parts: list[tuple[str, int]]) -> str:
    """The words of a grammar in it, without the number of a pronunciation."""
    return " ".join(word.partition("(")[0] for word, _ in parts if not word.startswith(("<", "[", BARE)))
