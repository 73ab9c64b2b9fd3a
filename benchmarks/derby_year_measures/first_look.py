"""`python -m benchmarks.derby_year_measures.first_look [--contacts N]`: the first look after a start, with nothing kept and with what was kept before."""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from guildhall.bootstrap.value_pages import Snapshot, warmed
from guildhall.bootstrap.value_taking import kept_before, taken
from guildhall.councils.loading import load_council
from guildhall.storage.analysis.keeping import made_by
from guildhall.testing.contacts import made_contacts

HERE = Path(__file__).parent
CONTACTS = 1_423_000
FIRST, DAYS = date(2025, 4, 7), 365


def look(opened: Callable[[], Snapshot | None]) -> tuple[float, float]:
    """Seconds until there is a snapshot, and until all measures of the last 28 days, by every split that pages show, are there too."""
    began = time.perf_counter()
    snapshot = opened()
    assert snapshot is not None, "nothing was kept"
    there = time.perf_counter() - began
    warmed(snapshot)
    return round(there, 2), round(time.perf_counter() - began, 2)


def main(arguments: list[str]) -> int:
    """Make the year, look at it cold and warm, print and keep in first_look.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=CONTACTS)
    options = parser.parse_args(arguments)
    profile = load_council(Path("councils"), "avonmere")
    made_by()
    with tempfile.TemporaryDirectory() as folder:
        made = made_contacts(Path(folder), options.contacts, DAYS, 1, first=FIRST)

        def now() -> Any:
            return made.until - timedelta(hours=1)

        cold = look(lambda: taken(made.folder, profile, now, {}))
        warm = [look(lambda: kept_before(made.folder, profile, now, {})) for _ in range(5)]
    best = min(warm, key=lambda pair: pair[1])
    body = {
        "contacts": made.contacts, "turns": made.turns, "load_average": round(os.getloadavg()[0], 1),
        "cold_seconds": {"snapshot": cold[0], "with_figures": cold[1]}, "warm_seconds": {"snapshot": best[0], "with_figures": best[1]},
        "warm_slowest_with_figures": max(pair[1] for pair in warm), "ratio": round(cold[1] / best[1], 1),
    }  # fmt: skip
    (HERE / "first_look.json").write_text(json.dumps(body, indent=2) + "\n", "utf-8")
    print(json.dumps(body))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
