"""`python -m benchmarks.desk_load.each`: the processor time of each request at the desk, one after another, while a thousand residents wait."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.desk_load.__main__ import CAPACITY, WEDNESDAY, Measurement, Options, Servers, _room, _until_it_answers, seat, start
from benchmarks.desk_load.people import REFRESH, Adviser, Resident
from benchmarks.desk_load.server import ShiftedClock, open_server, settings_of
from benchmarks.desk_load.wire import Browser
from guildhall.storage.database import Database
from guildhall.storage.migrating import upgrade

TIMES = 20
Done = Callable[[], Awaitable[object]]


class Each(Measurement):
    """Everybody waits; one adviser works, and nobody else does anything."""

    async def run(self) -> None:
        """Measure the floor, then each request."""
        seated = seat(self.house, self.options.advisers)
        await _until_it_answers(self.servers.ports[0])
        browser = Browser(self.servers.ports[0], {"guildhall-staff": seated[0][1]})
        me = Adviser(self.tally, browser, 0, Random(1), 1.0)
        await me.comes()
        if me.stream:
            me.stream.cancel()
        resident = Resident(self.tally, Browser(self.servers.ports[0]), 0, Random(1))
        await resident.asks("How much is bulky waste?", "let me talk to a person")
        await asyncio.to_thread(self._queue_up, self.options.waiting)
        await asyncio.to_thread(_room, self.house, seated[0][0], CAPACITY)
        while not me.offered:
            await asyncio.sleep(0.5)
            me._take_list(await browser.get("/desk"))
        reference, path = me.offered[0]
        me.token = me.token or ""
        await asyncio.sleep(2)
        before = self.servers.cpu()
        await asyncio.sleep(5)
        self.floor = (self.servers.cpu() - before) / 5
        print(f"nobody does anything: {1000 * self.floor:.0f} ms a second", flush=True)

        async def send() -> None:
            await browser.post(
                f"{path}/messages",
                {"token": me.token, "id": f"mess_{Random().randbytes(9).hex()}", "text": "Hello there.", "mode": "send"},
                Accept="application/json",
            )

        await self._measure("look at an offer", lambda: browser.get(path))
        await browser.post(f"/desk/requests/{reference}/accept", {"token": me.token})
        await self._measure("open the conversation", lambda: browser.get(path))
        await self._measure("open the list", lambda: browser.get("/desk"))
        await self._measure("the list, read again", lambda: browser.get("/desk/list", **REFRESH))
        await self._measure("send", send)
        await self._measure("the conversation, read again", lambda: browser.get(path, **REFRESH))
        await self._measure(
            "keep what is typed",
            lambda: browser.post(f"{path}/draft", {"token": me.token, "text": "x", "mode": "send"}, Accept="application/json"),
        )
        await self._measure("a resident's message to a person", lambda: resident.asks("Thank you, that is kind."))
        await self._measure("a resident's page", lambda: resident.browser.get("/"))
        await self._streams(100)

    async def _streams(self, how_many: int) -> None:
        waiting = []
        for number in range(how_many):
            one = Resident(self.tally, Browser(self.servers.ports[0]), 0, Random(number))
            await one.asks("let me talk to a person")
            waiting.append(one)
        before = self.servers.cpu()
        for one in waiting:
            one.opens_page()
            await asyncio.wait_for(one.hears.wait(), 20)
        print(f"opening a resident's stream: {1000 * (self.servers.cpu() - before) / how_many:.1f} ms")
        await asyncio.sleep(3)
        before = self.servers.cpu()
        for number in range(10):
            one = Resident(self.tally, Browser(self.servers.ports[0]), 0, Random(number))
            await one.asks("let me talk to a person")
            await asyncio.sleep(1)
        print(
            f"a second with one more who waits and {how_many} pages of residents: {100 * (self.servers.cpu() - before):.0f} ms", flush=True
        )
        for one in waiting:
            if one.stream:
                one.stream.cancel()

    async def _measure(self, name: str, do: Done) -> None:
        await do()
        loop = asyncio.get_running_loop()
        before, began = self.servers.cpu(), loop.time()
        for _ in range(TIMES):
            await do()
        took = self.servers.cpu() - before - self.floor * (loop.time() - began)
        print(f"{name}: {1000 * took / TIMES:.1f} ms", flush=True)


def main(arguments: list[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waiting", type=int, default=1000)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="guildhall-load-") as name:
        folder = Path(name)
        database = f"sqlite:///{folder}/guildhall.sqlite3"
        opened = Database(database)
        upgrade(opened)
        opened.close()
        ahead = (WEDNESDAY - datetime.now(UTC)) / timedelta(seconds=1)
        house = open_server(settings_of(folder, database), ShiftedClock(ahead), "measuring")
        servers = start(folder, database, ahead)
        servers.processes[1].terminate()
        only = Servers(servers.processes[:1], servers.ports[:1])
        try:
            asyncio.run(Each(Options(given.waiting, 0, 101, 4.0, 1, 1), house, only).run())
        finally:
            only.stop()
        house.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
