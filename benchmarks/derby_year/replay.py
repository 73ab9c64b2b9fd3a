"""One run of the traffic in several processes, each with the whole house of its own, all recording into one database."""

import multiprocessing as mp
import os
import sys
import tempfile
import threading
import time
from collections import defaultdict
from multiprocessing.synchronize import Barrier
from typing import Any

import numpy as np

from benchmarks.derby_year.traffic import contacts

AIM = 805.0
"""Turns a second: 2.9 million questions in an hour."""


def work(number: int, options: dict[str, Any], database_url: str, ready: Barrier, results: "mp.Queue[dict[str, Any]]") -> None:
    """One process: its share of the conversations, or what went wrong."""
    try:
        results.put(_held(number, options, database_url, ready))
    except BaseException as error:
        ready.abort()
        results.put({"failed": f"{type(error).__name__}: {error}"})
        raise


def _held(number: int, options: dict[str, Any], database_url: str, ready: Barrier) -> dict[str, Any]:
    """Open the house, wait for the others, hold the conversations."""
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
    return {"taken": taken, "seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu, "steps": dict(steps)}


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
        failed = [part["failed"] for part in parts if "failed" in part]
        if failed:
            sys.exit(f"A process failed: {'; '.join(failed)}")
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
