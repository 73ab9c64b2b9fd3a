"""`python -m benchmarks.desk_load`: a thousand residents wait, a hundred advisers work, two server processes share one database."""

import argparse
import asyncio
import gc
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select

from benchmarks.desk_load.people import Adviser, Resident
from benchmarks.desk_load.server import ShiftedClock, open_server, settings_of
from benchmarks.desk_load.tally import HEAD, Tally
from benchmarks.desk_load.wire import Browser
from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.staff import open_staff_door
from guildhall.storage.database import Database
from guildhall.storage.migrating import upgrade
from guildhall.storage.schema import handoffs
from guildhall.vocabulary.handoffs import Lane, Request
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.turns import Channel

WEDNESDAY = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
ACTIONS = (
    "open the list", "look at the next one", "look at an offer (brief)", "accept, and the conversation opens",
    "turn to the other conversation", "send", "wrap up, and the list opens",
)  # fmt: skip
BY_THE_PAGE = ("the list, read again", "the conversation, read again", "keep what is typed")
REACHING = ("adviser's message to the resident's page", "resident's message to the adviser's page")
GOAL_MS, REACH_MS = 200, 1000
CAPACITY = 2
STARTS_WITHIN = 4
"""Waits of twenty seconds for a server to start."""
AT_ONCE = 8
"""Residents who ask in the same moment while the queue is filled."""


@dataclass(frozen=True, slots=True)
class Options:
    """What is measured."""

    waiting: int
    streams: int
    advisers: int
    think: float
    seconds: float
    warm: float


