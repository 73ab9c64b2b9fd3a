"""Supervision for commands, which need no models: topics with their evidence, and changes by named members of staff."""

from dataclasses import dataclass
from typing import Any

from guildhall.bootstrap.desk import open_desk
from guildhall.bootstrap.identifiers import Clock, new_id, new_reference
from guildhall.bootstrap.keys import open_keys
from guildhall.bootstrap.supervised import Supervised, open_supervised
from guildhall.councils.loading import load_council
from guildhall.governance.supervising import MAY_SET, Evidence, effective
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.migrating import upgrade
from guildhall.storage.people import PeopleStore
from guildhall.storage.staff import StaffStore
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.roles import ROLE_LABELS, Role
from guildhall.vocabulary.supervision import Mode, Setting, Topic, TopicHistory


@dataclass(frozen=True)
class SupervisionDesk:
    """What the commands use."""

    supervised: Supervised
    staff: StaffStore

    def rows(self) -> list[dict[str, Any]]:
        """Every topic as plain data, the strictest first."""
        evidence, history, names = self.supervised.evidence(), self.supervised.settings.everything(), self.staff.names()
        nothing = Evidence(self.supervised.evidence_from())
        found = []
        for topic, rule in self.supervised.rules().items():
            past, figures = history.get(topic, TopicHistory()), evidence.get(topic, nothing)
            mode = effective(rule, past)
            shown = mode != Mode.FREE_WITH_EVIDENCE or bool(past.set or past.proposed or figures.decided)
            set_by = names.get(past.set.by, past.set.by) if past.set else ""
            proposed_by = names.get(past.proposed.by, past.proposed.by) if past.proposed else ""
            row = {"topic": topic.name, "mode": mode.value, "floor": rule.floor.value, "set_by": set_by, "proposed_by": proposed_by}
            found.append(row | {"why": past.set.reason if past.set else rule.why, "evidence": figures.as_json(), "shown": shown})
        order = [mode.value for mode in Mode]
        return sorted(found, key=lambda row: (order.index(str(row["mode"])), str(row["topic"])))

    def tighten(self, topic: Topic, mode: Mode, reason: str, by: str) -> Setting:
        """Make a topic stricter. Raises RefusedError."""
        return self.supervised.changing.tighten(topic, self.supervised.rule(topic), mode, reason, self._member(by))

    def loosen(self, topic: Topic, reason: str, by: str) -> Setting:
        """Propose, or agree to what somebody has proposed. Raises RefusedError."""
        rule, changing = self.supervised.rule(topic), self.supervised.changing
        change = changing.agree if self.supervised.settings.of(topic).proposed else changing.propose
        return change(topic, rule, reason, self._member(by), self.supervised.evidence_of(topic))

    def refuse(self, topic: Topic, reason: str, by: str) -> Setting:
        """Refuse a proposal. Raises RefusedError."""
        return self.supervised.changing.refuse(topic, reason, self._member(by))

    def _member(self, name: str) -> str:
        member = self.staff.by_name(name)
        if not member.holds(MAY_SET):
            roles = ", ".join(ROLE_LABELS[role][0] for role in Role if role in MAY_SET)
            raise RefusedError(f"{member.name} may not change this; it takes one of these roles: {roles}.")
        return str(member.id)


def open_supervision_desk(settings: Settings, council: str = "") -> SupervisionDesk:
    """The desk of a council. Raises ConfigurationError."""
    profile = load_council(settings.councils_dir, council or settings.council, settings.data_dir / "cache" / "yaml")
    database = Database(settings.database)
    upgrade(database)
    keys = open_keys(settings, database)
    people = PeopleStore(database, keys, new_id, new_reference)
    supervised = open_supervised(database, keys, profile, people, open_desk(database, keys, profile), Clock(settings.today))
    return SupervisionDesk(supervised, StaffStore(database))
