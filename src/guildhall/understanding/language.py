"""What language an utterance is in: script, then hashed character n-grams, then the words only one language has.

Short or neutral words (`ok`, `council tax`, a postcode) decide nothing: they keep the conversation's language, else the one
chosen on the page, else English. Method: linear classification of character n-grams, after Joulin et al. 2016
(arXiv 1607.01759), with weights trained on sentences of ours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from guildhall.understanding.linear import LinearModel, softmax
from guildhall.understanding.normalise import read
from guildhall.understanding.scripts import script_of
from guildhall.understanding.words import fold, listed, words_of
from guildhall.vocabulary.languages import Language, LanguageGuess, Script

UNSUPPORTED: Final = "other"
_SURE: Final = 0.75
_ENOUGH: Final = 0.55
_WORD_WEIGHT: Final = 1.6
NEUTRAL: Final = listed(
    "ok okay council tax counciltax pcn bin bins blue badge benefit benefits housing universal credit uc pip esa ni nhs hmrc "
    "dwp gp school no email e mail phone mobile tel www http https com uk co org example gov id pin sms whatsapp facebook "
    "parking ticket permit online form pdf app hello hi hey ok bye street road lane avenue close drive court house flat way "
    "st rd ave crescent square place park hill gardens terrace mr mrs ms miss dr sim visa passport guildhall bus taxi job "
    "centre jobcentre citizen advice landlord deposit rent recycling am pm mon tue wed thu fri sat sun jan feb mar apr jun "
    "jul aug sep oct nov dec max min a i o e u"
)


@dataclass(frozen=True, slots=True)
class LanguageModels:
    """`model` has labels such as `en`, `pl`, `ur-latin`, `other`. `words` lists words that tell a label apart, folded."""

    model: LinearModel
    words: Mapping[str, frozenset[str]]


class LanguageRecogniser:
    """Recognises the language of utterances. Pure; about a tenth of a millisecond each."""

    def __init__(self, models: LanguageModels) -> None:
        self._model = models.model
        self._labels = models.model.labels
        self._by_script = {
            script: np.array([_script_of_label(label) == script or label == UNSUPPORTED for label in self._labels])
            for script in ("latin", "arabic", "gurmukhi")
        }
        self._telling: dict[str, list[int]] = {}
        for label, telling in models.words.items():
            if label not in self._labels:
                continue
            for word in telling:
                self._telling.setdefault(fold(word), []).append(self._labels.index(label))

    def recognise(self, text: str, hint: str = "", history: Sequence[str] = ()) -> LanguageGuess:
        """The language of `text`.

        `hint` is the conversation's language or the one chosen on the page; `history` holds earlier utterances, newest last,
        and is asked only when there is no hint.
        """
        fallback = self._fallback(hint, history)
        reading = read(text[:2000]).text
        script, share = script_of(reading)
        if script == "":
            return LanguageGuess(fallback, confidence=0.3)
        if script == "other":
            return LanguageGuess(fallback, confidence=share, supported=False)
        words = [w.folded for w in words_of(reading)]
        evidence = [w for w in words if w not in NEUTRAL and not any(c.isdigit() for c in w)]
        if script == "gurmukhi":
            return LanguageGuess(Language.PUNJABI, confidence=share)
        if not evidence:
            return LanguageGuess(fallback, confidence=0.3)
        return self._weighed(reading, script, evidence, fallback)

    def _weighed(self, reading: str, script: str, evidence: Sequence[str], fallback: Language) -> LanguageGuess:
        scores = self._model.ngram_scores(self._model.hashing.indexes(reading))
        for word in evidence:
            for place in self._telling.get(word, ()):
                scores[place] += _WORD_WEIGHT / len(self._telling[word])
        scores = np.where(self._by_script[script], scores, -1e9).astype(np.float32)
        chances = softmax(scores)
        best = int(chances.argmax())
        label, chance = self._labels[best], float(chances[best])
        told = any(word in self._telling for word in evidence)
        if label == UNSUPPORTED:
            sure = chance >= _SURE and len(evidence) >= 3
            return LanguageGuess(fallback, confidence=chance, supported=not sure)
        language = Language(label.split("-")[0])
        letters = sum(len(w) for w in evidence)
        if language != fallback and not told and (letters < 8 or len(evidence) < 2 or chance < _ENOUGH):
            return LanguageGuess(fallback, confidence=0.4)
        if language != fallback and told and chance < 0.4:
            return LanguageGuess(fallback, confidence=0.4)
        return LanguageGuess(language, Script.LATIN if label.endswith("-latin") else Script.NATIVE, chance)

    def _fallback(self, hint: str, history: Sequence[str]) -> Language:
        if hint in set(Language):
            return Language(hint)
        for utterance in reversed(history):
            earlier = self.recognise(utterance)
            if earlier.supported and earlier.confidence > 0.4:
                return earlier.language
        return Language.ENGLISH


def _script_of_label(label: str) -> str:
    if label.endswith("-latin"):
        return "latin"
    if label in ("ar", "ur", "ps") or label.endswith("-arabic"):
        return "arabic"
    return "gurmukhi" if label == "pa" else "latin"
