"""One council's whole house, wired: what the web, the command line and the worker start from."""

import time
from dataclasses import dataclass

from guildhall.answers.request import Composer
from guildhall.bootstrap.answers import open_composers
from guildhall.bootstrap.desk import Desk, open_desk
from guildhall.bootstrap.governance import open_packs
from guildhall.bootstrap.identifiers import Clock, new_id, new_reference, new_secret
from guildhall.bootstrap.keys import open_keys, open_passing_keys
from guildhall.bootstrap.knowledge import open_embedder, open_library
from guildhall.bootstrap.rights import CouncilTerms, Memory, Rights, wire_rights
from guildhall.bootstrap.starting import check_keys_fit
from guildhall.bootstrap.supervised import Supervised, open_supervised
from guildhall.bootstrap.switches import open_switchboard
from guildhall.bootstrap.understanding import open_understander
from guildhall.conversations.house import House
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.settings import Settings
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database
from guildhall.storage.migrating import upgrade
from guildhall.storage.people import PeopleStore
from guildhall.storage.record import Record
from guildhall.storage.spool import SpooledRecord
from guildhall.storage.switches import SwitchStore, WatchedSwitches


@dataclass(frozen=True)
class Guildhall:
    """Everything one council's front door needs, open and ready."""

    settings: Settings
    profile: CouncilProfile
    database: Database
    house: House
    conversations: ConversationStore
    people: PeopleStore
    record: Record
    switchboard: SwitchStore
    rights: Rights
    desk: Desk
    supervised: Supervised

    def close(self) -> None:
        """Give everything back."""
        self.desk.close()
        self.database.close()
        self.rights.close()


def open_guildhall(settings: Settings, council: str = "", record_into: Database | None = None) -> Guildhall:
    """Load a council, open its memory, index and models, and wire the turn. Training and conversion happen on first use, with progress.

    `record_into` keeps conversations and the record in another database than the council's content (evaluations, benchmarks).
    """
    slug = council or settings.council
    database = Database(settings.database)
    upgrade(database)
    memory = record_into or database
    if record_into:
        upgrade(record_into)
    keys = open_passing_keys(settings, memory) if record_into else open_keys(settings, memory)
    check_keys_fit(settings, memory, keys)
    clock = Clock(settings.today)
    packs = open_packs(settings, database, keys, slug, clock)
    profile = load_council(settings.councils_dir, slug, settings.data_dir / "cache" / "yaml", packs.now().active)
    conversations = ConversationStore(memory, keys, slug, new_id, new_secret)
    people = PeopleStore(memory, keys, new_id, new_reference)
    record = Record(memory, keys)
    desk = open_desk(memory, keys, profile)
    supervised = open_supervised(memory, keys, profile, people, desk, clock)
    embedder = open_embedder(settings)
    understanding = open_understander(settings, embedder, tuple(profile.services.values()), slug, profile.council.misdirection)
    composers: tuple[Composer, ...] = open_composers(settings, profile)
    switchboard = open_switchboard(memory, profile, composers)
    waits_for = "passing" if record_into else slug  # what waits for the deployment's record must not get into a measurement's
    spooled = SpooledRecord(record, memory, settings.data_dir / "spool" / f"{waits_for}.jsonl")
    spooled.take_in()
    house = House(
        profile=profile,
        understanding=understanding,
        library=open_library(settings, database, slug, embedder, profile.lexicon),
        composers=composers,
        records=spooled,
        spool=spooled,
        conversations=conversations,
        people=people,
        desk=desk,
        packs=packs,
        switches=WatchedSwitches(switchboard.off, time.monotonic),
        supervision=supervised,
        clock=clock,
        new_id=new_id,
        stopwatch=time.perf_counter,
    )
    rights = wire_rights(terms_of(profile), Memory(memory, keys, record, conversations, people, clock), settings.data_dir, settings.folders)
    return Guildhall(settings, profile, database, house, conversations, people, record, switchboard, rights, desk, supervised)


def terms_of(profile: CouncilProfile) -> CouncilTerms:
    """What the rights need of a loaded council."""
    calendar = profile.calendar
    return CouncilTerms(profile.slug, profile.council.name, profile.retention, calendar.zone, calendar.bank_holidays)
