"""What a board accepts of unfairness: waivers."""

import json
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Waiver:
    """What was accepted, by whom, until when and why. `points` is the worst gap it covers; a wider one is a breach again."""

    council: str
    slice: str
    measure: str
    points: float
    by: str
    reason: str
    minute: str
    signed_at: datetime
    until: date
    signature: str = ""

    @property
    def text(self) -> str:
        """The exact text that is signed: any other byte makes another text."""
        body = {
            "what": "guildhall-fairness-waiver/1",
            "council": self.council,
            "slice": self.slice,
            "measure": self.measure,
            "points": f"{self.points:.2f}",
            "by": self.by,
            "reason": self.reason,
            "minute": self.minute,
            "signed_at": self.signed_at.isoformat(),
            "until": self.until.isoformat(),
        }
        return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
