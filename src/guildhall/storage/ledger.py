"""The benefits ledger: one row for each benefit, and beside it what was written once: its history, claims, reversals and signatures."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from guildhall.storage.database import Database
from guildhall.storage.ledger_rows import accounts_from, benefit_from, claim_from
from guildhall.storage.ledger_schema import (
    benefit_claim_months,
    benefit_claim_reversals,
    benefit_claims,
    benefit_entries,
    benefit_signatures,
    benefits,
)
from guildhall.storage.record import write_events
from guildhall.value.ledger.alike import alike
from guildhall.value.ledger.benefit import Benefit, BenefitFacts, budget_code_of, plain
from guildhall.value.ledger.claims import Account, Claim, Reversal
from guildhall.value.ledger.evidence import AnyEvidence, Evidence, Found, everything_named, move_lacks, new_lacks, references
from guildhall.value.ledger.moving import (
    LackingError,
    Signer,
    check_change,
    check_claim,
    check_facts,
    check_move,
    check_reason,
    check_reversal,
    check_signing,
    may_add,
)
from guildhall.value.ledger.needs import Lack
from guildhall.value.ledger.periods import period_of
from guildhall.vocabulary.benefits import CashAct, Stage
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId
from guildhall.vocabulary.staff import StaffMember


class ChangedSinceError(RefusedError):
    """Somebody else changed a benefit after it was looked at. `seen` is the version that was looked at."""

    def __init__(self, seen: int) -> None:
        self.seen = seen
        super().__init__("somebody else changed it after you looked at it. Nothing of yours is saved. Look at it again first")


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """What somebody claims. The reference is the council's own number of the act: of the post, the shift or the contract."""

    budget_code: str
    period: str
    act: CashAct
    act_reference: str
    amount_pence: int
    evidence_ref: str


