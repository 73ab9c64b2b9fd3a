"""Asks the web server twice a second whether it is there: a caller whose house died must not find out only at their next question."""

import asyncio
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

import structlog

log = structlog.get_logger("guildhall.phone")

EVERY_SECONDS: Final = 0.5
ANSWERS_WITHIN_SECONDS: Final = 2.0
"""A person's phone is to ring within three seconds, and a server that is merely busy answers sooner than this."""
REFUSALS: Final = 2
LIVE: Final = "/health/live"


class HouseWatch:
    """`gone` is called once when the house no longer answers. It counts as there until it was seen to be gone, and again when it answers."""

    def __init__(self, url: str, gone: Callable[[], None], every: float = EVERY_SECONDS, within: float = ANSWERS_WITHIN_SECONDS) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or (443 if parts.scheme == "https" else 80)
        self._tls, self._path = parts.scheme == "https", f"{parts.path.rstrip('/')}{LIVE}"
        self._gone, self._every, self._within = gone, every, within
        self.there = True

    async def run(self) -> None:
        """Until cancelled."""
        refused = 0
        while True:
            try:
                answered = await asyncio.wait_for(self._ask(), self._within)
                refused = 0 if answered else refused + 1
            except TimeoutError:
                refused = REFUSALS
            except OSError:
                refused += 1
            self._seen(refused)
            await asyncio.sleep(self._every)

    def _seen(self, refused: int) -> None:
        if refused == 0 and not self.there:
            log.info("phone_house_back")
            self.there = True
        elif refused >= REFUSALS and self.there:
            log.error("phone_house_gone")
            self.there = False
            self._gone()

    async def _ask(self) -> bool:
        reads, writes = await asyncio.open_connection(self._host, self._port, ssl=self._tls or None)
        try:
            writes.write(f"GET {self._path} HTTP/1.1\r\nHost: {self._host}\r\nConnection: close\r\n\r\n".encode())
            return (await reads.readline()).split()[1:2] == [b"200"]
        finally:
            writes.close()
