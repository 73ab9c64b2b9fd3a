"""`python -m benchmarks.search DOC2DIAL_DIR [--questions N]`: quality and speed of ours, Haystack and LlamaIndex, in one run."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.search.ours import passage_of
from benchmarks.search.task import Job, held_out
from guildhall.knowledge.sources import embedded_text
from guildhall.providers.embeddings.minilm import MiniLmEmbedder, model_folder, prepare_graph

HERE = Path(__file__).parent
PEERS = Path("var/bench/search")
MODELS = Path("var/models")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("folder", type=Path, help="holds passages.jsonl and questions.jsonl")
    parser.add_argument("--questions", type=int, default=0, help="ask only so many of the held-out questions, evenly spread")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    asked = parser.parse_args()
    peers = peer_python()
    with tempfile.TemporaryDirectory() as scratch:
        job = Path(scratch) / "job.json"
        make_job(asked.folder, asked.questions, Path(scratch)).write(job)
        results: dict[str, Any] = {}
        for name, python in (("ours", Path(sys.executable)), ("peer_haystack", peers), ("peer_llamaindex", peers)):
            say(f"Running {name}…")
            results.update(run(python, name, job))
    print(json.dumps(results) if asked.json else table(results))


def peer_python() -> Path:
    """The peers' interpreter; their environment is made on first use."""
    python = PEERS / "bin" / "python"
    wanted = (HERE / "requirements.txt").read_text("utf-8")
    stamp = PEERS / "installed.txt"
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        say("Installing the peers (once, a minute or two)…")
        venv.create(PEERS, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
        stamp.write_text(wanted, "utf-8")
    return python


def make_job(folder: Path, most: int, scratch: Path) -> Job:
    passages = [json.loads(line) for line in (folder / "passages.jsonl").read_text("utf-8").splitlines()]
    questions = held_out([json.loads(line) for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()])
    if most:
        questions = [questions[i] for i in np.linspace(0, len(questions) - 1, min(most, len(questions))).astype(int)]
    say(f"Embedding {len(passages)} passages once for all…")
    vectors = MiniLmEmbedder(MODELS, say=say).embed([embedded_text(passage_of(row)) for row in passages])
    np.save(scratch / "vectors.npy", vectors)
    graph, _ = prepare_graph(model_folder(), MODELS, say)
    return Job(passages, questions, scratch / "vectors.npy", model_folder(), graph.resolve())


def run(python: Path, module: str, job: Path) -> dict[str, Any]:
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    offline = {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False", "PYTHONPATH": f".{os.pathsep}src"}
    command: list[str | Path] = [python, "-W", "ignore", "-m", f"benchmarks.search.{module}", job]
    done = subprocess.run(command, env={**os.environ, **threads, **offline}, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def table(results: dict[str, dict[str, dict[str, float]]]) -> str:
    columns = ["R@1", "R@5", "MRR@10", "p50 ms", "p95 ms", "CPU ms"]
    lines = [f"| | {' | '.join(columns)} |", "|---|" + "---|" * len(columns)]
    for name, variants in results.items():
        lines += [f"| {name}, {variant} | {' | '.join(str(found[c]) for c in columns)} |" for variant, found in variants.items()]
    return "\n".join(lines)


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
