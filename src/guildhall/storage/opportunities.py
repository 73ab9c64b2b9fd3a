"""The register: workshops, opportunities with their quotes, gates, and who changed what. Every change and its event are one transaction."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select, update

from guildhall.opportunities.gates import Gate, GateState
from guildhall.opportunities.links import check_links
from guildhall.opportunities.register import Details, Opportunity, Quote, Status
from guildhall.opportunities.workshops import Workshop
from guildhall.storage.database import Database, in_lots
from guildhall.storage.opportunities_schema import opportunities, opportunity_changes, opportunity_gates, opportunity_quotes, workshops
from guildhall.storage.opportunity_history import (
    KNOWN,
    Changed,
    after_the_last,
    as_it_was,
    check_seen,
    details_json,
    details_of,
    difference,
    lines_of,
)
from guildhall.storage.record import write_events
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId

SHORTEST_REASON: Final = 5
UNDONE_BY_HAND: Final = ("changed", "put back")
"""Lines of the history that are a change of fields, and can be put back by another."""


class OpportunityStore:
    """Repository of one council's workshops and opportunities."""

    def __init__(self, database: Database, council: str, new_id: Callable[[str], str]) -> None:
        self.database, self.council, self.new_id = database, council, new_id

    def record_workshop(self, workshop: Workshop, by: str, at: datetime) -> Workshop:
        """Keep a workshop and its notes; the id given is replaced by a new one."""
        kept = replace(workshop, id=self.new_id("workshop"))
        with self.database.writing() as connection:
            self.write_workshops(connection, [kept], by, at)
        return kept

    def write_workshops(self, connection: Connection, kept: Sequence[Workshop], by: str, at: datetime) -> None:
        """The same in the caller's transaction, for several."""
        rows = [
            {
                "id": each.id, "council": self.council, "held_on": each.held_on.isoformat(), "service": each.service,
                "directorate": each.directorate, "facilitator": each.facilitator, "people": json.dumps(dict(each.people), ensure_ascii=False),
                "notes": each.notes, "demo": each.demo, "by": by, "at": at,
            }
            for each in kept
        ]  # fmt: skip
        connection.execute(insert(workshops), rows)
        for each in kept:
            facts = {"workshop": each.id, "by": by, "service": each.service, "attended": each.attended, "demo": each.demo}
            self.note(connection, EventKind.WORKSHOP_RECORDED, at, facts)

    def workshops(self) -> tuple[Workshop, ...]:
        """Every workshop, the newest first."""
        query = select(workshops).where(workshops.c.council == self.council).order_by(workshops.c.held_on.desc(), workshops.c.id)
        with self.database.reading() as connection:
            return tuple(_workshop(row) for row in connection.execute(query))

    def workshop(self, workshop_id: str) -> Workshop:
        """One workshop. Raises NotFoundError."""
        with self.database.reading() as connection:
            row = connection.execute(
                select(workshops).where(workshops.c.council == self.council, workshops.c.id == workshop_id)
            ).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no workshop {workshop_id}.")
        return _workshop(row)

    def add(
        self, made: Sequence[tuple[Details, Sequence[Quote]]], by: str, at: datetime, status: Status = Status.PROPOSED
    ) -> tuple[str, ...]:
        """Keep new opportunities; the ids they got."""
        found = [Opportunity(self.new_id("opportunity"), details, status, tuple(quotes)) for details, quotes in made]
        with self.database.writing() as connection:
            self.write(connection, found, by, at)
        return tuple(each.id for each in found)

    def write(self, connection: Connection, found: Sequence[Opportunity], by: str, at: datetime) -> None:
        """The same in the caller's transaction, with ids that are there already."""
        if not found:
            return
        connection.execute(insert(opportunities), [_row(each, self.council, at) for each in found])
        quotes = [
            {"opportunity": each.id, "number": n, "workshop": quote.workshop, "role": quote.role, "words": quote.text}
            for each in found
            for n, quote in enumerate(each.quotes)
        ]
        if quotes:
            connection.execute(insert(opportunity_quotes), quotes)
        connection.execute(
            insert(opportunity_changes),
            [{"id": self.new_id("change"), "opportunity": each.id, "at": at, "by": by, "what": each.status.value, "changed": "{}", "why": ""} for each in found],
        )  # fmt: skip
        for each in found:
            facts = {"opportunity": each.id, "status": each.status.value, "by": by, "demo": each.demo}
            self.note(connection, EventKind.OPPORTUNITY_CHANGED, at, facts)

    def decide(self, opportunity_id: str, status: Status, by: str, at: datetime, why: str = "", seen: int = 0) -> Opportunity:
        """Accept or refuse what was proposed, or take either back. Refusing needs a reason. Raises RefusedError.

        `seen` is the version that was looked at: ChangedSinceError when somebody else decided after it.
        """
        if status not in (Status.ACCEPTED, Status.REFUSED):
            raise RefusedError("an opportunity is accepted or refused; merging is done with another one.")
        if status == Status.REFUSED and len(why.strip()) < SHORTEST_REASON:
            raise RefusedError("say why it is left out, in a few words.")
        with self.database.writing() as connection:
            found = self._locked(connection, opportunity_id)
            if found.status in (status, Status.MERGED):
                raise RefusedError(f"it is {found.status.value} already; load the page again to see by whom.")
            check_seen(connection, opportunity_id, seen, {"status"})
            connection.execute(update(opportunities).where(opportunities.c.id == opportunity_id).values(status=status.value))
            self.changed(connection, opportunity_id, by, at, status.value, {"status": [found.status.value, status.value]}, why)
        return self.get(opportunity_id)

    def change(self, opportunity_id: str, by: str, at: datetime, why: str = "", *, seen: int = 0, **values: Any) -> Opportunity:
        """Change what is known of it. Raises RefusedError for one that was merged, and WrongLinkError for a link that cannot be.

        `seen` is the version that was looked at: ChangedSinceError when somebody else changed what is known after it.
        """
        with self.database.writing() as connection:
            found = self._open_to_change(connection, opportunity_id)
            check_seen(connection, opportunity_id, seen, KNOWN)
            self._put(connection, found, replace(found.details, **values), (by, at, "changed", why))
        return self.get(opportunity_id)

    def put_back(self, opportunity_id: str, change_id: str, by: str, at: datetime) -> Opportunity:
        """Undo one line of the history by a new change. Raises RefusedError where one of its fields was changed again since."""
        with self.database.writing() as connection:
            found = self._open_to_change(connection, opportunity_id)
            row = connection.execute(
                select(opportunity_changes).where(
                    opportunity_changes.c.opportunity == opportunity_id, opportunity_changes.c.id == change_id
                )
            ).one_or_none()
            if row is None or row.what not in UNDONE_BY_HAND:
                raise RefusedError("only a change of what is known can be put back here.")
            now, changed = json.loads(details_json(found.details)), json.loads(row.changed)
            if again := sorted(name for name, (_, after) in changed.items() if now.get(name) != after):
                raise RefusedError(
                    f"{', '.join(again).replace('_', ' ')} was changed again since; put that back first, or change it by hand."
                )
            line = Changed(row.id, row.at, row.by, row.what, changed, row.why)
            self._put(
                connection, found, as_it_was(found.details, [line]), (by, at, "put back", f"as it was before {row.at:%d %B %Y, %H:%M}")
            )
        return self.get(opportunity_id)

    def _open_to_change(self, connection: Connection, opportunity_id: str) -> Opportunity:
        found = self._locked(connection, opportunity_id)
        if found.status == Status.MERGED:
            raise RefusedError("it was merged into another; change that one, or part them first.")
        return found

    def _locked(self, connection: Connection, opportunity_id: str) -> Opportunity:
        """One opportunity that nobody else can change until this transaction ends. Raises NotFoundError."""
        connection.execute(select(opportunities.c.id).where(opportunities.c.id == opportunity_id).with_for_update())
        return self.one(connection, opportunity_id)

    def _put(self, connection: Connection, found: Opportunity, after: Details, line: tuple[str, datetime, str, str]) -> None:
        by, at, what, why = line
        changed = difference(found.details, after)
        if not changed:
            return
        if {"depends_on", "excludes"} & set(changed):
            check_links(found.id, after, {each.id: each for each in self._all(connection)})
        self.write_details(connection, found.id, after)
        self.changed(connection, found.id, by, at, what, changed, why)

    def gate(self, opportunity_id: str, gate: Gate, state: GateState, why: str, by: str, at: datetime, seen: int = 0) -> None:
        """Open or close a gate, with a reason. What would decide alone about people is excluded all the same.

        `seen` is the version that was looked at: ChangedSinceError when somebody else opened or closed this gate after it.
        """
        if len(why.strip()) < SHORTEST_REASON:
            raise RefusedError("say why, in a few words.")
        with self.database.writing() as connection:
            self._locked(connection, opportunity_id)
            check_seen(connection, opportunity_id, seen, {gate.value})
            self.write_gates(connection, [(opportunity_id, gate, state, why)], by, at)
            self.changed(connection, opportunity_id, by, at, "gate", {gate.value: state.value}, why)

    def write_gates(self, connection: Connection, said: Sequence[tuple[str, Gate, GateState, str]], by: str, at: datetime) -> None:
        """What was said at gates, in the caller's transaction."""
        rows = [
            {"id": self.new_id("gate"), "council": self.council, "opportunity": name, "gate": gate.value, "state": state.value, "why": why, "by": by, "at": at}
            for name, gate, state, why in said
        ]  # fmt: skip
        if rows:
            connection.execute(insert(opportunity_gates), rows)

    def gates(self) -> dict[str, dict[Gate, GateState]]:
        """What was last said at each gate, by opportunity."""
        query = (
            select(opportunity_gates)
            .where(opportunity_gates.c.council == self.council)
            .order_by(opportunity_gates.c.at, opportunity_gates.c.id)
        )
        found: dict[str, dict[Gate, GateState]] = {}
        with self.database.reading() as connection:
            for row in connection.execute(query):
                found.setdefault(row.opportunity, {})[Gate(row.gate)] = GateState(row.state)
        return found

    def get(self, opportunity_id: str) -> Opportunity:
        """One opportunity with the quotes of all that was merged into it. Raises NotFoundError."""
        with self.database.reading() as connection:
            return self.one(connection, opportunity_id, quotes=True)

    def everything(self) -> tuple[Opportunity, ...]:
        """Every opportunity, by title; those merged away too."""
        with self.database.reading() as connection:
            return self._all(connection)

    def _all(self, connection: Connection) -> tuple[Opportunity, ...]:
        query = select(opportunities).where(opportunities.c.council == self.council).order_by(opportunities.c.title, opportunities.c.id)
        rows = connection.execute(query).all()
        known = {row.id: row.merged_into for row in rows}
        kept: dict[str, list[Quote]] = {}
        joined = select(opportunity_quotes).join(opportunities, opportunities.c.id == opportunity_quotes.c.opportunity)
        joined = joined.where(opportunities.c.council == self.council)
        for quote in connection.execute(joined.order_by(opportunity_quotes.c.opportunity, opportunity_quotes.c.number)):
            for name in _line(quote.opportunity, known):
                kept.setdefault(name, []).append(Quote(quote.workshop, quote.role, quote.words))
        return tuple(_opportunity(row, tuple(kept.get(row.id, ())), known) for row in rows)

    def count(self) -> int:
        """How many workshops and opportunities there are, of whatever status."""
        with self.database.reading() as connection:
            return sum(
                connection.execute(select(func.count()).select_from(table).where(table.c.council == self.council)).scalar_one()
                for table in (workshops, opportunities)
            )

    def waiting(self) -> int:
        """How many nobody has accepted or refused."""
        here = (opportunities.c.council == self.council, opportunities.c.status == Status.PROPOSED.value)
        with self.database.reading() as connection:
            return connection.execute(select(func.count()).select_from(opportunities).where(*here)).scalar_one()

    def history(self, opportunity_id: str) -> tuple[Changed, ...]:
        """Who did what, newest first."""
        with self.database.reading() as connection:
            return lines_of(connection, opportunity_id)

    def versions(self, names: Iterable[str]) -> dict[str, int]:
        """How many lines the history of each has: its version."""
        found: dict[str, int] = {}
        which = opportunity_changes.c.opportunity
        with self.database.reading() as connection:
            for lot in in_lots(sorted(names)):
                query = select(which, func.count()).where(which.in_(lot)).group_by(which)
                found |= dict(connection.execute(query).all())
        return found

    def one(self, connection: Connection, opportunity_id: str, quotes: bool = False) -> Opportunity:
        """One opportunity, in the caller's transaction. Raises NotFoundError."""
        known = dict(
            connection.execute(select(opportunities.c.id, opportunities.c.merged_into).where(opportunities.c.council == self.council)).all()
        )
        if opportunity_id not in known:
            raise NotFoundError(f"there is no opportunity {opportunity_id}.")
        row = connection.execute(select(opportunities).where(opportunities.c.id == opportunity_id)).one()
        said: list[Quote] = []
        if quotes:
            family = [name for name in known if opportunity_id in _line(name, known)]
            for lot in in_lots(sorted(family, key=lambda name: (name != opportunity_id, name))):
                query = select(opportunity_quotes).where(opportunity_quotes.c.opportunity.in_(lot))
                said += [
                    Quote(q.workshop, q.role, q.words)
                    for q in connection.execute(query.order_by(opportunity_quotes.c.opportunity, opportunity_quotes.c.number))
                ]
        return _opportunity(row, tuple(said), known)

    def write_details(self, connection: Connection, opportunity_id: str, details: Details) -> None:
        """What is known of it, in the caller's transaction."""
        values = {"title": details.title, "service": details.service, "directorate": details.directorate, "details": details_json(details)}
        connection.execute(update(opportunities).where(opportunities.c.id == opportunity_id).values(**values))

    def changed(
        self, connection: Connection, opportunity_id: str, by: str, at: datetime, what: str, changed: Mapping[str, Any], why: str = ""
    ) -> None:
        """A line of the history and its event, in the caller's transaction. The event names what changed, and no words."""
        row: dict[str, Any] = {"id": self.new_id("change"), "opportunity": opportunity_id, "by": by, "what": what, "why": why.strip()}
        row["at"] = after_the_last(connection, opportunity_id, at)
        connection.execute(insert(opportunity_changes).values(**row, changed=json.dumps(changed, ensure_ascii=False, default=str)))
        facts = {"opportunity": opportunity_id, "what": what, "by": by, "fields": sorted(changed)}
        self.note(connection, EventKind.OPPORTUNITY_CHANGED, at, facts)

    def note(self, connection: Connection, kind: EventKind, at: datetime, facts: Mapping[str, Any]) -> None:
        """An event beside a change, in the caller's transaction."""
        write_events(connection, None, [Event(EventId(self.new_id("event")), kind, at, facts={**facts, "council": self.council})])


