"""How freely topics may be answered, as staff set it: every change is kept for ever, and what holds is read from the newest of each topic."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from guildhall.storage.database import Database
from guildhall.storage.record import write_events
from guildhall.storage.supervision_schema import supervision_settings
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId
from guildhall.vocabulary.supervision import EVERYTHING, Mode, Setting, SettingAction, Topic, TopicHistory

Check = Callable[[TopicHistory], None]
"""Raises RefusedError when a change may not be made from where the topic stands."""


class SupervisionStore:
    """Repository of the settings of one council."""

    def __init__(self, database: Database, council: str, new_id: Callable[[str], str], clock: Callable[[], datetime]) -> None:
        self._database = database
        self.council = council
        self._new_id = new_id
        self.clock = clock

    def everything(self) -> dict[Topic, TopicHistory]:
        """Where every topic stands that was ever set."""
        changes: dict[Topic, list[Setting]] = {}
        for setting in self._found():
            changes.setdefault(setting.topic, []).append(setting)
        return {topic: TopicHistory.of(settings) for topic, settings in changes.items()}

    def modes(self) -> dict[Topic, Mode]:
        """The mode that was set last, for each topic that was set."""
        return {topic: history.set.mode for topic, history in self.everything().items() if history.set}

    def of(self, topic: Topic) -> TopicHistory:
        """Where one topic stands."""
        return TopicHistory.of(self.history(topic))

    def history(self, topic: Topic) -> tuple[Setting, ...]:
        """Every change of one topic, the oldest first."""
        return self._found(supervision_settings.c.topic == topic.name)

    def add(
        self,
        topic: Topic,
        action: SettingAction,
        mode: Mode,
        reason: str,
        by: str,
        check: Check,
        evidence: Mapping[str, object] | None = None,
        proposal: int = 0,
    ) -> Setting:
        """Change a topic, when `check` allows it from where it stands at that very moment. Two at once: the second is checked after the first."""
        at = self.clock()
        with self._database.writing() as connection:
            _one_at_a_time(connection, self.council)
            rows = connection.execute(self._query(supervision_settings.c.topic == topic.name)).all()
            check(TopicHistory.of(_setting(row) for row in rows))
            values = {"topic": topic.name, "action": action.value, "mode": mode.value, "reason": reason, "set_by": by, "proposal": proposal}
            figures = dict(evidence or {})
            row = values | {"council": self.council, "set_at": at, "evidence": json.dumps(figures)}
            done = connection.execute(insert(supervision_settings).values(**row))
            number = int(done.inserted_primary_key[0]) if done.inserted_primary_key else 0
            facts = {"council": self.council, "number": number, "by": by, **{k: v for k, v in values.items() if k != "set_by"}}
            told = Event(EventId(self._new_id("event")), EventKind.SUPERVISION_CHANGED, at, facts=facts | {"evidence": figures})
            write_events(connection, None, [told])
        return Setting(number, topic, action, mode, reason, by, at, figures, proposal)

    def _found(self, *where: Any) -> tuple[Setting, ...]:
        with self._database.reading() as connection:
            return tuple(_setting(row) for row in connection.execute(self._query(*where)))

    def _query(self, *where: Any) -> Any:
        return (
            select(supervision_settings)
            .where(supervision_settings.c.council == self.council, *where)
            .order_by(supervision_settings.c.seq)
        )  # fmt: skip


def _one_at_a_time(connection: Connection, council: str) -> None:
    """On SQLite a writer is alone anyway; PostgreSQL holds a lock of its own until the end of the transaction."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("select pg_advisory_xact_lock(hashtext(%s))", (f"supervision:{council}",))


def _setting(row: Any) -> Setting:
    topic = Topic.parse(row.topic) or EVERYTHING
    evidence = json.loads(row.evidence)
    return Setting(
        row.seq, topic, SettingAction(row.action), Mode(row.mode), row.reason, row.set_by, row.set_at, evidence, row.proposal
    )  # fmt: skip


def checked(reason: str, by: str, least: int) -> tuple[str, str]:
    """A reason and a name, tidied. Raises RefusedError without them."""
    reason, by = " ".join(reason.split()), " ".join(by.split())
    if len(reason) < least:
        raise RefusedError(f"give a reason of at least {least} characters, so that others understand it later.")
    if not by:
        raise RefusedError("give the name of who changes it.")
    return reason, by[:200]
