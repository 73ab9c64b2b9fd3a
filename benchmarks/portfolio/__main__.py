"""`python -m benchmarks.portfolio`: choose up to 54 of 261 within rules, 200 times over, against the 54 with the highest score."""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np

from guildhall.opportunities.breaking import broken_rules, by_rank
from guildhall.opportunities.objective import Judged, Objective
from guildhall.opportunities.portfolio import Candidate, Constraints, Problem
from guildhall.opportunities.robustness import DRAW_GAP, Doubt, frontier, robustness, weighted
from guildhall.opportunities.scoring import Head
from guildhall.opportunities.turning import Turns, turning

COUNT, AT_MOST, DEPENDENCIES, EXCLUSIONS = 261, 54, 40, 30
DIRECTORATES = ("Adults", "Children", "Place", "Housing", "Resources")
TEAMS = ("Digital", "Data", "Change")
WEIGHTS = {Head.FINANCIAL: 0.4, Head.SERVICE: 0.35, Head.WORKFORCE: 0.25}


def instance(seed: int) -> tuple[list[Judged], Constraints]:
    """261 made-up opportunities: points under three heads, costs of £5,000 to £90,000, days of three teams."""
    rng = np.random.default_rng(seed)
    points = np.clip(rng.normal(50, 18, (COUNT, 1)) + rng.normal(0, 14, (COUNT, 3)), 2, 98)
    costs = np.clip(rng.lognormal(10.2, 0.6, COUNT), 5_000, 90_000)
    needs: dict[int, list[int]] = {}
    for _ in range(DEPENDENCIES):
        one, other = sorted(rng.choice(COUNT, 2, replace=False))
        needs.setdefault(int(other), []).append(int(one))
    bars: dict[int, list[int]] = {}
    for _ in range(EXCLUSIONS):
        one, other = rng.choice(COUNT, 2, replace=False)
        bars.setdefault(int(one), []).append(int(other))
    judged = [
        Judged(
            Candidate(
                f"o{n:03}", 0.0, int(costs[n]) * 100, {team: float(rng.integers(0, 25)) for team in TEAMS},
                DIRECTORATES[int(rng.integers(5))], tuple(f"o{x:03}" for x in needs.get(n, ())), tuple(f"o{x:03}" for x in bars.get(n, ())),
            ),
            dict(zip(Head, map(float, points[n]), strict=True)),
        )
        for n in range(COUNT)
    ]  # fmt: skip
    limits = Constraints(160_000_000, AT_MOST, dict.fromkeys(TEAMS, 600.0), dict.fromkeys(DIRECTORATES, 3), dict.fromkeys(DIRECTORATES, 12))
    return judged, limits


def main(arguments: list[str]) -> int:
    """Print what was measured, in seconds of processor time; write it down with --keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="Write results.json.")
    given = parser.parse_args(arguments)
    judged, limits = instance(given.seed)
    objective = Objective(judged, WEIGHTS)
    problem = Problem(weighted(objective), limits)
    began = time.process_time()
    best = problem.solve()
    solved_in = time.process_time() - began
    ranked = by_rank(problem.candidates, len(best.chosen))
    broken = broken_rules(problem.candidates, limits, ranked.chosen)
    assert not broken_rules(problem.candidates, limits, best.chosen)
    times: list[float] = []
    began = last = time.process_time()

    def tick(_done: int, _all: int) -> None:
        nonlocal last
        now = time.process_time()
        times.append(now - last)
        last = now

    found = robustness(objective, limits, best.chosen, Doubt(given.draws, given.seed), tick)
    drawn = time.process_time() - began
    doubtful = sorted((each for each in found.standings if each.contested), key=lambda each: (abs(each.inclusion - 0.5), each.id))
    began = time.process_time()
    turning(Turns(problem, best, objective), doubtful)
    turned = time.process_time() - began
    began = time.process_time()
    points = frontier(problem, best)
    result = {
        "best": {"chosen": len(best.chosen), "value": round(best.value, 1), "cost_pounds": best.cost_pence // 100, "seconds": round(solved_in, 2), "gap": best.gap},
        "by_rank": {"value": round(ranked.value, 1), "cost_pounds": ranked.cost_pence // 100, "dependencies_broken": _count(broken, "dependency"),
                    "exclusions_broken": _count(broken, "exclusion"), "other_rules_broken": sorted({b.rule for b in broken} - {"dependency", "exclusion"})},
        "draws": {"count": given.draws, "gap_allowed": DRAW_GAP, "seconds": round(drawn, 1), "median_seconds": round(statistics.median(times), 2), "longest_seconds": round(max(times), 2),
                  "robust": sum(each.robust for each in found.standings), "contested": len(doubtful),
                  "chosen_in_under_half": sum(each.chosen and each.inclusion < 0.5 for each in found.standings)},
        "turning_seconds": round(turned, 1),
        "frontier": {"points": len(points), "seconds": round(time.process_time() - began, 1)},
    }  # fmt: skip
    print(json.dumps(result, indent=2))
    if given.keep:
        (Path(__file__).parent / "results.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    return 0


def _count(broken: object, rule: str) -> int:
    return sum(each.rule == rule for each in broken)  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
