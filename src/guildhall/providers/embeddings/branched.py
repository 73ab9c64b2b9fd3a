"""One run of MiniLM that serves search and understanding: the published network, and a branch of it tuned to what is asked and felt.

Search compares the published sentence vectors. The detectors and the router read the branch: copies of the layers above `BRANCH`, tuned
to signals and services (`tuning.py`), so that the layers below are paid for once. The sentence vectors are those of `MiniLmEmbedder`:
either may be compared.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from guildhall.providers.embeddings import minilm
from guildhall.providers.embeddings.remembered import Remembered
from guildhall.providers.embeddings.running import quantise
from guildhall.providers.embeddings.tuning import LONGEST, Published, normed
from guildhall.vocabulary.errors import ConfigurationError

LAYERS: Final = 6
BRANCH: Final = 2
"""0-based index of the last layer that search and understanding share."""
TUNED: Final = (10, 11, 12)
"""What the tuned layers are called in their weights, so that they clash with none of the published ones."""
FEATURES: Final = 2 * minilm.WIDTH
_REMEMBERED: Final = 4096


class BranchedMiniLm:
    """Embeds and reads English texts, remembering the latest `remembered` of them.

    `embed` takes n texts and returns float32 (n, 384) of length 1 each; `features` returns float32 (n, 768): the mean and the maximum
    over tokens of the tuned branch, whose weights are in the file `tuned`. Raises ProviderError when the model cannot run.
    """

    width: int = minilm.WIDTH

    def __init__(
        self,
        models_dir: Path,
        tuned: Path,
        *,
        threads: int = 0,
        remembered: int = _REMEMBERED,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        folder = minilm.model_folder()
        digest = minilm._weights_digest(folder, models_dir)
        self.identity = f"all-MiniLM-L6-v2.int8.v{minilm.GRAPH_VERSION}@{digest}"
        self._encoder = minilm.Encoder(folder, _prepare(folder, models_dir, digest, tuned, say), threads)
        self._vectors, self._features = Remembered(remembered), Remembered(remembered, np.float16)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Sentence vectors of the texts, in their order. No texts give shape (0, 384)."""
        known = self._vectors.known(texts)
        if missing := [text for text in dict.fromkeys(texts) if text not in known]:
            # Only what is asked for is computed: the branch of the detectors costs nothing here.
            made = {text: vector for text, (vector,) in zip(missing, self._encoder.run(missing, ["vectors"]), strict=True)}
            self._vectors.add(made)
            known.update(made)
        return np.array([known[text] for text in texts], np.float32).reshape(len(texts), minilm.WIDTH)

    def features(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Features of the texts, in their order; what search will ask for is computed in the same run and remembered."""
        known = self._features.known(texts)
        if missing := [text for text in dict.fromkeys(texts) if text not in known]:
            made = dict(zip(missing, self._encoder.run(missing, ["vectors", "tuned"]), strict=True))
            self._vectors.add({text: vector for text, (vector, _) in made.items()})
            features = {text: features for text, (_, features) in made.items()}
            self._features.add(features)
            known.update({text: row.astype(np.float16) for text, row in features.items()})
        return np.array([known[text] for text in texts], np.float32).reshape(len(texts), FEATURES)


def _prepare(folder: Path, models_dir: Path, digest: str, tuned: Path, say: Callable[[str], None]) -> Path:
    """The int8 graph with both outputs; made on first use, then only found. Raises ConfigurationError without the tuned weights."""
    import tempfile

    if not tuned.exists():
        raise ConfigurationError(
            "the tuned weights of the encoder are missing.", file=tuned, fix="Restore the file, or run `guildhall train signals`."
        )
    branch = hashlib.sha256(tuned.read_bytes()).hexdigest()[:12]
    target = models_dir / f"all-minilm-l6-v2.branched.int8.v{minilm.GRAPH_VERSION}.{digest}.{branch}.onnx"
    if not target.exists():
        say("Preparing the embedding model (once, about 10 seconds)…")
        models_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=models_dir) as scratch:
            plain, both, small = (Path(scratch) / f"{name}.onnx" for name in ("plain", "both", "int8"))
            minilm.build_float_graph(folder, plain)
            _with_branch(plain, both, read_tuned(tuned))
            quantise(both, small)
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


def _with_branch(source: Path, target: Path, tuned: dict[str, NDArray[np.float32]]) -> None:
    """Add the output `tuned`: the mean and the maximum over tokens of the tuned branch."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(str(source))
    graph = model.graph
    graph.initializer.append(numpy_helper.from_array(np.array([1], np.int64), "branch.axis"))
    graph.node.append(helper.make_node("ReduceSum", ["mask.float", "branch.axis"], ["branch.tokens"], keepdims=1))
    last = _branch(graph, tuned)
    # Texts are run one at a time, so every token is real and the maximum needs no mask.
    graph.node.append(helper.make_node("ReduceMax", [last], ["tuned.largest"], axes=[1], keepdims=0))
    graph.node.append(helper.make_node("Concat", [_mean(graph, last), "tuned.largest"], ["tuned"], axis=1))
    graph.output.append(helper.make_tensor_value_info("tuned", TensorProto.FLOAT, ["n", FEATURES]))
    onnx.save(model, str(target))


def _mean(graph: Any, states: str) -> str:
    from onnx import helper

    total, flat, mean = (f"{states}.{part}" for part in ("sum", "row", "mean"))
    graph.node.append(helper.make_node("MatMul", ["mask.row", states], [total]))
    graph.node.append(helper.make_node("Squeeze", [total, "branch.axis"], [flat]))
    graph.node.append(helper.make_node("Div", [flat, "branch.tokens"], [mean]))
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


def published() -> Published:
    """The network as published: where tuning begins."""
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    weights = load_file(minilm.model_folder() / "model.safetensors")
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    norm = [weights[f"embeddings.LayerNorm.{kind}"] for kind in ("weight", "bias")]
    tokenizer: Any = Tokenizer.from_file(str(minilm.model_folder() / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.no_padding()

    def states(texts: Sequence[str]) -> list[NDArray[np.float32]]:
        found = [encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts))]
        return [normed(weights["embeddings.word_embeddings.weight"][ids] + places[: len(ids)], *norm) for ids in found]

    return Published(minilm.WIDTH, 12, BRANCH + 1, TUNED, states, lambda _: weights)
