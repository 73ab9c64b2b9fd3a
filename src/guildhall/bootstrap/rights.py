"""Wires people's rights over what they said: holds, retention, erasure, requests, and what staff may see."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from guildhall.bootstrap.identifiers import Clock, new_id, new_reference, new_secret
from guildhall.bootstrap.keys import open_keys
from guildhall.bootstrap.word_stores import stores_of
from guildhall.councils.config import CouncilFile
from guildhall.councils.loading import BASELINE, read_retention
from guildhall.councils.phone_files import read_phone
from guildhall.councils.yaml_files import YamlReader
from guildhall.records.clocks import Clock as DueClock
from guildhall.records.clocks import clocks_of
from guildhall.records.erasing import Erasing
from guildhall.records.erasures import Certificate
from guildhall.records.requests import RightsRequest
from guildhall.records.retention import RetentionFile
from guildhall.settings import Settings
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database
from guildhall.storage.erasures import ErasureJournal
from guildhall.storage.held import HeldReader
from guildhall.storage.holds import HoldStore
from guildhall.storage.keys import FORGET_SECONDS, KeyRing
from guildhall.storage.migrating import upgrade
from guildhall.storage.people import PeopleStore
from guildhall.storage.record import Record
from guildhall.storage.recordings import RecordingsFolder
from guildhall.storage.retention import Folders, Retention
from guildhall.storage.rights_requests import RightsStore
from guildhall.storage.staff_views import StaffViews
from guildhall.storage.subject_access import SubjectAccess

WAIT_SECONDS = 2 * FORGET_SECONDS
"""After this no process uses a destroyed key, whatever moment it last looked."""


@dataclass(frozen=True)
class CouncilTerms:
    """What the rights need of a council's files."""

    slug: str
    name: str
    retention: RetentionFile
    zone: ZoneInfo
    holidays: frozenset[date]
    keeps_transcripts: bool = True
    """Of calls, as the council's phone.yaml says."""


@dataclass(frozen=True)
class Memory:
    """The stores they work on, already open, and where time comes from."""

    database: Database
    keys: KeyRing
    record: Record
    conversations: ConversationStore
    people: PeopleStore
    clock: Callable[[], datetime]


@dataclass(frozen=True)
class Rights:
    """Everything about people's rights, wired."""

    terms: CouncilTerms
    memory: Memory
    folders: dict[str, Path]
    journal: ErasureJournal
    holds: HoldStore
    erasing: Erasing
    retention: Retention
    requests: RightsStore
    views: StaffViews
    access: SubjectAccess

    def clocks(self, request: RightsRequest) -> tuple[DueClock, ...]:
        """The clocks of a request, in the council's time zone and with its bank holidays."""
        return clocks_of(request.kind, request.received_at, request.taken, self.terms.zone, self.terms.holidays)

    def keep_certificate(self, certificate: Certificate) -> Path:
        """Write a certificate as text and as JSON; the path of the text."""
        folder = self.folders["certificates"]
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{certificate.content['erasure']}.txt"
        path.write_text(certificate.as_text, "utf-8")
        path.with_suffix(".json").write_text(certificate.as_json, "utf-8")
        return path

    def close(self) -> None:
        """Give everything back."""
        self.memory.database.close()
        self.memory.keys.database.close()


def wire_rights(
    terms: CouncilTerms, memory: Memory, data_dir: Path, folders: dict[str, Path], wait: Callable[[], None] | None = None
) -> Rights:
    """The rights over open stores. `wait` returns once no process uses a destroyed key any more."""
    database, keys, record, clock = memory.database, memory.keys, memory.record, memory.clock
    journal = ErasureJournal(database, keys)
    holds = HoldStore(database, record, clock, new_id)
    erasing = Erasing(
        journal=journal,
        keys=keys,
        holds=holds,
        stores=stores_of(database, keys, data_dir, folders["exports"], folders["recordings"]),
        databases=(database, keys.database),
        record=record,
        clock=clock,
        new_id=new_id,
        wait=wait or (lambda: time.sleep(WAIT_SECONDS)),
    )
    recordings = RecordingsFolder(folders["recordings"])
    where = Folders(folders["exports"], folders["backups"], folders["key_backups"], recordings)
    requests = RightsStore(database, keys, record, terms.slug, clock, new_id, new_reference)
    views = StaffViews(database, memory.conversations, memory.people, record, clock, new_id)
    return Rights(
        terms=terms,
        memory=memory,
        folders=folders,
        journal=journal,
        holds=holds,
        erasing=erasing,
        retention=Retention(terms.retention, terms.keeps_transcripts, database, keys, holds, erasing, record, where, clock, new_id),
        requests=requests,
        views=views,
        access=SubjectAccess(HeldReader(database, keys, memory.people, recordings), requests, views, folders["exports"], terms.name, clock),
    )


def open_rights(settings: Settings, council: str = "") -> Rights:
    """The deployment's rights alone, for commands that need no models."""
    slug = council or settings.council
    return wire_rights(read_terms(settings, slug), open_memory(settings, slug), settings.data_dir, settings.folders)


def open_memory(settings: Settings, slug: str) -> Memory:
    """The deployment's stores, with the schema and the keys brought up to date."""
    database = Database(settings.database)
    upgrade(database)
    keys = open_keys(settings, database)
    return Memory(
        database=database,
        keys=keys,
        record=Record(database, keys),
        conversations=ConversationStore(database, keys, slug, new_id, new_secret),
        people=PeopleStore(database, keys, new_id, new_reference),
        clock=Clock(settings.today),
    )


def read_terms(settings: Settings, slug: str) -> CouncilTerms:
    """A council's terms from its files, checked. Raises ConfigurationError."""
    reader = YamlReader(settings.data_dir / "cache" / "yaml")
    folder = settings.councils_dir / slug
    council = reader.read(folder / "council.yaml", CouncilFile)
    retention = read_retention(reader, settings.councils_dir / BASELINE, folder)
    keeps = read_phone(reader, settings.councils_dir / BASELINE, folder).transcript.on
    holidays = frozenset(day.on for day in council.bank_holidays)
    return CouncilTerms(slug, council.name, retention, ZoneInfo(council.time_zone), holidays, keeps)
