"""Compares the record with itself, with what other repositories store and with the web edge's journal, and records that it did."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from guildhall.bootstrap.identifiers import new_id
from guildhall.bootstrap.record_log import RecordLog
from guildhall.councils.loading import BASELINE, read_safeguarding
from guildhall.councils.yaml_files import YamlReader
from guildhall.records.findings import Finding, FindingKind
from guildhall.records.journal import Request, missing_events, read_journal
from guildhall.settings import Settings
from guildhall.storage.log import size_of
from guildhall.storage.reconciling import compare_log, compare_rows, compare_safeguarding, happened_since
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How much was compared, and what does not fit."""

    records: int
    requests: int
    findings: tuple[Finding, ...]


def reconcile(
    opened: RecordLog,
    journal: Path,
    span: timedelta,
    words: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    recorded: frozenset[str] = frozenset(),
) -> Reconciled:
    """Everything that can be compared. `span` is how far back the journal is read; with `words`, what was said is opened as well.

    `recorded` are the categories of which every escalation must have a safeguarding record.
    """
    now = opened.keeper.clock()
    with opened.database.reading() as connection:
        size = size_of(connection)
        findings = list(compare_log(connection, opened.record.keys if words else None, lambda done: progress(done, size)))
        findings += compare_rows(connection, now)
        findings += compare_safeguarding(connection, recorded)
        requests, unreadable = read_journal(_lines(journal, now - span))
        requests = [request for request in requests if not _is_running(request, now)]
        first = min((request.begun_at for request in requests), default=now)
        findings += missing_events(requests, happened_since(connection, first), now)
    if unreadable:
        findings.append(Finding(FindingKind.JOURNAL_UNREADABLE, f"{unreadable} lines of the journal cannot be read", str(journal)))
    facts = {"records": size, "requests": len(requests), "findings": dict(Counter(finding.kind.value for finding in findings))}
    opened.record.append([Event(EventId(new_id("event")), EventKind.RECORD_RECONCILED, now, facts=facts)])
    return Reconciled(size, len(requests), tuple(findings))


def recorded_categories(settings: Settings) -> frozenset[str]:
    """The categories of which the council keeps safeguarding records. Raises ConfigurationError."""
    reader = YamlReader(settings.data_dir / "cache" / "yaml")
    file = read_safeguarding(reader, settings.councils_dir / BASELINE, settings.councils_dir / settings.council)
    return frozenset(category.value for category in file.categories)


def _lines(folder: Path, since: datetime) -> list[str]:
    names = sorted(path for path in folder.glob("*.jsonl") if path.stem >= f"{since:%Y-%m-%d}")
    return [line for path in names for line in path.read_text("utf-8", errors="replace").splitlines()]


def _is_running(request: Request, now: datetime) -> bool:
    return request.ended_at is None and request.begun_at > now - timedelta(minutes=10)
