"""What benefits rest on: evaluations that were kept, documents by their digest, and what any reference to evidence leads to."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from guildhall.storage.baselines_schema import baselines
from guildhall.storage.database import Database
from guildhall.storage.evidence_schema import evidence_documents, kept_evaluations
from guildhall.storage.published_schema import published_figures
from guildhall.storage.record import write_events
from guildhall.value.evaluation.effects import Evidence
from guildhall.value.evaluation.keeping import Input, KeptEvaluation, Result
from guildhall.value.ledger.documents import Document, document_lacks
from guildhall.value.ledger.evidence import Found, missing
from guildhall.value.ledger.moving import LackingError, check_reason
from guildhall.value.ledger.needs import Lack
from guildhall.vocabulary.benefits import EvidenceLevel
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId


class EvidenceStore:
    """Repository of one council's evidence. `measures` are the keys of what the council measures."""

    def __init__(
        self, database: Database, council: str, new_id: Callable[[str], str], clock: Callable[[], datetime], measures: Collection[str] = ()
    ) -> None:
        self._database, self._council, self._new_id, self._clock, self._measures = database, council, new_id, clock, measures

    def keep(
        self, name: str, asked: Mapping[str, Any], inputs: Iterable[Input], evidence: Evidence, found: bool, result: Result, by: str
    ) -> KeptEvaluation:
        """Keep an evaluation, with its event. Raises LackingError without a name."""
        tidy = " ".join(name.split())
        if not 5 <= len(tidy) <= 200:
            raise LackingError([Lack("name", "give the evaluation a name of 5 to 200 characters, so that others know it again")])
        made = KeptEvaluation(self._new_id("evaluation"), tidy, asked, tuple(inputs), evidence, found, result, by, self._at())
        made = replace(made, digest=made.now)
        row = {
            "id": made.id, "council": self._council, "name": made.name, "asked": _json(made.asked), "evidence": evidence.value, "found": found,
            "inputs": _json([[one.kind, one.id, one.sha256] for one in made.inputs]), "by": by, "kept_at": made.kept_at, "digest": made.digest,
            "result": _json({name: getattr(result, name) for name in Result.__slots__}),
        }  # fmt: skip
        facts = {
            "evaluation": made.id, "design": made.design, "evidence": evidence.value, "found": found, "digest": made.digest, "by": by,
            "inputs": [f"{one.kind}:{one.id}:{one.sha256}" for one in made.inputs],
        }  # fmt: skip
        with self._database.writing() as connection:
            connection.execute(insert(kept_evaluations).values(**row))
            self._note(connection, EventKind.EVALUATION_KEPT, made.kept_at, facts)
        return made

    def supersede(self, evaluation_id: str, why: str, by: str) -> bool:
        """Say that an evaluation no longer stands, with its event. False when somebody said so before."""
        at, table = self._at(), kept_evaluations
        with self._database.writing() as connection:
            still = table.c.council == self._council, table.c.id == evaluation_id, table.c.superseded_at.is_(None)
            done = connection.execute(update(table).where(*still).values(superseded_at=at, superseded_why=why)).rowcount
            if done:
                self._note(connection, EventKind.EVALUATION_SUPERSEDED, at, {"evaluation": evaluation_id, "why": why, "by": by})
        return bool(done)

    def evaluations(self) -> tuple[KeptEvaluation, ...]:
        """Every evaluation that was kept, the newest first."""
        table = kept_evaluations
        with self._database.reading() as connection:
            rows = connection.execute(
                select(table).where(table.c.council == self._council).order_by(table.c.kept_at.desc(), table.c.id)
            ).all()
        return tuple(_evaluation(row) for row in rows)

    def evaluation(self, evaluation_id: str) -> KeptEvaluation:
        """One that was kept. Raises NotFoundError."""
        found = next((one for one in self.evaluations() if one.id == evaluation_id), None)
        if found is None:
            raise NotFoundError(f"there is no evaluation {evaluation_id}; `guildhall value evidence list` has those that were kept.")
        return found

    def add_document(self, document: Document) -> Document:
        """Keep what a document is known by, with its event. Raises LackingError for what is wrong, or a key that is taken."""
        made = replace(document, kept_at=self._at())
        if lacking := document_lacks(made, made.kept_at.date()):
            raise LackingError(lacking)
        row = {name: getattr(made, name) for name in Document.__slots__} | {"council": self._council}
        facts = {"document": made.key, "sha256": made.sha256, "link": made.link, "by": made.by}
        try:
            with self._database.writing() as connection:
                connection.execute(insert(evidence_documents).values(**row))
                self._note(connection, EventKind.DOCUMENT_KEPT, made.kept_at, facts)
        except IntegrityError as error:
            raise LackingError([Lack("key", f"there is a document “{made.key}” already: give another key")]) from error
        return made

    def withdraw(self, key: str, why: str, by: str) -> Document:
        """Say that a document no longer shows what it was to show, with its event. Raises NotFoundError and RefusedError."""
        reason, at, table = check_reason(why), self._at(), evidence_documents
        was = self.document(key)
        with self._database.writing() as connection:
            still = table.c.council == self._council, table.c.key == key, table.c.withdrawn_at.is_(None)
            if not connection.execute(update(table).where(*still).values(withdrawn_at=at, withdrawn_why=reason)).rowcount:
                raise RefusedError("it was withdrawn already")
            self._note(connection, EventKind.DOCUMENT_WITHDRAWN, at, {"document": key, "why": reason, "by": by})
        return replace(was, withdrawn_at=at, withdrawn_why=reason)

    def document(self, key: str) -> Document:
        """One document. Raises NotFoundError."""
        found = next((one for one in self.documents() if one.key == key), None)
        if found is None:
            raise NotFoundError(f"there is no document {key}; `guildhall value evidence list` has those that are known.")
        return found

    def documents(self) -> tuple[Document, ...]:
        """Every document, by its key."""
        table = evidence_documents
        with self._database.reading() as connection:
            rows = connection.execute(select(table).where(table.c.council == self._council).order_by(table.c.key)).all()
        return tuple(Document(**{name: getattr(row, name) for name in Document.__slots__}) for row in rows)

    def look(self, references: Iterable[str]) -> Mapping[str, Found]:
        """What each reference leads to. Each kind is read once, and only where it is asked for."""
        wanted = {one: one.partition(":") for one in references}
        readers = {
            "evaluation": self._evaluations_found, "document": self._documents_found, "figure": self._figures_found,
            "baseline": self._baselines_found, "measure": self._measures_found,
        }  # fmt: skip
        known = {kind: readers[kind]() for kind in {kind for kind, _, _ in wanted.values()} & set(readers)}
        return {one: known.get(kind, {}).get(key.strip()) or missing(one) for one, (kind, _, key) in wanted.items()}

    def _evaluations_found(self) -> dict[str, Found]:
        frozen = self._baselines()
        return {one.id: _judged(one, frozen) for one in self.evaluations()}

    def _documents_found(self) -> dict[str, Found]:
        return {
            one.key: Found(
                f"document:{one.key}", one.name, "" if one.stands else f"the document “{one.key}” was withdrawn: {one.withdrawn_why}"
            )
            for one in self.documents()
        }

    def _figures_found(self) -> dict[str, Found]:
        table = published_figures
        columns = (table.c.id, table.c.words, table.c.simulated, table.c.superseded_at, table.c.superseded_why)
        with self._database.reading() as connection:
            rows = connection.execute(select(*columns).where(table.c.council == self._council)).all()
        return {row.id: Found(f"figure:{row.id}", row.words, _fell(row)) for row in rows}

    def _baselines(self) -> dict[str, tuple[str, str, str]]:
        """Of each frozen baseline its name, its digest, and the one that took its place."""
        table = baselines
        query = select(table.c.id, table.c.name, table.c.sha256, table.c.supersedes).where(table.c.council == self._council)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        later = {row.supersedes: row.id for row in rows if row.supersedes}
        return {row.id: (row.name, row.sha256, later.get(row.id, "")) for row in rows}

    def _baselines_found(self) -> dict[str, Found]:
        return {
            key: Found(f"baseline:{key}", name, f"the baseline {key} was superseded by {later}" if later else "")
            for key, (name, _, later) in self._baselines().items()
        }

    def _measures_found(self) -> dict[str, Found]:
        return {key: Found(f"measure:{key}", key.replace("_", " ")) for key in self._measures}

    def _at(self) -> datetime:
        return self._clock().astimezone(UTC)

    def _note(self, connection: Connection, kind: EventKind, at: datetime, facts: Mapping[str, Any]) -> None:
        write_events(connection, None, [Event(EventId(self._new_id("event")), kind, at, facts={**facts, "council": self._council})])


