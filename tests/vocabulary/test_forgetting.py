"""Every cache of words forgets at once, and can be asked whether it did."""

import re
from pathlib import Path

import numpy as np

from guildhall.providers.embeddings.remembered import Remembered
from guildhall.vocabulary.forgetting import forget_words, remembered, remembering


def test_functions_and_caches_forget_together() -> None:
    @remembering(10)
    def doubled(text: str) -> str:
        return text * 2

    rows = Remembered(10)
    rows.add({"my canary sings": np.zeros(3, np.float32)})
    doubled("canary")
    assert doubled("canary") == "canarycanary"
    assert remembered("canary") == 2
    assert forget_words() >= 2
    assert remembered("canary") == 0
    assert rows.known(["my canary sings"]) == {}


ALLOWED = {
    "vocabulary/forgetting.py": "it is the mechanism",
    "answers/reading.py": "public passages",
    "answers/intent.py": "headings of public pages",
    "understanding/redaction.py": "the council's own numbers",
    "providers/embeddings/e5_package.py": "the model",
    "providers/embeddings/multilingual.py": "the model",
    "providers/embeddings/minilm.py": "the model",
    "bootstrap/knowledge.py": "the models",
    "bootstrap/governance.py": "the detectors",
    "bootstrap/evidence.py": "files of the repository",
    "assurance/rendering.py": "the papers' stylesheet",
    "understanding/detectors/phrase_pattern.py": "the words of phrases",
    "storage/advisers.py": "queues and languages that advisers serve",
    "providers/telephony/g711.py": "the tables of the standard",
    "providers/telephony/tones.py": "the ringing tone",
    "providers/telephony/streams/dialect.py": "suppliers' dialects",
    "providers/speech/dictionary.py": "the words of the speech model",
    "providers/speech/phone_band.py": "filters",
    "providers/speech/sound.py": "filters",
    "simulation/phrases.py": "our own made-up words",
    "value/ledger/benefit.py": "the shape of a benefit",
    "storage/analysis/keeping.py": "the digest of our own program",
    "storage/analysis/shelf.py": "the shapes of figures",
}


def test_no_cache_of_words_is_left_out() -> None:
    """A plain lru_cache is for what nobody said; whoever adds one says what it holds."""
    plain = {
        path.relative_to("src/guildhall").as_posix()
        for path in Path("src/guildhall").rglob("*.py")
        if re.search(r"@(functools\.)?(lru_cache|cache)\b", path.read_text("utf-8"))
    }
    assert plain - set(ALLOWED) == set()
