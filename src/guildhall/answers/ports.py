"""What the answers room needs from outside: a model that writes text as it thinks of it."""

from collections.abc import Iterator
from typing import Any, Protocol


class WritesText(Protocol):
    """A language model behind any supplier. Everything it writes is untrusted."""

    @property
    def name(self) -> str:
        """Supplier kind and model name, for the record."""
        ...

    def write(self, instructions: str, material: str, schema: dict[str, Any]) -> Iterator[str]:
        """Pieces of JSON text that should follow `schema`. Raises ProviderError when it fails, stalls or runs out of time."""
        ...
