"""A gateway of a few lines for tests of the guard: it answers each datagram with `GATEWAY PID`, tells of one call, and dies or hangs when asked to."""

import argparse
import asyncio
import os
import socket
import sys
import time

from guildhall.providers.telephony.guard.link import GuardLink


async def main(given: argparse.Namespace) -> None:
    sip = socket.socket(fileno=given.sip)
    sip.setblocking(False)
    done = asyncio.Event()
    guard = (sys.executable, "-m", "tests.providers.telephony.guard.small_guard")
    link = GuardLink(sip, lambda _: done.set(), given.parent, guard)
    await link.open(socket.socket(fileno=given.guard))
    link.call("one", "the state of a call")
    beating = asyncio.create_task(link.beat())
    if given.broken:
        os._exit(3)
    await link.answer()
    loop = asyncio.get_running_loop()

    def read() -> None:
        data, peer = sip.recvfrom(2000)
        if data == b"one":
            link.elsewhere(data, peer)
            return
        if data == b"hang":
            time.sleep(60)
        if data == b"over":
            link.call("one", None)
        if data == b"die":
            os._exit(9)
        sip.sendto(f"GATEWAY {os.getpid()}".encode(), peer)

    loop.add_reader(sip.fileno(), read)
    await done.wait()
    link.leave()
    beating.cancel()
    await asyncio.sleep(0.05)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--broken", action="store_true")
    for name in ("--sip", "--guard", "--parent"):
        parser.add_argument(name, type=int)
    asyncio.run(main(parser.parse_args()))
