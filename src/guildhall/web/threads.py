"""What waits for what in one process: what a page asks for by itself never holds up what a person does."""

import sys
from collections.abc import Callable
from typing import Final, TypeVar

import anyio
from anyio.lowlevel import RunVar

UNHURRIED_AT_ONCE: Final = 2
"""Threads that read lists and places again for pages that nobody has touched."""
SWITCH_SECONDS: Final = 0.0005
"""How long a thread computes before another has its turn. Python's own 5 ms are for programs that mostly compute: a page asks the database
thirty times, and after each answer it would wait so long for its turn while anything else is busy."""

T = TypeVar("T")
_unhurried: RunVar[anyio.CapacityLimiter] = RunVar("guildhall_unhurried")


async def unhurried(do: Callable[..., T], *given: object) -> T:
    """Do it in a thread, but only so many at once of all that is asked for like this."""
    try:
        limiter = _unhurried.get()
    except LookupError:
        limiter = anyio.CapacityLimiter(UNHURRIED_AT_ONCE)
        _unhurried.set(limiter)
    return await anyio.to_thread.run_sync(do, *given, limiter=limiter)


def share_fairly() -> None:
    """Let threads of this process take turns quickly. For a process that serves."""
    sys.setswitchinterval(SWITCH_SECONDS)
