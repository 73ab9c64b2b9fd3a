"""The library's memory: sources, passages, vectors, and a version number that grows with every change."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)

from guildhall.knowledge.ports import Change, Holdings, Vectors
from guildhall.knowledge.sources import KeptSource, embedded_text
from guildhall.storage.database import Database, metadata
from guildhall.vocabulary.ids import CouncilSlug, PassageId, ServiceKey, SourceId
from guildhall.vocabulary.passages import Passage, Source

_AT_ONCE: Final = 500  # SQLite allows a limited number of parameters in one statement

sources = Table(
    "sources",
    metadata,
    Column("council", String(64), primary_key=True),
    Column("id", String(500), primary_key=True),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("updated", String(10), nullable=False),
    Column("owner", Text, nullable=False),
    Column("services", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("origin", Text, nullable=False),
    Column("tier", String(32), nullable=False),
    Column("review_by", String(10), nullable=False),
)

passages = Table(
    "passages",
    metadata,
    Column("council", String(64), primary_key=True),
    Column("id", String(600), primary_key=True),
    Column("source_id", String(500), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("section", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("updated", String(10), nullable=False),
    Column("services", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("digest", String(64), nullable=False, index=True),
)

vectors = Table(
    "vectors",
    metadata,
    Column("embedder", String(200), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

knowledge_versions = Table(
    "knowledge_versions",
    metadata,
    Column("council", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
)


class KnowledgeStore:
    """Repository of one council's sources and passages. Vectors are kept by the digest of the text, so councils share them."""

    def __init__(self, database: Database, council: CouncilSlug | str) -> None:
        self._database, self._council = database, council

    def version(self) -> int:
        """A number that grows with every change; 0 when nothing was ever stored."""
        with self._database.reading() as connection:
            return _version(connection, self._council)

    def holdings(self, embedder: str) -> Holdings:
        """Every passage with its vector, read at one moment. A passage without one has a row of zeros."""
        joined = passages.outerjoin(vectors, and_(vectors.c.digest == passages.c.digest, vectors.c.embedder == embedder))
        query = (
            select(passages, vectors.c.vector)
            .select_from(joined)
            .where(passages.c.council == self._council)
            .order_by(passages.c.source_id, passages.c.position)
        )
        with self._database.reading() as connection:
            version = _version(connection, self._council)
            rows = connection.execute(query).all()
        width = next((len(row.vector) // 4 for row in rows if row.vector is not None), 0)
        blank = bytes(4 * width)
        stacked = np.frombuffer(b"".join(row.vector or blank for row in rows), "<f4").reshape(len(rows), width)
        return Holdings(version, tuple(_passage(row) for row in rows), np.ascontiguousarray(stacked, np.float32))

    def sources(self) -> tuple[KeptSource, ...]:
        """Every source kept, with the number of its passages, by id."""
        counted = (
            select(passages.c.source_id, func.count().label("n")).where(passages.c.council == self._council).group_by(passages.c.source_id)
        )
        with self._database.reading() as connection:
            counts = {row.source_id: row.n for row in connection.execute(counted)}
            rows = connection.execute(select(sources).where(sources.c.council == self._council).order_by(sources.c.id)).all()
        return tuple(_source(row, counts.get(row.id, 0)) for row in rows)

    def passage_owners(self) -> Mapping[str, tuple[SourceId, str]]:
        """The source and the text digest of every passage, by passage id."""
        query = select(passages.c.id, passages.c.source_id, passages.c.digest).where(passages.c.council == self._council)
        with self._database.reading() as connection:
            return {row.id: (SourceId(row.source_id), row.digest) for row in connection.execute(query)}

    def embedded(self, digests: Sequence[str], embedder: str) -> frozenset[str]:
        """Which of these digests have a vector of that embedder."""
        found: set[str] = set()
        with self._database.reading() as connection:
            for some in _at_once(digests):
                query = select(vectors.c.digest).where(vectors.c.embedder == embedder, vectors.c.digest.in_(some))
                found.update(connection.scalars(query))
        return frozenset(found)

    def missing(self, embedder: str) -> tuple[tuple[str, str], ...]:
        """(digest, text to embed) of every passage that has no vector of that embedder."""
        joined = passages.outerjoin(vectors, and_(vectors.c.digest == passages.c.digest, vectors.c.embedder == embedder))
        query = select(passages).select_from(joined).where(passages.c.council == self._council, vectors.c.digest.is_(None))
        with self._database.reading() as connection:
            return tuple({row.digest: embedded_text(_passage(row)) for row in connection.execute(query)}.items())

    def add_vectors(self, made: Mapping[str, Vectors], embedder: str) -> None:
        """Keep vectors by digest; one that is there already stays."""
        fresh = made.keys() - self.embedded(tuple(made), embedder)
        rows = [{"embedder": embedder, "digest": digest, "vector": made[digest].astype("<f4").tobytes()} for digest in sorted(fresh)]
        if rows:
            with self._database.writing() as connection:
                connection.execute(insert(vectors), rows)

    def apply(self, changes: Sequence[Change], removed: Sequence[SourceId]) -> int:
        """Write the changed sources and take the removed ones away, in one transaction; returns the new version."""
        gone = [*removed, *(change.source.source.id for change in changes)]
        with self._database.writing() as connection:
            for some in _at_once(gone):
                connection.execute(delete(passages).where(passages.c.council == self._council, passages.c.source_id.in_(some)))
                connection.execute(delete(sources).where(sources.c.council == self._council, sources.c.id.in_(some)))
            if changes:
                connection.execute(insert(sources), [self._source_row(change.source) for change in changes])
            rows = [self._passage_row(kept.passage, kept.digest) for change in changes for kept in change.passages]
            if rows:
                connection.execute(insert(passages), rows)
            connection.execute(delete(vectors).where(vectors.c.digest.not_in(select(passages.c.digest))))
            return self._next_version(connection)

    def _next_version(self, connection: Connection) -> int:
        here: ColumnElement[bool] = knowledge_versions.c.council == self._council
        version = _version(connection, self._council) + 1
        if not connection.execute(update(knowledge_versions).where(here).values(version=version)).rowcount:
            connection.execute(insert(knowledge_versions).values(council=self._council, version=version))
        return version

    def _source_row(self, kept: KeptSource) -> dict[str, Any]:
        source = kept.source
        return {
            "council": self._council,
            "id": source.id,
            "title": source.title,
            "url": source.url,
            "updated": source.updated,
            "owner": source.owner,
            "services": json.dumps(source.services),
            "digest": source.digest,
            "origin": kept.origin,
            "tier": kept.tier,
            "review_by": kept.review_by,
        }

    def _passage_row(self, passage: Passage, digest: str) -> dict[str, Any]:
        return {
            "council": self._council,
            "id": passage.id,
            "source_id": passage.source_id,
            "title": passage.title,
            "section": passage.section,
            "text": passage.text,
            "url": passage.url,
            "updated": passage.updated,
            "services": json.dumps(passage.services),
            "position": passage.position,
            "digest": digest,
        }


def _version(connection: Connection, council: str) -> int:
    return connection.scalar(select(knowledge_versions.c.version).where(knowledge_versions.c.council == council)) or 0


def _at_once(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def _services(stored: str) -> tuple[ServiceKey, ...]:
    return tuple(ServiceKey(key) for key in json.loads(stored))


def _passage(row: Any) -> Passage:
    return Passage(
        PassageId(row.id),
        SourceId(row.source_id),
        row.title,
        row.section,
        row.text,
        row.url,
        row.updated,
        _services(row.services),
        row.position,
    )


def _source(row: Any, count: int) -> KeptSource:
    source = Source(SourceId(row.id), row.title, row.url, row.updated, row.owner, _services(row.services), row.digest)
    return KeptSource(source, row.origin, row.tier, row.review_by, count)
