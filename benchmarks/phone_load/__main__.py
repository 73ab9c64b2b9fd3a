"""`python -m benchmarks.phone_load`: sipp calls the embedded gateway, a hundred at once on one processor; failures, gaps, lateness, processor."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from guildhall.channels.phone.ports import RATE
from tests.phone.tools import KEY_CAPTURES, capture, free_port

HERE = Path(__file__).parent
SECONDS_A_CALL_BESIDE = 4
"""Setting up, the key, hanging up."""
BETWEEN_ROUNDS_SECONDS = 1.5
"""The gateway looks at its memory twice a second: so long nobody calls."""


def talking() -> "np.ndarray[Any, Any]":
    """A caller who says something for a second and a half and then listens as long, in the rhythm and pitches of a voice."""
    at = np.arange(int(1.5 * RATE)) / RATE
    voice = sum(np.sin(2 * np.pi * 140 * harmonic * at) / harmonic for harmonic in range(1, 12)) * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * at))
    return np.concatenate([(4000 * voice).astype(np.int16), np.zeros(len(at), np.int16)])


def sipp(folder: Path, port: int, given: argparse.Namespace) -> tuple[int, str]:
    """Make the calls."""
    sound = capture(folder / "caller.pcap", given.seconds * 50, talking())
    scenario = (HERE / "caller.xml").read_text("utf-8")
    for name, value in {
        "CAPTURE": str(sound),
        "KEY": str(KEY_CAPTURES / "dtmf_2833_1.pcap"),
        "MILLISECONDS": str(given.seconds * 1000),
    }.items():
        scenario = scenario.replace(f"@{name}@", value)
    (folder / "caller.xml").write_text(scenario, "utf-8")
    raw = [] if os.geteuid() == 0 else ["sudo", "-n"]
    longest = given.seconds + SECONDS_A_CALL_BESIDE + given.calls / given.rate + 30
    words = [
        "taskset",
        "-c",
        given.caller_cores,
        "sipp",
        f"127.0.0.1:{port}",
        "-sf",
        str(folder / "caller.xml"),
        "-i",
        "127.0.0.1",
        "-p",
        str(free_port()),
    ]
    words += ["-mi", "127.0.0.1", "-mp", "21000", "-m", str(given.calls), "-l", str(given.calls), "-r", str(given.rate), "-rp", "1000"]
    words += ["-nostdin", "-timeout", str(int(longest)), "-trace_err", "-error_file", str(folder / "errors")]
    ran = subprocess.run([*raw, *words], cwd=folder, capture_output=True, text=True, timeout=longest + 30, check=False)
    errors = folder / "errors"
    return ran.returncode, errors.read_text()[-2000:] if errors.exists() else ""


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """One run."""
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.phone_load.server", given.kind, given.cores, str(given.calls), str(given.nice)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    assert server.stdin and server.stdout
    load_before = os.getloadavg()[0]
    try:
        port = int(server.stdout.readline())
        status, errors = 0, ""
        for _ in range(given.rounds):
            with tempfile.TemporaryDirectory() as folder:
                ended, told = sipp(Path(folder), port, given)
            status, errors = status or ended, errors + told
            time.sleep(BETWEEN_ROUNDS_SECONDS)
        server.stdin.close()
        found: dict[str, Any] = json.loads(server.stdout.readline())
    finally:
        server.kill()
        server.wait()
        server.stdin.close()
        server.stdout.close()
    asked_for = given.calls * given.rounds
    failed = max(0 if status == 0 else 1, asked_for - found["over"])
    return {
        "kind": given.kind,
        "asked_for": asked_for,
        "failed": failed,
        "sipp": status,
        "nice": given.nice,
        "load": [load_before, os.getloadavg()[0]],
        **found,
        "errors": errors,
    }


def main() -> None:
    """Measure and say."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.phone_load")
    parser.add_argument("--kind", choices=("media", "session"), default="session")
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=20, help="how long each caller speaks")
    parser.add_argument("--rate", type=float, default=5, help="new calls a second")
    parser.add_argument("--rounds", type=int, default=1, help="the same again: what is held after the second beyond the first is a leak")
    parser.add_argument("--cores", default="0", help="where the gateway runs")
    parser.add_argument("--caller-cores", default="1", help="where sipp runs")
    parser.add_argument(
        "--nice", type=int, default=0, help="priority of gateway and callers; below 0 needs root, and is how a gateway should run"
    )
    given = parser.parse_args()
    missing = [name for name in ("sipp", "taskset") if shutil.which(name) is None]
    if missing:
        sys.exit(f"could not run: {' and '.join(missing)} not installed; apt-get install sip-tester util-linux")
    found = measure(given)
    print(json.dumps(found, indent=2))
    sys.exit(1 if found["failed"] or found["left"]["calls"] or found["left"]["ports"] else 0)


if __name__ == "__main__":
    main()
