"""Any server that speaks the OpenAI chat protocol: OpenAI, Azure, Ollama, vLLM, llama.cpp."""

from collections.abc import Callable, Iterator
from typing import Any

import openai

from guildhall.providers.foreign import no_answer
from guildhall.vocabulary.errors import ProviderError


class OpenAiCompatibleModel:
    """Streams a chat completion. `timeout_seconds` bounds the whole reply, `stall_seconds` the silence between two pieces."""

    def __init__(self, name: str, url: str, key: str, timeout_seconds: float, stall_seconds: float, clock: Callable[[], float]) -> None:
        self._model = name
        self._timeout = timeout_seconds
        self._clock = clock
        self._client = openai.OpenAI(api_key=key or "none", base_url=url or None, timeout=stall_seconds, max_retries=0)
        self._takes_schema = True

    @property
    def name(self) -> str:
        """Kind and model name."""
        return f"openai-compatible:{self._model}"

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def write(self, instructions: str, material: str, schema: dict[str, Any]) -> Iterator[str]:
        """Pieces of the reply. Raises ProviderError."""
        deadline = self._clock() + self._timeout
        with no_answer("the model failed"):
            for piece in self._stream(instructions, material, schema):
                if self._clock() > deadline:
                    raise ProviderError(f"the model took longer than {self._timeout:g} seconds", retry=True)
                if piece:
                    yield piece

    def _stream(self, instructions: str, material: str, schema: dict[str, Any]) -> Iterator[str]:
        messages: Any = [{"role": "system", "content": instructions}, {"role": "user", "content": material}]
        options: dict[str, Any] = {"model": self._model, "messages": messages, "stream": True, "temperature": 0}
        if self._takes_schema:
            shape = {"name": "answer", "strict": True, "schema": schema}
            options["response_format"] = {"type": "json_schema", "json_schema": shape}
        try:
            stream = self._client.chat.completions.create(**options)
        except openai.BadRequestError:
            if not self._takes_schema:
                raise
            self._takes_schema = False  # the server knows no structured output; the instructions still say the shape
            yield from self._stream(instructions, material, schema)
            return
        with stream:
            finish = None
            for chunk in stream:
                if chunk.choices:
                    finish = chunk.choices[0].finish_reason or finish
                    yield chunk.choices[0].delta.content or ""
            if finish is None:
                raise ProviderError("the model's reply was cut off", retry=True)
