"""`python -m benchmarks.baseline_import`: what it takes to import a call log as a baseline, from the file to frozen months, and to verify it."""

import argparse
import csv
import random
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from guildhall.bootstrap.identifiers import new_id
from guildhall.storage.baselines import BaselineStore
from guildhall.storage.database import Database
from guildhall.storage.migrating import upgrade
from guildhall.value.baselines.frozen import About
from guildhall.value.baselines.reading import Reading, Terms, guess_mapping
from guildhall.value.baselines.tables import open_table

QUEUES = ("Council tax", "Housing repairs", "Bins", "Benefits", "Parking", "Adult care", "Planning", "Switchboard")
HEAD = ("Call ID", "Call start", "Queue", "Disposition", "Wait (seconds)", "Talk time (seconds)")
FIRST, DAYS = datetime(2024, 4, 1), 730  # noqa: DTZ001 - a call log has no zone


def make(file: Path, calls: int) -> None:
    """A made-up call log of two years; the same for the same number of calls."""
    drawn = random.Random(20260401)
    with file.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(HEAD)
        for number in range(calls):
            at = FIRST + timedelta(seconds=DAYS * 86_400 * number // calls + drawn.randrange(30))
            left = drawn.random() < 0.18
            ending, talk = ("Abandoned", 0) if left else ("Answered", int(drawn.expovariate(1 / 300)))
            wait = int(drawn.expovariate(1 / 140))
            out.writerow((f"C{number:08}", f"{at:%d/%m/%Y %H:%M:%S}", drawn.choice(QUEUES), ending, wait, talk))


def main(arguments: list[str]) -> int:
    """Print the seconds and the memory; 1 when not every call was taken or the rows do not verify."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    calls = parser.parse_args(arguments).calls
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "calls.csv"
        make(file, calls)
        print(f"{calls:,} calls, {file.stat().st_size / 1e6:.0f} MB")
        database = Database(f"sqlite:///{Path(folder) / 'house.sqlite3'}")
        upgrade(database)
        store, now = BaselineStore(database, "testshire", new_id), datetime(2026, 11, 28, tzinfo=UTC)
        began = time.process_time(), time.monotonic()
        with file.open("rb") as stream:
            table = open_table(stream, file.name, "")
            headings, mapping = guess_mapping(table)
            draft = store.draft(
                Reading(table, headings, mapping, Terms(date(2026, 11, 28), UTC)), About("Calls", "Made up", "Nobody"), "b", now
            )
        frozen = store.freeze(draft.id, "b", now)
        _say("import and freeze", began)
        began = time.process_time(), time.monotonic()
        checked = store.verify(frozen.id)
        _say("verify", began)
        database.close()
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0 if frozen.contents.rows == calls and checked.matches else 1


def _say(what: str, began: tuple[float, float]) -> None:
    print(f"{what}: {time.process_time() - began[0]:.1f} processor s, {time.monotonic() - began[1]:.1f} s by the clock")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
