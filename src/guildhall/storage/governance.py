"""The board's memory: its members, proposed changes with their reports and signatures, and which pack is in force.

Whatever changes what is in force raises the generation, in the same transaction and with its event; servers poll that one number.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from guildhall.storage.database import Database
from guildhall.storage.governance_rows import activation_of, member_of, observed_from, proposal_of, report_of, signature_of
from guildhall.storage.governance_schema import (
    board_members,
    policy_activations,
    policy_packs,
    policy_state,
    rule_change_reports,
    rule_change_signatures,
    rule_changes,
)
from guildhall.storage.keys import KeyRing
from guildhall.storage.record import write_events
from guildhall.storage.schema import conversations, events
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.governance import Activation, HowActivated, InForce, Member, Observed, Phase, Proposal, Report, Signature
from guildhall.vocabulary.ids import EventId

LIVE = (Phase.SHADOW, Phase.CANARY, Phase.EMERGENCY, Phase.ROLLED_BACK)
BACK = (HowActivated.ROLLBACK, HowActivated.UNREADABLE)
Facts = Mapping[str, Any]


class GovernanceStore:
    """Repository of one council's board."""

    def __init__(self, database: Database, keys: KeyRing, council: str, new_id: Callable[[str], str]) -> None:
        self._database, self._keys, self._council, self._new_id = database, keys, council, new_id

    # What is in force

    def generation(self) -> int:
        """The number that grows whenever what is in force changes; 0 while there is no board."""
        query = select(policy_state.c.generation).where(policy_state.c.council == self._council)
        with self._database.reading() as connection:
            return connection.execute(query).scalar() or 0

    def in_force(self) -> InForce | None:
        """What is in force, read at one moment; None while there is no board."""
        with self._database.reading() as connection:
            state = connection.execute(select(policy_state).where(policy_state.c.council == self._council)).one_or_none()
            if state is None:
                return None
            query = select(rule_changes).where(rule_changes.c.council == self._council, rule_changes.c.phase.in_(LIVE))
            live = [proposal_of(row) for row in connection.execute(query.order_by(rule_changes.c.number))]
        by_phase = {phase: tuple(change for change in live if change.phase == phase) for phase in LIVE}
        canary = by_phase[Phase.CANARY]
        return InForce(
            state.generation,
            state.active,
            canary[0] if canary else None,
            by_phase[Phase.SHADOW],
            by_phase[Phase.EMERGENCY],
            frozenset(change.pack for change in by_phase[Phase.ROLLED_BACK]) - {state.active},
        )

    def activations(self) -> tuple[Activation, ...]:
        """Every time that a pack came into force, oldest first."""
        query = select(policy_activations).where(policy_activations.c.council == self._council).order_by(policy_activations.c.number)
        with self._database.reading() as connection:
            return tuple(activation_of(row) for row in connection.execute(query))

    def found(self, pack: str, by: str, at: datetime) -> None:
        """Put the first pack in force, when none ever was."""
        with self._database.writing() as connection:
            if connection.execute(select(policy_state.c.active).where(policy_state.c.council == self._council)).scalar():
                return
            connection.execute(insert(policy_state).values(council=self._council, generation=1, active=pack))
            self._put_in_force(connection, "", pack, HowActivated.FOUNDING, by, "the board was founded", "", at)

    def activate(
        self, expected: str, pack: str, how: HowActivated, by: str, why: str, at: datetime, change: Proposal | None = None
    ) -> None:
        """Put a pack in force instead of the `expected` one, and end the phase of the change that it comes from, or that it takes back.

        Raises RefusedError when somebody else was quicker, and nothing is changed then.
        """
        with self._database.writing() as connection:
            if change is not None:
                phase = Phase.ROLLED_BACK if how in BACK else Phase.ENFORCED
                self._move(connection, change, {"phase": phase.value, "phase_since": at})
            self._put_in_force(connection, expected, pack, how, by, why, change.id if change else "", at)

    def _put_in_force(
        self, connection: Connection, expected: str, pack: str, how: HowActivated, by: str, why: str, proposal: str, at: datetime
    ) -> None:
        if expected:
            swapped = connection.execute(
                update(policy_state)
                .where(policy_state.c.council == self._council, policy_state.c.active == expected)
                .values(active=pack, generation=policy_state.c.generation + 1)
            )
            if swapped.rowcount != 1:
                raise RefusedError(
                    "the rules in force were changed by somebody else meanwhile; look at `guildhall policy show` and try again"
                )
        number = select(func.coalesce(func.max(policy_activations.c.number), 0) + 1).where(policy_activations.c.council == self._council)
        facts = {"pack": pack, "how": how.value, "by": by, "why": why, "proposal": proposal}
        numbered = connection.execute(number).scalar_one()
        connection.execute(insert(policy_activations).values(council=self._council, number=numbered, at=at, **facts))
        self._note(connection, EventKind.PACK_ROLLED_BACK if how in BACK else EventKind.PACK_ACTIVATED, at, {**facts, "was": expected})

    # Packs

    def put_pack(self, pack: str, rules: str, files: Mapping[str, str], at: datetime) -> None:
        """Keep a pack under its address: the canonical rules and the files they were read from.

        Once kept it never changes; a row whose rules are no longer those of its address is put right.
        """
        row = {"council": self._council, "id": pack, "rules": rules, "files": json.dumps(files, ensure_ascii=False), "stored_at": at}
        same = (policy_packs.c.council == self._council, policy_packs.c.id == pack)
        with self._database.writing() as connection:
            stored = connection.execute(select(policy_packs.c.rules).where(*same)).scalar()
            if stored == rules:
                return
            connection.execute(policy_packs.delete().where(*same))
            connection.execute(insert(policy_packs).values(row))

    def pack(self, pack: str) -> tuple[str, Mapping[str, str]] | None:
        """The canonical rules and the files of a pack, as they are stored; None when there is none of that address."""
        query = select(policy_packs).where(policy_packs.c.council == self._council, policy_packs.c.id == pack)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return (row.rules, json.loads(row.files)) if row else None

    # The board

    def members(self) -> tuple[Member, ...]:
        """Everybody enrolled, by name."""
        query = select(board_members).where(board_members.c.council == self._council).order_by(board_members.c.name)
        with self._database.reading() as connection:
            return tuple(member_of(row) for row in connection.execute(query))

    def enrol(self, member: Member, by: str) -> None:
        """Add a member, or give a member other roles and another key."""
        values = {"roles": json.dumps(member.roles), "public_key": member.public_key, "enrolled_at": member.enrolled_at}
        with self._database.writing() as connection:
            changed = connection.execute(
                update(board_members).where(board_members.c.council == self._council, board_members.c.name == member.name).values(values)
            )
            if changed.rowcount == 0:
                connection.execute(insert(board_members).values(council=self._council, name=member.name, **values))
            facts = {"name": member.name, "roles": list(member.roles), "public_key": member.public_key, "by": by}
            self._note(connection, EventKind.ROLE_CHANGED, member.enrolled_at, facts)

    # Proposed changes

    def propose(self, change: Proposal, facts: Facts) -> Proposal:
        """Keep a new change; it gets the next number. An emergency is in force from this moment."""
        with self._database.writing() as connection:
            highest = select(func.coalesce(func.max(rule_changes.c.number), 0)).where(rule_changes.c.council == self._council)
            number = connection.execute(highest).scalar_one() + 1
            values = asdict(change) | {"id": f"change-{number}", "observed": json.dumps(asdict(change.observed))}
            connection.execute(insert(rule_changes).values(council=self._council, number=number, **values))
            named = {"proposal": values["id"], "pack": change.pack, "base": change.base, "by": change.author, "why": change.why, **facts}
            kind = EventKind.RULE_CHANGE_PROPOSED
            if change.phase == Phase.EMERGENCY:
                kind = EventKind.EMERGENCY_TIGHTENED
                self._raise_generation(connection)
            self._note(connection, kind, change.proposed_at, named)
        return self.proposal(values["id"])

    def proposal(self, proposal: str) -> Proposal:
        """The change of that id. Raises NotFoundError."""
        query = select(rule_changes).where(rule_changes.c.council == self._council, rule_changes.c.id == proposal)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no proposed change `{proposal}`; `guildhall policy show` lists them")
        return proposal_of(row)

    def proposals(self) -> tuple[Proposal, ...]:
        """Every change, newest first."""
        query = select(rule_changes).where(rule_changes.c.council == self._council).order_by(rule_changes.c.number.desc())
        with self._database.reading() as connection:
            return tuple(proposal_of(row) for row in connection.execute(query))

    def move(self, change: Proposal, kind: EventKind, at: datetime, facts: Facts, **values: Any) -> Proposal:
        """Take a change to another phase or share, with its event. Raises RefusedError when it has moved meanwhile."""
        if isinstance(values.get("observed"), Observed):
            values["observed"] = json.dumps(asdict(values["observed"]))
        with self._database.writing() as connection:
            self._move(connection, change, values)
            self._raise_generation(connection)
            self._note(connection, kind, at, {"proposal": change.id, "pack": change.pack, **facts})
        return self.proposal(change.id)

    def _move(self, connection: Connection, change: Proposal, values: Mapping[str, Any]) -> None:
        same = (rule_changes.c.council == self._council, rule_changes.c.id == change.id)
        as_seen = (rule_changes.c.phase == change.phase.value, rule_changes.c.share == change.share)
        moved = connection.execute(update(rule_changes).where(*same, *as_seen).values(**values))
        if moved.rowcount != 1:
            raise RefusedError(
                f"{change.id} was moved on by somebody else meanwhile; look at `guildhall policy show {change.id}` and try again"
            )

    def observe(self, proposal: str, count: Callable[[Observed, Connection], Observed]) -> Observed:
        """Count what happened since the last look, one counter at a time, and keep the sum."""
        same = (rule_changes.c.council == self._council, rule_changes.c.id == proposal)
        with self._database.writing() as connection:
            before = observed_from(connection.execute(select(rule_changes.c.observed).where(*same)).scalar_one())
            after = count(before, connection)
            if after != before:
                connection.execute(update(rule_changes).where(*same).values(observed=json.dumps(asdict(after))))
        return after

    # Reports and signatures

    def put_report(self, proposal: str, report: Report, kind: EventKind) -> None:
        """Keep what a gate found, in place of what it found before."""
        with self._database.writing() as connection:
            same = (rule_change_reports.c.council == self._council, rule_change_reports.c.proposal == proposal)
            connection.execute(rule_change_reports.delete().where(*same, rule_change_reports.c.gate == report.gate))
            connection.execute(insert(rule_change_reports).values(council=self._council, proposal=proposal, **asdict(report)))
            facts = {"proposal": proposal, "gate": report.gate, "passed": report.passed, "digest": report.digest}
            self._note(connection, kind, report.at, facts)

    def reports(self, proposal: str) -> Mapping[str, Report]:
        """What each gate found last, by gate."""
        query = select(rule_change_reports).where(
            rule_change_reports.c.council == self._council, rule_change_reports.c.proposal == proposal
        )
        with self._database.reading() as connection:
            return {row.gate: report_of(row) for row in connection.execute(query)}

    def put_signature(self, proposal: str, signature: Signature) -> None:
        """Keep a signature, in place of the same member's earlier one."""
        with self._database.writing() as connection:
            same = (rule_change_signatures.c.council == self._council, rule_change_signatures.c.proposal == proposal)
            connection.execute(rule_change_signatures.delete().where(*same, rule_change_signatures.c.name == signature.name))
            values = asdict(signature) | {"roles": json.dumps(signature.roles)}
            connection.execute(insert(rule_change_signatures).values(council=self._council, proposal=proposal, **values))
            facts = {"proposal": proposal, "name": signature.name, "roles": list(signature.roles), "signature": signature.signature}
            self._note(connection, EventKind.RULE_CHANGE_SIGNED, signature.at, facts)

    def signatures(self, proposal: str) -> tuple[Signature, ...]:
        """Every signature kept for a change, valid or not, oldest first."""
        table = rule_change_signatures
        query = select(table).where(table.c.council == self._council, table.c.proposal == proposal).order_by(table.c.at)
        with self._database.reading() as connection:
            return tuple(signature_of(row) for row in connection.execute(query))

    def last_event(self) -> int:
        """The number of the last event, from which something new is counted."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.coalesce(func.max(events.c.seq), 0))).scalar_one())

    def words_read(self, at: datetime, facts: Facts) -> None:
        """Record that kept words were read, for what purpose."""
        with self._database.writing() as connection:
            self._note(connection, EventKind.PERSONAL_DATA_READ, at, facts)

    def refused(self, at: datetime, facts: Facts) -> None:
        """Record that a change was refused before it could be kept."""
        with self._database.writing() as connection:
            self._note(connection, EventKind.RULE_CHANGE_REFUSED, at, facts)

    def _raise_generation(self, connection: Connection) -> None:
        same = policy_state.c.council == self._council
        connection.execute(update(policy_state).where(same).values(generation=policy_state.c.generation + 1))

    def _note(self, connection: Connection, kind: EventKind, at: datetime, facts: Facts) -> None:
        event = Event(EventId(self._new_id("event")), kind, at, facts={"council": self._council, **facts})
        write_events(connection, self._keys, [event])


def next_turns(connection: Connection, council: str, after: int, limit: int) -> Sequence[tuple[int, str]]:
    """A council's completed turns after an event, oldest first: event number and facts."""
    query = (
        select(events.c.seq, events.c.facts)
        .join(conversations, conversations.c.id == events.c.conversation_id)
        .where(events.c.kind == EventKind.TURN_COMPLETED.value, events.c.seq > after, conversations.c.council == council)
        .order_by(events.c.seq)
        .limit(limit)
    )
    return [(row.seq, row.facts) for row in connection.execute(query)]
