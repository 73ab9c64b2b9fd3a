"""Messages as files in a folder, for demonstrations and for deployments that have no provider yet. Nothing leaves the machine."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from guildhall.aftercare.ports import NotSentError
from guildhall.vocabulary.notifications import Delivery, MessageChannel, Outgoing

REFERENCE = re.compile(r"[A-Za-z0-9_.-]{1,80}")


class LocalOutbox:
    """One file a message, named by its reference: sent again it is the same file."""

    name = "local outbox"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Outgoing) -> Delivery:
        """Write the file, whole or not at all. Raises NotSentError."""
        path = self._path(message.reference)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = self.folder / f".{message.reference}.{os.getpid()}"
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                json.dump(asdict(message) | {"channel": message.channel.value}, file, ensure_ascii=False, indent=2)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError as error:
            raise NotSentError(f"the outbox folder cannot be written: {type(error).__name__}", retry=True) from error
        return Delivery(message.reference, "written")

    def find(self, reference: str, channel: MessageChannel) -> Delivery | None:
        """The file, if it is there."""
        return Delivery(reference, "written") if self._path(reference).exists() else None

    def read(self, reference: str) -> Mapping[str, Any] | None:
        """What a message says and to whom. Whoever shows it records that first."""
        path = self._path(reference)
        found: Mapping[str, Any] | None = json.loads(path.read_text("utf-8")) if path.exists() else None
        return found

    def close(self) -> None:
        """Nothing is held."""

    def _path(self, reference: str) -> Path:
        if not REFERENCE.fullmatch(reference) or reference.startswith("."):
            raise NotSentError("the reference is not fit to be a file's name", retry=False)
        return self.folder / f"{reference}.json"
