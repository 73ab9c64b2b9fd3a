"""What puts rules in force and takes them out again: enforcing, rolling back, emergencies and knobs. Each is recorded with who and why."""

from datetime import timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guildhall.governance.changes import Change
from guildhall.governance.life import LIFE, RATIFYING
from guildhall.governance.office import Office
from guildhall.governance.packs import SHORT, to_go_back_to
from guildhall.governance.proposing import may_change, read_folder, require, require_tightening
from guildhall.governance.rollout import take_back
from guildhall.policy.parameters import with_parameter
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.governance import HowActivated, Phase, Proposal
from guildhall.vocabulary.roles import Role

LAPSES_AFTER: Final = timedelta(hours=72)
MAY_TURN: Final = frozenset({Role.SERVICE_MANAGER, Role.RULE_OWNER, Role.SAFEGUARDING_LEAD})


def enforce(change: Change, by: str) -> None:
    """Put a change in force for every new conversation, once each gate of its life has passed. Raises RefusedError."""
    if change.proposal.phase != Phase.CANARY:
        require(change, LIFE)
        raise RefusedError(f"{change.proposal.id} is {change.proposal.phase.value.replace('_', ' ')}; it was not tried as a canary")
    require(change, LIFE)
    office, proposal = change.office, change.proposal
    office.store.activate(proposal.base, proposal.pack, HowActivated.CHANGE, by, proposal.why, office.clock(), proposal)


def tighten_at_once(office: Office, name: str, key: Ed25519PrivateKey | None, why: str) -> Proposal:
    """Put the folder's rules in force beside those in force, at once and for running conversations too: the most protective counts.

    One person may do this, because it is accepted only when it is proved that nothing is treated less protectively. It lapses in
    72 hours unless it is ratified by the normal signatures.
    """
    author = may_change(office, name, key)
    if not why.strip():
        raise RefusedError("say why in a sentence: --why")
    folder, base = read_folder(office, name)
    if folder.pack.id == base.id:
        raise RefusedError("nothing changes: the rules in the folder are the rules in force")
    at = office.clock()
    draft = Proposal(
        "",
        Phase.EMERGENCY,
        author.name,
        why,
        base.id,
        folder.pack.id,
        loosens=False,
        proposed_at=at,
        phase_since=at,
        lapses_at=at + LAPSES_AFTER,
    )
    change = Change(draft, base, folder.pack, office)
    try:
        require_tightening(change)
    except RefusedError as error:
        office.store.refused(
            at, {"gate": "property", "by": name, "pack": folder.pack.id, "base": base.id, "why": str(error).partition("\n")[0]}
        )
        raise
    office.packs.put(folder.pack, folder.files, at)
    return office.store.propose(draft, {"lapses_at": (at + LAPSES_AFTER).isoformat()})


def ratify(change: Change, by: str) -> None:
    """Let an emergency stay: the tests, the replay and the normal signatures, within its 72 hours. Raises RefusedError."""
    proposal, office = change.proposal, change.office
    if proposal.phase != Phase.EMERGENCY or proposal.lapses_at is None:
        raise RefusedError(f"{proposal.id} is {proposal.phase.value.replace('_', ' ')}, not an emergency that waits to be ratified")
    if office.clock() >= proposal.lapses_at:
        raise RefusedError(f"{proposal.id} lapsed at {proposal.lapses_at:%H:%M on %d %B}; propose it as a change")
    require(change, RATIFYING)
    office.store.activate(proposal.base, proposal.pack, HowActivated.RATIFIED, by, proposal.why, office.clock(), proposal)


def roll_back(office: Office, name: str, key: Ed25519PrivateKey | None, why: str) -> str:
    """End a running canary, or else go back to the rules that were in force before. What was done, in words. Raises RefusedError."""
    may_change(office, name, key)
    if not why.strip():
        raise RefusedError("say why in a sentence: --why")
    in_force = office.in_force()
    if in_force.canary is not None:
        take_back(office, in_force.canary, name, why)
        return f"{in_force.canary.id} was taken back from {in_force.canary.share}% of new conversations."
    standing = to_go_back_to(office.store.activations())
    if len(standing) < 2:
        raise RefusedError("there are no earlier rules to go back to")
    good = office.packs.get(standing[-2].pack)
    enforced = [change for change in office.store.proposals() if change.phase == Phase.ENFORCED and change.pack == in_force.active]
    office.store.activate(in_force.active, good.id, HowActivated.ROLLBACK, name, why, office.clock(), enforced[0] if enforced else None)
    return f"The pack {good.id[:SHORT]}, in force from {standing[-2].at:%d %B %Y}, is in force again for new conversations."


def end_emergency(change: Proposal, office: Office, name: str, key: Ed25519PrivateKey | None, why: str) -> None:
    """End an emergency before its time: the rules that were signed count alone again. Raises RefusedError."""
    may_change(office, name, key)
    if change.phase != Phase.EMERGENCY:
        raise RefusedError(f"{change.id} is {change.phase.value.replace('_', ' ')}, not an emergency")
    if not why.strip():
        raise RefusedError("say why in a sentence: --why")
    at = office.clock()
    office.store.move(change, EventKind.EMERGENCY_LAPSED, at, {"by": name, "why": why}, phase=Phase.LAPSED.value, phase_since=at)


def turn_knob(office: Office, name: str, key: Ed25519PrivateKey | None, rule_id: str, parameter: str, value: float) -> str:
    """Turn a knob that a rule declares, within its bounds. The address of the new pack. Raises RefusedError."""
    office.in_force()
    member = office.acting(name, key)
    if not MAY_TURN & set(member.roles):
        raise RefusedError(f"{name} may not turn knobs: it takes the role {Role.SERVICE_MANAGER.value} or {Role.RULE_OWNER.value}")
    return set_knob(office, name, rule_id, parameter, value)


def set_knob(office: Office, name: str, rule_id: str, parameter: str, value: float) -> str:
    """The same for somebody of whom it is known already who they are and that they may: the board signed the bounds. Raises RefusedError."""
    in_force = office.in_force()
    if in_force.canary is not None:
        raise RefusedError(f"{in_force.canary.id} is being tried on a share of conversations; turn the knob when it is decided")
    before = office.packs.get(in_force.active)
    pack = with_parameter(before, rule_id, parameter, value)
    if pack.id == before.id:
        raise RefusedError(f"{rule_id}.{parameter} stands at {value:g} already")
    at = office.clock()
    stored = office.store.pack(before.id)
    office.packs.put(pack, stored[1] if stored else {}, at)
    office.store.activate(before.id, pack.id, HowActivated.PARAMETER, name, f"{rule_id}.{parameter} set to {value:g}", at)
    return pack.id


def withdraw(change: Change, name: str, key: Ed25519PrivateKey | None, why: str) -> None:
    """Take a change back before it is in force. Its author may, and whoever may propose. Raises RefusedError."""
    may_change(change.office, name, key)
    if change.proposal.phase not in (Phase.PROPOSED, Phase.SHADOW):
        raise RefusedError(f"{change.proposal.id} is {change.proposal.phase.value.replace('_', ' ')}; a canary is taken back with rollback")
    at = change.office.clock()
    values = {"phase": Phase.WITHDRAWN.value, "phase_since": at}
    change.office.store.move(change.proposal, EventKind.RULE_CHANGE_REFUSED, at, {"by": name, "why": why}, **values)