def _fell(row: Any) -> str:
    """Why a published figure is no evidence, or no longer."""
    if row.simulated:
        return f"the figure {row.id} is of made-up contacts"
    return f"the figure {row.id} was superseded: {row.superseded_why}" if row.superseded_at else ""


def _judged(one: KeptEvaluation, frozen: Mapping[str, tuple[str, str, str]]) -> Found:
    """Whether an evaluation still stands: its row is as it was kept, and each baseline it was asked of is as it was and has no follower."""
    why = "" if one.now == one.digest else f"the evaluation {one.id} is not what was kept: its row was altered"
    if one.superseded_at is not None and not why:
        why = f"the evaluation {one.id} was superseded: {one.superseded_why}"
    for each in one.inputs:
        if each.kind == "baseline" and not why:
            _, sha, later = frozen.get(each.id, ("", "", ""))
            if sha != each.sha256:
                why = f"the evaluation {one.id} rests on the baseline {each.id}, which is not what it was"
            elif later:
                why = f"the evaluation {one.id} rests on the baseline {each.id}, which was superseded by {later}"
    carries = EvidenceLevel(one.evidence.value.lower()) if one.found else EvidenceLevel.E0
    return Found(f"evaluation:{one.id}", one.name, why, carries)


def _evaluation(row: Row[Any]) -> KeptEvaluation:
    result = json.loads(row.result)
    kept = Result(**(result | {"beside": tuple(result["beside"])}))
    inputs = tuple(Input(*one) for one in json.loads(row.inputs))
    return KeptEvaluation(
        row.id, row.name, json.loads(row.asked), inputs, Evidence(row.evidence), row.found, kept, row.by, row.kept_at, row.digest,
        row.superseded_at, row.superseded_why,
    )  # fmt: skip


def _json(data: Any) -> str:
    return json.dumps(data, sort_keys=True, ensure_ascii=False)
