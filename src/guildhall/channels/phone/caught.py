"""The one catch-all of a call: whatever fails is given to whoever brings the caller a person, and never ends the call in silence."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Failed:
    """A task of ours has failed."""

    error: Exception


async def caught(work: Callable[[], Awaitable[T]]) -> T | Failed:
    """Do something and give back what it brings, or what it failed with.

    It catches everything: voices, ears, lines and the house are other people's programs, and what they fail with has many names.
    """
    try:
        return await work()
    except Exception as error:  # noqa: BLE001  # boundary: the call session
        return Failed(error)
