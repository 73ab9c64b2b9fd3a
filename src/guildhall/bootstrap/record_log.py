"""The tamper-evident log alone, for commands that need no models: its store, its key and its witnesses."""

from collections.abc import Iterator
from dataclasses import dataclass

from guildhall.bootstrap.identifiers import Clock, key_file, new_id
from guildhall.bootstrap.keys import open_keys
from guildhall.bootstrap.record_keeping import RecordKeeper
from guildhall.conversations.ports import Records
from guildhall.providers.witnesses.tlog_witness import TlogWitness
from guildhall.records.checkpoints import OPERATOR, WITNESS, NoteError, Signer, VerifierKey, parse_key, read_seed
from guildhall.records.exporting import export_lines, receipt_text
from guildhall.settings import Settings
from guildhall.storage.checkpoints import CheckpointStore
from guildhall.storage.database import Database
from guildhall.storage.log import records_of
from guildhall.storage.migrating import upgrade
from guildhall.storage.record import Record
from guildhall.vocabulary.errors import ConfigurationError


@dataclass(frozen=True)
class RecordLog:
    """The record's log, open."""

    database: Database
    store: CheckpointStore
    keeper: RecordKeeper
    record: Record

    @property
    def key(self) -> VerifierKey:
        """The operator's public key."""
        return self.keeper.signer.key(OPERATOR)

    @property
    def witness_keys(self) -> list[VerifierKey]:
        """The public keys of the witnesses in force."""
        return [witness.key for witness in self.keeper.witnesses]

    def export(self) -> tuple[int, Iterator[bytes]]:
        """How many records an export to now holds, and its lines. A checkpoint over them is signed first."""
        size = self.keeper.sign().size
        self.keeper.ask_witnesses()
        return size, self._lines(size)

    def _lines(self, size: int) -> Iterator[bytes]:
        with self.database.reading() as connection:
            signed = [checkpoint for checkpoint in self.store.all(connection) if checkpoint.size <= size]
            checkpoints = [checkpoint.note for checkpoint in signed if checkpoint.note.names(self.key)]  # not those of an earlier name
            yield from export_lines(self.key, self.witness_keys, checkpoints, size, records_of(connection, 0, size))

    def receipt(self, event_id: str, with_facts: bool) -> str:
        """The receipt of an event. Raises NotFoundError."""
        found = self.store.receipt(event_id)
        facts = (found.facts, found.facts_salt) if with_facts else None
        return receipt_text(self.key, self.witness_keys, (found.index, found.record, found.path), found.checkpoint.note, facts)

    def close(self) -> None:
        """Give everything back."""
        self.keeper.close()
        self.database.close()


def open_record_log(settings: Settings) -> RecordLog:
    """The deployment's log, its schema brought up to date."""
    database = Database(settings.database)
    upgrade(database)
    record = Record(database, open_keys(settings, database))
    keeper = open_keeper(settings, database, record)
    return RecordLog(database, keeper.store, keeper, record)


def open_keeper(settings: Settings, database: Database, records: Records) -> RecordKeeper:
    """Who signs checkpoints of this database, and has them witnessed."""
    clock = Clock(settings.today)
    return RecordKeeper(
        CheckpointStore(database, clock),
        log_signer(settings),
        open_witnesses(settings),
        records,
        clock,
        new_id,
        settings.checkpoint_records,
        settings.checkpoint_seconds,
    )


def log_signer(settings: Settings) -> Signer:
    """The key that signs checkpoints, under the record's name. It is another key than the one that words are sealed with."""
    origin = settings.log_origin or f"guildhall/{settings.council}"
    given = settings.log_key.get_secret_value()
    return Signer(origin, read_seed(given, "GUILDHALL_LOG_KEY") if given else key_file(settings.data_dir / "keys" / "log.key"))


def open_witnesses(settings: Settings) -> list[TlogWitness]:
    """The witnesses of the settings. Raises ConfigurationError."""
    return [TlogWitness(url, key) for url, key in named_witnesses(settings)]


def named_witnesses(settings: Settings) -> list[tuple[str, VerifierKey]]:
    """Addresses and keys of the witnesses of the settings. Raises ConfigurationError."""
    words = settings.witnesses.split()
    pairs = list(zip(words[::2], words[1::2], strict=False))
    if len(words) % 2 or any(not url.startswith(("https://", "http://")) for url, _ in pairs):
        raise _wrong_witnesses("this is not a list of addresses and keys.")
    try:
        keys = [parse_key(text) for _, text in pairs]
    except NoteError as error:
        raise _wrong_witnesses(str(error)) from None
    if any(key.kind != WITNESS for key in keys):
        raise _wrong_witnesses("a key here is a log's, not a witness's.")
    return [(url, key) for (url, _), key in zip(pairs, keys, strict=True)]


def _wrong_witnesses(what: str) -> ConfigurationError:
    fix = "Give each witness's address and then the public key that `guildhall-witness key` printed, all separated by spaces."
    return ConfigurationError(what, file="GUILDHALL_WITNESSES", fix=fix)
