"""multilingual-e5-small, tuned to understanding: what hears the nine languages beside English.

The lower layers are as published; those above `SHARED` are tuned to signals and services (`tuning.py`). The word table stays in the
package's file, four bits a weight, and only the rows of the words at hand are unpacked, so that it costs no memory.
"""

import hashlib
import tempfile
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from guildhall.providers.embeddings import e5_package
from guildhall.providers.embeddings.branched import read_tuned
from guildhall.providers.embeddings.e5_package import WIDTH
from guildhall.providers.embeddings.remembered import Remembered
from guildhall.providers.embeddings.running import GraphRunner, quantise
from guildhall.providers.embeddings.tuning import LONGEST, Published, normed
from guildhall.vocabulary.errors import ConfigurationError

GRAPH_VERSION: Final = 1
LAYERS: Final = 12
SHARED: Final = 8
"""0-based index of the last layer that stays as published."""
MAX_TOKENS: Final = 128
FEATURES: Final = 2 * WIDTH


class TunedE5:
    """Reads texts of a hundred languages, remembering the latest `remembered` of them. Opened at the first use, which takes two seconds.

    `features` takes n texts and returns float32 (n, 768): the mean and the maximum over tokens; texts are cut at 128 tokens.
    Raises ConfigurationError without the tuned weights, ProviderError when the model cannot run.
    """

    def __init__(
        self, models_dir: Path, tuned: Path, *, threads: int = 0, remembered: int = 4096, say: Callable[[str], None] = lambda _: None
    ) -> None:
        if not tuned.exists():
            raise ConfigurationError(
                "the tuned weights of the multilingual encoder are missing.",
                file=tuned,
                fix="Restore the file, or run `guildhall train signals`.",
            )
        self._models_dir, self._tuned, self._threads, self._say = models_dir, tuned, threads, say
        self._rows = Remembered(remembered, np.float16)
        self._runner: GraphRunner | None = None
        self._opening = threading.Lock()

    def prepare(self) -> Path:
        """Make the graph where it is not made yet, and give its path."""
        return _prepare(self._models_dir, self._tuned, self._say)

    def open(self) -> None:
        """Make ready: the graph and the vocabulary."""
        with self._opening:
            if self._runner is None:
                tokenizer()
                self._runner = GraphRunner(self.prepare(), self._threads)

    def features(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Features of the texts, in their order. No texts give shape (0, 768)."""
        known = self._rows.known(texts)
        if missing := [text for text in dict.fromkeys(texts) if text not in known]:
            self.open()
            assert self._runner is not None
            feeds = [{"states": states_of(tokens)} for tokens in tokens_of(missing, MAX_TOKENS)]
            made = {text: row for text, (row,) in zip(missing, self._runner.run(feeds, ["tuned"]), strict=True)}
            self._rows.add(made)
            known.update({text: row.astype(np.float16) for text, row in made.items()})
        return np.array([known[text] for text in texts], np.float32).reshape(len(texts), FEATURES)


@lru_cache(maxsize=1)
def tokenizer() -> Any:
    """The vocabulary, ready to cut words: SentencePiece's unigram model (Kudo 2018, arXiv 1804.10959)."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    pieces = e5_package.open_package().pieces
    made: Any = Tokenizer(models.Unigram(pieces.pieces, unk_id=pieces.unknown))
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always", split=True)
    return made


def tokens_of(texts: Sequence[str], longest: int) -> list[list[int]]:
    """Token ids of each text, at most `longest`, the marks of beginning and end included."""
    pieces = e5_package.open_package().pieces
    plain = [" ".join(text.translate(pieces.spelt).split()) for text in texts]
    encoded = tokenizer().encode_batch_fast(plain, add_special_tokens=False)
    return [[pieces.begin, *found.ids[: longest - 2], pieces.end] for found in encoded]


def states_of(tokens: Sequence[int]) -> NDArray[np.float32]:
    """What the first layer is given: words and places added up and normed, float32 (1, length, 384)."""
    places, weight, bias = _embedding()
    return normed(e5_package.open_package().word_vectors(np.array(tokens)) + places[: len(tokens)], weight, bias)[None]


@lru_cache(maxsize=1)
def _embedding() -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    kept = e5_package.open_package().embedding()
    return kept["embeddings.positions"], kept["embeddings.LayerNorm.weight"], kept["embeddings.LayerNorm.bias"]


def _prepare(models_dir: Path, tuned: Path, say: Callable[[str], None]) -> Path:
    """The int8 graph; made on first use, then only found."""
    digest = hashlib.sha256(tuned.read_bytes()).hexdigest()[:12]
    target = models_dir / f"multilingual-e5-small.tuned.int8.v{GRAPH_VERSION}.{digest}.onnx"
    if not target.exists():
        say("Preparing the multilingual encoder (once, about 10 seconds)…")
        _make(models_dir, tuned, target)
    return target


def _make(models_dir: Path, tuned: Path, target: Path) -> None:
    import onnx

    from guildhall.providers.embeddings.bert_graph import Shape, feature_encoder

    package = e5_package.open_package()
    models_dir.mkdir(parents=True, exist_ok=True)
    weights = {name: value for index in range(SHARED + 1) for name, value in package.layer(index).items()} | read_tuned(tuned)
    with tempfile.TemporaryDirectory(dir=models_dir) as scratch:
        plain, small = Path(scratch) / "float.onnx", Path(scratch) / "int8.onnx"
        onnx.save(feature_encoder(weights, Shape(package.layers, package.heads, MAX_TOKENS, package.epsilon), WIDTH), str(plain))
        quantise(plain, small)
        small.replace(target)


def published() -> Published:
    """The network as published: where tuning begins."""
    package = e5_package.open_package()

    def states(texts: Sequence[str]) -> list[NDArray[np.float32]]:
        return [states_of(tokens)[0] for tokens in tokens_of(texts, LONGEST)]

    return Published(WIDTH, package.heads, SHARED + 1, range(SHARED + 1, LAYERS), states, package.layer)
