"""Rows of the board's tables as the vocabulary has them."""

import json
from typing import Any

from guildhall.vocabulary.governance import Activation, Counted, HowActivated, Member, Observed, Phase, Proposal, Report, Signature
from guildhall.vocabulary.roles import Role


def member_of(row: Any) -> Member:
    """A member of the board."""
    return Member(row.name, _roles(row.roles), row.public_key, row.enrolled_at)


def proposal_of(row: Any) -> Proposal:
    """A proposed change."""
    return Proposal(
        id=row.id,
        phase=Phase(row.phase),
        author=row.author,
        why=row.why,
        base=row.base,
        pack=row.pack,
        loosens=row.loosens,
        proposed_at=row.proposed_at,
        phase_since=row.phase_since,
        share=row.share,
        lapses_at=row.lapses_at,
        observed=observed_from(row.observed),
    )


def observed_from(text: str) -> Observed:
    """What was seen of a change."""
    data = json.loads(text)
    return Observed(**data | {"changed": Counted(**data["changed"]), "control": Counted(**data["control"])})


def report_of(row: Any) -> Report:
    """What a gate found."""
    return Report(row.gate, row.passed, row.reason, row.body, row.digest, row.at)


def signature_of(row: Any) -> Signature:
    """A member's signature."""
    return Signature(row.name, _roles(row.roles), row.signed, row.signature, row.at)


def activation_of(row: Any) -> Activation:
    """One time that a pack came into force."""
    return Activation(row.number, row.pack, HowActivated(row.how), row.by, row.why, row.proposal, row.at)


def _roles(text: str) -> tuple[Role, ...]:
    return tuple(Role(role) for role in json.loads(text))
