"""Writes a BERT sentence encoder as an ONNX graph, straight from its weights: no PyTorch, no exporter.

The network is Devlin et al. (2019); mean pooling under the attention mask and unit length follow Reimers and Gurevych (2019).
The fused operators are ONNX Runtime's own (`com.microsoft`): https://onnxruntime.ai/docs/ContribOperators.html.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Weights = Mapping[str, NDArray[np.float32]]
FUSED = "com.microsoft"


@dataclass(frozen=True, slots=True)
class Shape:
    """What must be known of the network beside its weights."""

    layers: int
    heads: int
    positions: int
    layer_norm_epsilon: float


class _Graph:
    """Nodes and constants as they are added; every method returns the name of what it made."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def node(self, operator: str, inputs: list[str], name: str, *, domain: str = "", outputs: int = 1, **attributes: Any) -> str:
        names = [name, *(f"{name}.{i}" for i in range(1, outputs))]
        self.nodes.append(helper.make_node(operator, inputs, names, name=name, domain=domain, **attributes))
        return name

    def linear(self, value: str, layer: str, name: str) -> str:
        kernel = self.constant(f"{layer}.weight.T", self.weights[f"{layer}.weight"].T)
        return self.node("MatMul", [value, kernel], name)


def sentence_encoder(weights: Weights, shape: Shape) -> onnx.ModelProto:
    """The whole model: `ids` and `mask`, both int32 (n, length), to `vectors`, float32 (n, hidden), each of unit length."""
    graph = _Graph(weights)
    hidden = _embed(graph, shape)
    for index in range(shape.layers):
        hidden = _layer(graph, hidden, index, shape)
    _pool(graph, hidden)
    width = int(weights["embeddings.word_embeddings.weight"].shape[1])
    ids = [helper.make_tensor_value_info(name, TensorProto.INT32, ["n", "length"]) for name in ("ids", "mask")]
    vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", width])
    return _model("sentence_encoder", graph, ids, [vectors])


def feature_encoder(weights: Weights, shape: Shape, width: int) -> onnx.ModelProto:
    """The layers alone: `states`, one embedded text as float32 (1, length, width), to `tuned`, float32 (1, 2 * width): the mean and the
    maximum over tokens."""
    graph = _Graph(weights)
    hidden = "states"
    for index in range(shape.layers):
        hidden = _layer(graph, hidden, index, shape, mask="")
    mean = graph.node("ReduceMean", [hidden], "mean", axes=[1], keepdims=0)
    largest = graph.node("ReduceMax", [hidden], "largest", axes=[1], keepdims=0)
    graph.node("Concat", [mean, largest], "tuned", axis=1)
    states = helper.make_tensor_value_info("states", TensorProto.FLOAT, [1, "length", width])
    tuned = helper.make_tensor_value_info("tuned", TensorProto.FLOAT, [1, 2 * width])
    return _model("feature_encoder", graph, [states], [tuned])


def _model(name: str, graph: _Graph, inputs: list[onnx.ValueInfoProto], outputs: list[onnx.ValueInfoProto]) -> onnx.ModelProto:
    body = helper.make_graph(graph.nodes, name, inputs, outputs, list(graph.constants.values()))
    imports = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
    return helper.make_model(body, opset_imports=imports, producer_name="guildhall", ir_version=9)


def _embed(graph: _Graph, shape: Shape) -> str:
    # One sentence at a time: the token type is always 0, so its row is added to every position once and for all.
    table = graph.weights["embeddings.position_embeddings.weight"][: shape.positions]
    positions = graph.constant("positions", table + graph.weights["embeddings.token_type_embeddings.weight"][0])
    words = graph.weight("embeddings.word_embeddings.weight")
    norm = [graph.weight(f"embeddings.LayerNorm.{part}") for part in ("weight", "bias")]
    inputs = ["ids", "", words, positions, "", *norm, "mask"]
    return graph.node("EmbedLayerNormalization", inputs, "embedded", domain=FUSED, outputs=2, epsilon=shape.layer_norm_epsilon)


def _layer(graph: _Graph, hidden: str, index: int, shape: Shape, mask: str = "mask") -> str:
    layer, name = f"encoder.layer.{index}", f"layer{index}"
    parts = [f"{layer}.attention.self.{part}" for part in ("query", "key", "value")]
    kernel = graph.constant(f"{name}.qkv", np.concatenate([graph.weights[f"{p}.weight"].T for p in parts], axis=1))
    bias = graph.constant(f"{name}.qkv.bias", np.concatenate([graph.weights[f"{p}.bias"] for p in parts]))
    mixed = graph.node("Attention", [hidden, kernel, bias, mask], f"{name}.attention", domain=FUSED, num_heads=shape.heads)
    projected = graph.linear(mixed, f"{layer}.attention.output.dense", f"{name}.projected")
    attended = _add_and_norm(graph, projected, hidden, f"{layer}.attention.output", f"{name}.attended", shape)
    widened = graph.linear(attended, f"{layer}.intermediate.dense", f"{name}.widened")
    active = graph.node("BiasGelu", [widened, graph.weight(f"{layer}.intermediate.dense.bias")], f"{name}.active", domain=FUSED)
    narrowed = graph.linear(active, f"{layer}.output.dense", f"{name}.narrowed")
    return _add_and_norm(graph, narrowed, attended, f"{layer}.output", name, shape)


def _add_and_norm(graph: _Graph, value: str, skip: str, layer: str, name: str, shape: Shape) -> str:
    norm = [graph.weight(f"{layer}.LayerNorm.{part}") for part in ("weight", "bias")]
    inputs = [value, skip, *norm, graph.weight(f"{layer}.dense.bias")]
    return graph.node("SkipLayerNormalization", inputs, name, domain=FUSED, epsilon=shape.layer_norm_epsilon)


def _pool(graph: _Graph, hidden: str) -> None:
    real = graph.node("Cast", ["mask"], "mask.float", to=TensorProto.FLOAT)
    row = graph.node("Unsqueeze", [real, graph.constant("axis1", np.array([1], np.int64))], "mask.row")
    total = graph.node("MatMul", [row, hidden], "total")  # (n, 1, hidden): the sum over real tokens
    flat = graph.node("Squeeze", [total, "axis1"], "flat")
    # Dividing by the number of tokens changes nothing once the length is made 1, so the mean is never taken.
    graph.node("LpNormalization", [flat], "vectors", axis=-1, p=2)
