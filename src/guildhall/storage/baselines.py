"""Baselines: read into a draft piece by piece, confirmed and frozen in one transaction with its event, checked against their rows and the record."""

import json
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from guildhall.storage.baselines_schema import baseline_drafts, baseline_rows, baselines
from guildhall.storage.database import Database
from guildhall.storage.record import write_events
from guildhall.storage.schema import events
from guildhall.value.baselines.frozen import About, Baseline, Contents, Draft, Verified
from guildhall.value.baselines.mapping import Kind
from guildhall.value.baselines.mapping_file import read_mapping, written
from guildhall.value.baselines.months import MonthSeries, Tally
from guildhall.value.baselines.reading import Reading
from guildhall.value.baselines.report import Report
from guildhall.value.baselines.rows import Digest, in_pieces, row_of
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId

PIECE: Final = 5_000
DRAFTS_KEPT: Final = timedelta(days=1)


class BaselineStore:
    """Repository of one council's baselines."""

    def __init__(self, database: Database, council: str, new_id: Callable[[str], str]) -> None:
        self._database, self._council, self._new_id = database, council, new_id

    def draft(self, reading: Reading, about: About, by: str, at: datetime) -> Draft:
        """Read a file into a draft. Each piece is a short write of its own; when reading fails, none of it stays. Raises RefusedError without any row."""
        self.sweep(at)
        draft_id = self._new_id("baseline")
        empty = {"mapping": written(reading.mapping), "first": None, "last": None, "rows": 0, "sha256": "", "series": "[]", "report": "{}"}
        with self._database.writing() as connection:
            connection.execute(
                insert(baseline_drafts).values(
                    id=draft_id, **self._said(about), kind=reading.mapping.kind.value, by=by, made_at=at, **empty
                )
            )
        filled = False
        try:
            self._fill(draft_id, reading)
            filled = True
        finally:
            if not filled:  # whatever stopped it, an interrupt too: half a draft must not stay
                self.discard(draft_id)
        return self.get_draft(draft_id)

    def _fill(self, draft_id: str, reading: Reading) -> None:
        tally, digest = _tally_of(reading.mapping), Digest(reading.mapping.kind)

        def lines() -> Iterator[str]:
            for row in reading.rows():
                tally.add(row)
                line = row.line()
                digest.add(line)
                yield line

        for number, piece in enumerate(in_pieces(lines(), PIECE)):
            packed = zlib.compress("\n".join(piece).encode(), 6)
            with self._database.writing() as connection:
                connection.execute(insert(baseline_rows).values(baseline_id=draft_id, number=number, packed=packed))
        report = reading.report
        if not report.kept:
            first = f" The first is row {report.refused[0].row}: {report.refused[0].said}." if report.refused else ""
            raise RefusedError(f"{reading.table.name}: none of the {report.read:,} rows can be taken.{first}")
        report.about += tally.left_out()
        series = json.dumps([each.as_data() for each in tally.series()], ensure_ascii=False)
        found = {"first": tally.first, "last": tally.last, "rows": report.kept, "sha256": digest.value(), "series": series}
        with self._database.writing() as connection:
            values = found | {"report": json.dumps(report.as_data(), ensure_ascii=False)}
            connection.execute(update(baseline_drafts).where(baseline_drafts.c.id == draft_id).values(**values))

    def get_draft(self, draft_id: str) -> Draft:
        """A draft that was read to its end. Raises NotFoundError."""
        query = select(baseline_drafts).where(*self._here(baseline_drafts, draft_id), baseline_drafts.c.sha256 != "")
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no import {draft_id} to confirm; it was confirmed or discarded, or it is more than a day old.")
        return Draft(row.id, About(row.name, row.source, row.owner), _contents(row), row.by, row.made_at)

    def drafts(self) -> tuple[Draft, ...]:
        """Imports that wait to be confirmed, the newest first."""
        query = select(baseline_drafts).where(baseline_drafts.c.council == self._council, baseline_drafts.c.sha256 != "")
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(baseline_drafts.c.made_at.desc())).all()
        return tuple(Draft(row.id, About(row.name, row.source, row.owner), _contents(row), row.by, row.made_at) for row in rows)

    def discard(self, draft_id: str) -> None:
        """Throw a draft and its rows away."""
        with self._database.writing() as connection:
            gone = connection.execute(delete(baseline_drafts).where(*self._here(baseline_drafts, draft_id))).rowcount
            if gone:
                connection.execute(delete(baseline_rows).where(baseline_rows.c.baseline_id == draft_id))

    def sweep(self, now: datetime) -> None:
        """Throw away drafts that nobody confirmed for a day."""
        old = select(baseline_drafts.c.id).where(baseline_drafts.c.council == self._council, baseline_drafts.c.made_at < now - DRAFTS_KEPT)
        with self._database.reading() as connection:
            found = list(connection.scalars(old))
        for draft_id in found:
            self.discard(draft_id)

    def freeze(self, draft_id: str, by: str, at: datetime, supersedes: str = "", reason: str = "") -> Baseline:
        """Confirm a draft: from now on it is a baseline that nothing edits. Raises NotFoundError, and RefusedError for what cannot be superseded."""
        draft = self.get_draft(draft_id)
        if supersedes:
            self._check_supersedes(supersedes, reason)
        contents, about = draft.contents, draft.about
        facts = {
            "baseline": draft.id, "council": self._council, "name": about.name, "source": about.source, "owner": about.owner, "kind": contents.kind.value,
            "from": contents.first.isoformat(), "until": contents.last.isoformat(), "rows": contents.rows, "refused": contents.report.left_out,
            "sha256": contents.sha256, "by": by, "supersedes": supersedes, "reason": reason,
        }  # fmt: skip
        try:
            with self._database.writing() as connection:
                row = connection.execute(select(baseline_drafts).where(*self._here(baseline_drafts, draft_id))).mappings().one_or_none()
                if row is None or not connection.execute(delete(baseline_drafts).where(*self._here(baseline_drafts, draft_id))).rowcount:
                    raise RefusedError(f"the import {draft_id} was confirmed or discarded a moment ago.")
                kept = {name: value for name, value in row.items() if name not in ("made_at", "by")}
                values = kept | {"by": by, "frozen_at": at, "supersedes": supersedes or None, "reason": reason}
                connection.execute(insert(baselines).values(**values))
                write_events(connection, None, [Event(EventId(self._new_id("event")), EventKind.BASELINE_FROZEN, at, facts=facts)])
        except IntegrityError as error:
            raise RefusedError(f"the baseline {supersedes} was superseded by another a moment ago; look at that one first.") from error
        return self.get(draft_id)

    def _check_supersedes(self, baseline_id: str, reason: str) -> None:
        if not reason.strip():
            raise RefusedError("say in a sentence why the newer baseline takes the older one's place; both stay in the record.")
        if (later := self.get(baseline_id).superseded_by) != "":
            raise RefusedError(f"the baseline {baseline_id} was superseded by {later} already; supersede that one.")

    def get(self, baseline_id: str) -> Baseline:
        """A frozen baseline. Raises NotFoundError."""
        found = next((each for each in self.all() if each.id == baseline_id), None)
        if found is None:
            raise NotFoundError(f"there is no baseline {baseline_id}; `guildhall value baseline list` shows which there are.")
        return found

    def all(self) -> tuple[Baseline, ...]:
        """Every baseline ever frozen, the newest first."""
        query = select(baselines).where(baselines.c.council == self._council).order_by(baselines.c.frozen_at.desc(), baselines.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        later = {row.supersedes: row.id for row in rows if row.supersedes}
        return tuple(_baseline(row, later.get(row.id, "")) for row in rows)

    def lines(self, baseline_id: str) -> Iterator[str]:
        """The rows of a draft or a baseline as they are kept, one after the other."""
        number = 0
        while True:
            with self._database.reading() as connection:
                query = select(baseline_rows.c.packed).where(baseline_rows.c.baseline_id == baseline_id, baseline_rows.c.number == number)
                packed = connection.scalar(query)
            if packed is None:
                return
            yield from zlib.decompress(packed).decode().split("\n")
            number += 1

    def verify(self, baseline_id: str) -> Verified:
        """Hash the kept rows again and compare with the baseline, with its months and with the record. Raises NotFoundError."""
        found = self.get(baseline_id)
        kind = found.contents.kind
        tally, digest = _tally_of(read_mapping(found.contents.mapping, f"baseline {baseline_id}")), Digest(kind)
        try:
            for line in self.lines(baseline_id):
                digest.add(line)
                tally.add(row_of(line, kind))
        except (zlib.error, ValueError, TypeError, IndexError) as error:
            return Verified(
                False,
                f"The rows cannot be read any more ({type(error).__name__}): they were changed since they were frozen.",
                digest.value(),
            )
        now = digest.value()
        if now != found.contents.sha256:
            return Verified(
                False, f"The rows hash to {now}, and the baseline was frozen with {found.contents.sha256}: they were changed.", now
            )
        if (recorded := self._recorded(baseline_id)) != now:
            said = f"The record says that it was frozen with {recorded}" if recorded else "The record knows no such baseline"
            return Verified(False, f"{said}, and the rows hash to {now}.", now)
        if tally.series() != found.contents.series:
            return Verified(
                False, "The rows are as they were frozen, and the months kept beside them do not follow from them: those were changed.", now
            )
        return Verified(True, f"{found.contents.rows:,} rows hash to what was frozen and recorded.", now)

    def _recorded(self, baseline_id: str) -> str:
        query = select(events.c.facts).where(events.c.kind == EventKind.BASELINE_FROZEN.value)
        with self._database.reading() as connection:
            told = (json.loads(facts) for facts in connection.scalars(query))
            return next((str(facts["sha256"]) for facts in told if facts.get("baseline") == baseline_id), "")

    def _said(self, about: About) -> dict[str, str]:
        return {"council": self._council, "name": about.name.strip(), "source": about.source.strip(), "owner": about.owner.strip()}

    def _here(self, table: Any, row_id: str) -> tuple[Any, Any]:
        return table.c.council == self._council, table.c.id == row_id


def _tally_of(mapping: Any) -> Tally:
    return Tally(mapping.measure, unit=mapping.unit)


def _contents(row: Row[Any]) -> Contents:
    series = tuple(MonthSeries.of_data(data) for data in json.loads(row.series))
    return Contents(Kind(row.kind), row.mapping, row.first, row.last, row.rows, row.sha256, series, Report.of_data(json.loads(row.report)))


def _baseline(row: Row[Any], later: str) -> Baseline:
    about = About(row.name, row.source, row.owner)
    return Baseline(row.id, about, _contents(row), row.by, row.frozen_at, row.supersedes or "", row.reason, later)
