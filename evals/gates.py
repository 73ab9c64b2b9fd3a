"""`python -m evals.gates`: run every set through the turn, and fail when a measure falls below the best value measured so far.

`evals/gates.yaml` holds the ratchet. `--raise` writes better values into it; nothing ever lowers one.
"""

import json
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from guildhall.cli.evaluate import run_lines
from guildhall.evaluation.lines import read_lines
from guildhall.evaluation.measures import as_json, measure

HERE = Path(__file__).parent
GATES = HERE / "gates.yaml"
RESULTS = HERE / "results.json"
JITTER = 0.003  # int8 kernels differ a little between processors
yaml = YAML()


def value_of(measures: dict[str, Any], path: str) -> float | None:
    """The value at a path such as `routing_top1.value` of the JSON measures."""
    found: Any = measures
    for key in path.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return float(found) if found is not None else None


def main(arguments: list[str]) -> int:
    """Run the sets, print the table, and return 1 when a gate does not hold."""
    gates = yaml.load(GATES.read_text("utf-8"))
    failed, results = 0, {}
    print(f"{'set':<28}{'measure':<34}{'now':>8}{'gate':>8}{'goal':>8}")
    for name, spec in gates["sets"].items():
        lines = list(read_lines([HERE / "sets" / file for file in spec["files"]]))
        measures = as_json(measure(run_lines(lines, gates["council"])))
        results[name] = measures
        for path, gate in spec["gates"].items():
            failed += judge(name, path, gate, value_of(measures, path), "--raise" in arguments)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", "utf-8")
    if "--raise" in arguments:
        with GATES.open("w", encoding="utf-8") as file:
            yaml.dump(gates, file)
    print(f"\n{failed} failed" if failed else "\nEvery gate holds.")
    return 1 if failed else 0


def judge(name: str, path: str, gate: dict[str, Any], now: float | None, raising: bool) -> int:
    key = "at_most" if "at_most" in gate else "at_least"
    if now is None:
        print(f"{name:<28}{path:<34}{'none':>8}  the set has no line that this measures")
        return 1
    held = now <= gate[key] + JITTER if key == "at_most" else now >= gate[key] - JITTER
    print(f"{name:<28}{path:<34}{now:>8.3f}{gate[key]:>8.3f}{gate['goal']:>8.3f}{'' if held else '  BELOW THE GATE'}")
    better = now < gate[key] if key == "at_most" else now > gate[key]
    if raising and better:
        gate[key] = round(now, 4)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
