"""A model that has just failed is left alone for a while, so that residents do not wait for it again."""

from collections.abc import Callable, Iterator
from typing import Any

from guildhall.answers.ports import WritesText
from guildhall.vocabulary.errors import ProviderError

REST_SECONDS = 30.0


class RestingModel:
    """Wraps a model: after a failure it refuses at once until the rest is over."""

    def __init__(self, model: WritesText, clock: Callable[[], float], rest_seconds: float = REST_SECONDS) -> None:
        self._model = model
        self._clock = clock
        self._rest = rest_seconds
        self._until = float("-inf")

    @property
    def name(self) -> str:
        """The wrapped model's name."""
        return self._model.name

    def write(self, instructions: str, material: str, schema: dict[str, Any]) -> Iterator[str]:
        """Pieces of the reply. Raises ProviderError, at once while resting."""
        if self._clock() < self._until:
            raise ProviderError("the model failed a moment ago and is left alone", retry=True)
        try:
            yield from self._model.write(instructions, material, schema)
        except ProviderError:
            self._until = self._clock() + self._rest
            raise
