"""Randomised trials as the record has them: who approved one, who agreed to take part, and which way chance gave each.

Everything is an event, so that nothing here can differ from the record. The way is a keyed digest of the trial and the conversation: nobody
can steer it, and whoever has the key can work every one of them out again.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from guildhall.storage.database import Database
from guildhall.storage.handoffs import EventWriter, lock
from guildhall.storage.keys import KeyRing
from guildhall.storage.purpose_keys import PurposeKeys
from guildhall.storage.record import write_events
from guildhall.storage.schema import conversations, events
from guildhall.value.evaluation.trial import drawn_text, gets_new
from guildhall.value.trials.plan import TrialPlan
from guildhall.value.trials.standing import Approval, Standing, standing_of
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId
from guildhall.vocabulary.trials import Assigned, arm_name
from guildhall.vocabulary.turns import Channel

PURPOSE: Final = "trial assignments"
GOVERNING: Final = (EventKind.TRIAL_APPROVED.value, EventKind.TRIAL_STARTED.value, EventKind.TRIAL_STOPPED.value)
Allow = Callable[[Standing], None]
"""Raises RefusedError when something may not be done from where the trial stands."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A conversation that was assigned. `left_at`: when its resident took it back; `right`: whether the arm is what the key gives."""

    conversation_id: str
    at: datetime
    new: bool
    left_at: datetime | None = None
    right: bool = True


