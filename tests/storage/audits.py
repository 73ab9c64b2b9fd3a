"""A record with turns of October to draw from, and the people of an audit."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from guildhall.storage import auditing_schema
from guildhall.storage.auditing import AuditStore
from guildhall.storage.database import metadata
from guildhall.storage.schema import events
from guildhall.value.auditing.marking import Draw
from guildhall.vocabulary.auditing import Group
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId
from guildhall.vocabulary.outcomes import Outcome, Reason
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.staff import StaffId, StaffMember
from guildhall.vocabulary.turns import SIMULATED, Channel
from tests.storage.memory import Memory

OCTOBER = datetime(2026, 10, 1, 9, tzinfo=UTC)
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
NOW = datetime(2026, 11, 25, 11, tzinfo=UTC)


def person(name: str, *roles: Role) -> StaffMember:
    return StaffMember(StaffId(name), name.title(), frozenset(roles))


LEAD = person("lead", Role.PROGRAMME_LEAD)
ANN, BEN, CAT = person("ann", Role.SUPERVISOR), person("ben", Role.RULE_OWNER), person("cat", Role.SAFEGUARDING_LEAD)
AUDITOR = person("aud", Role.AUDITOR)


class Audited:
    """A memory with conversations of one turn each, and the store of audits over it."""

    def __init__(self, memory: Memory) -> None:
        assert auditing_schema.audit_marks is not None
        metadata.create_all(memory.database.engine)
        self.memory = memory
        self.store = AuditStore(memory.database, "testshire", memory.new_id, lambda: NOW)

    def turns(
        self, n: int, outcome: Outcome = Outcome.ANSWERED, reason: Reason = Reason.EVIDENCE_FOUND, language: str = "en",
        channel: Channel = Channel.WEB, source: str = "", at: datetime = OCTOBER,
    ) -> list[str]:  # fmt: skip
        """So many turns, an hour apart. Their ids."""
        made: list[Event] = []
        found: list[str] = []
        for number in range(n):
            when = at + timedelta(hours=number % 700)
            conversation, _ = self.memory.conversations.start(channel, language, when, source=source)
            turn = TurnId(self.memory.new_id("turn"))
            facts: dict[str, Any] = {"outcome": outcome.value, "reason": reason.value, "language": language, "channel": channel.value}
            made.append(
                Event(EventId(self.memory.new_id("event")), EventKind.TURN_COMPLETED, when, ConversationId(conversation.id), turn, facts)
            )
            found.append(turn)
        self.memory.record.append(made)
        return found

    def usual(self) -> None:
        """Two kinds, 40 and 20."""
        self.turns(40)
        self.turns(20, Outcome.DECLINED, Reason.NO_EVIDENCE, source="")

    def drawn(self, size: int = 12, floor: int = 4, double: int = 0) -> Draw:
        return self.store.draw(FIRST, LAST, LEAD, size, floor, double)

    def mark_all(self, draw: Draw, *members: StaffMember, wrong: frozenset[str] = frozenset()) -> Draw:
        """Every mark that is wanted: right but for the ids in `wrong`."""
        for member in members:
            while item := draw.next_for(member.id):
                bad = item.id in wrong
                answers = item.turn.group != Group.DECLINED
                mark = ("wrong" if bad else "right") if answers else ("should_have_answered" if bad else "rightly_declined")
                draw = self.store.mark(draw.id, item.id, mark, ("unsafe" if answers else "not_found") if bad else "", member)
        return draw

    def told(self, kind: EventKind) -> Iterator[Any]:
        with self.memory.database.reading() as connection:
            yield from connection.execute(select(events).where(events.c.kind == kind.value).order_by(events.c.seq)).all()


__all__ = ["ANN", "AUDITOR", "BEN", "CAT", "FIRST", "LAST", "LEAD", "NOW", "SIMULATED", "Audited", "person"]
