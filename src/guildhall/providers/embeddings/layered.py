"""The same MiniLM, in one run giving the sentence vector for search and what the detectors read.

The last layer of a sentence encoder forgets how things are said; the layers below still know (Tenney et al. 2019,
arXiv 1905.05950). So the mean of every layer is given too, and, from committed weights, two layers tuned to signals that branch
off below the last two (`guildhall train signals`). The sentence vectors are those of `MiniLmEmbedder`: either may be compared.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from guildhall.providers.embeddings import minilm

LAYERS: Final = 6
BRANCH: Final = 3
"""0-based index of the last layer that search and signals share."""
TUNED: Final = (10, 11)
"""What the tuned layers are called in their weights, so that they clash with none of the published ones."""
_REMEMBERED: Final = 4096
Vector = NDArray[np.float32]


class LayeredMiniLm:
    """Embeds English texts, remembering the latest few thousand.

    `embed` takes n texts and returns float32 (n, 384) of length 1 each; `read` returns those and float32 (n, m): the mean over
    tokens of each of six layers (2304) and, with `tuned` weights, the mean and the maximum of the tuned layers (768).
    Raises ProviderError when the model cannot run.
    """

    width: int = minilm.WIDTH

    def __init__(
        self, models_dir: Path, *, tuned: Path | None = None, threads: int = 0, say: Callable[[str], None] = lambda _: None
    ) -> None:
        folder = minilm.model_folder()
        digest = minilm._weights_digest(folder, models_dir)
        self.identity = f"all-MiniLM-L6-v2.int8.v{minilm.GRAPH_VERSION}@{digest}"
        self._outputs = ["vectors", "layers", "tuned"] if tuned else ["vectors", "layers"]
        self._encoder = minilm.Encoder(folder, _prepare(folder, models_dir, digest, tuned, say), threads)
        self._vectors: OrderedDict[str, Vector] = OrderedDict()
        self._features: OrderedDict[str, NDArray[np.float16]] = OrderedDict()
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Sentence vectors of the texts, in their order. No texts give shape (0, 384)."""
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:  # only what is asked for is computed: the branch of the detectors costs nothing here
            made = {text: vector for text, (vector,) in zip(missing, self._encoder.run(missing, ["vectors"]), strict=True)}
            known.update(made)
            self._remember(self._vectors, made)
        return np.array([known[text] for text in texts], np.float32).reshape(len(texts), minilm.WIDTH)

    def read(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Sentence vectors (n, 384) and features (n, m) of the texts, in their order."""
        with self._lock:
            known = {
                text: (self._vectors[text], self._features[text]) for text in texts if text in self._features and text in self._vectors
            }
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            made = {
                text: (vector, np.concatenate(rest).astype(np.float16))
                for text, (vector, *rest) in zip(missing, self._encoder.run(missing, self._outputs), strict=True)
            }
            known.update(made)
            self._remember(self._vectors, {text: vector for text, (vector, _) in made.items()})
            self._remember(self._features, {text: features for text, (_, features) in made.items()})
        if not texts:
            return np.empty((0, minilm.WIDTH), np.float32), np.empty((0, 0), np.float32)
        pairs = [known[text] for text in texts]
        return np.array([v for v, _ in pairs], np.float32), np.array([f for _, f in pairs], np.float32)

    def _remember(self, kept: OrderedDict[str, Any], made: dict[str, Any]) -> None:
        with self._lock:
            kept.update(made)
            while len(kept) > _REMEMBERED:
                kept.popitem(last=False)


def _prepare(folder: Path, models_dir: Path, digest: str, tuned: Path | None, say: Callable[[str], None]) -> Path:
    """The int8 graph with all outputs; made on first use, then only found."""
    import tempfile

    branch = f".{hashlib.sha256(tuned.read_bytes()).hexdigest()[:12]}" if tuned else ""
    target = models_dir / f"all-minilm-l6-v2.layered.int8.v{minilm.GRAPH_VERSION}.{digest}{branch}.onnx"
    if not target.exists():
        say("Preparing the embedding model (once, about 10 seconds)…")
        models_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=models_dir) as scratch:
            plain, layered, small = (Path(scratch) / f"{name}.onnx" for name in ("plain", "layered", "int8"))
            minilm.build_float_graph(folder, plain)
            _with_layers(plain, layered, read_tuned(tuned) if tuned else {})
            minilm._quantise(layered, small)
            small.replace(target)
    return target


def read_tuned(path: Path) -> dict[str, NDArray[np.float32]]:
    """The tuned layers' weights, as published weights are laid out: kernels (outputs, inputs), from int8 and one scale an output."""
    with np.load(path, allow_pickle=False) as kept:
        return {
            name: kept[name].astype(np.float32) * (kept[f"{name}:scale"] if f"{name}:scale" in kept.files else np.float32(1))
            for name in kept.files
            if not name.endswith(":scale")
        }


def write_tuned(path: Path, weights: dict[str, NDArray[np.float32]]) -> None:
    """Keep tuned weights small: kernels as int8 with one scale an output, the rest as they are."""
    kept: dict[str, NDArray[Any]] = {}
    for name, value in weights.items():
        if value.ndim == 2:
            scale = np.maximum(np.abs(value).max(axis=1, keepdims=True), 1e-9) / np.float32(127)
            kept[name], kept[f"{name}:scale"] = np.rint(value / scale).astype(np.int8), scale.astype(np.float32)
        else:
            kept[name] = value.astype(np.float32)
    draft = path.with_suffix(".part.npz")
    np.savez_compressed(draft, allow_pickle=False, **kept)
    draft.replace(path)


def _with_layers(source: Path, target: Path, tuned: dict[str, NDArray[np.float32]]) -> None:
    """Add the outputs `layers`, the means of six layers, and `tuned`, the mean and maximum of the tuned branch."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(str(source))
    graph = model.graph
    graph.initializer.append(numpy_helper.from_array(np.array([1], np.int64), "layers.axis"))
    graph.node.append(helper.make_node("ReduceSum", ["mask.float", "layers.axis"], ["layers.tokens"], keepdims=1))
    means = [_mean(graph, f"layer{index}") for index in range(LAYERS)]
    graph.node.append(helper.make_node("Concat", means, ["layers"], axis=1))
    graph.output.append(helper.make_tensor_value_info("layers", TensorProto.FLOAT, ["n", LAYERS * minilm.WIDTH]))
    if tuned:
        last = _branch(graph, tuned)
        # Texts are run one at a time, so every token is real and the maximum needs no mask.
        graph.node.append(helper.make_node("ReduceMax", [last], ["tuned.largest"], axes=[1], keepdims=0))
        graph.node.append(helper.make_node("Concat", [_mean(graph, last), "tuned.largest"], ["tuned"], axis=1))
        graph.output.append(helper.make_tensor_value_info("tuned", TensorProto.FLOAT, ["n", 2 * minilm.WIDTH]))
    onnx.save(model, str(target))


def _mean(graph: Any, states: str) -> str:
    from onnx import helper

    total, flat, mean = (f"{states}.{part}" for part in ("sum", "row", "mean"))
    graph.node.append(helper.make_node("MatMul", ["mask.row", states], [total]))
    graph.node.append(helper.make_node("Squeeze", [total, "layers.axis"], [flat]))
    graph.node.append(helper.make_node("Div", [flat, "layers.tokens"], [mean]))
    return mean


def _branch(graph: Any, tuned: dict[str, NDArray[np.float32]]) -> str:
    """The tuned layers on top of the last shared one; gives the name of their states."""
    import json

    from guildhall.providers.embeddings.bert_graph import Shape, _Graph, _layer

    settings = json.loads((minilm.model_folder() / "config.json").read_text("utf-8"))
    shape = Shape(settings["num_hidden_layers"], settings["num_attention_heads"], minilm.MAX_TOKENS, settings["layer_norm_eps"])
    added = _Graph(tuned)
    states = f"layer{BRANCH}"
    for index in TUNED:
        states = _layer(added, states, index, shape)
    graph.node.extend(added.nodes)
    graph.initializer.extend(added.constants.values())
    return states


def token_states(texts: Sequence[str], layer: int = BRANCH, longest: int = 96) -> list[NDArray[np.float16]]:
    """For training: the states (tokens, 384) after a layer of the float32 network, each text cut at `longest` tokens."""
    import tempfile

    import onnx
    import onnxruntime
    from onnx import TensorProto, helper
    from tokenizers import Tokenizer

    folder = minilm.model_folder()
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "states.onnx"
        minilm.build_float_graph(folder, path)
        model = onnx.load(str(path))
        model.graph.output.append(helper.make_tensor_value_info(f"layer{layer}", TensorProto.FLOAT, ["n", "length", minilm.WIDTH]))
        onnx.save(model, str(path))
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(longest)
    tokenizer.no_padding()
    found: list[NDArray[np.float16]] = []
    for encoding in tokenizer.encode_batch_fast(list(texts)):
        ids = np.array([encoding.ids], np.int32)
        found.append(session.run([f"layer{layer}"], {"ids": ids, "mask": np.ones_like(ids)})[0][0].astype(np.float16))
    return found


def published_weights() -> dict[str, NDArray[np.float32]]:
    """The network's weights as published: where tuning begins."""
    from safetensors.numpy import load_file

    return dict(load_file(minilm.model_folder() / "model.safetensors"))
