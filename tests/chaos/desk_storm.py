"""A storm: browsers of residents and advisers talk to several server processes over one database, and the processes are killed all the time.

Run as `python -m tests.chaos.desk_storm DATABASE KEYS_DATABASE KILLS SEED`; prints what it found as JSON. A browser whose server dies before
it answers sends the very same thing to another one, as real ones do. This process opens the database only when the storm is over.
"""

import asyncio
import json
import os
import random
import signal
import socket
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from guildhall.bootstrap.desk import Desk, open_desk
from guildhall.bootstrap.desk_ticker import DeskTicker
from guildhall.bootstrap.identifiers import new_id, new_reference, new_secret
from guildhall.bootstrap.turns import Asked, Turns
from guildhall.records.sealing import Sealer
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database, metadata
from guildhall.storage.keys import KeyRing
from guildhall.storage.messages import Message
from guildhall.storage.people import CallbackDetails, PeopleStore
from guildhall.storage.reconciling import compare_log
from guildhall.storage.record import Record
from guildhall.storage.schema import callbacks, conversations, events, handoffs
from guildhall.storage.staff import StaffStore
from guildhall.testing.house import WEDNESDAY_AT_TEN, house_of_fakes
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.handoffs import HELD, AdviserStatus, HandoffStatus, PassedBack, WrapUp
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.staff import StaffId
from guildhall.vocabulary.turns import Channel, Owner, Utterance
from tests.conversations.talk import profile

SERVERS = 3
ADVISERS = ("staff-priya", "staff-tom", "staff-ada")
DETAILS = CallbackDetails("Sam", "01632 960001", True)
SAYS = ("How much is bulky waste?", "let me talk to a person", "my husband hits me", "are you still there?", "thank you")
Told = dict[str, Any]


@dataclass
class House:
    """What a server process has open."""

    desk: Desk
    people: PeopleStore
    conversations: ConversationStore
    turns: Turns
    started: float = field(default_factory=time.monotonic)

    def now(self) -> Any:
        """A working morning, going on."""
        return WEDNESDAY_AT_TEN + timedelta(seconds=time.monotonic() - self.started)


def open_house(url: str, keys_url: str) -> House:
    database, keys = Database(url), KeyRing(Sealer(bytes(32)), Database(keys_url))
    store, people = ConversationStore(database, keys, "avonmere", new_id, new_secret), PeopleStore(database, keys, new_id, new_reference)
    desk = open_desk(database, keys, profile())
    house = house_of_fakes(profile(), Record(database, keys), store, people, new_id=new_id, desk=desk)
    parts: Any = SimpleNamespace(house=house, conversations=store, people=people, profile=profile(), desk=desk)
    return House(desk, people, store, Turns(parts))


def serve(url: str, keys_url: str, wire: socket.socket) -> None:
    """A server process: does what a line asks, and says so when it is durable."""
    house = open_house(url, keys_url)
    for line in wire.makefile("r"):
        asked: Told = json.loads(line)
        try:
            told: Told = _DOES[asked["do"]](house, asked) or {}
        except (RefusedError, NotFoundError) as error:
            told = {"refused": str(error)}
        wire.sendall((json.dumps({"n": asked["n"], **told}) + "\n").encode())


def _start(house: House, _asked: Told) -> Told:
    return {"conversation": house.conversations.start(Channel.WEB, "", house.now())[0].id}


def _say(house: House, asked: Told) -> Told:
    utterance = Utterance(asked["text"], Channel.WEB, house.now())
    ended = asyncio.run(house.turns.whole(Asked(ConversationId(asked["conversation"]), utterance, asked["attempt"])))
    return {"reference": ended.facts["reference"], "turn": ended.id}


def _book(house: House, asked: Told) -> None:
    house.people.book(asked["conversation"], asked["reference"], DETAILS, None, house.now())


def _resume(house: House, asked: Told) -> None:
    house.desk.handoffs.withdraw(asked["conversation"], Owner.ASSISTANT, house.now())


def _queue(house: House, asked: Told) -> Told:
    house.desk.advisers.set_status(asked["by"], AdviserStatus.AVAILABLE, house.now())
    return {"waiting": [[h.reference, h.conversation_id] for h in house.desk.handoffs.waiting()[:5]]}


def _tick(house: House, _asked: Told) -> None:
    DeskTicker(house.desk, house.now, say=lambda _: None).tick(house.now())


def _accept(house: House, asked: Told) -> None:
    house.desk.handoffs.accept(asked["reference"], asked["by"], house.now())


