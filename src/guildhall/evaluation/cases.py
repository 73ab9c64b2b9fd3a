"""A council's own questions: each says what should come of it, and either does or does not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from guildhall.evaluation.lines import Line, read_lines
from guildhall.evaluation.measures import routed_right
from guildhall.evaluation.predict import Prediction

NO_SERVICE: Final = "none"


@dataclass(frozen=True, slots=True)
class Judged:
    """One question, and what it should have come to and did not."""

    id: str
    wrong: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether all that was expected came true."""
        return not self.wrong


def judge(line: Line, found: Prediction) -> Judged:
    """Hold a prediction against what its line expects. What a line does not say is not judged."""
    return Judged(line.id, tuple(_wrong(line, found)))


def _wrong(line: Line, found: Prediction) -> Iterator[str]:
    likeliest = str(found.services[0]["key"]) if found.services else NO_SERVICE
    if line.lang and found.language != line.lang:
        yield f"language {found.language}, not {line.lang}"
    if line.lgsl is not None and not routed_right(line, found):
        yield f"service {likeliest}, which has none of the ids {', '.join(map(str, line.lgsl)) or 'none'}"
    if line.service and likeliest != line.service:
        yield f"service {likeliest}, not {line.service}"
    if line.outcome and found.outcome != line.outcome:
        yield f"outcome {found.outcome}, not {line.outcome}"
    if line.category and line.category not in {signal["category"] for signal in found.signals}:
        yield f"{line.category} was not heard"
    if line.asks_for_person and found.person != "brought":
        yield "no person was brought in"


def council_lines(councils_dir: Path, slug: str) -> Sequence[Line]:
    """The questions in a council's `evals` folder. Raises ConfigurationError with file and line."""
    return list(read_lines(sorted((councils_dir / slug / "evals").glob("*.jsonl"))))
