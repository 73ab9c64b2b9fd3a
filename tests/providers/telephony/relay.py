"""A bad line: a relay of datagrams that loses some, delays each differently and so changes their order. Seeded, so that a test is the same each time."""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass
class Roughness:
    """`loss` is a share of all packets; `jitter_seconds` the most that one is delayed more than another; `doubled` a share that come twice."""

    loss: float = 0.0
    jitter_seconds: float = 0.0
    doubled: float = 0.0
    seed: int = 1
    rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)

    def delays(self) -> list[float]:
        """When a packet arrives, how much late: never, once or twice."""
        if self.rng.random() < self.loss:
            return []
        times = 2 if self.rng.random() < self.doubled else 1
        return [self.rng.uniform(0, self.jitter_seconds) for _ in range(times)]

    def arrivals(self, packets: list[bytes], tick_seconds: float) -> list[list[bytes]]:
        """Packets sent one a tick, by the tick in which each arrives."""
        arriving: list[list[bytes]] = [[] for _ in range(len(packets) + round(self.jitter_seconds / tick_seconds) + 2)]
        for tick, packet in enumerate(packets):
            for delay in self.delays():
                arriving[tick + round(delay / tick_seconds)].append(packet)
        return arriving


@dataclass
class Relay(asyncio.DatagramProtocol):
    """Stands between a caller's port for sound and ours. `caller` is where the caller listens; ours is wherever sound is sent to it from."""

    roughness: Roughness
    caller: tuple[str, int]
    us: tuple[str, int] = ("", 0)
    transport: Any = None
    passed: int = 0

    @classmethod
    async def open(cls, roughness: Roughness, caller: tuple[str, int]) -> Self:
        relay = cls(roughness, caller)
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: relay, local_addr=("127.0.0.1", 0))
        return relay

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    @property
    def port(self) -> int:
        return int(self.transport.get_extra_info("sockname")[1])

    def datagram_received(self, data: bytes, addr: Any) -> None:
        to = self.us if addr[:2] == self.caller else self.caller
        for delay in self.roughness.delays():
            asyncio.get_running_loop().call_later(delay, self._send, data, to)

    def _send(self, data: bytes, to: tuple[str, int]) -> None:
        if not self.transport.is_closing():
            self.passed += 1
            self.transport.sendto(data, to)
