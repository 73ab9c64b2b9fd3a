"""A process that ticks an outbox for ever against a sender whose deliveries are counted outside it; the test kills it at any moment.

It says where it stands on the standard output, so that a kill can be placed between claiming, sending and marking.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from guildhall.aftercare.outbox import Outbox
from guildhall.aftercare.ports import Notifies
from guildhall.providers.notifications.govuk_notify import GovUkNotify, Templates, read_key
from guildhall.providers.notifications.local_outbox import LocalOutbox
from guildhall.records.sealing import Sealer
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.notifications import OutboxStore
from guildhall.vocabulary.notifications import MessageChannel
from tests.providers.notifications.double import EMAIL_TEMPLATE, KEY, SMS_TEMPLATE

LEASE = timedelta(seconds=2)
"""Short, so that what a killed process held is free again soon; calls take at most half a second."""


class SaysWhereItIs:
    """Passes every call on and says so first and after."""

    def __init__(self, inner: Any, names: tuple[str, ...]) -> None:
        self._inner, self._names = inner, names

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in self._names:
            return found

        def said(*args: Any, **kwargs: Any) -> Any:
            print(f"before {name}", flush=True)
            result = found(*args, **kwargs)
            if not (name == "claim" and result is None):
                print(f"after {name}", flush=True)
            return result

        return said


def open_store(database_file: str) -> OutboxStore:
    """The outbox of the test's database."""
    keys = KeyRing(Sealer(bytes(32)), Database(f"sqlite:///{database_file}.keys"))
    import itertools
    import uuid

    life = uuid.uuid4().hex[:8]
    numbers = itertools.count()
    return OutboxStore(
        Database(f"sqlite:///{database_file}"),
        keys,
        lambda kind: f"{kind[:4]}_{life}_{next(numbers)}",
        lambda _route, _channel: "07700 900301",
    )


def open_sender(where: str) -> Notifies:
    """A folder, or an address of the double."""
    if not where.startswith("http"):
        return LocalOutbox(Path(where))
    templates = Templates({MessageChannel.SMS: SMS_TEMPLATE, MessageChannel.EMAIL: EMAIL_TEMPLATE})
    return GovUkNotify(read_key(KEY), templates, where, 0.4)


def main(database_file: str, where: str) -> None:
    """Tick until killed."""
    store: Any = SaysWhereItIs(open_store(database_file), ("claim", "sent", "again"))
    notifies: Any = SaysWhereItIs(open_sender(where), ("send", "find"))
    outbox = Outbox(store, notifies, f"worker-{id(store)}", LEASE)
    print("ready", flush=True)
    while True:
        outbox.tick(datetime.now(UTC))
        print("idle", flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    main(*sys.argv[1:3])
