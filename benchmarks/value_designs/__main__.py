"""`python -m benchmarks.value_designs`: how often each design of evaluation finds a saving that is not there, and one that is, on simulated months."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np

from guildhall.value.evaluation.before_after import before_and_after
from guildhall.value.evaluation.effects import LEVEL, Effect
from guildhall.value.evaluation.interrupted import against, interrupted
from guildhall.value.evaluation.power import Noise, simulated
from guildhall.value.evaluation.series import Series

FIRST, BEFORE, AFTER = date(2024, 1, 1), 24, 12
TRENDS = (0.0, -0.005, -0.01)
SAVINGS = (0.1, 0.15, 0.2, 0.3)
Rows = "np.ndarray[tuple[int, int], np.dtype[np.float64]]"


def _series(row: "np.ndarray[tuple[int], np.dtype[np.float64]]", before: int) -> Series:
    return Series(FIRST, tuple(float(value) for value in row), date(FIRST.year + before // 12, before % 12 + 1, 1))


def _share(effects: list[Effect], level: float) -> str:
    return f"{np.mean([effect.p < level for effect in effects]):7.1%}"


def main(arguments: list[str]) -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    runs = parser.parse_args(arguments).runs
    random = np.random.default_rng(1)
    designs: dict[str, Callable[[Series, Series], Effect]] = {
        "before and after": lambda ours, _theirs: before_and_after(ours),
        "interrupted time series": lambda ours, _theirs: interrupted(ours),
        "… against a comparison": against,
    }
    print(
        f"{BEFORE} months before and {AFTER} after, noise 8%, memory 0.4, season 5%, {runs} runs, no effect: found all the same at p < 0.05 | p < {LEVEL}"
    )
    for trend in TRENDS:
        noise = replace(Noise(), trend=trend)
        pairs = list(zip(simulated(noise, BEFORE + AFTER, runs, random), simulated(noise, BEFORE + AFTER, runs, random), strict=True))
        for name, design in designs.items():
            found = [design(_series(a, BEFORE), _series(b, BEFORE)) for a, b in pairs]
            print(f"  trend {trend:+.1%} a month, {name:26} {_share(found, 0.05)} | {_share(found, LEVEL)}")
    print(f"\nA real saving, interrupted time series: found at p < {LEVEL}")
    for before, after in ((24, 6), (12, 6), (24, 12)):
        rows = simulated(Noise(), before + after, runs, random)
        step = np.arange(before + after) >= before
        shares = {saving: [interrupted(_series(row - saving * step, before)) for row in rows] for saving in SAVINGS}
        print(
            f"  {before} before + {after} after: "
            + ", ".join(f"{saving:.0%} {_share(found, LEVEL).strip()}" for saving, found in shares.items())
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
