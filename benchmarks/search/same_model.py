"""The embedding model as the peers get it: our int8 graph and tokenizer, one thread, so that search alone is compared."""

from pathlib import Path
from typing import Any

import numpy as np


class SameModel:
    """Embeds one text with the graph that ours uses."""

    def __init__(self, model: Path, graph: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self._tokenizer: Any = Tokenizer.from_file(str(model / "tokenizer.json"))
        self._tokenizer.enable_truncation(256)
        self._tokenizer.no_padding()

    def embed(self, text: str) -> list[float]:
        ids = np.array([self._tokenizer.encode(text).ids], np.int32)
        vector: list[float] = self._session.run(["vectors"], {"ids": ids, "mask": np.ones_like(ids)})[0][0].tolist()
        return vector
