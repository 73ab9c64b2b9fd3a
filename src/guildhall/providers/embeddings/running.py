"""Runs an ONNX graph over texts, one text a run, several at a time."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guildhall.providers.foreign import no_answer

Feed = Mapping[str, NDArray[Any]]
"""One text as the graph takes it: an array an input, each (1, length, …)."""


class GraphRunner:
    """Runs a graph.

    `threads` texts are under way at a time (0 means one a core), each on one thread. Texts never share a run: an int8 graph
    scales a whole batch by its largest value, so a text would get another vector beside others than alone, and padding costs time.
    """

    def __init__(self, graph: Path, threads: int) -> None:
        self._session = open_session(graph)
        self._pool = ThreadPoolExecutor(threads or os.cpu_count() or 1, thread_name_prefix="embed")

    def run(self, feeds: Sequence[Feed], outputs: Sequence[str]) -> list[list[NDArray[np.float32]]]:
        """For each text, in order, the named outputs. Raises ProviderError when the model cannot run."""
        with no_answer("the embedding model could not run"):
            if len(feeds) == 1:
                return [self._one(feeds[0], outputs)]
            # The longest first, so that no thread is left with one at the end.
            order = sorted(range(len(feeds)), key=lambda row: -_length(feeds[row]))
            made = dict(zip(order, self._pool.map(lambda row: self._one(feeds[row], outputs), order), strict=True))
            return [made[row] for row in range(len(feeds))]

    def _one(self, feed: Feed, outputs: Sequence[str]) -> list[NDArray[np.float32]]:
        return [output[0] for output in self._session.run(list(outputs), dict(feed))]


def _length(feed: Feed) -> int:
    return int(next(iter(feed.values())).shape[1])


def open_session(graph: Path) -> Any:
    """An inference session on the processor, one thread a call."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def quantise(source: Path, target: Path) -> None:
    """Write the int8 form of a float32 graph: weights by channel, activations as they come."""
    import logging

    from onnx import TensorProto
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logger = logging.getLogger()
    before = logger.level
    logger.setLevel(logging.ERROR)  # the quantiser warns about a pre-processing step that these graphs do not need
    try:
        quantize_dynamic(
            source,
            target,
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Attention"],
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )
    finally:
        logger.setLevel(before)
