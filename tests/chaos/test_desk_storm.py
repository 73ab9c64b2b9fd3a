"""Killed at any moment, no process of the desk loses a message, a queue place or a callback, and nothing is sent twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = int(os.environ.get("GUILDHALL_TEST_DESK_KILLS", "500"))
POSTGRESQL = os.environ.get("GUILDHALL_TEST_POSTGRESQL", "")


@pytest.mark.chaos
def test_a_storm_of_kills_loses_nothing_and_sends_nothing_twice(tmp_path: Path) -> None:
    url = POSTGRESQL or f"sqlite:///{tmp_path}/storm.sqlite3"
    command = [sys.executable, "-m", "tests.chaos.desk_storm", url, f"sqlite:///{tmp_path}/keys.sqlite3", str(KILLS), "20261126"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=1200, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found.pop("faults") == []
    assert found["kills"] >= KILLS
    assert min(found.values()) > 0, found