def _line(name: str, known: Mapping[str, str]) -> list[str]:
    """An opportunity, what it was merged into, and so on."""
    line = [name]
    while (following := known.get(line[-1], "")) and following not in line:
        line.append(following)
    return line


def _row(each: Opportunity, council: str, at: datetime) -> dict[str, Any]:
    details = each.details
    return {
        "id": each.id, "council": council, "title": details.title, "service": details.service, "directorate": details.directorate,
        "status": each.status.value, "merged_into": each.merged_into, "details": details_json(details), "revealed": each.revealed,
        "demo": each.demo, "at": at,
    }  # fmt: skip


def _opportunity(row: Row[Any], quotes: tuple[Quote, ...], known: Mapping[str, str]) -> Opportunity:
    """A row. What it needs or excludes is named by what that was merged into."""
    details = details_of(row.details)
    links: dict[str, Any] = {
        name: tuple(dict.fromkeys(end for other in getattr(details, name) if (end := _line(other, known)[-1]) != row.id))
        for name in ("depends_on", "excludes")
    }
    return Opportunity(row.id, replace(details, **links), Status(row.status), quotes, row.merged_into, row.revealed, row.demo)


def _workshop(row: Row[Any]) -> Workshop:
    held_on, people = date.fromisoformat(row.held_on), json.loads(row.people)
    return Workshop(row.id, row.service, row.directorate, held_on, row.facilitator, people, row.notes, row.demo)
