"""A process that holds a conversation for ever and prints each part the moment it is shown; the test kills it."""

import json
import sys
from pathlib import Path

from guildhall.conversations.recording import part_as_json
from guildhall.conversations.runner import run_turn
from guildhall.records.sealing import Sealer
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database, metadata
from guildhall.storage.keys import KeyRing
from guildhall.storage.people import PeopleStore
from guildhall.storage.record import Record
from guildhall.testing.house import FakeClock, house_of_fakes
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.turns import Channel, ReplyPart, Utterance
from tests.conversations.talk import profile

SAYS = ("He hits me. How much is a bulky waste collection? And the council tax?", "I want to talk to a person", "the badge")


def main(database_file: str, conversation: str, life: str) -> None:
    """Speak in turn after turn; every line on the standard output is something a resident has seen."""
    database = Database(f"sqlite:///{database_file}")
    metadata.create_all(database.engine)
    keys = KeyRing(Sealer(bytes(32)), Database(f"sqlite:///{database_file}.keys"))
    numbers = iter(range(10**9))

    def new_id(kind: str) -> str:
        return f"{kind}-{life}-{next(numbers)}"

    store = ConversationStore(database, keys, "avonmere", new_id, lambda: "secret")
    people = PeopleStore(database, keys, new_id, lambda: f"{life}-{next(numbers)}")
    clock = FakeClock()
    house = house_of_fakes(profile(), Record(database, keys), store, people, clock=clock, new_id=new_id)
    if not conversation:
        conversation = store.start(Channel.WEB, "", clock())[0].id
    print(json.dumps({"conversation": conversation}), flush=True)
    while True:
        for text in SAYS:
            current = store.load(ConversationId(conversation))
            assert current is not None
            for item in run_turn(house, current, Utterance(text, Channel.WEB, clock())):
                if isinstance(item, ReplyPart):
                    print(json.dumps({"part": part_as_json(item)}), flush=True)
                else:
                    print(json.dumps({"turn": item.id, "outcome": item.outcome}), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    main(*sys.argv[1:4])
