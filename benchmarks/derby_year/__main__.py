"""`python -m benchmarks.derby_year [--turns N] [--processes P] [--threads T]`: turns a second with and without caches, p95, and where the time goes."""

import argparse
import json
import os
import sys
from pathlib import Path

from benchmarks.derby_year.replay import AIM, run
from benchmarks.derby_year.traffic import REPEATED

HERE = Path(__file__).parent


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