@dataclass(frozen=True, slots=True)
class Servers:
    """The processes and their ports."""

    processes: Sequence["subprocess.Popen[bytes]"]
    ports: Sequence[int]

    def cpu(self) -> float:
        """Seconds of processor that they have used."""
        return sum(_cpu_of(process.pid) for process in self.processes)

    def stop(self) -> None:
        """End them."""
        for process in self.processes:
            process.send_signal(signal.SIGINT)
        for process in self.processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def say(words: str) -> None:
    """To whoever waits for the table."""
    print(words, file=sys.stderr, flush=True)


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _busy() -> float:
    """Seconds of processor that the whole machine has used."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    return (sum(fields[:3]) + sum(fields[5:8])) / os.sysconf("SC_CLK_TCK")


def start(folder: Path, database: str, ahead: float) -> Servers:
    """Two of them, serving."""
    processes, ports = [], []
    for number in range(2):
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        listening.listen(2048)
        name = f"server-{number}"
        command = [
            sys.executable,
            "-m",
            "benchmarks.desk_load.server",
            "--folder",
            str(folder),
            "--database",
            database,
            "--ahead",
            str(ahead),
        ]
        command += ["--socket", str(listening.fileno()), "--name", name]
        processes.append(subprocess.Popen(command, pass_fds=[listening.fileno()]))
        ports.append(listening.getsockname()[1])
        listening.close()
    return Servers(processes, ports)


async def _until_it_answers(port: int) -> None:
    """Wait for a server to have started, which a busy machine takes its time for."""
    for attempt in range(STARTS_WITHIN):
        try:
            await Browser(port).get("/health/live")
            return
        except TimeoutError:
            say(f"a server is not open yet ({attempt + 1})")
    raise TimeoutError("a server did not start")


def seat(house: Guildhall, how_many: int) -> list[tuple[str, str]]:
    """Advisers with a place at the desk: the id and the session of each. They have room for nobody yet."""
    door = open_staff_door(house.settings, house.database, house.record, house.house.clock)
    found = []
    for number in range(how_many):
        member = door.entrance.add(f"Adviser {number}", frozenset({Role.ADVISER}))
        _room(house, str(member.id), 0)
        found.append((str(member.id), door.entrance.by_link(door.entrance.link_for(member))))
    return found


def _room(house: Guildhall, staff_id: str, capacity: int) -> None:
    house.desk.advisers.set(staff_id, list(house.profile.handoffs.queues), ["en"], True, capacity, "a measurement", house.house.clock())


class Measurement:
    """One run."""

    def __init__(self, options: Options, house: Guildhall, servers: Servers) -> None:
        self.options, self.house, self.servers = options, house, servers
        self.tally, self.random = Tally(), Random(1)
        self.residents: list[Resident] = []
        self.advisers: list[Adviser] = []
        self.cpu = self.busy = self.own = 0.0
        self.began = house.house.clock()
        self.waiting = 0

    async def run(self) -> None:
        """Fill the desk, let everybody work, and count."""
        seated = seat(self.house, self.options.advisers)
        for number, (_, session) in enumerate(seated):
            browser = Browser(self.servers.ports[number % 2], {"guildhall-staff": session})
            self.advisers.append(Adviser(self.tally, browser, number % 2, Random(number), self.options.think))
        for port in self.servers.ports:
            await _until_it_answers(port)
        began = time.monotonic()
        for adviser in self.advisers:
            await adviser.comes()
        await self._fill()
        say(f"{len(self.residents)} residents talked and listen, and the others wait, after {time.monotonic() - began:.0f} s")
        gc.collect()
        gc.freeze()
        for staff_id, _ in seated:
            await asyncio.to_thread(_room, self.house, staff_id, CAPACITY)
        working = [asyncio.create_task(adviser.works()) for adviser in self.advisers]
        working.append(asyncio.create_task(self._more_come()))
        await asyncio.sleep(self.options.warm)
        self._begin()
        await asyncio.sleep(self.options.seconds)
        self._end()
        opened = [*(adviser.stream for adviser in self.advisers), *(resident.stream for resident in self.residents)]
        streams = [stream for stream in opened if stream is not None]
        for task in (*working, *streams):
            task.cancel()
        await asyncio.gather(*working, *streams, return_exceptions=True)

    def _begin(self) -> None:
        self.waiting = sum(handoff.waits for handoff in self.house.desk.line.reader.open())
        self.began = self.house.house.clock()
        self.cpu, self.busy, self.own = -self.servers.cpu(), -_busy(), -time.process_time()
        self.tally.counting = True

    def _end(self) -> None:
        self.tally.counting = False
        self.cpu, self.busy, self.own = self.cpu + self.servers.cpu(), self.busy + _busy(), self.own + time.process_time()

    async def _fill(self) -> None:
        """Residents ask, in order, until as many wait as shall wait beside those the advisers have; then some open their page."""
        total = self.options.waiting + CAPACITY * self.options.advisers
        talked = min(total, self.options.streams)
        queue = iter(range(talked))

        async def come() -> None:
            for number in queue:
                await self._comes(number, False, "How much is bulky waste?", "let me talk to a person")

        await asyncio.gather(*(come() for _ in range(AT_ONCE)))
        await asyncio.to_thread(self._queue_up, total - talked)
        for resident in self.residents:  # in turn: that their pages open is not what is measured
            resident.opens_page()
            await asyncio.wait_for(resident.hears.wait(), 20)

    def _queue_up(self, how_many: int) -> None:
        """Those behind them, whom nobody gets to in the measured time: a conversation and a request each, without words."""
        house, queue = self.house, self.house.profile.handoffs.default_queue
        for _ in range(how_many):
            conversation, _ = house.conversations.start(Channel.WEB, "en", house.house.clock())
            house.people.request(conversation.id, queue, "person_requested", "", False, house.house.clock(), Request(live=True))

    async def _comes(self, number: int, listens: bool, *messages: str) -> None:
        server = (number + number // 2) % 2
        resident = Resident(self.tally, Browser(self.servers.ports[server]), server, Random(number), listens)
        await resident.asks(*messages)
        resident.browser.close()
        self.residents.append(resident)
        if listens:
            resident.opens_page()

    async def _more_come(self) -> None:
        """Others ask all the while: one a second, every third of them in danger."""
        number = 100_000
        while True:
            await asyncio.sleep(1)
            number += 1
            words = "my husband hits me" if number % 3 == 0 else "let me talk to a person"
            await self._comes(number, True, words)

    def in_danger(self) -> list[float]:
        """Seconds from a request about danger in the measured time until an adviser was asked."""
        query = select(handoffs.c.requested_at, handoffs.c.offered_at)
        where = (handoffs.c.requested_at >= self.began, handoffs.c.lane == Lane.DANGER.value, handoffs.c.offered_at.is_not(None))
        with self.house.database.reading() as connection:
            return [(row.offered_at - row.requested_at).total_seconds() for row in connection.execute(query.where(*where))]


def report(run: Measurement, database: str) -> bool:
    """Print what was found; whether it is good enough."""
    tally, options = run.tally, run.options
    listening = sum(resident.stream is not None for resident in run.residents)
    print(
        f"{database}: {run.waiting} residents waited, {listening} of all with an open page; {options.advisers} advisers, one action each "
        f"{options.think:g} s; {options.seconds:g} s measured.\n\n{HEAD}"
    )
    for name in ACTIONS:
        print(tally.row(name, [name])[0])
    line, overall = tally.row("ADVISERS' ACTIONS", ACTIONS)
    print(line)
    print("\n".join(tally.row(name, [name])[0] for name in (*BY_THE_PAGE, "a resident's message")))
    worst = 0.0
    for name in REACHING:
        for where in ("the same process", "another process"):
            line, late = tally.row(f"{name[:24]}…, {where}", [f"{name}, {where}"])
            print(line)
            worst = max(worst, late)
    print(tally.row("free until offered the next", ["free until offered the next"])[0])
    tally.took["danger"] = run.in_danger()
    print(tally.row("a request about danger until it is offered", ["danger"])[0])
    done = sum(len(tally.took.get(name, ())) for name in (*ACTIONS, *BY_THE_PAGE, "a resident's message"))
    print(
        f"\n{done / options.seconds:.0f} requests a second. Processors of {os.cpu_count()} kept busy: {run.cpu / options.seconds:.2f} by the servers, "
        f"{run.own / options.seconds:.2f} by measuring, {run.busy / options.seconds:.2f} by everything on the machine. Errors: {dict(tally.errors) or 'none'}."
    )
    good = overall < GOAL_MS and worst < REACH_MS and not tally.errors
    print(
        f"\n{'Met' if good else 'NOT MET'}: p95 of an action {overall:.0f} ms (goal {GOAL_MS}); p95 until the other side hears {worst:.0f} ms "
        f"(goal {REACH_MS}); {tally.errors.total()} errors (goal 0)."
    )
    return good


def measure(options: Options, given: str) -> bool:
    """Set up, run, report, and leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="guildhall-load-") as name:
        folder = Path(name)
        database = given or f"sqlite:///{folder}/guildhall.sqlite3"
        opened = Database(database)
        upgrade(opened)
        opened.close()
        ahead = (WEDNESDAY - datetime.now(UTC)) / timedelta(seconds=1)
        house = open_server(settings_of(folder, database), ShiftedClock(ahead), "measuring")
        servers = start(folder, database, ahead)
        try:
            run = Measurement(options, house, servers)
            asyncio.run(run.run())
        finally:
            servers.stop()
        good = report(run, "SQLite" if house.database.is_sqlite else "PostgreSQL")
        house.close()
        return good


def main(arguments: list[str]) -> int:
    """Measure once; 1 when a goal is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waiting", type=int, default=1000)
    parser.add_argument("--streams", type=int, default=300)
    parser.add_argument("--advisers", type=int, default=100)
    parser.add_argument("--think", type=float, default=30.0, help="seconds between two actions of an adviser, on average")
    parser.add_argument("--seconds", type=float, default=60.0, help="seconds that are measured")
    parser.add_argument("--warm", type=float, default=90.0, help="seconds of work before that")
    parser.add_argument(
        "--database", default=os.environ.get("GUILDHALL_TEST_POSTGRESQL", ""), help="an empty database; SQLite when not given"
    )
    given = vars(parser.parse_args(arguments))
    database = given.pop("database")
    return 0 if measure(Options(**given), database) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
