"""Wires copies of the database and of the keys, each into its own folder, each in the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from guildhall.bootstrap.identifiers import new_id
from guildhall.bootstrap.rights import Rights, open_rights
from guildhall.bootstrap.word_stores import tables_of
from guildhall.records.retention import Covers
from guildhall.settings import Settings
from guildhall.storage.backups import Restored, digest_of, make_copy, restore_keys, restore_main
from guildhall.storage.reconciling import erased_in
from guildhall.vocabulary.errors import ConfigurationError, RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId


class What(StrEnum):
    """What is copied."""

    MAIN = "main"
    KEYS = "keys"


@dataclass(frozen=True)
class Backups:
    """Copies of one deployment."""

    rights: Rights

    def make(self, what: What, by: str) -> tuple[Path, int]:
        """A copy, and how many older ones were past their schedule and deleted."""
        memory = self.rights.memory
        database = memory.database if what == What.MAIN else memory.keys.database
        path = make_copy(database, self._folder(what), f"guildhall-{what}", memory.clock())
        self._note(EventKind.BACKUP_MADE, {"what": what.value, "sha256": digest_of(path), "by": by})
        return path, self._prune(what)

    def restore(self, what: What, copy: Path, by: str, reason: str, drill: bool) -> Restored:
        """Put a copy back, or rehearse it. Raises RefusedError for a file that is no sound copy, or without a name and a reason."""
        if not by.strip() or not reason.strip():
            raise RefusedError("a restore needs a name and a reason; give --as NAME and --reason TEXT.")
        memory = self.rights.memory
        stones = memory.keys.all_erased()
        if what == What.MAIN:
            done = restore_main(copy, memory.database, stones, tables_of, drill)
        else:
            done = restore_keys(copy, memory.keys.database, stones, drill)
        facts = {"what": what.value, "sha256": done.digest, "erased": done.tombstones, "erased_again": done.erased_again}
        self._note(EventKind.BACKUP_RESTORED, facts | {"by": by.strip(), "reason": reason.strip(), "drill": drill})
        if what == What.MAIN and not drill:
            self._note_erasures(by.strip())
        return done

    def replay(self) -> int:
        """Erase again whatever was erased before and has come back."""
        again = self.rights.memory.keys.catch_up() + self.rights.retention.sweep()
        self._note_erasures("a restore")
        return again

    def _note_erasures(self, by: str) -> None:
        """A record that was put back knows nothing of later erasures: without this it would miss their words and call them lost."""
        memory = self.rights.memory
        with memory.database.reading() as connection:
            known = erased_in(connection)
        again = sorted(stone.conversation_id for stone in memory.keys.all_erased() if stone.conversation_id not in known)
        if again:
            self._note(
                EventKind.WORDS_ERASED, {"stage": "again", "rule": "erased after the copy was made", "by": by, "conversations": again}
            )

    def close(self) -> None:
        """Give everything back."""
        self.rights.close()

    def _folder(self, what: What) -> Path:
        return self.rights.folders["backups" if what == What.MAIN else "key_backups"]

    def _prune(self, what: What) -> int:
        covers = Covers.MAIN_BACKUPS if what == What.MAIN else Covers.KEY_BACKUPS
        _, schedule = self.rights.terms.retention.of(covers)
        cutoff = schedule.cutoff(self.rights.memory.clock())
        old = [p for p in self._folder(what).glob("*.sqlite3") if datetime.fromtimestamp(p.stat().st_mtime, UTC) < cutoff]
        for path in old:
            path.unlink()
        return len(old)

    def _note(self, kind: EventKind, facts: Mapping[str, object]) -> None:
        self.rights.memory.record.append([Event(EventId(new_id("event")), kind, self.rights.memory.clock(), facts=facts)])


def open_backups(settings: Settings, council: str = "") -> Backups:
    """The deployment's copies. Raises ConfigurationError when both kinds would lie in one folder."""
    folders = settings.folders
    if folders["backups"].resolve() == folders["key_backups"].resolve():
        raise ConfigurationError(
            "copies of the database and of the keys would lie in one folder, and whoever takes it has all.",
            file="GUILDHALL_KEY_BACKUPS_DIR",
            fix="Give each a folder of its own, on different machines if you can.",
        )
    return Backups(open_rights(settings, council))
