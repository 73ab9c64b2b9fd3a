"""`python -m benchmarks.derby_year_measures [--contacts N] [--sample N]`: a year's measures by the engine, and by a loop over rows."""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.derby_year_measures.rows import differing, place_all, read
from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.storage.analysis.ladder import ladder
from guildhall.testing.contacts import made_contacts

HERE = Path(__file__).parent
CONTACTS = 1_423_000  # made_contacts gives 2.04 turns a contact: 2.9 million turns
FIRST, DAYS = date(2025, 4, 7), 365
T = TypeVar("T")
WAITS = "SELECT {by}, quantile_cont(seconds, 0.5), quantile_cont(seconds, 0.9) FROM waits WHERE ending = 'reached' GROUP BY ALL"


def timed(spent: dict[str, Any], name: str, work: Callable[[], T]) -> T:
    """Do it, and note wall and processor seconds of all threads."""
    wall, processor = time.perf_counter(), time.process_time()
    done = work()
    spent[name] = {"seconds": round(time.perf_counter() - wall, 2), "cpu_seconds": round(time.process_time() - processor, 2)}
    print(f"{name:<42}{spent[name]['seconds']:>9.2f} s{spent[name]['cpu_seconds']:>9.2f} s CPU", file=sys.stderr)
    return done


def main(arguments: list[str]) -> int:
    """Make the year, compute, compare, print and keep in results.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=CONTACTS)
    parser.add_argument("--sample", type=int, default=20_000)
    options = parser.parse_args(arguments)
    spent: dict[str, Any] = {}
    until = FIRST + timedelta(days=DAYS - 1)
    with tempfile.TemporaryDirectory() as folder:
        made = timed(spent, "make the year", lambda: made_contacts(Path(folder), options.contacts, DAYS, 1, first=FIRST))
        engine = timed(spent, "views", lambda: AnalysisEngine(made.folder, made.until, threads=2, memory="3GB"))
        for by in ("day", "service", "channel"):
            found = timed(spent, f"ladder by {by}", partial(ladder, engine, FIRST, until, by))
            assert found.contacts == made.contacts, "the ladder does not sum to all contacts"
        for by in ("day", "queue"):
            timed(spent, f"waits p50 and p90 by {by}", partial(engine.query, WAITS.format(by=by)))
        rows, said = read(engine, options.sample)
        rungs, _ = timed(spent, f"row loop over {options.sample} contacts", lambda: place_all(rows, said))
        wrong = differing(rungs, said)
        engine.close()
    ours = sum(spent[name]["cpu_seconds"] for name in ("views", "ladder by day", "ladder by service", "ladder by channel"))
    loop = spent[f"row loop over {options.sample} contacts"]["cpu_seconds"] * made.contacts / options.sample
    body = {
        "contacts": made.contacts, "turns": made.turns, "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load_average": os.getloadavg()[0], "spent": spent, "engine_cpu_seconds": round(ours, 1), "row_loop_cpu_seconds_for_all": round(loop, 1),
        "ratio": round(loop / ours, 1), "sample_differs": len(wrong),
    }  # fmt: skip
    (HERE / "results.json").write_text(json.dumps(body, indent=2) + "\n", "utf-8")
    print(
        json.dumps(
            {
                key: body[key]
                for key in ("contacts", "turns", "engine_cpu_seconds", "row_loop_cpu_seconds_for_all", "ratio", "sample_differs")
            }
        )
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
