"""A process that decides whatever drafts wait, each in its own way, and says each time that it is about to; the test kills it."""

import sys
from itertools import count
from pathlib import Path

from guildhall.bootstrap.desk import open_desk
from guildhall.bootstrap.supervised import Supervised, open_supervised
from guildhall.records.sealing import Sealer
from guildhall.storage.database import Database
from guildhall.storage.drafts import DecidedAlreadyError, TooLateError
from guildhall.storage.keys import KeyRing
from guildhall.storage.people import PeopleStore
from guildhall.testing.house import FakeClock
from tests.conversations.talk import profile


def open_at(address: str, life: str) -> Supervised:
    """Supervised answers over a database that other processes use too."""
    database, keys, numbers = Database(address), KeyRing(Sealer(bytes(32)), Database(f"{address}.keys")), count(1)
    people = PeopleStore(database, keys, lambda kind: f"{kind}-{life}-{next(numbers)}", lambda: f"{life}-{next(numbers)}")
    return open_supervised(database, keys, profile(), people, open_desk(database, keys, profile()), FakeClock())


def main(address: str, life: str) -> None:
    """One line before each decision, and `done` when nothing waits."""
    supervised = open_at(address, life)
    for turn, draft in enumerate(supervised.drafts.waiting(), int(life)):
        words = supervised.drafts.words(draft)
        print(draft.id, flush=True)
        try:
            if turn % 12 == 11:
                supervised.tick(draft.until)  # ends all that still wait
            elif turn % 3 == 1:
                supervised.reject(draft, words, f"staff-{life}", "tone")
            else:
                supervised.approve(draft, words, f"staff-{life}")
        except (DecidedAlreadyError, TooLateError):
            continue
    print("done", flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    main(*sys.argv[1:3])
