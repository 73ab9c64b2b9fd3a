"""Any server that speaks the OpenAI `/embeddings` shape: OpenAI, Azure, Ollama, vLLM, llama.cpp.

Shape of request and answer: https://platform.openai.com/docs/api-reference/embeddings
"""

from collections.abc import Sequence
from typing import Any, Final

import httpx2
import numpy as np
from numpy.typing import NDArray

from guildhall.vocabulary.errors import ProviderError

_TEXTS_PER_CALL: Final = 64
_MOST_CHARACTERS: Final = 8_000
_RETRY: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


class OpenAiCompatibleEmbedder:
    """Embeds by asking a server.

    `url` is the base address, such as http://localhost:11434/v1. The width is learnt from the first answer, so the
    constructor makes one call. Raises ProviderError when the server fails, is slow, or answers with something else.
    """

    def __init__(self, url: str, model: str, key: str = "", *, timeout_seconds: float = 20.0) -> None:
        self._url, self._model = url.rstrip("/"), model
        headers = {"authorization": f"Bearer {key}"} if key else {}
        self._client = httpx2.Client(headers=headers, timeout=timeout_seconds)
        self.identity = f"{model}@{self._url}"
        self.width = int(self._ask(["width"]).shape[1])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Float32 of shape (n, width), each row of length 1."""
        parts = [self._ask(texts[start : start + _TEXTS_PER_CALL]) for start in range(0, len(texts), _TEXTS_PER_CALL)]
        made = np.concatenate(parts) if parts else np.empty((0, self.width), np.float32)
        if made.shape[1] != self.width:
            raise ProviderError(f"the embeddings server changed the width of its vectors from {self.width} to {made.shape[1]}")
        return made

    def _ask(self, texts: Sequence[str]) -> NDArray[np.float32]:
        # An empty text is an error to most servers; a space is not.
        body = {"model": self._model, "input": [text[:_MOST_CHARACTERS] or " " for text in texts], "encoding_format": "float"}
        try:
            response = self._client.post(f"{self._url}/embeddings", json=body)
        except httpx2.HTTPError as error:
            raise ProviderError(f"the embeddings server could not be reached: {type(error).__name__}", retry=True) from error
        if response.status_code != 200:
            raise ProviderError(f"the embeddings server answered with status {response.status_code}", retry=response.status_code in _RETRY)
        try:
            return _vectors(response.json(), len(texts))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise ProviderError("the embeddings server's answer is not a list of vectors, one for each text") from error

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()


def _vectors(answer: Any, count: int) -> NDArray[np.float32]:
    rows: list[Any] = [None] * count
    for entry in answer["data"]:
        rows[entry["index"]] = entry["embedding"]
    made = np.asarray(rows, np.float32)
    if made.ndim != 2 or not np.isfinite(made).all():
        raise ValueError("not a matrix of numbers")
    lengths = np.linalg.norm(made, axis=1, keepdims=True)
    if not lengths.all():
        raise ValueError("a vector of zeros")
    return np.asarray(made / lengths, np.float32)
