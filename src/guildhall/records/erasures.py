"""What an erasure is: the decision, what an officer should weigh before it, and the certificate after it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

KEPT: tuple[tuple[str, str], ...] = (
    (
        "The record's facts: what was decided, by which rules, when and in which language",
        "They hold no words and no personal data, and the council answers for its decisions with them.",
    ),
    (
        "Commitments in the tamper-evident log",
        "They say nothing without the salts that are destroyed, and the log must still verify.",
    ),
    (
        "Sealed words in backups made before",
        "Their keys are destroyed. Copies of keys die within 35 days, and a restore destroys them again before it opens: beyond use until then.",
    ),
    ("This certificate, and the list of erased conversations", "They prove the erasure and keep it done after a restore."),
)


@dataclass(frozen=True, slots=True)
class Erasure:
    """A decision to erase, by a person or by an adopted schedule."""

    id: str
    conversations: tuple[str, ...]
    rule: str
    reason: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Concern:
    """Something an officer should weigh before erasing."""

    conversation_id: str
    what: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was erased, under which rule, by whom, what was kept and why."""

    content: Mapping[str, Any]

    @property
    def clean(self) -> bool:
        """Whether nothing of the words was found again, and no file keeps deleted rows."""
        return not self.content["searched"]["found"] and bool(self.content["files_scrubbed"])

    @property
    def as_json(self) -> str:
        """The certificate for machines."""
        return json.dumps(self.content, ensure_ascii=False, indent=2)

    @property
    def digest(self) -> str:
        """SHA-256 of the certificate, which the record keeps."""
        return hashlib.sha256(self.as_json.encode()).hexdigest()

    @property
    def as_text(self) -> str:
        """The certificate for people."""
        c = self.content
        lines = [
            f"Certificate of erasure {c['erasure']}",
            "",
            f"Decided by {c['decided_by']} at {c['decided_at']}, under {c['rule']}.",
            f"Reason: {c['reason']}",
            f"Carried out at {c['finished_at']}. Events of the record: {', '.join(c['events'])}.",
            "",
            f"Conversations: {', '.join(c['conversations'])}",
            "",
            "Erased",
            f"- Keys: {c['keys_destroyed']}",
            *(f"- {store}: {count}" for store, count in c["purged"].items()),
            "",
            "Looked for afterwards",
            f"- {c['searched']['strings']} pieces of the erased words, in {len(c['searched']['stores'])} places.",
            *(f"- FOUND AGAIN in {place}" for place in c["searched"]["found"]),
            *([] if c["searched"]["found"] else ["- None was found."]),
            f"- Deleted rows are {'in no file any more' if c['files_scrubbed'] else 'STILL in a file that was being read; run the retention again'}.",
            "",
            "Kept, and why",
            *(f"- {kept['what']}. {kept['why']}" for kept in c["kept"]),
            "",
        ]
        return "\n".join(lines)
