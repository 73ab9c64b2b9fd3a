"""One server process of the measurement: the real application and ticker over the given database; only the models are faked."""

import argparse
import contextlib
import gc
import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from guildhall.bootstrap.after import open_after
from guildhall.bootstrap.desk import open_desk
from guildhall.bootstrap.desk_round import beside
from guildhall.bootstrap.desk_ticker import DeskTicker
from guildhall.bootstrap.desk_tools import open_desk_tools
from guildhall.bootstrap.house import Guildhall, terms_of
from guildhall.bootstrap.identifiers import new_id, new_reference, new_secret
from guildhall.bootstrap.keys import open_keys
from guildhall.bootstrap.rights import Memory, wire_rights
from guildhall.bootstrap.supervised import open_supervised
from guildhall.bootstrap.switches import open_switchboard
from guildhall.councils.loading import load_council
from guildhall.settings import Settings
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database
from guildhall.storage.people import PeopleStore
from guildhall.storage.record import Record
from guildhall.storage.spool import SpooledRecord
from guildhall.storage.switches import WatchedSwitches
from guildhall.testing.house import house_of_fakes
from guildhall.testing.library import QuotingComposer
from guildhall.web.app import create_app
from guildhall.web.rate_limits import Rate, Rates
from guildhall.web.threads import share_fairly

if TYPE_CHECKING:
    from collections.abc import Callable

COUNCILS = Path(__file__).parents[2] / "councils"
ONE_ADDRESS = Rate(1e9, 1e9)
"""Everybody comes from this machine, so the limits on one address would stop what they are not meant to stop."""


class ShiftedClock:
    """The real clock, moved by the same seconds in every process: to a Wednesday in office hours, whenever it is run."""

    def __init__(self, ahead: float) -> None:
        self._ahead = timedelta(seconds=ahead)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead


def settings_of(folder: Path, database: str) -> Settings:
    """A deployment of its own in a folder."""
    return Settings(
        data_dir=folder, councils_dir=COUNCILS, council="avonmere", host="127.0.0.1", today="", master_key="", database_url=database
    )


def open_server(settings: Settings, clock: "Callable[[], datetime]", journal: str) -> Guildhall:
    """The house over a database that is there already."""
    profile = load_council(COUNCILS, settings.council, settings.data_dir / "cache" / "yaml")
    database = Database(settings.database)
    keys = open_keys(settings, database)
    conversations = ConversationStore(database, keys, profile.slug, new_id, new_secret)
    people = PeopleStore(database, keys, new_id, new_reference)
    record = Record(database, keys)
    spooled = SpooledRecord(record, database, settings.data_dir / journal / "events.jsonl")
    switchboard = open_switchboard(database, profile, (QuotingComposer(),))
    desk = open_desk(database, keys, profile, clock=clock)
    supervised = open_supervised(database, keys, profile, people, desk, clock)
    house = house_of_fakes(
        profile, spooled, conversations, people, spool=spooled, desk=desk, clock=clock, new_id=new_id, supervision=supervised,
        switches=WatchedSwitches(switchboard.off, time.monotonic),
    )  # fmt: skip
    memory = Memory(database, keys, record, conversations, people, clock)
    rights = wire_rights(terms_of(profile), memory, settings.data_dir, settings.folders, wait=lambda: None)
    tools = open_desk_tools(database, keys, profile, house.library, desk)
    after = open_after(settings, profile, memory)
    return Guildhall(settings, profile, database, house, conversations, people, record, switchboard, rights, desk, tools, after, supervised)


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--ahead", type=float, required=True)
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--name", required=True)
    given = parser.parse_args()
    guildhall = open_server(settings_of(given.folder, given.database), ShiftedClock(given.ahead), given.name)
    ticker = DeskTicker(guildhall.desk, guildhall.house.clock, beside=beside(guildhall.after, guildhall.supervised))
    ticker.start()
    app = create_app(guildhall, Rates(ONE_ADDRESS, ONE_ADDRESS, ONE_ADDRESS))
    share_fairly()
    gc.collect()
    gc.freeze()  # as `guildhall serve` does
    config = uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off", timeout_graceful_shutdown=1, server_header=False)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[socket.socket(fileno=given.socket)])
    finally:
        ticker.stop()
        guildhall.close()


if __name__ == "__main__":
    main()