def _send(house: House, asked: Told) -> Told:
    return {"fresh": house.desk.messages.send(asked["conversation"], asked["by"], asked["id"], Message(asked["text"]), house.now())}


def _pass_back(house: House, asked: Told) -> None:
    house.desk.handoffs.pass_back(asked["reference"], PassedBack.TRANSFERRED, house.now(), staff_id=asked["by"])


def _close(house: House, asked: Told) -> None:
    house.desk.handoffs.close(asked["reference"], asked["by"], WrapUp.RESOLVED, True, house.now())


_DOES: dict[str, Any] = {
    "start": _start, "say": _say, "book": _book, "resume": _resume,
    "queue": _queue, "tick": _tick, "accept": _accept, "send": _send, "pass_back": _pass_back, "close": _close,
}  # fmt: skip


@dataclass
class Acknowledged:
    """What browsers were told is done."""

    conversations: set[str] = field(default_factory=set)
    turns: dict[str, str] = field(default_factory=dict)
    references: set[str] = field(default_factory=set)
    booked: set[str] = field(default_factory=set)
    sent: dict[str, str] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    resent: int = 0


class Storm:
    """The browsers and the killer."""

    def __init__(self, url: str, keys_url: str, seed: int) -> None:
        self.url, self.keys_url = url, keys_url
        self.chance = random.Random(seed)
        self.wires: dict[int, tuple[socket.socket, Any]] = {}
        self.known = Acknowledged()
        self.talks: list[Told] = []
        self.number = 0
        self.kills = 0

    def spawn(self) -> None:
        """One more server process."""
        ours, theirs = socket.socketpair()
        child = os.fork()
        if child == 0:
            try:
                for wire, reader in self.wires.values():
                    reader.close()
                    wire.close()
                ours.close()
                serve(self.url, self.keys_url, theirs)
            finally:
                os._exit(0)
        theirs.close()
        self.wires[child] = (ours, ours.makefile("r"))

    def kill(self, process: int) -> None:
        """Kill one, and start another in its place."""
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        wire, reader = self.wires.pop(process)
        reader.close()
        wire.close()
        self.kills += 1
        self.spawn()

    def ask(self, **asked: Any) -> Told:
        """Ask some process; when it is killed in the middle, ask another the very same."""
        self.number += 1
        line = (json.dumps({"n": self.number, **asked}) + "\n").encode()
        first = True
        while True:
            process = self.chance.choice(list(self.wires))
            wire, reader = self.wires[process]
            wire.sendall(line)
            if first and self.chance.random() < 0.4:
                time.sleep(self.chance.random() ** 2 * 0.03)
                self.kill(process)
                self.known.resent += 1
                first = False
                continue
            told: Told = json.loads(reader.readline())
            return told

    def resident(self) -> None:
        """A resident does something."""
        if not self.talks or self.chance.random() < 0.2:
            conversation = self.ask(do="start")["conversation"]
            self.known.conversations.add(conversation)
            self.talks.append({"conversation": conversation, "reference": ""})
            return
        talk = self.chance.choice(self.talks[-8:])
        chance = self.chance.random()
        if talk["reference"] and chance < 0.15:
            told = self.ask(do="book", conversation=talk["conversation"], reference=talk["reference"])
            self.known.booked |= {talk["reference"]} if "refused" not in told else set()
        elif chance < 0.2:
            self.ask(do="resume", conversation=talk["conversation"])
        else:
            attempt, text = new_id("turn"), self.chance.choice(SAYS)
            told = self.ask(do="say", conversation=talk["conversation"], text=text, attempt=attempt)
            self.known.turns[told["turn"]] = talk["conversation"]
            if told["reference"]:
                talk["reference"] = told["reference"]
                self.known.references.add(told["reference"])

    def adviser(self) -> None:
        """An adviser does something: takes one, writes to it twice, passes it on or wraps it up."""
        by = self.chance.choice(ADVISERS)
        if self.chance.random() < 0.5:
            self.ask(do="tick")
        waiting = self.ask(do="queue", by=by)["waiting"]
        if not waiting:
            return
        reference, conversation = self.chance.choice(waiting)
        if "refused" in self.ask(do="accept", reference=reference, by=by):
            return
        for _ in range(2):
            message = new_id("mess")
            if "refused" not in self.ask(do="send", conversation=conversation, by=by, id=message, text="Hello, I can help"):
                self.known.sent[message] = conversation
        if self.chance.random() < 0.3:
            self.ask(do="pass_back", reference=reference, by=by)
        elif "refused" not in self.ask(do="close", reference=reference, by=by):
            self.known.closed.add(reference)

    def rage(self, kills: int) -> None:
        """Until so many processes were killed."""
        while self.kills < kills:
            (self.resident if self.chance.random() < 0.6 else self.adviser)()
        for process in list(self.wires):
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def faults(url: str, keys_url: str, known: Acknowledged) -> list[str]:
    """Everything that is not as browsers were told, or does not fit together."""
    database, keys = Database(url), KeyRing(Sealer(bytes(32)), Database(keys_url))
    found: list[str] = []
    with database.reading() as connection:
        columns = (events.c.id, events.c.kind, events.c.conversation_id, events.c.turn_id, events.c.facts)
        kinds = connection.execute(select(*columns).order_by(events.c.seq)).all()
        kept = {row.id: row for row in kinds}
        completed = Counter(row.turn_id for row in kinds if row.kind == EventKind.TURN_COMPLETED.value)
        requests = {row.reference: row for row in connection.execute(select(handoffs))}
        booked = {row.handoff_id for row in connection.execute(select(callbacks.c.handoff_id))}
        owners = {row.id: row for row in connection.execute(select(conversations))}
        found += [f"log: {fault}" for fault in compare_log(connection, keys)]
    found += [f"lost message {m}" for m, c in known.sent.items() if m not in kept or kept[m].conversation_id != c]
    found += [f"lost turn {turn}" for turn in known.turns if completed[turn] != 1]
    found += [f"turn {turn} completed {n} times" for turn, n in completed.items() if n > 1]
    found += [f"lost request {reference}" for reference in known.references if reference not in requests]
    found += [f"lost callback {ref}" for ref in known.booked if requests[ref].id not in booked]
    found += [f"not closed {ref}" for ref in known.closed if requests[ref].status != HandoffStatus.CLOSED.value]
    found += [f"lost conversation {c}" for c in known.conversations if c not in owners]
    return found + _owners_fit(owners, list(requests.values()), kinds)


