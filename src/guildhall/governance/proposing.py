"""From the council's folder to a proposed change, and through the gates that test it."""

from collections.abc import Callable
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guildhall.governance.changes import Change, open_change
from guildhall.governance.gates import replayed
from guildhall.governance.life import BEFORE_CANARY, BEFORE_SHADOW, EMERGENCY, LIFE, RATIFYING, TESTS, Step
from guildhall.governance.office import Folder, Office, Progress
from guildhall.governance.reports import keep, kept
from guildhall.governance.rollout import next_share, start_shadow
from guildhall.policy.packs import Pack, pack_of
from guildhall.policy.parameters import with_parameter
from guildhall.vocabulary.errors import ConfigurationError, LooseningError, RefusedError
from guildhall.vocabulary.gates import GATE_LABELS, Gate, GateResult
from guildhall.vocabulary.governance import Member, Phase, Proposal
from guildhall.vocabulary.roles import Role

MAY_PROPOSE = (Role.BOARD_CHAIR, Role.DATA_PROTECTION_OFFICER, Role.SAFEGUARDING_LEAD, Role.RULE_OWNER)
Say = Callable[[GateResult], None]


def propose(office: Office, name: str, key: Ed25519PrivateKey | None, why: str, loosens: bool = False) -> Change:
    """Make what stands in the folder a proposed change. Raises RefusedError or ConfigurationError; either is recorded."""
    author = may_change(office, name, key)
    if not why.strip():
        raise RefusedError("say why in a sentence: --why")
    folder, base = read_folder(office, name)
    pack = folder.pack
    if pack.id == base.id:
        raise RefusedError("nothing changes: the rules in the folder are the rules in force")
    office.packs.put(pack, folder.files, office.clock())
    at = office.clock()
    proposal = Proposal("", Phase.PROPOSED, author.name, why, base.id, pack.id, loosens, at, at)
    return open_change(office, office.store.propose(proposal, {"loosens": loosens}))


def may_change(office: Office, name: str, key: Ed25519PrivateKey | None) -> Member:
    """The member who proposes, proved by the key. Raises RefusedError."""
    office.in_force()
    author = office.acting(name, key)
    if not set(MAY_PROPOSE) & set(author.roles):
        raise RefusedError(f"{name} may not propose changes: it takes one of the roles {', '.join(role.value for role in MAY_PROPOSE)}")
    return author


def read_folder(office: Office, name: str) -> tuple[Folder, Pack]:
    """The folder's rules, with the knobs as they stand, and the pack in force. What cannot be read is refused and recorded."""
    try:
        folder = office.folder()
    except ConfigurationError as error:
        gate = Gate.OVERLAY if isinstance(error, LooseningError) else Gate.LINT
        office.store.refused(office.clock(), {"gate": gate.value, "by": name, "file": error.file, "line": error.line, "key": error.key})
        raise RefusedError(f"{GATE_LABELS[gate][0]}: {error}") from error
    base = office.packs.get(office.in_force().active)
    return replace(folder, pack=_with_knobs_of(base, folder.pack)), base


def _with_knobs_of(base: Pack, pack: Pack) -> Pack:
    """The pack with every knob where it stands in the rules in force: a change of the rules does not turn a knob back."""
    for rule in base.rules:
        after = pack.rule(rule.id)
        for name, parameter in rule.parameters.items():
            same = after.parameters.get(name) if after else None
            if same and parameter.value is not None and same.min <= parameter.value <= same.max:
                pack = with_parameter(pack, rule.id, name, parameter.value)
    return pack_of(pack.rules)


def check(change: Change, say: Say = lambda _result: None) -> tuple[GateResult, ...]:
    """Ask every test gate, and keep what each found. Stops where the next would mean nothing."""
    results = []
    for step in TESTS:
        result = step.ask(change)
        keep(change, result)
        results.append(result)
        say(result)
        if step.gate == Gate.LINT and not result.passed:
            break
    return tuple(results)


def replay_change(change: Change, days: int = 0, full: bool = False, progress: Progress | None = None) -> GateResult:
    """Judge the past by the proposed rules, and keep what came of it."""
    result = replayed(change, days, full, progress)
    keep(change, result)
    return result


def stands_at(change: Change, steps: tuple[Step, ...] = ()) -> tuple[GateResult, ...]:
    """What each gate says now, up to the first that refuses. Without `steps`, of the life that the change still has before it."""
    results = []
    for step in steps or life_of(change):
        result = kept(change, step.gate) if step.kept else step.ask(change)
        results.append(result)
        if not result.passed:
            break
    return tuple(results)


def life_of(change: Change) -> tuple[Step, ...]:
    """The gates that a change still has before it; those that tested it, once it is over."""
    if change.proposal.phase == Phase.EMERGENCY:
        return RATIFYING
    return LIFE if change.proposal.phase in (Phase.PROPOSED, Phase.SHADOW, Phase.CANARY) else BEFORE_SHADOW


def require(change: Change, steps: tuple[Step, ...]) -> None:
    """Raise RefusedError with the reason of the first gate that refuses."""
    last = stands_at(change, steps)[-1]
    if not last.passed:
        shown = "".join(
            f"\n  {item.sentence}" + (f" For example: “{item.message}”" if item.message else "") for item in last.counterexamples[:3]
        )
        raise RefusedError(f"{GATE_LABELS[last.gate][0]}: {last.reason}{shown}")


def into_shadow(change: Change) -> Proposal:
    """Start judging a tested change beside the rules in force."""
    if change.proposal.phase != Phase.PROPOSED:
        raise RefusedError(
            f"{change.proposal.id} is {change.proposal.phase.value.replace('_', ' ')}; only a proposed change goes into shadow"
        )
    require(change, BEFORE_SHADOW)
    return start_shadow(change)


def onto_next_share(change: Change) -> Proposal:
    """Try a signed change on a share of conversations, or on the next larger one."""
    if change.proposal.phase not in (Phase.SHADOW, Phase.CANARY):
        raise RefusedError(f"{change.proposal.id} is {change.proposal.phase.value.replace('_', ' ')}; a canary comes after shadow")
    require(change, BEFORE_CANARY)
    return next_share(change)


def require_tightening(change: Change) -> None:
    """Raise RefusedError unless it is proved that nothing is treated less protectively. Nothing is kept: this is asked at once."""
    for step in EMERGENCY:
        result = step.ask(change)
        if not result.passed or (step.gate == Gate.PROPERTY and change.comparison.loosens):
            shown = "".join(f"\n  {difference.sentence}" for difference in change.comparison.less[:3]) if step.gate == Gate.PROPERTY else ""
            why = result.reason if not result.passed else "it is not proved that it only tightens"
            raise RefusedError(f"{GATE_LABELS[result.gate][0]}: {why} An emergency may only tighten; anything else is proposed.{shown}")
