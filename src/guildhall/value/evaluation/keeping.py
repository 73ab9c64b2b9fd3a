"""A saved evaluation: the question, its inputs and its result. A benefit in the ledger can use it as evidence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from json import dumps
from typing import Any

from guildhall.value.evaluation.asking import Answer
from guildhall.value.evaluation.effects import Effect, Evidence


@dataclass(frozen=True, slots=True)
class Input:
    """Something the evaluation was asked of: `baseline` and its id, `record` and the measure's key, `trial` and its
    name, `months` as they went in, or `counts` of who took part; with its SHA-256."""

    kind: str
    id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it, in the measure's own unit; as `Effect` has it."""

    method: str
    finding: str
    estimate: float
    low: float
    high: float
    p: float
    before: float
    observations: int
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptEvaluation:
    """One evaluation as it was kept. `asked` is the question as plain data; `digest` was made when it was kept."""

    id: str
    name: str
    asked: Mapping[str, Any]
    inputs: tuple[Input, ...]
    evidence: Evidence
    found: bool
    result: Result
    by: str
    kept_at: datetime
    digest: str = ""

    @property
    def design(self) -> str:
        """Its design."""
        return str(self.asked.get("design", ""))

    @property
    def now(self) -> str:
        """SHA-256 over the row as it is: it differs from `digest` when the row was altered."""
        row = {
            "id": self.id, "name": self.name, "asked": dict(self.asked), "inputs": [[one.kind, one.id, one.sha256] for one in self.inputs],
            "evidence": self.evidence.value, "found": self.found, "by": self.by, "kept_at": self.kept_at.isoformat(),
            "result": {name: getattr(self.result, name) for name in Result.__slots__},
        }  # fmt: skip
        return sha256_of(row)


def sha256_of(data: Any) -> str:
    """SHA-256 of JSON data, whatever the order of its keys."""
    return sha256(dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def months_input(answer: Answer) -> Input:
    """The months that went in, ours and theirs and each team's, as one input."""
    question = answer.question
    told = {
        "ours": [[month.isoformat(), value] for month, value in question.ours],
        "theirs": [[month.isoformat(), value] for month, value in question.theirs],
        "teams": {team: [[month.isoformat(), value] for month, value in months] for team, months in question.teams.items()},
    }
    return Input("months", "", sha256_of(told))


def result_of(effect: Effect, finding: str, beside: Iterable[str]) -> Result:
    """What is kept of an effect, with its finding and what has to be said beside it."""
    return Result(
        effect.method, finding, float(effect.estimate), float(effect.low), float(effect.high), float(effect.p), float(effect.before),
        int(effect.observations), tuple(beside),
    )  # fmt: skip
