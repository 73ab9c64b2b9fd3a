"""A switch that one process turns takes effect in every other within five seconds, on a real clock and a real database."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from guildhall.storage.database import metadata
from guildhall.storage.switches import SwitchStore
from guildhall.testing.house import FakeClock
from guildhall.vocabulary.switches import SwitchKind
from tests.storage.memory import counting
from tests.storage.where import open_database

WITHIN_SECONDS = 5.0
PROCESSES = 2


def start(address: str, life: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.chaos.switched", address, str(life)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def seconds_until(process: subprocess.Popen[str], reason: str, since: float) -> float:
    assert process.stdout is not None
    for line in process.stdout:
        said = json.loads(line)
        if said["reason"] == reason and said["at"] >= since:
            return float(said["at"] - since)
        assert said["at"] < since + 4 * WITHIN_SECONDS, f"still {said['reason']}"
    raise AssertionError("the process ended")


@pytest.mark.chaos
def test_a_switch_takes_effect_in_every_process_within_five_seconds(tmp_path: Path) -> None:
    database = open_database(tmp_path / "switched.sqlite3")
    metadata.create_all(database.engine)
    store = SwitchStore(database, "avonmere", lambda kind: ["web"], counting(), FakeClock())
    running = [start(database.url, life) for life in range(PROCESSES)]
    took: list[float] = []
    try:
        for process in running:
            seconds_until(process, "evidence_found", 0.0)
        for _ in range(3):
            turned = time.time()
            store.turn_off(SwitchKind.CHANNEL, "web", "wrong fees were quoted", "A Tester")
            took += [seconds_until(process, "switched_off", turned) for process in running]
            turned = time.time()
            store.turn_on(SwitchKind.CHANNEL, "web", "the fees were put right", "A Tester")
            took += [seconds_until(process, "evidence_found", turned) for process in running]
    finally:
        for process in running:
            process.kill()
            process.communicate()
    if told := os.environ.get("GUILDHALL_TEST_TELLS"):
        Path(told).write_text(json.dumps(sorted(round(second, 2) for second in took)) + "\n", "utf-8")
    assert max(took) < WITHIN_SECONDS
