"""Callers for either side: each sends a frame every 20 ms and counts what comes back."""

import asyncio
import base64
import json
from typing import Any

import numpy as np
import websockets

from benchmarks.phone_load.__main__ import talking
from guildhall.channels.phone.ports import FRAME_SECONDS
from guildhall.providers.telephony.g711 import Law, encode
from guildhall.providers.telephony.rtp import Packet
from tests.providers.telephony.caller import Caller


class Frames:
    """What a caller says, frame by frame."""

    def __init__(self, law: Law, seconds: float) -> None:
        sound = np.resize(talking(), int(8000 * seconds)).astype(np.int16)
        self.frames = [encode(sound[start : start + 160], law) for start in range(0, len(sound) - 159, 160)]

    async def paced(self) -> Any:
        """One each 20 ms; a late one at once."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        for number, frame in enumerate(self.frames):
            yield number, frame
            due += FRAME_SECONDS
            await asyncio.sleep(max(0.0, due - loop.time()))


async def by_sip(port: int, frames: Frames) -> int:
    """A call to us; how many frames came back."""
    caller = await Caller.open(("127.0.0.1", port))
    assert (await caller.call()).status == 200 and caller.media is not None
    to = (caller.media.host, caller.media.port)
    async for number, frame in frames.paced():
        caller.rtp.transport.sendto(Packet(8, number, 160 * number, 7, frame).encoded(), to)
    await caller.hang_up()
    caller.close()
    return caller.rtp.came.qsize()


async def by_stream(port: int, frames: Frames) -> int:
    """A call to the peer; how many frames came back."""
    received = 0
    async with websockets.connect(f"ws://127.0.0.1:{port}/call") as stream:
        await stream.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        await stream.send(json.dumps({"event": "start", "streamSid": "MZ1", "start": {"streamSid": "MZ1", "callSid": "CA1"}}))

        async def receive() -> None:
            nonlocal received
            async for message in stream:
                said = json.loads(message)
                if said["event"] == "media":
                    received += len(base64.b64decode(said["media"]["payload"])) // 160

        receiving = asyncio.create_task(receive())
        async for number, frame in frames.paced():
            media = {"payload": base64.b64encode(frame).decode(), "track": "inbound", "chunk": str(number), "timestamp": str(20 * number)}
            await stream.send(json.dumps({"event": "media", "streamSid": "MZ1", "media": media}))
        receiving.cancel()
    return received
