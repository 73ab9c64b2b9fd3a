"""The job that every contender does, and how it is measured. It needs numpy alone, so each contender's environment can run it."""

import json
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

Rank = Callable[[str, Sequence[str]], Sequence[str]]
"""From a question and its history (newest first) to the ids of ten passages, best first."""


@dataclass(frozen=True)
class Job:
    """Passages, the held-out questions, and the vectors of the passages, made once for all contenders by one model."""

    passages: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    vectors: Path
    model: Path
    graph: Path

    def write(self, path: Path) -> None:
        path.write_text(
            json.dumps({**asdict(self), "vectors": str(self.vectors), "model": str(self.model), "graph": str(self.graph)}), "utf-8"
        )

    @staticmethod
    def read(path: Path) -> "Job":
        held = json.loads(path.read_text("utf-8"))
        return Job(held["passages"], held["questions"], Path(held["vectors"]), Path(held["model"]), Path(held["graph"]))


def held_out(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every second conversation: weights were fitted on the others, and never saw these."""
    conversations: dict[str, int] = {}
    order = [conversations.setdefault(q["id"].rsplit("_", 1)[0], len(conversations)) for q in questions]
    return [q for q, number in zip(questions, order, strict=True) if number % 2]


def joined(question: str, history: Sequence[str], turns: int) -> str:
    """What a contender without a way to use history is given: the latest turns before the question, oldest first."""
    return " ".join([*reversed(history[:turns]), question])


def measure(rank: Rank, questions: list[dict[str, Any]], *, history: bool) -> dict[str, float]:
    """R@1, R@5 and MRR@10 in points of 100, wall p50 and p95, and processor time a question (all threads), in milliseconds."""
    for question in questions[:20]:
        rank(question["q"], question["hist"] if history else ())
    ranks, walls = [], []
    before = _processor_seconds()
    for question in questions:
        start = time.perf_counter()
        found = list(rank(question["q"], question["hist"] if history else ()))[:10]
        walls.append(1000 * (time.perf_counter() - start))
        ranks.append(min((found.index(gold) + 1 for gold in question["gold"] if gold in found), default=0))
    spent = 1000 * (_processor_seconds() - before) / len(questions)
    found_at = np.array(ranks)
    return {
        "R@1": round(100 * float((found_at == 1).mean()), 1),
        "R@5": round(100 * float(((found_at > 0) & (found_at <= 5)).mean()), 1),
        "MRR@10": round(100 * float(np.where(found_at > 0, 1 / np.maximum(found_at, 1), 0).mean()), 1),
        "p50 ms": round(float(np.percentile(walls, 50)), 2),
        "p95 ms": round(float(np.percentile(walls, 95)), 2),
        "CPU ms": round(spent, 2),
    }


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main(name: str, open_contender: Callable[[Job], dict[str, tuple[Rank, bool]]], arguments: Sequence[str]) -> None:
    """Run one contender's variants over the job in a file, and print its results as JSON."""
    job = Job.read(Path(arguments[1]))
    results = {variant: measure(rank, job.questions, history=history) for variant, (rank, history) in open_contender(job).items()}
    print(json.dumps({name: results}))