class LedgerStore:
    """Repository of one council's ledger. Whether something may be done is decided in the transaction that does it."""

    def __init__(
        self,
        database: Database,
        council: str,
        new_id: Callable[[str], str],
        clock: Callable[[], datetime],
        zone: tzinfo = UTC,
        evidence: Evidence | None = None,
    ) -> None:
        self._database, self._council, self._new_id, self._clock, self._zone = database, council, new_id, clock, zone
        self._evidence: Evidence = evidence or AnyEvidence()

    @property
    def today(self) -> date:
        """The day where the council is."""
        return self._clock().astimezone(self._zone).date()

    def add(self, facts: BenefitFacts, member: StaffMember) -> Benefit:
        """Enter a benefit as an idea. Raises RefusedError."""
        who = may_add(member)
        check_facts(facts)
        self._check_written(None, facts)
        benefit, at = Benefit(self._new_id("benefit"), Stage.IDEA, facts), self._at()
        with self._database.writing() as connection:
            row = _columns(benefit) | {"id": benefit.id, "council": self._council, "added_at": at, "changed_at": at}
            connection.execute(insert(benefits).values(**row))
            self._enter(connection, benefit, None, who, at, "")
        return benefit

    def change(self, benefit_id: str, facts: BenefitFacts, member: StaffMember, why: str, version: int = 0) -> Benefit:
        """Say more or otherwise of a benefit. With a `version`, refused when somebody else changed it since. Raises RefusedError."""
        who, reason, at = may_add(member), check_reason(why), self._at()
        before = self.account(benefit_id).benefit
        if version and before.version != version:  # said before anything else: what is wrong may be what the other has changed
            raise ChangedSinceError(version)
        self._check_written(before.facts, facts)
        with self._database.writing() as connection:
            was = self._locked(connection, benefit_id)
            if version and was.version != version:
                raise ChangedSinceError(version)
            fields = check_change(was, facts)
            now = replace(was, facts=facts, version=was.version + 1)
            self._put(connection, now, at)
            self._enter(connection, now, was, who, at, reason, fields=fields)
        return now

    def move(self, benefit_id: str, to: Stage, member: StaffMember, why: str, version: int = 0) -> Benefit:
        """Bring a benefit to another stage; whoever does it signs the row as it then is. Raises RefusedError, LackingError.

        With a `version`, ChangedSinceError when somebody else changed it since: nobody signs what they have not seen.
        """
        reason, at = check_reason(why), self._at()
        before = self.account(benefit_id)
        if version and before.benefit.version != version:
            raise ChangedSinceError(version)
        found = self._evidence.look(everything_named([before]))  # what no longer stands never stands again, so it may be asked before
        with self._database.writing() as connection:
            _one_at_a_time(connection, self._council)  # two benefits on one budget line may be approved at once
            was = self._locked(connection, benefit_id)
            (account,) = accounts_from(connection, benefits.c.id == benefit_id)
            others = connection.execute(select(benefits).where(benefits.c.council == self._council)).all() if to == Stage.APPROVED else ()
            who = check_move(account, to, member, self.today, [benefit_from(row) for row in others])
            if was.version != before.benefit.version:
                raise ChangedSinceError(before.benefit.version)
            if lacking := move_lacks(account, to, found):
                raise LackingError(lacking)
            now = replace(was, stage=to, version=was.version + 1)
            self._put(connection, now, at)
            self._enter(connection, now, was, who, at, reason, moved=True)
            self._sign(connection, now.id, "entry", f"{now.id}/{now.version}", now.digest, who, at)
        return now

    def claim(self, benefit_id: str, draft: ClaimDraft, member: StaffMember) -> Claim:
        """Claim money. Raises RefusedError, also when any month of that pound is claimed already; then it names the claim that has it."""
        at, period = self._at(), period_of(draft.period)
        code = budget_code_of(draft.budget_code)
        reference = " ".join(draft.act_reference.split()).upper()[:80]
        claim = Claim(
            self._new_id("claim"), benefit_id, code, period.name, draft.act, reference, draft.amount_pence, draft.evidence_ref.strip()[:200],
            str(member.id), at,
        )  # fmt: skip
        shows = self._looked(claim.evidence_ref)
        try:
            with self._database.writing() as connection:
                self._locked(connection, benefit_id)
                (account,) = accounts_from(connection, benefits.c.id == benefit_id)
                who = check_claim(account, claim, member, self.today)
                if not shows.stands:
                    raise LackingError([Lack("evidence_ref", shows.why)])
                row = {name: getattr(claim, name) for name in Claim.__slots__} | {"council": self._council, "act": claim.act.value}
                connection.execute(insert(benefit_claims).values(**row, digest=claim.digest))
                connection.execute(insert(benefit_claim_months), [self._cell(connection, claim, month) for month in period.months])
                self._note(connection, EventKind.BENEFIT_CLAIMED, at, _told(claim) | {"by": who.staff_id, "role": who.role.value})
        except IntegrityError:  # another writer was first
            self._refuse_taken(claim)
            raise
        return claim

    def sign(self, claim_id: str, member: StaffMember) -> Claim:
        """The chief finance officer signs a claim as it stands. Raises RefusedError, NotFoundError."""
        at = self._at()
        shows = self._looked(self._evidence_of(claim_id))
        with self._database.writing() as connection:
            claim, account = self._claim(connection, claim_id)
            who = check_signing(claim, account, member)
            if not shows.stands:
                raise RefusedError(f"its evidence no longer stands: {shows.why}. Take it back, and claim anew with what shows it")
            self._sign(connection, claim.benefit_id, "claim", claim.id, claim.digest, who, at)
        return claim

    def reverse(self, claim_id: str, member: StaffMember, why: str) -> Reversal:
        """Take a claim back, in whole; what was right in it is claimed anew. Raises RefusedError, NotFoundError."""
        reason, at = check_reason(why), self._at()
        with self._database.writing() as connection:
            claim, account = self._claim(connection, claim_id)
            who = check_reversal(claim, account, member)
            made = Reversal(self._new_id("reversal"), claim.id, reason, who.staff_id, who.role, at)
            row = {name: getattr(made, name) for name in Reversal.__slots__} | {"role": made.role.value, "digest": made.digest}
            connection.execute(insert(benefit_claim_reversals).values(**row))
            facts = _told(claim) | {"reversal": made.id, "by": who.staff_id, "role": who.role.value}
            self._note(connection, EventKind.CLAIM_REVERSED, at, facts)
            self._sign(connection, claim.benefit_id, "reversal", made.id, made.digest, who, at)
        return made

    def account(self, benefit_id: str) -> Account:
        """Everything of one benefit. Raises NotFoundError."""
        with self._database.reading() as connection:
            found = accounts_from(connection, (benefits.c.council == self._council) & (benefits.c.id == benefit_id))
        if not found:
            raise NotFoundError(f"there is no benefit {benefit_id}")
        return found[0]

    def accounts(self) -> tuple[Account, ...]:
        """Everything of every benefit, in the order in which they were entered."""
        with self._database.reading() as connection:
            return accounts_from(connection, benefits.c.council == self._council)

    def found(self, accounts: Iterable[Account]) -> Mapping[str, Found]:
        """What everything that these accounts name as evidence leads to now."""
        return self._evidence.look(everything_named(accounts))

    def _looked(self, reference: str) -> Found:
        return self._evidence.look([reference])[reference]

    def _check_written(self, was: BenefitFacts | None, now: BenefitFacts) -> None:
        if lacking := list(new_lacks(was, now, self._evidence.look(references(now)))):
            raise LackingError(lacking)

    def _evidence_of(self, claim_id: str) -> str:
        query = select(benefit_claims.c.evidence_ref).where(benefit_claims.c.council == self._council, benefit_claims.c.id == claim_id)
        with self._database.reading() as connection:
            return str(connection.execute(query).scalar_one_or_none() or "")

    def _at(self) -> datetime:
        return self._clock().astimezone(UTC)

    def _locked(self, connection: Connection, benefit_id: str) -> Benefit:
        query = select(benefits).where(benefits.c.council == self._council, benefits.c.id == benefit_id).with_for_update()
        row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no benefit {benefit_id}")
        return benefit_from(row)

    def _claim(self, connection: Connection, claim_id: str) -> tuple[Claim, Account]:
        query = select(benefit_claims).where(benefit_claims.c.council == self._council, benefit_claims.c.id == claim_id)
        row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no claim {claim_id}")
        self._locked(connection, row.benefit_id)
        (account,) = accounts_from(connection, benefits.c.id == row.benefit_id)
        return claim_from(row), account

    def _put(self, connection: Connection, now: Benefit, at: datetime) -> None:
        connection.execute(update(benefits).where(benefits.c.id == now.id).values(**_columns(now), changed_at=at))

    def _enter(
        self, connection: Connection, now: Benefit, was: Benefit | None, who: Signer, at: datetime, why: str, *,
        moved: bool = False, fields: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        before = was.stage.value if was else ""
        row = {
            "benefit_id": now.id, "number": now.version, "was": before, "stage": now.stage.value, "moved": moved, "by": who.staff_id,
            "role": who.role.value, "at": at, "why": why, "facts": _json(now.facts), "digest": now.digest,
        }  # fmt: skip
        connection.execute(insert(benefit_entries).values(**row))
        told = {"benefit": now.id, "number": now.version, "was": before, "stage": now.stage.value, "fields": list(fields)}
        self._note(connection, EventKind.BENEFIT_CHANGED, at, told | {"by": who.staff_id, "role": who.role.value, "digest": now.digest})

    def _sign(self, connection: Connection, benefit_id: str, about: str, about_id: str, digest: str, who: Signer, at: datetime) -> None:
        row = {"benefit_id": benefit_id, "about": about, "about_id": about_id, "digest": digest, "by": who.staff_id, "role": who.role.value}
        connection.execute(insert(benefit_signatures).values(**row, id=self._new_id("signature"), at=at))
        told = {**row, "benefit": benefit_id}
        del told["benefit_id"]
        self._note(connection, EventKind.BENEFIT_SIGNED, at, told)

    def _cell(self, connection: Connection, claim: Claim, month: str) -> dict[str, Any]:
        """A month's row of a claim, by line and act however they are spelled. Raises RefusedError when a claim stands there that was not taken back."""
        action = f"{claim.act.value}:{alike(claim.act_reference)[:80]}"
        cell = {"council": self._council, "budget_code": alike(claim.budget_code), "cash_action": action, "month": month}
        last = self._last(connection, cell, claim)
        if last is not None and not last.reversed:
            raise _taken(last, month)
        if last is not None:
            cell |= {"budget_code": last.budget_code, "cash_action": last.cash_action}
        return cell | {"claim_id": claim.id, "replaces": last.claim_id if last else None}

    def _last(self, connection: Connection, cell: Mapping[str, str], claim: Claim) -> Any:
        months, gone = benefit_claim_months, benefit_claim_reversals
        spelled = {"budget_code": claim.budget_code, "cash_action": claim.cash_action}  # as rows of earlier versions have it
        same = [months.c[name].in_((value, spelled.get(name, value))) for name, value in cell.items()]
        query = (
            select(months.c.claim_id, months.c.budget_code, months.c.cash_action, benefit_claims.c.benefit_id, gone.c.id.label("reversed"))
            .join(benefit_claims, benefit_claims.c.id == months.c.claim_id)
            .outerjoin(gone, gone.c.claim_id == months.c.claim_id)
            .where(*same)
        )
        rows = connection.execute(query).all()
        replaced = connection.execute(select(months.c.replaces).where(*same)).scalars()
        done = set(replaced)
        return next((row for row in rows if row.claim_id not in done), None)

    def _refuse_taken(self, claim: Claim) -> None:
        with self._database.reading() as connection:
            for month in claim.when.months:
                self._cell(connection, claim, month)

    def _note(self, connection: Connection, kind: EventKind, at: datetime, facts: Mapping[str, Any]) -> None:
        write_events(connection, None, [Event(EventId(self._new_id("event")), kind, at, facts={**facts, "council": self._council})])


def _taken(last: Any, month: str) -> RefusedError:
    return RefusedError(f"this pound is claimed already for {month}, by {last.claim_id} of {last.benefit_id}: a pound is claimed once")


def _json(facts: BenefitFacts) -> str:
    return json.dumps(plain(facts), sort_keys=True, ensure_ascii=False)


def _columns(benefit: Benefit) -> dict[str, Any]:
    return {"stage": benefit.stage.value, "version": benefit.version, "facts": _json(benefit.facts), "digest": benefit.digest}


def _told(claim: Claim) -> dict[str, Any]:
    row = {"claim": claim.id, "benefit": claim.benefit_id, "budget_code": claim.budget_code, "period": claim.period}
    return row | {"cash_action": claim.cash_action, "amount_pence": claim.amount_pence, "digest": claim.digest}


def _one_at_a_time(connection: Connection, council: str) -> None:
    """On SQLite a writer is alone anyway; PostgreSQL holds a lock of its own until the end of the transaction."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("select pg_advisory_xact_lock(hashtext(%s))", (f"ledger:{council}",))