class TrialStore:
    """Repository of one council's trials."""

    def __init__(self, database: Database, keys: KeyRing, council: str, new_id: Callable[[str], str]) -> None:
        self._database, self._council, self._new_id = database, council, new_id
        self._keys = PurposeKeys(keys.database, keys.sealer)
        self._writer = EventWriter(keys, new_id)

    def standing(self, trial: str) -> Standing:
        """Where a trial stands."""
        with self._database.reading() as connection:
            return self._standing(connection, trial)

    def running(self, trials: Sequence[str]) -> str:
        """The trial of these that runs; empty when none does."""
        with self._database.reading() as connection:
            return self._running(connection, trials)

    def approve(self, plan: TrialPlan, by: Approval, told: Mapping[str, Any], trials: Sequence[str], allow: Allow) -> Standing:
        """Keep an approval; the one that `allow` lets complete it starts the trial. One at a time. Raises RefusedError."""
        with self._database.writing() as connection:
            _one_at_a_time(connection, self._council)
            before = self._standing(connection, plan.id)
            allow(before)
            after = before.approved(by, plan.digest)
            facts = {"trial": plan.id, "digest": plan.digest, "by": by.by, "roles": sorted(by.roles), "council": self._council}
            self._note(connection, EventKind.TRIAL_APPROVED, by.at, facts)
            if after.is_approved:
                if other := self._running(connection, trials):
                    after.refuse_beside(other)
                people = [one.by for one in after.approvals]
                self._note(connection, EventKind.TRIAL_STARTED, by.at, facts | {"approved_by": people} | dict(told))
            return self._standing(connection, plan.id)

    def stop(self, trial: str, by: str, why: str, at: datetime, allow: Allow) -> Standing:
        """End a trial for good. From the next turn on everybody gets the usual way."""
        with self._database.writing() as connection:
            _one_at_a_time(connection, self._council)
            allow(self._standing(connection, trial))
            self._note(connection, EventKind.TRIAL_STOPPED, at, {"trial": trial, "by": by, "why": why, "council": self._council})
            return self._standing(connection, trial)

    def joining(self, plan: TrialPlan, at: datetime) -> Callable[[Connection, str], None]:
        """Writes, in the transaction that begins a conversation, that its resident agreed, and the way that chance gives it."""
        keyed = self._keys.keyed(PURPOSE)  # read before the transaction: the keys are in another database

        def write(connection: Connection, conversation_id: str) -> None:
            if not self._standing(connection, plan.id).runs:
                return  # stopped a moment ago
            new = gets_new(bytes.fromhex(keyed(drawn_text(plan.id, conversation_id))), plan.share)
            facts = {"trial": plan.id, "arm": arm_name(plan.id, new), "new": new, "share": plan.share, "digest": plan.digest}
            facts |= {"until": plan.until.isoformat(), "contacts": plan.contacts}
            self._writer.note(connection, EventKind.TRIAL_JOINED, at, conversation_id, facts)

        return write

    def of(self, conversation_id: str) -> Joined | None:
        """How a conversation takes part, or took part; None when its resident never agreed."""
        return next(iter(self._members(events.c.conversation_id == conversation_id)), None)

    def leave(self, conversation_id: str, at: datetime) -> bool:
        """The resident takes it back. False when there is nothing to take back."""
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            found = assigned_in(connection, self._council, conversation_id)
            if found is None:
                return False
            self._writer.note(connection, EventKind.TRIAL_LEFT, at, conversation_id, {"trial": found.trial})
        return True

    def members(self, trial: str) -> tuple[Joined, ...]:
        """Everybody who agreed, the earliest first, each arm worked out again from the key."""
        return self._members(None, trial)

    def joined_since(self, at: datetime) -> int:
        """How many agreed since a time, whatever they did later."""
        query = select(func.count()).select_from(events.join(conversations, conversations.c.id == events.c.conversation_id))
        here = conversations.c.council == self._council, events.c.kind == EventKind.TRIAL_JOINED.value, events.c.at >= at
        with self._database.reading() as connection:
            return int(connection.execute(query.where(*here)).scalar_one())

    def begun(self, since: datetime, until: datetime) -> int:
        """How many conversations began on the web in a span of time."""
        here = conversations.c.council == self._council, conversations.c.channel == Channel.WEB.value
        span = conversations.c.started_at >= since, conversations.c.started_at <= until
        with self._database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(conversations).where(*here, *span)).scalar_one())

    def _members(self, where: Any, trial: str = "") -> tuple[Joined, ...]:
        kinds = (EventKind.TRIAL_JOINED.value, EventKind.TRIAL_LEFT.value)
        here = conversations.c.council == self._council
        joined = select(events).join(conversations, conversations.c.id == events.c.conversation_id)
        query = joined.where(events.c.kind.in_(kinds), here, *([] if where is None else [where])).order_by(events.c.seq)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        keyed = self._keys.keyed(PURPOSE) if rows else None
        left = {row.conversation_id: row.at for row in rows if row.kind == EventKind.TRIAL_LEFT.value}
        found = []
        for row in rows:
            facts = json.loads(row.facts)
            if row.kind == EventKind.TRIAL_JOINED.value and trial in ("", facts["trial"]) and keyed:
                drawn = bytes.fromhex(keyed(drawn_text(facts["trial"], row.conversation_id)))
                right = facts["new"] == gets_new(drawn, facts["share"]) and facts["arm"] == arm_name(facts["trial"], facts["new"])
                found.append(Joined(row.conversation_id, row.at, facts["new"], left.get(row.conversation_id), right))
        return tuple(found)

    def _standing(self, connection: Connection, trial: str) -> Standing:
        return standing_of(trial, [fact for fact in self._governing(connection) if fact[2]["trial"] == trial])

    def _running(self, connection: Connection, trials: Sequence[str]) -> str:
        found = self._governing(connection)
        return next((one for one in trials if standing_of(one, [fact for fact in found if fact[2]["trial"] == one]).runs), "")

    def _governing(self, connection: Connection) -> list[tuple[EventKind, datetime, dict[str, Any]]]:
        rows = connection.execute(select(events).where(events.c.kind.in_(GOVERNING)).order_by(events.c.seq))
        found = [(EventKind(row.kind), row.at, json.loads(row.facts)) for row in rows]
        return [one for one in found if one[2]["council"] == self._council]

    def _note(self, connection: Connection, kind: EventKind, at: datetime, facts: Mapping[str, Any]) -> None:
        write_events(connection, None, [Event(EventId(self._new_id("event")), kind, at, facts=dict(facts))])


def assigned_in(connection: Connection, council: str, conversation_id: str) -> Assigned | None:
    """The way of a trial that goes on, for a conversation whose resident agreed and did not take it back."""
    kinds = (EventKind.TRIAL_JOINED.value, EventKind.TRIAL_LEFT.value)
    here = events.c.conversation_id == conversation_id, events.c.kind.in_(kinds)
    last: Row[Any] | None = connection.execute(select(events).where(*here).order_by(events.c.seq.desc()).limit(1)).one_or_none()
    if last is None or last.kind == EventKind.TRIAL_LEFT.value:
        return None
    facts = json.loads(last.facts)
    stops = connection.scalars(select(events.c.facts).where(events.c.kind == EventKind.TRIAL_STOPPED.value))
    if any((stop["trial"], stop["council"]) == (facts["trial"], council) for stop in map(json.loads, stops)):
        return None
    return Assigned(facts["trial"], facts["new"], facts["digest"])


def _one_at_a_time(connection: Connection, council: str) -> None:
    """On SQLite a writer is alone anyway; PostgreSQL holds a lock of its own until the end of the transaction."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("select pg_advisory_xact_lock(hashtext(%s))", (f"trials:{council}",))
