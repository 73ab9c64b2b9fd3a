"""The list of what was erased, kept outside every backup: a restored copy is brought in line with it before anybody opens it.

One JSON object a line, only ever added to. It names ids and an erasure, never a word or a person.
"""

import json
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from guildhall.vocabulary.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Words of a conversation that must stay gone."""

    conversation_id: str
    erasure: str
    at: datetime


class TombstoneFile:
    """The list as a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, entries: Collection[Tombstone]) -> None:
        """Add, durable before this returns."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            lines = [json.dumps({"conversation": e.conversation_id, "erasure": e.erasure, "at": e.at.isoformat()}) for e in entries]
            os.write(descriptor, ("\n".join(lines) + "\n").encode() if lines else b"")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def __iter__(self) -> Iterator[Tombstone]:
        """Every entry. Raises ConfigurationError for a line that cannot be read; a last line cut short by a crash is left out."""
        if not self.path.exists():
            return
        text = self.path.read_text("utf-8")
        lines = text.splitlines()
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
                yield Tombstone(entry["conversation"], entry["erasure"], datetime.fromisoformat(entry["at"]))
            except (ValueError, KeyError, TypeError) as error:
                if number == len(lines) and not text.endswith("\n"):
                    return
                raise ConfigurationError(
                    "this line is no tombstone.", file=self.path, line=number, fix="Take the file from its copy; never edit it."
                ) from error
