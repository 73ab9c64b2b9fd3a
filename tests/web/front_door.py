"""A real front door over SQLite in a temporary folder, with understanding, library and composer faked."""

import secrets
import time
from pathlib import Path
from typing import Any

from guildhall.bootstrap.after import open_after
from guildhall.bootstrap.desk import open_desk
from guildhall.bootstrap.desk_tools import open_desk_tools
from guildhall.bootstrap.house import Guildhall, terms_of
from guildhall.bootstrap.identifiers import new_id, new_reference, new_secret
from guildhall.bootstrap.rights import Memory, wire_rights
from guildhall.bootstrap.supervised import open_supervised
from guildhall.bootstrap.switches import open_switchboard
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.records.sealing import Sealer
from guildhall.settings import Settings
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database, metadata
from guildhall.storage.keys import KeyRing
from guildhall.storage.people import PeopleStore
from guildhall.storage.record import Record
from guildhall.storage.spool import SpooledRecord
from guildhall.storage.switches import WatchedSwitches
from guildhall.testing.house import FakeClock, house_of_fakes
from guildhall.testing.library import QuotingComposer
from tests.assurance.desks import share_cache

COUNCILS = Path(__file__).parents[2] / "councils"
PROFILES: dict[str, CouncilProfile] = {}


def demo_profile() -> CouncilProfile:
    if "demo" not in PROFILES:
        PROFILES["demo"] = load_council(COUNCILS, "avonmere")
    return PROFILES["demo"]


def open_front_door(folder: Path, clock: FakeClock | None = None, profile: CouncilProfile | None = None, **fakes: Any) -> Guildhall:
    profile = profile or demo_profile()
    settings_given = fakes.pop("settings", {})
    share_cache(folder)
    settings = Settings(data_dir=folder, councils_dir=COUNCILS, host="127.0.0.1", **settings_given)
    database: Database = fakes.pop("database", None) or Database(f"sqlite:///{folder}/web.sqlite3")
    metadata.create_all(database.engine)
    keys = KeyRing(Sealer(fakes.pop("key", None) or secrets.token_bytes(32)), Database(f"sqlite:///{folder}/web-keys.sqlite3"))
    clock = clock or FakeClock()
    conversations = ConversationStore(database, keys, profile.slug, new_id, new_secret)
    people = PeopleStore(database, keys, new_id, new_reference)
    record = Record(database, keys)
    spooled = SpooledRecord(record, database, folder / "spool" / "events.jsonl")
    switchboard = open_switchboard(database, profile, fakes.get("composers", (QuotingComposer(),)))
    fakes.setdefault("switches", WatchedSwitches(switchboard.off, time.monotonic, seconds=0.0))
    desk = open_desk(database, keys, profile, interpreting=fakes.pop("interpreting", None), clock=clock)
    supervised = open_supervised(database, keys, profile, people, desk, clock, seconds=0.0)
    fakes.setdefault("supervision", supervised)
    house = house_of_fakes(profile, spooled, conversations, people, spool=spooled, desk=desk, clock=clock, new_id=new_id, **fakes)
    memory = Memory(database, keys, record, conversations, people, clock)
    rights = wire_rights(terms_of(profile), memory, folder, settings.folders, wait=lambda: None)
    tools = open_desk_tools(database, keys, profile, house.library, desk)
    after = open_after(settings, profile, memory)
    return Guildhall(settings, profile, database, house, conversations, people, record, switchboard, rights, desk, tools, after, supervised)
