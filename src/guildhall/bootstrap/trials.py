"""Randomised trials, wired: what is planned and how it stands, who is asked, and what came of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from guildhall.bootstrap.governance import open_packs
from guildhall.bootstrap.identifiers import Clock, new_id
from guildhall.bootstrap.keys import open_keys
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.settings import Settings
from guildhall.storage.database import Database, DatabaseGoneError
from guildhall.storage.keys import KeyRing
from guildhall.storage.migrating import upgrade
from guildhall.storage.staff import StaffStore
from guildhall.storage.trials import Joined, TrialStore
from guildhall.value.evaluation.trial import Arm
from guildhall.value.trials.plan import TrialPlan
from guildhall.value.trials.power import power_of
from guildhall.value.trials.result import ArmCounts, Counts, Ended, TrialResult, result_of
from guildhall.value.trials.standing import Approval, Standing, refuse_approval, refuse_stop
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.staff import StaffMember
from guildhall.vocabulary.trials import NEW, USUAL, NewWay, arm_name

if TYPE_CHECKING:
    from guildhall.bootstrap.value_pages import Snapshot

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Trials:
    """One council's trials. `clock` gives aware times."""

    profile: CouncilProfile
    store: TrialStore
    clock: Callable[[], datetime]
    has_model: bool

    @property
    def today(self) -> date:
        """The day where the council is."""
        return self._day(self.clock())

    def plan(self, trial: str) -> TrialPlan:
        """The plan of that name. Raises NotFoundError."""
        if trial not in self.profile.trials:
            raise NotFoundError(f"there is no trial `{trial}`; `guildhall value trial list` lists those of trials.yaml.")
        return self.profile.trials[trial]

    def standing(self, trial: str) -> Standing:
        """Where it stands."""
        return self.store.standing(trial)

    def approve(self, trial: str, by: StaffMember) -> Standing:
        """Approve it; the second of two people starts it. Raises RefusedError, and NotFoundError."""
        plan, power = self.plan(trial), power_of(self.plan(trial))
        told = {
            "contacts": plan.contacts,
            "smallest": round(power.smallest, 6),
            "power": power.sentence,
            "new_way": plan.new_way.value,
            "share": plan.share,
        }
        over = self.today > plan.until

        def allow(now: Standing) -> None:
            refuse_approval(now, plan, by, over, plan.new_way != NewWay.QUOTED_ANSWERS or self.has_model)

        approval = Approval(by.id, frozenset(role.value for role in by.roles), self.clock())
        return self.store.approve(plan, approval, told, tuple(self.profile.trials), allow)

    def stop(self, trial: str, by: StaffMember, why: str) -> Standing:
        """End it for good. Raises RefusedError."""
        why = " ".join(why.split())
        return self.store.stop(trial, by.id, why, self.clock(), lambda now: refuse_stop(now, by, why))

    def asking(self) -> TrialPlan | None:
        """The trial that residents are asked about now: it runs, today lies within its dates, and it has room.

        None while the record cannot be read: the page that a resident begins at must open all the same.
        """
        try:
            return self._asking()
        except (DatabaseGoneError, SQLAlchemyError) as error:
            log.warning("trials_not_read", error=type(error).__name__)
            return None

    def _asking(self) -> TrialPlan | None:
        name = self.store.running(tuple(self.profile.trials)) if self.profile.trials else ""
        if not name:
            return None
        plan, now = self.profile.trials[name], self.standing(name)
        if now.digest != plan.digest or not plan.runs_on(self.today) or now.started_at is None:
            return None
        return plan if self.store.joined_since(now.started_at) < plan.contacts else None

    def joining(self, agreed: bool) -> Callable[[Connection, str], None] | None:
        """What is written beside a conversation that begins; nothing unless its resident agreed and a trial asks."""
        plan = self.asking() if agreed else None
        return self.store.joining(plan, self.clock()) if plan else None

    def leave(self, conversation_id: str) -> bool:
        """The resident takes it back."""
        return self.store.leave(conversation_id, self.clock())

    def check(self, trial: str) -> tuple[Joined, ...]:
        """Everybody who agreed, each arm worked out again from the key."""
        return self.store.members(self.plan(trial).id)

    def counts(self, trial: str) -> Counts:
        """Who takes part so far."""
        return self._counts(self.standing(trial), self.store.members(trial))

    def result(self, trial: str, snapshot: "Snapshot") -> TrialResult:
        """What came of it, from a snapshot of the export; why there is no result where there is none."""
        plan, now, members = self.plan(trial), self.standing(trial), self.store.members(trial)
        ended = self._ended(plan, now, members)
        measure = self.profile.value.measures[plan.measure]
        arms = None
        if ended is not None and now.started_at is not None:
            span = self._day(now.started_at), max(snapshot.today, ended.last_day)
            arms = self._arm(plan, False, span, snapshot), self._arm(plan, True, span, snapshot)
        return result_of(plan, self._counts(now, members), ended, measure.window_days, snapshot.today, arms)

    def _counts(self, now: Standing, members: tuple[Joined, ...]) -> Counts:
        usual, new = ([one for one in members if one.new == is_new] for is_new in (False, True))
        others = self.store.begun(now.started_at, now.stopped_at or self.clock()) - len(members) if now.started_at else 0
        return Counts(
            ArmCounts(USUAL, len(usual), sum(one.left_at is not None for one in usual)),
            ArmCounts(NEW, len(new), sum(one.left_at is not None for one in new)),
            max(others, 0),
        )

    def _arm(self, plan: TrialPlan, new: bool, span: tuple[date, date], snapshot: "Snapshot") -> Arm:
        """One way as the measure counts it. Narrowed to it, as of a split the smaller way may be held back beside a small group of others."""
        found = snapshot.measure(plan.measure, *span, where={"arm": arm_name(plan.id, new)})
        return Arm(NEW if new else USUAL, found.whole.n, found.whole.hits or 0) if found else Arm(NEW if new else USUAL, 0, 0)

    def _ended(self, plan: TrialPlan, now: Standing, members: tuple[Joined, ...]) -> Ended | None:
        """How it came to its end first; None while it goes on."""
        if now.started_at is None:
            return None
        found = [Ended("dates", plan.until)] if self.today > plan.until else []
        found += [Ended("full", self._day(members[plan.contacts - 1].at))] if len(members) >= plan.contacts else []
        found += [Ended("stopped", self._day(now.stopped_at))] if now.stopped_at else []
        return min(found, key=lambda one: one.last_day, default=None)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.profile.calendar.zone).date()


def trials_over(profile: CouncilProfile, database: Database, keys: KeyRing, clock: Callable[[], datetime], has_model: bool) -> Trials:
    """The trials of a council over stores that are open already."""
    return Trials(profile, TrialStore(database, keys, profile.slug, new_id), clock, has_model)


@contextmanager
def open_trials_alone(settings: Settings, council: str = "") -> Iterator[tuple[Trials, StaffStore]]:
    """The trials of a council and its staff for a command, without the models of a turn. Raises ConfigurationError."""
    slug = council or settings.council
    database = Database(settings.database)
    upgrade(database)
    keys = open_keys(settings, database)
    clock = Clock(settings.today)
    try:
        pack = open_packs(settings, database, keys, slug, clock).now().active
        profile = load_council(settings.councils_dir, slug, settings.data_dir / "cache" / "yaml", pack)
        yield trials_over(profile, database, keys, clock, settings.model_kind != "embedded"), StaffStore(database)
    finally:
        database.close()
        keys.database.close()
