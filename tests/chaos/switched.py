"""A process that answers one resident after another and says, with the time, whether it was answered; the test turns switches beside it."""

import json
import sys
import time
from pathlib import Path

from guildhall.conversations.runner import collect_turn
from guildhall.records.sealing import Sealer
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.people import PeopleStore
from guildhall.storage.record import Record
from guildhall.storage.switches import SwitchStore, WatchedSwitches
from guildhall.testing.house import FakeClock, house_of_fakes
from guildhall.vocabulary.turns import Channel, Utterance
from tests.conversations.talk import profile

EVERY_SECONDS = 0.05


def main(address: str, life: str) -> None:
    """One line a turn: when it ended by the machine's own clock, and its reason."""
    database, keys, numbers = Database(address), KeyRing(Sealer(bytes(32)), Database(f"{address}.keys")), iter(range(10**9))

    def new_id(kind: str) -> str:
        return f"{kind}-{life}-{next(numbers)}"

    store = ConversationStore(database, keys, "avonmere", new_id, lambda: "secret")
    people = PeopleStore(database, keys, new_id, lambda: f"{life}-{next(numbers)}")
    switchboard = SwitchStore(database, "avonmere", lambda kind: (), new_id, FakeClock())
    switches = WatchedSwitches(switchboard.off, time.monotonic)
    house = house_of_fakes(profile(), Record(database, keys), store, people, new_id=new_id, switches=switches)
    while True:
        conversation, _ = store.start(Channel.WEB, "", house.clock())
        turn = collect_turn(house, conversation, Utterance("How much is bulky waste?", Channel.WEB, house.clock()))
        print(json.dumps({"at": time.time(), "reason": turn.reason}), flush=True)
        time.sleep(EVERY_SECONDS)


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    main(*sys.argv[1:3])
