"""Rows of the ledger as what they mean."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from guildhall.storage.ledger_schema import benefit_claim_reversals, benefit_claims, benefit_entries, benefit_signatures, benefits
from guildhall.value.ledger.benefit import Benefit, facts_of
from guildhall.value.ledger.claims import Account, Claim, Entry, Reversal, Signature
from guildhall.vocabulary.benefits import CashAct, Stage
from guildhall.vocabulary.roles import Role


def benefit_from(row: Any) -> Benefit:
    """A benefit as its row has it now."""
    return Benefit(row.id, Stage(row.stage), facts_of(json.loads(row.facts)), row.version)


def claim_from(row: Any) -> Claim:
    """A claim."""
    return Claim(
        row.id, row.benefit_id, row.budget_code, row.period, CashAct(row.act), row.act_reference, row.amount_pence, row.evidence_ref, row.by, row.at
    )  # fmt: skip


def accounts_from(connection: Connection, condition: Any) -> tuple[Account, ...]:
    """Everything of the benefits for which a condition on `benefits` holds, in the order in which they were entered."""
    rows = connection.execute(select(benefits).where(condition).order_by(benefits.c.added_at, benefits.c.id)).all()
    wanted = select(benefits.c.id).where(condition)
    entries = _by_benefit(
        (row.benefit_id, _entry(row))
        for row in connection.execute(
            select(benefit_entries).where(benefit_entries.c.benefit_id.in_(wanted)).order_by(benefit_entries.c.number)
        )
    )
    claims = _by_benefit(
        (row.benefit_id, claim_from(row))
        for row in connection.execute(
            select(benefit_claims).where(benefit_claims.c.benefit_id.in_(wanted)).order_by(benefit_claims.c.at, benefit_claims.c.id)
        )
    )
    joined = select(benefit_claim_reversals, benefit_claims.c.benefit_id).join(
        benefit_claims, benefit_claims.c.id == benefit_claim_reversals.c.claim_id
    )
    reversals = _by_benefit(
        (row.benefit_id, Reversal(row.id, row.claim_id, row.why, row.by, Role(row.role), row.at))
        for row in connection.execute(
            joined.where(benefit_claims.c.benefit_id.in_(wanted)).order_by(benefit_claim_reversals.c.at, benefit_claim_reversals.c.id)
        )
    )
    signatures = _by_benefit(
        (row.benefit_id, Signature(row.id, row.benefit_id, row.about, row.about_id, row.digest, row.by, Role(row.role), row.at))
        for row in connection.execute(
            select(benefit_signatures)
            .where(benefit_signatures.c.benefit_id.in_(wanted))
            .order_by(benefit_signatures.c.at, benefit_signatures.c.id)
        )
    )
    return tuple(
        Account(
            benefit_from(row), tuple(entries.get(row.id, ())), tuple(claims.get(row.id, ())), tuple(reversals.get(row.id, ())),
            tuple(signatures.get(row.id, ())),
        )
        for row in rows
    )  # fmt: skip


def _by_benefit(pairs: Any) -> dict[str, Sequence[Any]]:
    found: dict[str, list[Any]] = {}
    for benefit_id, item in pairs:
        found.setdefault(benefit_id, []).append(item)
    return dict(found)


def _entry(row: Any) -> Entry:
    was = Stage(row.was) if row.was else None
    return Entry(
        row.number, row.benefit_id, was, Stage(row.stage), row.by, Role(row.role), row.at, row.why, facts_of(json.loads(row.facts)),
        row.digest, row.moved,
    )  # fmt: skip
