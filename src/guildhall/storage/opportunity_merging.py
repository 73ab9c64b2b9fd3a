"""Merging and parting, by people. Nothing is lost: both voices stand, volumes count once, and what was merged can be parted again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from guildhall.opportunities.duplicates import merged
from guildhall.opportunities.register import Status
from guildhall.storage.opportunities import OpportunityStore
from guildhall.storage.opportunities_schema import opportunities, opportunity_merges
from guildhall.storage.opportunity_history import details_json, details_of, difference
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import EventKind

MERGE: Final = "merge"
PART: Final = "part"
APART: Final = "apart"


class MergingStore:
    """Merges of one council's register."""

    def __init__(self, register: OpportunityStore) -> None:
        self._register = register

    def merge(self, kept_id: str, gone_id: str, by: str, at: datetime, why: str = "") -> None:
        """Make one of two. Raises RefusedError for one that is not in the register or waiting, and for the same twice."""
        if kept_id == gone_id:
            raise RefusedError("choose two different opportunities.")
        register = self._register
        with register.database.writing() as connection:
            kept, gone = register.one(connection, kept_id), register.one(connection, gone_id)
            for each in (kept, gone):
                if each.status not in (Status.PROPOSED, Status.ACCEPTED):
                    raise RefusedError(f"`{each.details.title}` is {each.status.value} already; load the page again.")
            both = merged(kept.details, gone.details)
            self._write(connection, MERGE, (kept_id, gone_id), details_json(kept.details), (by, at, why))
            register.write_details(connection, kept_id, both)
            status = Status.ACCEPTED.value if Status.ACCEPTED in (kept.status, gone.status) else kept.status.value
            connection.execute(update(opportunities).where(opportunities.c.id == kept_id).values(status=status))
            gone_now = {"status": Status.MERGED.value, "merged_into": kept_id}
            connection.execute(update(opportunities).where(opportunities.c.id == gone_id).values(**gone_now))
            facts = {"with": gone_id, "status_of_other": gone.status.value} | difference(kept.details, both)
            if kept.status.value != status:
                facts["status"] = [kept.status.value, status]
            register.changed(connection, kept_id, by, at, "merged", facts, why)
            register.changed(connection, gone_id, by, at, "merged", {"into": kept_id, "status": [gone.status.value, "merged"]}, why)

    def part(self, gone_id: str, by: str, at: datetime, why: str = "") -> None:
        """Part what was merged. What only the other had brought in is taken out of the kept one again; later changes by people stay.

        Raises RefusedError when it is not merged.
        """
        register = self._register
        with register.database.writing() as connection:
            gone = register.one(connection, gone_id)
            if gone.status != Status.MERGED:
                raise RefusedError("it is not merged with another.")
            kept = register.one(connection, gone.merged_into)
            query = select(opportunity_merges).where(opportunity_merges.c.gone == gone_id, opportunity_merges.c.what == MERGE)
            last = connection.execute(query.order_by(opportunity_merges.c.at.desc(), opportunity_merges.c.id.desc())).first()
            before = details_of(last.before) if last else kept.details
            together = merged(before, gone.details)
            values: dict[str, Any] = {}
            for name in (
                "volume_pa",
                "minutes_each",
                "staff_pence_an_hour",
                "saves_percent",
                "cash_pence_pa",
                "cash_act",
                "avoided_pence_pa",
                "resident_pence_pa",
                "error_rate",
                "data_classes",
                "affected_groups",
                "safeguarding_risk",
                "deciding",
                "depends_on",
                "excludes",
            ):
                if getattr(kept.details, name) == getattr(together, name):
                    values[name] = getattr(before, name)
            self._write(connection, PART, (kept.id, gone_id), details_json(kept.details), (by, at, why))
            after = replace(kept.details, **values)
            register.write_details(connection, kept.id, after)
            connection.execute(
                update(opportunities).where(opportunities.c.id == gone_id).values(status=Status.ACCEPTED.value, merged_into="")
            )
            back = {"status": [Status.MERGED.value, Status.ACCEPTED.value]}
            for name, other, facts in ((kept.id, gone_id, difference(kept.details, after)), (gone_id, kept.id, back)):
                register.changed(connection, name, by, at, "parted", {"from": other} | facts, why)

    def tell_apart(self, one: str, other: str, by: str, at: datetime, why: str = "") -> None:
        """Say that two are not the same, so that they are not proposed again."""
        register = self._register
        with register.database.writing() as connection:
            for name in (one, other):
                register.one(connection, name)
            self._write(connection, APART, (min(one, other), max(one, other)), "", (by, at, why))

    def told_apart(self) -> frozenset[tuple[str, str]]:
        """Pairs that people told apart or parted."""
        query = select(opportunity_merges.c.kept, opportunity_merges.c.gone).where(
            opportunity_merges.c.council == self._register.council, opportunity_merges.c.what.in_((APART, PART))
        )
        with self._register.database.reading() as connection:
            return frozenset((min(row.kept, row.gone), max(row.kept, row.gone)) for row in connection.execute(query))

    def merged_into(self, kept_id: str) -> Sequence[str]:
        """What stands in it now, besides itself."""
        with self._register.database.reading() as connection:
            query = select(opportunities.c.id).where(opportunities.c.merged_into == kept_id).order_by(opportunities.c.title)
            return list(connection.execute(query).scalars())

    def _write(self, connection: Connection, what: str, pair: tuple[str, str], before: str, who: tuple[str, datetime, str]) -> None:
        by, at, why = who
        row = {"id": self._register.new_id("merge"), "council": self._register.council, "what": what, "kept": pair[0], "gone": pair[1]}
        connection.execute(insert(opportunity_merges).values(**row, before=before, why=why.strip(), by=by, at=at))
        facts = {"what": what, "kept": pair[0], "other": pair[1], "by": by}
        self._register.note(connection, EventKind.OPPORTUNITIES_MERGED, at, facts)
