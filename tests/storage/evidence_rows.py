"""Evidence for tests: a baseline that is frozen, and all that the benefits of `a_ledger` name."""

from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import insert

from guildhall.bootstrap.identifiers import new_id
from guildhall.storage.baselines_schema import baselines
from guildhall.storage.database import Database
from guildhall.storage.evidence import EvidenceStore
from guildhall.value.evaluation.effects import Evidence
from guildhall.value.evaluation.keeping import Input, Result
from guildhall.value.ledger.documents import Document

NOW: Final = datetime(2026, 11, 27, 11, 0, tzinfo=UTC)
SHA256: Final = "11" * 32
FELL: Final = Result("Interrupted time series", "Abandonment fell", -0.1, -0.2, -0.05, 0.001, 0.4, 36, ("It cannot tell everything.",))


def freeze(database: Database, council: str, key: str, sha256: str = SHA256, supersedes: str | None = None) -> None:
    """A baseline without rows."""
    row = {
        "id": key, "council": council, "name": "Calls", "source": "Export", "owner": "Head", "kind": "calls", "mapping": "", "rows": 1,
        "first": date(2024, 1, 1), "last": date(2025, 12, 31), "sha256": sha256, "series": "[]", "report": "{}", "by": "staff-fin",
        "frozen_at": NOW, "supersedes": supersedes, "reason": "",
    }  # fmt: skip
    with database.writing() as connection:
        connection.execute(insert(baselines).values(**row))


def lay_down(database: Database, council: str) -> EvidenceStore:
    """The baseline `calls-2025`, the evaluation `calls-2026` that rests on it, and the document `establishment-list`."""
    freeze(database, council, "calls-2025")
    store = EvidenceStore(database, council, lambda kind: "calls-2026" if kind == "evaluation" else new_id(kind), lambda: NOW)
    store.keep(
        "Calls after April", {"design": "interrupted"}, [Input("baseline", "calls-2025", SHA256)], Evidence.E3, True, FELL, "staff-fin"
    )
    store.add_document(Document("establishment-list", "Establishment list", "ab" * 32, "staff-fin", NOW))
    return store
