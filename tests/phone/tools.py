"""Programs that ring us, and what they need."""

import asyncio
import contextlib
import os
import shutil
import struct
import wave
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from guildhall.channels.phone.ports import AudioFrame, CallLeg, HungUp, KeyPressed, LegEvent, OnCall
from guildhall.providers.telephony.g711 import Law, encode
from guildhall.providers.telephony.rtp import Packet
from guildhall.providers.telephony.sip.bounds import Bounds
from guildhall.providers.telephony.sip.gateway import SipGateway

PACKAGES = {"sipp": "sip-tester", "baresip": "baresip-core", "sox": "sox", "flite": "flite"}
SCENARIOS = Path(__file__).parent / "scenarios"
KEY_CAPTURES = Path("/usr/share/sip-tester")
TONE = (8000 * np.sin(np.arange(8000) * 2 * np.pi * 440 / 8000)).astype(np.int16)


def program(name: str) -> str:
    """The program; a test that cannot have it fails and says what to install."""
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"could not run: {name} is not installed; apt-get install {PACKAGES[name]}", pytrace=False)
    return found


def free_port() -> int:
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.bind(("127.0.0.1", 0))
        return int(asking.getsockname()[1])


@dataclass
class Ran:
    """How a program ended."""

    status: int
    said: str


async def run(words: Iterable[str], within: float, folder: Path) -> Ran:
    """Run a program to its end."""
    process = await asyncio.create_subprocess_exec(
        *words, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=folder
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), within)
    except (TimeoutError, asyncio.CancelledError):
        process.kill()
        await process.wait()
        raise
    return Ran(process.returncode or 0, said.decode(errors="replace")[-4000:])


async def sipp(
    scenario: str, folder: Path, to: str = "", calls: int = 1, port: int = 0, within: float = 30, keys: dict[str, str] | None = None
) -> Ran:
    """Run a scenario of ours: a caller when `to` says whom to call, else somebody who is called. `keys` are put in place of @NAME@."""
    text = (SCENARIOS / f"{scenario}.xml").read_text("utf-8")
    for key, value in (keys or {}).items():
        text = text.replace(f"@{key}@", value)
    path = folder / f"{scenario}-{port}.xml"
    path.write_text(text, "utf-8")
    raw = [] if os.geteuid() == 0 or "play_pcap" not in text else ["sudo", "-n"]
    media = free_port() & ~1
    where = ["-i", "127.0.0.1", "-p", str(port or free_port()), "-mi", "127.0.0.1", "-mp", str(media)]
    words = [
        *raw,
        program("sipp"),
        *([to] if to else []),
        "-sf",
        str(path),
        *where,
        "-m",
        str(calls),
        "-nostdin",
        "-timeout",
        str(int(within) - 2),
        "-timeout_error",
    ]
    traced = ["-trace_err", "-error_file", str(folder / f"{scenario}-{port}.err")]
    echoed = ["-rtp_echo"] if "rtp echo" in text else []
    return await run([*words, *traced, *echoed], within, folder)


def capture(path: Path, frames: int, sound: "np.ndarray[Any, Any]" = TONE, law: Law = Law.A) -> Path:
    """A capture (pcap) of so many frames of 20 ms, for sipp to play."""
    packets = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)]
    for number in range(frames):
        frame = np.resize(np.roll(sound, -160 * number), 160)
        rtp = Packet(8, number, 160 * number, 0x1234, encode(frame, law), number == 0).encoded()
        udp = struct.pack("!HHHH", 4000, 4002, 8 + len(rtp), 0) + rtp
        address = bytes((127, 0, 0, 1))
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), number & 0xFFFF, 0, 64, 17, 0, address, address) + udp
        data = bytes(12) + b"\x08\x00" + ip
        at = number * 20_000
        packets.append(struct.pack("<IIII", 1 + at // 1_000_000, at % 1_000_000, len(data), len(data)) + data)
    path.write_bytes(b"".join(packets))
    return path


def tone_wav(path: Path, seconds: float) -> Path:
    """A tone to say."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(np.resize(TONE, int(8000 * seconds)).tobytes())
    return path


def pitch(sound: "np.ndarray[Any, Any]") -> float:
    """The loudest frequency."""
    spectrum = np.abs(np.fft.rfft(sound.astype(float)))
    return float(np.argmax(spectrum[1:]) + 1) * 8000 / len(sound)


@dataclass
class Session:
    """A call session that answers, says something, and keeps what comes."""

    say: bytes = b""
    act: Any = None
    legs: list[CallLeg] = field(default_factory=list)
    events: list[LegEvent] = field(default_factory=list)
    frames: list[AudioFrame] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    acted: Any = None

    async def __call__(self, leg: CallLeg) -> None:
        self.legs.append(leg)
        await leg.answer()
        leg.play(self.say, "said")
        tasks = [asyncio.create_task(self._hear(leg))]
        if self.act:
            tasks.append(asyncio.create_task(self._act(leg)))
        async for event in leg.events():
            self.events.append(event)
        await asyncio.gather(*tasks)
        self.over.set()

    async def _hear(self, leg: CallLeg) -> None:
        async for frame in leg.frames():
            self.frames.append(frame)

    async def _act(self, leg: CallLeg) -> None:
        self.acted = await self.act(leg)

    @property
    def keys(self) -> str:
        return "".join(event.key for event in self.events if isinstance(event, KeyPressed))

    @property
    def sound(self) -> "np.ndarray[Any, Any]":
        return np.frombuffer(b"".join(frame.sound for frame in self.frames if not frame.lost), np.int16)

    @property
    def ended(self) -> HungUp | None:
        return next((event for event in self.events if isinstance(event, HungUp)), None)


@asynccontextmanager
async def answering(session: OnCall, targets: Iterable[str] = (), **bounds: Any) -> AsyncIterator[SipGateway]:
    """A gateway that answers."""
    gateway = SipGateway(port=0, bounds=Bounds(targets=frozenset(targets), **bounds))
    serving = asyncio.create_task(gateway.serve(session))
    await gateway.opened()
    try:
        yield gateway
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


def at(gateway: SipGateway) -> str:
    """Where to call it."""
    return f"{gateway.address[0]}:{gateway.address[1]}"
