"""Checks the record in place: the file that auditors run, over an export in memory, and the log against the events as they are stored."""

import io
from dataclasses import dataclass

from guildhall.records import guildhall_verify
from guildhall.records.checkpoints import VerifierKey
from guildhall.records.exporting import export_lines
from guildhall.storage.checkpoints import CheckpointStore, StoredCheckpoint
from guildhall.storage.database import Database
from guildhall.storage.log import records_of, size_of
from guildhall.storage.reconciling import compare_log
from guildhall.vocabulary.errors import GuildhallError

WHOLE_AT_MOST = 20_000
"""Records that are checked while somebody waits for the page, a few seconds at most. A longer log is checked from there on."""
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked: records from `first` to `size`, of which `signed` are under the newest checkpoint; and what does not fit."""

    first: int
    size: int
    signed: int
    faults: tuple[str, ...]
    said: tuple[str, ...]
    """What the auditors' file says of it; nothing of a log that is too long to be read whole here."""


def check_record(
    database: Database,
    checkpoints: CheckpointStore,
    operator: VerifierKey,
    witnesses: list[VerifierKey],
    whole_at_most: int = WHOLE_AT_MOST,
) -> Checked:
    """Check the log, or the newest part of a long one. It reads and writes nothing down."""
    newest = checkpoints.latest()
    with database.reading() as connection:
        size = size_of(connection)
        first = max(0, size - whole_at_most)
        try:
            faults = [finding.what for finding in compare_log(connection, None, start=first)]
        except GuildhallError as error:  # hashes that are kept are gone
            faults = [str(error)]
        records = list(records_of(connection, 0, newest.size)) if newest and first == 0 else []
    said: tuple[str, ...] = ()
    if newest and first == 0:
        text = b"".join(export_lines(operator, witnesses, [newest.note], newest.size, records))
        try:
            said = tuple(guildhall_verify.verify_export(io.BytesIO(text), guildhall_verify.Trust(), lambda _done, _all: None).lines())
        except guildhall_verify.NotVerifiedError as error:
            faults.append(str(error.args[-1]))
    elif newest:
        faults += _signatures(newest, operator, witnesses)
    return Checked(first, size, newest.size if newest else 0, tuple(faults[:SHOWN]), said)


def _signatures(newest: StoredCheckpoint, operator: VerifierKey, witnesses: list[VerifierKey]) -> list[str]:
    """What is wrong with the signatures of the newest checkpoint."""
    try:
        if newest.note.signed_at(operator) is None:
            return ["the newest checkpoint is not signed with the key that signs here"]
        for witness in witnesses:
            newest.note.signed_at(witness)
    except GuildhallError as error:
        return [str(error)]
    return []
