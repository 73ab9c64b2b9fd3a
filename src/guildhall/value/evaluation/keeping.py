"""A saved evaluation: the question, its inputs and its result. A benefit in the ledger can use it as evidence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from json import dumps
from math import isclose
from typing import Any

from guildhall.value.evaluation.asking import Answer
from guildhall.value.evaluation.effects import Effect, Evidence
from guildhall.value.measures.result import Result as Measured
from guildhall.value.measures.words import in_words


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
    superseded_at: datetime | None = None
    superseded_why: str = ""

    @property
    def recorded(self) -> Mapping[str, Any] | None:
        """The months of the record that it was made of, with what they were made by; None for one that is not over the record."""
        found = self.asked.get("record")
        return found if isinstance(found, dict) else None

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


def recorded_months(months: Measured) -> dict[str, Any]:
    """The months of the record that an evaluation is made of, as plain data, so that they can be made again."""
    return {
        "as_at": months.as_at.isoformat(), "since": months.since.isoformat(), "until": months.until.isoformat(),
        "definition": months.definition_hash, "months": [[row.group, row.value] for row in months.rows if row.value is not None],
    }  # fmt: skip


def changed_since(kept: KeptEvaluation, again: Measured) -> str:
    """What of the months it was made of is different now, in a sentence; empty while all is the same."""
    known = kept.recorded or {}
    if again.definition_hash != known["definition"]:
        return f"The definition of “{again.measure.label}” has changed since"
    now = {row.group: row.value for row in again.rows}
    for month, value in known["months"]:
        found = now.get(month)
        if found is None or not isclose(found, value, rel_tol=1e-9, abs_tol=1e-9):
            unit = again.measure.unit
            said = date.fromisoformat(f"{month}-01")
            return f"The record now gives {in_words(found, unit)} for {said:%B %Y}, instead of {in_words(value, unit)}"
    return ""


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
