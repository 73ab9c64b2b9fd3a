"""Another process at the same desk: an adviser's message is written from there. `python -m tests.web.another_process …`"""

import subprocess
import sys
from datetime import datetime

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.identifiers import new_id
from guildhall.records.sealing import Sealer
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.messages import Message, MessageStore


def write_from_another_process(guildhall: Guildhall, keys: str, key: bytes, conversation_id: str, staff_id: str, text: str) -> None:
    """Start it, and wait until it has written and gone."""
    now = guildhall.house.clock().isoformat()
    given = [guildhall.database.url, keys, key.hex(), conversation_id, staff_id, text, now]
    subprocess.run([sys.executable, "-m", "tests.web.another_process", *given], check=True, timeout=60)


def main(url: str, keys: str, key: str, conversation_id: str, staff_id: str, text: str, now: str) -> None:
    database, ring = Database(url), Database(keys)
    messages = MessageStore(database, KeyRing(Sealer(bytes.fromhex(key)), ring), new_id)
    messages.send(conversation_id, staff_id, new_id("message"), Message(text), datetime.fromisoformat(now))
    database.close()
    ring.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
