"""Whether something is being worked out in a call: simulated time stands still for it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Still:
    """One call's stillness."""

    def __init__(self) -> None:
        self._work = 0
        self._is = asyncio.Event()
        self._is.set()

    @contextmanager
    def working(self) -> Iterator[None]:
        """While this lasts something is being worked out."""
        self._work += 1
        self._is.clear()
        try:
            yield
        finally:
            self._work -= 1
            if not self._work:
                self._is.set()

    async def rest(self) -> None:
        """Until nothing is being worked out."""
        await self._is.wait()
