"""One council's whole house, wired: what the web, the command line and the worker start from."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.exc import SQLAlchemyError

from guildhall.answers.request import Composer
from guildhall.bootstrap.after import After, open_after
from guildhall.bootstrap.answers import open_composers, open_model
from guildhall.bootstrap.desk import Desk, open_desk
from guildhall.bootstrap.desk_tools import DeskTools, open_desk_tools
from guildhall.bootstrap.governance import open_packs
from guildhall.bootstrap.identifiers import Clock, new_id, new_reference, new_secret
from guildhall.bootstrap.keys import open_keys, open_passing_keys
from guildhall.bootstrap.knowledge import open_embedder, open_library
from guildhall.bootstrap.rights import CouncilTerms, Memory, Rights, wire_rights
from guildhall.bootstrap.starting import check_keys_fit
from guildhall.bootstrap.supervised import Supervised, open_supervised
from guildhall.bootstrap.switches import open_switchboard
from guildhall.bootstrap.translations import Interpreting, KnowsLanguages
from guildhall.bootstrap.trials import Trials, trials_over
from guildhall.bootstrap.understanding import open_understander
from guildhall.conversations.house import House
from guildhall.conversations.ports import Searches, Understands
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.knowledge.config import Lexicon
from guildhall.learning.phrased import PhrasedUnderstanding, WatchedEntries, with_entries
from guildhall.settings import Settings
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database
from guildhall.storage.migrating import upgrade
from guildhall.storage.people import PeopleStore
from guildhall.storage.phrases import PhraseStore
from guildhall.storage.record import Record
from guildhall.storage.spool import SpooledRecord
from guildhall.storage.switches import SwitchStore, WatchedSwitches
from guildhall.vocabulary.errors import GuildhallError


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
    tools: DeskTools
    after: After
    supervised: Supervised

    @cached_property
    def trials(self) -> Trials:
        """Randomised trials of contacts."""
        return trials_over(self.profile, self.database, self.record.keys, self.house.clock, len(self.house.composers) > 1)

    def close(self) -> None:
        """Give everything back."""
        self.after.close()
        self.desk.close()
        self.database.close()
        self.rights.close()


@dataclass(frozen=True, slots=True)
class Minds:
    """The models of a turn, or what stands in for them where they are left out on purpose. `hears` knows the language of what is translated."""

    understanding: Understands
    library: Searches
    composers: tuple[Composer, ...]
    hears: KnowsLanguages | None = None


def open_guildhall(
    settings: Settings,
    council: str = "",
    record_into: Database | None = None,
    clock: Callable[[], datetime] | None = None,
    minds: Minds | None = None,
) -> Guildhall:
    """Load a council, open its memory, index and models, and wire the turn. Training and conversion happen on first use, with progress.

    `record_into` keeps conversations and the record in another database than the council's content (evaluations, benchmarks). `clock` is
    another one than the real one, `minds` what answers instead of the models (simulations).
    """
    slug = council or settings.council
    database = Database(settings.database)
    upgrade(database)
    memory = record_into or database
    if record_into:
        upgrade(record_into)
    keys = open_passing_keys(settings, memory) if record_into else open_keys(settings, memory)
    check_keys_fit(settings, memory, keys)
    clock = clock or Clock(settings.today)
    packs = open_packs(settings, database, keys, slug, clock)
    profile = load_council(settings.councils_dir, slug, settings.data_dir / "cache" / "yaml", packs.now().active)
    conversations = ConversationStore(memory, keys, slug, new_id, new_secret)
    people = PeopleStore(memory, keys, new_id, new_reference)
    record = Record(memory, keys)
    released = WatchedEntries(PhraseStore(database, keys, slug, new_id).words_in_use, time.monotonic, (SQLAlchemyError, GuildhallError))
    minds = minds or open_minds(settings, profile, database, lambda: with_entries(profile.lexicon, released()))
    understanding, composers = minds.understanding, minds.composers
    switchboard = open_switchboard(memory, profile, composers)
    switches = WatchedSwitches(switchboard.off, time.monotonic)
    interpreting = Interpreting(minds.hears, open_model(settings), switches) if minds.hears else None
    desk = open_desk(memory, keys, profile, database, interpreting, clock)
    waits_for = "passing" if record_into else slug  # what waits for the deployment's record must not get into a measurement's
    spooled = SpooledRecord(record, memory, settings.data_dir / "spool" / f"{waits_for}.jsonl")
    spooled.take_in()
    supervised = open_supervised(memory, keys, profile, people, desk, clock)
    house = House(
        profile=profile,
        understanding=PhrasedUnderstanding(understanding, released),
        library=minds.library,
        composers=composers,
        records=spooled,
        spool=spooled,
        conversations=conversations,
        people=people,
        desk=desk,
        packs=packs,
        switches=switches,
        supervision=supervised,
        clock=clock,
        new_id=new_id,
        stopwatch=time.perf_counter,
    )
    stores = Memory(memory, keys, record, conversations, people, clock)
    rights = wire_rights(terms_of(profile), stores, settings.data_dir, settings.folders)
    after = open_after(settings, profile, stores)
    tools = open_desk_tools(memory, keys, profile, house.library, desk)
    return Guildhall(settings, profile, database, house, conversations, people, record, switchboard, rights, desk, tools, after, supervised)


def open_minds(settings: Settings, profile: CouncilProfile, content: Database, lexicon: Callable[[], Lexicon]) -> Minds:
    """The models of a turn, the index of the council's content, and what composes."""
    embedder, slug = open_embedder(settings), profile.slug
    understanding = open_understander(settings, embedder, tuple(profile.services.values()), slug, profile.council.misdirection)
    library = open_library(settings, content, slug, embedder, lexicon)
    return Minds(understanding, library, open_composers(settings, profile), understanding)


def terms_of(profile: CouncilProfile) -> CouncilTerms:
    """What the rights need of a loaded council."""
    calendar = profile.calendar
    return CouncilTerms(
        profile.slug, profile.council.name, profile.retention, calendar.zone, calendar.bank_holidays, profile.phone.transcript.on
    )
