"""Holds: words are kept past their time, for a reason, by a named person. A hold beats every schedule and every request to erase."""

from dataclasses import dataclass
from datetime import datetime

from guildhall.vocabulary.rights import HOLD_LABELS, HoldKind


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold. `target` is a conversation, or everything."""

    id: str
    kind: HoldKind
    target: str
    reason: str
    placed_by: str
    placed_at: datetime
    lifted_by: str = ""
    lifted_at: datetime | None = None

    @property
    def in_words(self) -> str:
        """For a refusal."""
        return f"{HOLD_LABELS[self.kind][0].lower()}, placed by {self.placed_by} on {self.placed_at:%d %B %Y} ({self.id})"
