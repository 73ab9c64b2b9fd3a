"""Anthropic's messages protocol, with the answer's shape as the only tool the model may use."""

from collections.abc import Callable, Iterator
from typing import Any

import anthropic

from guildhall.providers.foreign import no_answer
from guildhall.vocabulary.errors import ProviderError

MAX_TOKENS = 2048


class AnthropicModel:
    """Streams a forced tool call, whose input is the structured answer."""

    def __init__(self, name: str, url: str, key: str, timeout_seconds: float, stall_seconds: float, clock: Callable[[], float]) -> None:
        self._model = name
        self._timeout = timeout_seconds
        self._clock = clock
        self._client = anthropic.Anthropic(api_key=key or "none", base_url=url or None, timeout=stall_seconds, max_retries=0)

    @property
    def name(self) -> str:
        """Kind and model name."""
        return f"anthropic:{self._model}"

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def write(self, instructions: str, material: str, schema: dict[str, Any]) -> Iterator[str]:
        """Pieces of the reply. Raises ProviderError."""
        deadline = self._clock() + self._timeout
        tool: Any = {"name": "answer", "description": "The answer to the resident.", "input_schema": schema}
        with (
            no_answer("the model failed"),
            self._client.messages.stream(
                model=self._model,
                max_tokens=MAX_TOKENS,
                system=instructions,
                messages=[{"role": "user", "content": material}],
                tools=[tool],
                tool_choice={"type": "tool", "name": "answer"},
            ) as stream,
        ):
            ended = False
            for event in stream:
                if self._clock() > deadline:
                    raise ProviderError(f"the model took longer than {self._timeout:g} seconds", retry=True)
                if event.type == "input_json":
                    yield event.partial_json
                ended = ended or event.type == "message_stop"
            if not ended:
                raise ProviderError("the model's reply was cut off", retry=True)
