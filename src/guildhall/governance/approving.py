"""Four eyes: who has signed a change and its reports, whether each signature still holds, and whose is missing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import permutations
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guildhall.governance.changes import Change
from guildhall.governance.reports import found_by, tests_and_replay
from guildhall.governance.signing import canonical_json, sign, verifies
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.gates import Gate, GateResult
from guildhall.vocabulary.governance import Member, Phase, Signature
from guildhall.vocabulary.roles import ROLE_LABELS, Role

HOLDS_FOR: Final = timedelta(days=14)
CLOCKS_DIFFER_BY: Final = timedelta(minutes=5)
OPEN: Final = (Phase.PROPOSED, Phase.SHADOW, Phase.CANARY, Phase.EMERGENCY)


@dataclass(frozen=True, slots=True)
class Need:
    """One signature that a change needs: any of these roles gives it."""

    roles: tuple[Role, ...]
    because: str

    @property
    def label(self) -> str:
        """Whose signature, in words."""
        return " or ".join(ROLE_LABELS[role][0].lower() for role in self.roles)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the signatures of a change stand."""

    valid: tuple[Signature, ...]
    void: tuple[tuple[Signature, str], ...]
    missing: tuple[Need, ...]


def needs_of(change: Change) -> tuple[Need, ...]:
    """The signatures that a change needs, each from another person."""
    owners = {rule.owner for rule in change.touched}
    owner = (Role.RULE_OWNER, Role.SAFEGUARDING_LEAD) if any("safeguarding" in name for name in owners) else (Role.RULE_OWNER,)
    needs = [
        Need(owner, "a rule's owner answers for it"),
        Need((Role.DATA_PROTECTION_OFFICER,), "every change is looked at for personal data"),
    ]
    loosens = found_by(change, Gate.PROPERTY).get("loosens")
    if loosens is None:
        needs.append(Need((Role.BOARD_CHAIR,), "it was not checked yet whether it loosens something"))
    elif loosens or change.proposal.loosens:
        needs.append(Need((Role.BOARD_CHAIR,), "it loosens something"))
    elif change.new_evidence:
        needs.append(Need((Role.BOARD_CHAIR,), f"it rests on evidence that no rule did before: {', '.join(change.new_evidence)}"))
    return tuple(needs)


def statement(change: Change, member: Member, at: datetime) -> str:
    """The exact text that is signed. Raises RefusedError while a report is missing or was altered."""
    tests, replay = tests_and_replay(change)
    return canonical_json(
        {
            "guildhall": "I approve this change of the rules",
            "council": change.office.council,
            "change": change.proposal.id,
            "base": change.before.id,
            "pack": change.after.id,
            "tests": tests,
            "replay": replay,
            "name": member.name,
            "roles": sorted(role.value for role in member.roles),
            "signed_at": at.isoformat(),
        }
    )


def sign_change(change: Change, name: str, key: Ed25519PrivateKey) -> Signature:
    """Sign a change and what was found of it. Raises RefusedError, and records a signature that may count."""
    member = change.office.acting(name, key)
    if why := _may_not_sign(change, member):
        raise RefusedError(why)
    if change.proposal.phase not in OPEN:
        raise RefusedError(f"{change.proposal.id} is {change.proposal.phase.value.replace('_', ' ')}; there is nothing to sign")
    at = change.office.clock()
    text = statement(change, member, at)
    signature = Signature(member.name, member.roles, text, sign(key, text), at)
    change.office.store.put_signature(change.proposal.id, signature)
    return signature


def accept_signature(change: Change, name: str, signed: str, signature: str) -> Signature:
    """Take a signature that a member made elsewhere, over a text that `statement` gave. Raises RefusedError unless it counts now."""
    member = change.office.member(name)
    try:
        at = datetime.fromisoformat(json.loads(signed)["signed_at"])
    except (KeyError, TypeError, ValueError):
        raise RefusedError("this is not the text of `guildhall policy statement`; make it again and sign its every byte") from None
    given = Signature(member.name, member.roles, signed, signature, at)
    if why := _why_void(change, given, {member.name: member}):
        raise RefusedError(f"{name}'s signature does not count: {why}")
    change.office.store.put_signature(change.proposal.id, given)
    return given


def _may_not_sign(change: Change, member: Member) -> str:
    members = {other.name: other for other in change.office.store.members()}
    author = members.get(change.proposal.author)
    if member.name == change.proposal.author or (author and author.public_key == member.public_key):
        return f"{member.name} proposed {change.proposal.id}, and an author never approves their own change; somebody else must sign"
    if not any(set(need.roles) & set(member.roles) for need in needs_of(change)):
        asked = "; ".join(need.label for need in needs_of(change))
        return f"{member.name}'s signature is not among those that {change.proposal.id} needs: {asked}"
    return ""


def standing(change: Change) -> Standing:
    """Every signature, whether it holds now, and which are missing. One person counts for one need."""
    members = {member.name: member for member in change.office.store.members()}
    valid, void = [], []
    for signature in change.office.store.signatures(change.proposal.id):
        why = _why_void(change, signature, members)
        if why:
            void.append((signature, why))
        else:
            valid.append(signature)
    return Standing(tuple(valid), tuple(void), _missing(needs_of(change), [members[signature.name] for signature in valid]))


def _why_void(change: Change, signature: Signature, members: Mapping[str, Member]) -> str:
    member = members.get(signature.name)
    if member is None:
        return f"{signature.name} is not on the board"
    if not verifies(member.public_key, signature.signed, signature.signature):
        return f"it was not made with {signature.name}'s key, or what was signed has been altered"
    try:
        expected = statement(change, member, signature.at)
    except RefusedError as error:
        return str(error)
    if expected != signature.signed:
        return "the pack, a report or the signer's roles are not what was signed"
    now = change.office.clock()
    if now >= signature.at + HOLDS_FOR:
        return f"it expired on {signature.at + HOLDS_FOR:%d %B %Y}; a signature holds for {HOLDS_FOR.days} days"
    if signature.at > now + CLOCKS_DIFFER_BY:
        return "it was signed in the future; check the clocks of these machines"
    return _may_not_sign(change, member)


def _missing(needs: Sequence[Need], signed: Sequence[Member]) -> tuple[Need, ...]:
    """The needs that are left when each person is counted once, in the way that leaves the fewest."""
    best: tuple[Need, ...] = tuple(needs)
    padded: list[Member | None] = [*signed, *([None] * len(needs))]
    for people in permutations(padded, len(needs)):
        left = tuple(need for need, person in zip(needs, people, strict=True) if person is None or not set(need.roles) & set(person.roles))
        if len(left) < len(best):
            best = left
    return best


def signatures(change: Change) -> GateResult:
    """Everybody who must agree has signed exactly these packs and reports, within the last fourteen days, and none is the author."""
    now = standing(change)
    facts = {"valid": [signature.name for signature in now.valid], "missing": [need.label for need in now.missing]}
    if not now.missing:
        return GateResult(Gate.SIGNATURES, True, f"Signed by {', '.join(facts['valid'])}.", (), facts)
    asked = "; ".join(f"{need.label} ({need.because})" for need in now.missing)
    void = "".join(f" {signature.name}'s signature does not count: {why}." for signature, why in now.void)
    return GateResult(Gate.SIGNATURES, False, f"Not yet signed by: {asked}.{void}", (), facts)
