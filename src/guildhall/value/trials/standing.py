"""The state of a trial (planned, approved by one person, running or over), and what may be done next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from guildhall.value.trials.plan import TrialPlan
from guildhall.value.trials.power import power_of
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.staff import StaffMember

ASKS: Final = frozenset({Role.PROGRAMME_LEAD})
"""One of the two who approve: a person who runs trials."""
CONSENTS: Final = frozenset({Role.DATA_PROTECTION_OFFICER, Role.BOARD_CHAIR})
"""The other of the two who approve: a person who is responsible for the consent."""
APPROVES: Final = ASKS | CONSENTS
STOPS: Final = APPROVES | {Role.SAFEGUARDING_LEAD, Role.SERVICE_MANAGER}
"""Anybody who may turn a switch, or approved it."""
LEAST_REASON: Final = 10


@dataclass(frozen=True, slots=True)
class Approval:
    """One of the two approvals: by whom (an id), in which roles, and when."""

    by: str
    roles: frozenset[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A trial's state. `digest` is of the plan that was approved; approvals of another plan do not count. `told` is what the start recorded."""

    trial: str
    digest: str = ""
    approvals: tuple[Approval, ...] = ()
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    stopped_by: str = ""
    why: str = ""
    told: Mapping[str, Any] | None = None

    @property
    def runs(self) -> bool:
        """Whether it was started and not stopped. Its dates are the plan's."""
        return self.started_at is not None and self.stopped_at is None

    @property
    def is_approved(self) -> bool:
        """Whether two different people approved it, one for the programme and one for the consent."""
        asks = {one.by for one in self.approvals if one.roles & ASKS}
        consents = {one.by for one in self.approvals if one.roles & CONSENTS}
        return any(one != other for one in asks for other in consents)

    def approved(self, by: Approval, digest: str) -> "Standing":
        """The same with one approval more. Those of another plan count no more."""
        kept = self.approvals if self.digest == digest else ()
        return replace(self, digest=digest, approvals=(*kept, by))

    def refuse_beside(self, other: str) -> None:
        """Only one trial runs at a time, so that a contact is in one trial at most and its result has one explanation."""
        raise RefusedError(f"`{other}` runs already, and only one trial runs at a time; stop it first.")


def standing_of(trial: str, found: Iterable[tuple[EventKind, datetime, Mapping[str, Any]]]) -> Standing:
    """A trial's state from its events, the oldest first."""
    now = Standing(trial)
    for kind, at, facts in found:
        if kind == EventKind.TRIAL_APPROVED and now.started_at is None:
            now = now.approved(Approval(facts["by"], frozenset(facts["roles"]), at), facts["digest"])
        elif kind == EventKind.TRIAL_STARTED:
            now = replace(now, started_at=at, told=facts)
        elif kind == EventKind.TRIAL_STOPPED:
            now = replace(now, stopped_at=at, stopped_by=facts["by"], why=facts["why"])
    return now


def stands(now: Standing, plan: TrialPlan) -> str:
    """Where it stands, in a sentence."""
    if now.stopped_at:
        return f"Stopped on {now.stopped_at:%d %B %Y}: {now.why}"
    if now.started_at and now.digest != plan.digest:
        return "The plan in trials.yaml has changed since the trial started. So nobody is asked to take part, and everybody is answered in the usual way."
    if now.started_at:
        return f"Started on {now.started_at:%d %B %Y}."
    return "Approved by one of two people." if now.approvals and now.digest == plan.digest else "Planned. Nobody has approved it yet."


def refuse_approval(now: Standing, plan: TrialPlan, by: StaffMember, last_day_over: bool, can_differ: bool) -> None:
    """Raise RefusedError for an approval that may not be given."""
    power = power_of(plan)
    if not by.holds(APPROVES):
        raise RefusedError("a trial is approved by a programme lead, and by a data protection officer or board chair.")
    if now.started_at is not None:
        raise RefusedError(f"`{plan.id}` was started on {now.started_at:%d %B %Y}; give another trial a name of its own.")
    if last_day_over:
        raise RefusedError(f"the last day of `{plan.id}` was {plan.until:%d %B %Y}; give it other dates first.")
    if not can_differ:
        raise RefusedError(f"no model is configured, so every answer is already quoted, and the two ways of `{plan.id}` would be the same.")
    if not power.enough:
        raise RefusedError(f"`{plan.id}` may not start. {power.sentence}")
    if now.digest == plan.digest and any(one.by == by.id for one in now.approvals):
        raise RefusedError(f"{by.name} has already approved `{plan.id}`; another person has to approve it too.")


def refuse_stop(now: Standing, by: StaffMember, why: str) -> None:
    """Raise RefusedError for a stop that may not be."""
    if not by.holds(STOPS):
        raise RefusedError("a trial can be stopped by anybody who may turn switches, by a programme lead or by a data protection officer.")
    if not now.runs:
        raise RefusedError(f"`{now.trial}` is not running, so there is nothing to stop.")
    if len(why) < LEAST_REASON:
        raise RefusedError(f"give a reason of at least {LEAST_REASON} characters, so that others understand it later.")
