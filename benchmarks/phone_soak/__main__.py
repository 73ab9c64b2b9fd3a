"""`python -m benchmarks.phone_soak`: calls without end that are hung up on in every state; nothing may be left of them. `--hours 24` for the whole."""

import argparse
import asyncio
import gc
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import structlog

from benchmarks.phone_load.server import memory_mb
from benchmarks.phone_soak.habits import HABITS, DeadAirError
from benchmarks.phone_soak.people import Phones
from guildhall.channels.phone.ports import CallLeg, HungUp, KeyPressed, TransferTarget
from guildhall.providers.telephony.sip.bounds import Bounds
from guildhall.providers.telephony.sip.gateway import SipGateway
from tests.providers.telephony.caller import OPENED, Caller

HOW = {"1": "answer", "2": "busy", "3": "ring", "4": "leave"}
GREETING = (4000 * np.sin(np.arange(40000) * 2 * np.pi * 300 / 8000)).astype(np.int16).tobytes()
WARM_SHARE = 0.3
"""Memory is looked at from then on: tables and caches fill first."""


@dataclass
class Soak:
    """One soak. `t1` shortens the waits of SIP, `silence_seconds` that for callers who are gone."""

    seconds: float
    a_second: float = 2.0
    t1: float = 0.05
    silence_seconds: float = 2.0
    seed: int = 1
    done: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, float]] = field(default_factory=list)

    async def run(self) -> dict[str, Any]:
        """Make the calls, wait until all are over, and say what is left."""
        phones = {key: await Phones.open(how) for key, how in HOW.items()}
        targets = frozenset(phone.address for phone in phones.values())
        gateway = SipGateway(
            port=0, bounds=Bounds(t1=self.t1, targets=targets, invites_a_second=1000, silence_seconds=self.silence_seconds)
        )
        tasks_before = len(asyncio.all_tasks())
        serving = asyncio.create_task(gateway.serve(lambda leg: converse(leg, phones)))
        await gateway.opened()
        await self._calls(gateway)
        left = await self._left(gateway, tasks_before)
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        for phone in phones.values():
            phone.transport.close()
        return {
            "calls": sum(self.done.values()),
            "by_habit": dict(self.done),
            "wrong": dict(self.wrong),
            "left": left,
            "put_through": {phone.how: phone.calls for phone in phones.values()},
            "memory_mb": [round(self.memory[0][1], 1), round(self.memory[-1][1], 1)],
            "memory_slope_mb_an_hour": self._slope(),
        }

    async def _calls(self, gateway: SipGateway) -> None:
        rng, running, begun = random.Random(self.seed), set(), time.monotonic()
        number = 0
        while (at := time.monotonic() - begun) < self.seconds:
            habit = HABITS[number % len(HABITS)] if number < len(HABITS) else rng.choice(HABITS)
            number += 1
            task = asyncio.create_task(self._call(gateway, habit))
            running.add(task)
            task.add_done_callback(running.discard)
            self.memory.append((at, memory_mb()))
            await asyncio.sleep(rng.expovariate(self.a_second))
        await asyncio.gather(*running)

    async def _call(self, gateway: SipGateway, habit: Any) -> None:
        caller = await Caller.open(gateway.address)
        OPENED.clear()
        try:
            await habit(caller)
            self.done[habit.__name__] += 1
        except DeadAirError:
            self.wrong[f"{habit.__name__}: dead air"] += 1
        except (TimeoutError, ConnectionError, AssertionError) as error:
            self.wrong[f"{habit.__name__}: {type(error).__name__} {error}"] += 1
        finally:
            caller.close()

    async def _left(self, gateway: SipGateway, tasks_before: int) -> dict[str, int]:
        """What is left once every wait is over."""
        until = time.monotonic() + 130 * self.t1 + 3 * self.silence_seconds + 5
        left: dict[str, int] = {}
        while time.monotonic() < until:
            left = {
                "calls": gateway.endpoint.running,
                "ports": gateway.line.ports.open,
                "ticks": gateway.ticker.served,
                "transactions": gateway.endpoint.transactions.open,
                "tasks": len(asyncio.all_tasks()) - tasks_before - 2,  # the gateway, and its look-ups where there are names
            }
            if all(number <= 0 for number in left.values()):
                break
            await asyncio.sleep(0.2)
        gc.collect()
        return {what: max(0, number) for what, number in left.items()}

    def _slope(self) -> float | None:
        late = self.memory[int(WARM_SHARE * len(self.memory)) :]
        if len(late) < 20:
            return None
        at, held = zip(*late, strict=True)
        return round(float(np.polyfit(at, held, 1)[0]) * 3600, 2)


async def converse(leg: CallLeg, phones: dict[str, Phones]) -> None:
    """A session that greets, puts through by key, and lets go at 9."""
    hearing = asyncio.create_task(_hear(leg))
    await leg.answer()
    leg.play(GREETING, "greeted")
    moving: set[asyncio.Task[Any]] = set()
    async for event in leg.events():
        if isinstance(event, KeyPressed) and event.key == "9":
            await leg.hang_up()
        elif isinstance(event, KeyPressed) and event.key in phones:
            leg.flush()
            moving.add(asyncio.create_task(leg.transfer(TransferTarget(phones[event.key].address, 1.0, {"case-ref": "soak"}), "bridge")))
        elif isinstance(event, HungUp):
            break
    await asyncio.gather(hearing, *moving)


async def _hear(leg: CallLeg) -> None:
    async for _ in leg.frames():
        continue


def sound(report: dict[str, Any]) -> bool:
    """Whether nothing went wrong and nothing is left."""
    return not report["wrong"] and not any(report["left"].values())


def main() -> None:
    """Soak and say."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.phone_soak")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--hours", type=float, default=0)
    parser.add_argument("--a-second", type=float, default=2)
    parser.add_argument("--t1", type=float, default=0.05, help="0.5 is SIP's own; smaller is quicker")
    given = parser.parse_args()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    report = asyncio.run(Soak(given.hours * 3600 or given.seconds, given.a_second, given.t1).run())
    print(json.dumps(report, indent=2))
    sys.exit(0 if sound(report) else 1)


if __name__ == "__main__":
    main()
