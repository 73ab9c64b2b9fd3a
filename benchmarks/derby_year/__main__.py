"""`python -m benchmarks.derby_year [--turns N] [--processes P] [--threads T]`: turns a second with and without caches, p95, and where the time goes."""

import argparse
import json
import multiprocessing as mp
import os
import sys
import tempfile
import threading
import time
from collections import defaultdict
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.derby_year.traffic import REPEATED, contacts

AIM = 805.0
HERE = Path(__file__).parent


def work(number: int, options: dict[str, Any], database_url: str, ready: Barrier, results: "mp.Queue[dict[str, Any]]") -> None:
    """One process: open the house, wait for the others, hold its share of the conversations."""
    os.environ["GUILDHALL_THREADS"] = "1"
    os.environ["GUILDHALL_CACHES"] = "true" if options["caches"] else "false"
    from guildhall.bootstrap.house import open_guildhall
    from guildhall.conversations.runner import collect_turn
    from guildhall.settings import Settings
    from guildhall.storage.database import Database
    from guildhall.vocabulary.turns import Channel, Utterance

    settings = Settings()
    guildhall = open_guildhall(settings, options["council"], Database(database_url))
    house = guildhall.house
    training = settings.councils_dir / "_baseline" / "training"
    share = list(contacts(options["turns"] // options["processes"], options["seed"] + number, training))
    warm, _ = guildhall.conversations.start(Channel.WEB, "", house.clock())
    collect_turn(house, warm, Utterance("where is my nearest library", Channel.WEB, house.clock()))
    taken: list[float] = []
    steps: dict[str, float] = defaultdict(float)
    lock, queue = threading.Lock(), iter(share)

    def hold() -> None:
        while True:
            with lock:
                said = next(queue, None)
            if said is None:
                return
            started = time.perf_counter()
            conversation, _ = guildhall.conversations.start(Channel.WEB, "", house.clock())
            opened = time.perf_counter() - started
            for place, text in enumerate(said):
                begun = time.perf_counter()
                current = conversation if place == 0 else guildhall.conversations.load(conversation.id) or conversation
                loaded = time.perf_counter() - begun
                turn = collect_turn(house, current, Utterance(text, Channel.WEB, house.clock()))
                whole = time.perf_counter() - begun
                inside = sum(timing.milliseconds for timing in turn.timings)
                with lock:
                    taken.append(whole * 1000 + (opened * 1000 if place == 0 else 0))
                    for timing in turn.timings:
                        steps[timing.step] += timing.milliseconds
                    steps["start or load the conversation"] += loaded * 1000 + (opened * 1000 if place == 0 else 0)
                    steps["record"] += whole * 1000 - inside - loaded * 1000

    ready.wait()
    began, cpu = time.perf_counter(), time.process_time()
    threads = [threading.Thread(target=hold) for _ in range(options["threads"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put({"taken": taken, "seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu, "steps": dict(steps)})


def run(options: dict[str, Any]) -> dict[str, Any]:
    """One run over all processes."""
    context = mp.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/year.sqlite3"
        from guildhall.storage.database import Database
        from guildhall.storage.migrating import upgrade

        upgrade(Database(url))
        ready = context.Barrier(options["processes"])
        results: mp.Queue[dict[str, Any]] = context.Queue()
        workers = [context.Process(target=work, args=(n, options, url, ready, results)) for n in range(options["processes"])]
        for worker in workers:
            worker.start()
        parts = [results.get() for _ in workers]
        for worker in workers:
            worker.join()
    taken = np.concatenate([part["taken"] for part in parts])
    seconds = max(part["seconds"] for part in parts)
    steps: dict[str, float] = defaultdict(float)
    for part in parts:
        for name, spent in part["steps"].items():
            steps[name] += spent
    return {
        "turns": len(taken),
        "turns_per_second": len(taken) / seconds,
        "share_of_aim": len(taken) / seconds / AIM,
        "cpu_ms_per_turn": sum(part["cpu"] for part in parts) * 1000 / len(taken),
        "p50_ms": float(np.percentile(taken, 50)),
        "p95_ms": float(np.percentile(taken, 95)),
        "wall_ms_by_step": {name: round(spent / len(taken), 3) for name, spent in sorted(steps.items(), key=lambda item: -item[1])},
    }


def main(arguments: list[str]) -> int:
    """Run with caches and without, print both, keep them in results.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=6000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--council", default="avonmere")
    options = vars(parser.parse_args(arguments))
    outcome = {}
    for name, caches in (("with caches", True), ("without caches", False)):
        print(f"Running {options['turns']} turns {name} in {options['processes']} processes…", file=sys.stderr)
        outcome[name] = run({**options, "caches": caches})
        result = outcome[name]
        print(
            f"{name}: {result['turns_per_second']:.0f} turns/s ({result['share_of_aim']:.2f} of the aim of {AIM:.0f}), "
            f"{result['cpu_ms_per_turn']:.2f} ms CPU a turn, p50 {result['p50_ms']:.1f} ms, p95 {result['p95_ms']:.1f} ms"
        )
        for step, spent in result["wall_ms_by_step"].items():
            print(f"    {step:<34}{spent:>8.3f} ms")
    body = {"repeated_share_assumed": REPEATED, "options": options, **outcome}
    (HERE / "results.json").write_text(json.dumps(body, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