def _owners_fit(owners: dict[str, Any], requests: list[Any], kinds: Any) -> list[str]:
    """Each conversation's owner is what its requests say, and what the record says last."""
    found = []
    last: dict[str, Told] = {}
    for row in kinds:
        if row.kind == EventKind.OWNER_CHANGED.value:
            last[row.conversation_id] = json.loads(row.facts)
    for conversation, row in owners.items():
        here = [r for r in requests if r.conversation_id == conversation]
        held = {r.adviser_id for r in here if r.status in HELD}
        if (row.owner == Owner.ADVISER.value) != bool(held) or (held and held != {row.adviser_id}):
            found.append(f"{conversation} is owned by {row.owner} {row.adviser_id}, held by {held}")
        if row.owner == Owner.QUEUE.value and not any(r.live and r.status in ("requested", "offered") for r in here):
            found.append(f"{conversation} is in a queue with no place in it")
        said = last.get(conversation, {"owner": Owner.ASSISTANT.value})
        if said["owner"] != row.owner:
            found.append(f"the record says {said['owner']} owns {conversation}, and the row {row.owner}")
    return found


def prepare(url: str, keys_url: str) -> None:
    """Make the tables and the advisers, in a process that ends, so that nothing is open when others are forked."""
    child = os.fork()
    if child == 0:
        database = Database(url)
        metadata.create_all(database.engine)
        KeyRing(Sealer(bytes(32)), Database(keys_url))
        staff, house = StaffStore(database), open_house(url, keys_url)
        for name in ADVISERS:
            staff.add(StaffId(name), name, "", WEDNESDAY_AT_TEN)
            house.desk.advisers.set(name, profile().handoffs.queues, ["en"], True, 4, "storm", WEDNESDAY_AT_TEN)
            house.desk.advisers.set_status(name, AdviserStatus.AVAILABLE, WEDNESDAY_AT_TEN)
        os._exit(0)
    os.waitpid(child, 0)


def main(url: str, keys_url: str, kills: str, seed: str) -> None:
    """Rage, then look."""
    profile()
    prepare(url, keys_url)
    storm = Storm(url, keys_url, int(seed))
    for _ in range(SERVERS):
        storm.spawn()
    storm.rage(int(kills))
    known = storm.known
    counts = {"kills": storm.kills, "turns": len(known.turns), "messages": len(known.sent), "requests": len(known.references)}
    counts |= {"callbacks": len(known.booked), "closed": len(known.closed), "asked_again": known.resent}
    print(json.dumps(counts | {"faults": faults(url, keys_url, known)}))


if __name__ == "__main__":
    main(*sys.argv[1:5])
