"""The benefits ledger, wired: the store, who the staff are, and the council's haircuts. For commands it opens no models."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.identifiers import Clock, new_id
from guildhall.bootstrap.roles_held import member_with
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.evidence import EvidenceStore
from guildhall.storage.ledger import LedgerStore
from guildhall.storage.migrating import upgrade
from guildhall.storage.staff import StaffStore
from guildhall.value.ledger.benefit import BenefitFacts
from guildhall.value.ledger.evidence import fallen_said
from guildhall.value.ledger.headline import Haircuts
from guildhall.value.ledger.moving import LackingError
from guildhall.value.ledger.sheets import sheet
from guildhall.value.ledger.typed import typed
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.staff import StaffMember


@dataclass(frozen=True)
class Ledger:
    """One council's ledger."""

    store: LedgerStore
    staff: StaffStore
    haircuts: Haircuts
    evidence: EvidenceStore

    @property
    def today(self) -> date:
        """The day where the council is."""
        return self.store.today

    def member(self, name: str, roles: frozenset[Role], what: str) -> StaffMember:
        """The member of staff of that name, who holds one of the roles. Raises NotFoundError and RefusedError, which say who does."""
        return member_with(self.staff, name, roles, what)

    def fallen_said(self) -> str:
        """The benefits whose evidence no longer stands, in a sentence; '' where there is none."""
        accounts = self.store.accounts()
        return fallen_said(accounts, self.store.found(accounts))

    def csv(self, name: str) -> str:
        """One sheet as CSV. What a spreadsheet would take for a formula begins with an apostrophe."""
        head, rows = sheet(name, self.store.accounts(), self.today, self.haircuts, self.staff.names())
        written = io.StringIO()
        out = csv.writer(written)
        out.writerow(head)
        out.writerows([_plain(cell) for cell in row] for row in rows)
        return written.getvalue()


def _plain(cell: str) -> str:
    number = cell.removeprefix("-").isdigit()
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not number else cell


def facts_from(given: Mapping[str, str], onto: BenefitFacts) -> BenefitFacts:
    """Facts with what was typed in place of what was there. Raises LackingError for what cannot be read."""
    facts, wrong = typed(given, onto)
    if wrong:
        raise LackingError(wrong)
    return facts


def ledger_of(guildhall: Guildhall) -> Ledger:
    """The ledger of an open house."""
    return _over(guildhall.database, guildhall.profile, guildhall.house.clock)


def open_ledger(settings: Settings, council: str = "") -> Ledger:
    """The ledger of a council. Raises ConfigurationError."""
    profile = load_council(settings.councils_dir, council or settings.council, settings.data_dir / "cache" / "yaml")
    database = Database(settings.database)
    upgrade(database)
    return _over(database, profile, Clock(settings.today))


def _over(database: Database, profile: CouncilProfile, clock: Callable[[], datetime]) -> Ledger:
    evidence = evidence_of(database, profile, clock)
    store = LedgerStore(database, profile.slug, new_id, clock, profile.calendar.zone, evidence)
    return Ledger(store, StaffStore(database), profile.value.haircuts, evidence)


def evidence_of(database: Database, profile: CouncilProfile, clock: Callable[[], datetime]) -> EvidenceStore:
    """What a council's benefits may rest on."""
    return EvidenceStore(database, profile.slug, new_id, clock, frozenset(profile.value.measures))
