"""The same MiniLM, in one run giving the sentence vector for search and the mean of every layer for the detectors.

The last layer of a sentence encoder forgets how things are said; the layers below still know (Tenney et al. 2019,
arXiv 1905.05950). The sentence vectors are those of `MiniLmEmbedder`, so vectors stored by either may be compared.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from guildhall.providers.embeddings import minilm

LAYERS: Final = 6
LAYERED_WIDTH: Final = LAYERS * minilm.WIDTH
_REMEMBERED: Final = 4096
Pair = tuple[NDArray[np.float32], NDArray[np.float16]]


class LayeredMiniLm:
    """Embeds English texts, remembering the latest few thousand.

    `embed` takes n texts and returns float32 (n, 384) of length 1 each; `read` returns those and float32 (n, 2304), the mean
    over tokens of each of six layers. Raises ProviderError when the model cannot run.
    """

    width: int = minilm.WIDTH

    def __init__(self, models_dir: Path, *, threads: int = 0, say: Callable[[str], None] = lambda _: None) -> None:
        folder = minilm.model_folder()
        digest = minilm._weights_digest(folder, models_dir)
        self.identity = f"all-MiniLM-L6-v2.int8.v{minilm.GRAPH_VERSION}@{digest}"
        self._encoder = minilm.Encoder(folder, _prepare(folder, models_dir, digest, say), threads)
        self._remembered: OrderedDict[str, Pair] = OrderedDict()
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Sentence vectors of the texts, in their order. No texts give shape (0, 384)."""
        return self.read(texts)[0]

    def read(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Sentence vectors (n, 384) and layer means (n, 2304) of the texts, in their order."""
        with self._lock:
            known = {text: self._remembered[text] for text in texts if text in self._remembered}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known.update(zip(missing, self._run(missing), strict=True))
            self._remember({text: known[text] for text in missing})
        vectors = np.empty((len(texts), minilm.WIDTH), np.float32)
        layers = np.empty((len(texts), LAYERED_WIDTH), np.float32)
        for row, text in enumerate(texts):
            vectors[row], layers[row] = known[text]
        return vectors, layers

    def _run(self, texts: Sequence[str]) -> list[Pair]:
        return [(vector, layers.astype(np.float16)) for vector, layers in self._encoder.run(texts, ["vectors", "layers"])]

    def _remember(self, pairs: dict[str, Pair]) -> None:
        with self._lock:
            self._remembered.update(pairs)
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)


def _prepare(folder: Path, models_dir: Path, digest: str, say: Callable[[str], None]) -> Path:
    """The int8 graph with both outputs; made on first use, then only found."""
    import tempfile

    target = models_dir / f"all-minilm-l6-v2.layered.int8.v{minilm.GRAPH_VERSION}.{digest}.onnx"
    if not target.exists():
        say("Preparing the embedding model (once, about 10 seconds)…")
        models_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=models_dir) as scratch:
            plain, layered, small = (Path(scratch) / f"{name}.onnx" for name in ("plain", "layered", "int8"))
            minilm.build_float_graph(folder, plain)
            _with_layers(plain, layered)
            minilm._quantise(layered, small)
            small.replace(target)
    return target


def _with_layers(source: Path, target: Path) -> None:
    """Add the output `layers`, float32 (n, 2304): for each layer the mean of its states over real tokens."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(str(source))
    graph = model.graph
    graph.initializer.append(numpy_helper.from_array(np.array([1], np.int64), "layers.axis"))
    graph.node.append(helper.make_node("ReduceSum", ["mask.float", "layers.axis"], ["layers.tokens"], keepdims=1))
    means = []
    for index in range(LAYERS):
        total, flat, mean = (f"layers.{index}.{part}" for part in ("total", "flat", "mean"))
        graph.node.append(helper.make_node("MatMul", ["mask.row", f"layer{index}"], [total]))
        graph.node.append(helper.make_node("Squeeze", [total, "layers.axis"], [flat]))
        graph.node.append(helper.make_node("Div", [flat, "layers.tokens"], [mean]))
        means.append(mean)
    graph.node.append(helper.make_node("Concat", means, ["layers"], axis=1))
    graph.output.append(helper.make_tensor_value_info("layers", TensorProto.FLOAT, ["n", LAYERED_WIDTH]))
    onnx.save(model, str(target))
