"""What residents said of the service, counted: how many were satisfied, where, and how sure that is."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from guildhall.vocabulary.aftercare import Score
from guildhall.vocabulary.shares import Share

GOOD = (Score.VERY_SATISFIED, Score.SATISFIED)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer with what it is counted by. `comment` is whether there is one; nobody's words are here."""

    id: str
    conversation_id: str
    at: datetime
    score: Score
    queue: str
    service: str
    language: str
    channel: str
    has_comment: bool
    read_by: str = ""
    read_at: datetime | None = None

    @property
    def unread(self) -> bool:
        """Whether there is a comment that nobody has read."""
        return self.has_comment and self.read_at is None


@dataclass(frozen=True, slots=True)
class Heard:
    """Answers together: the share of satisfied ones, each score's count, and the comments."""

    satisfied: Share
    scores: Sequence[tuple[Score, int]]
    comments: int
    unread: int


def together(answers: Sequence[Answer]) -> Heard:
    """Count answers."""
    return Heard(
        satisfied=Share(sum(answer.score in GOOD for answer in answers), len(answers)),
        scores=[(score, sum(answer.score == score for answer in answers)) for score in Score],
        comments=sum(answer.has_comment for answer in answers),
        unread=sum(answer.unread for answer in answers),
    )


def grouped(answers: Sequence[Answer], by: Callable[[Answer], str]) -> list[tuple[str, Heard]]:
    """Answers by something, the least satisfied first where it is sure, then the most numerous."""
    groups: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        groups[by(answer)].append(answer)
    found = [(name, together(ones)) for name, ones in groups.items()]
    return sorted(found, key=lambda pair: (pair[1].satisfied.high, -pair[1].satisfied.of, pair[0]))
