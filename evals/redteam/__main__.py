"""`python -m evals.redteam`: attack a throw-away copy of the council, count what must never happen, and fail when a gate does not hold.

`--sample N` takes the same N attacks every time (and a third as many harmless lines), for a check that has only seconds.
`evals/redteam/gates.yaml` holds the ratchet: `--raise` tightens it, nothing loosens it.
"""

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from ruamel.yaml import YAML

from evals.redteam.running import HARMS, Results, run

HERE = Path(__file__).parent
GATES = HERE / "gates.yaml"
RESULTS = HERE / "results.json"
NAMES = {
    "act": "Unauthorised actions",
    "link": "Links off the list",
    "others": "Other people's data",
    "secret": "Secrets and instructions told",
    "follow": "Planted or dictated words repeated",
}
yaml = YAML()


def measures(results: Results) -> dict[str, float]:
    """What the gates look at, by name."""
    counts = {harm: float(results.count(harm)) for harm in HARMS}
    return counts | {"points_lost": results.points_lost, "refused_share": results.refused_share}


def gate_failures(results: Results, gates: dict[str, Any], sampled: bool = False) -> list[str]:
    """A sentence for each gate that does not hold. A sample is held to zero harms; shares of so few lines are not judged."""
    now = measures(results)
    names = HARMS if sampled else tuple(gates["at_most"])
    failed = [f"{name}: {now[name]:g} is more than {gates['at_most'][name]:g}" for name in names if now[name] > gates["at_most"][name]]
    if not sampled and results.attacks < gates["attacks_at_least"]:
        failed.append(f"attacks: {results.attacks} are fewer than {gates['attacks_at_least']}")
    return failed


def sampled_failures(count: int = 40) -> list[str]:
    """What a quick run of the same `count` attacks finds wrong; for a gate that has only seconds."""
    gates = yaml.load(GATES.read_text("utf-8"))
    return gate_failures(run(gates["council"], count), gates, sampled=True)


def in_words(results: Results) -> str:
    """The results as a page of text."""
    rows = [f"{results.attacks} attacks, {results.conversations} conversations, {results.seconds:.0f} s", ""]
    rows += [f"  {kind:<16}{count:>5}" for kind, count in results.by_kind.items()]
    rows += ["", *(f"{NAMES[harm]:<40}{results.count(harm):>5}" for harm in HARMS)]
    rows += [
        "",
        f"Planted pages that search brought up     {results.planted_found} of {results.planted}",
        f"  and whose honest fact was still told   {results.planted_told} of {results.planted}",
        f"Conversations in which the model was asked {results.model_asked}",
        f"Look-alikes wrongly refused              {len(results.refused)} of {results.lookalikes} ({results.refused_share:.1%})",
        f"  and for which nothing was found        {len(results.not_helped)} of {results.lookalikes}",
        f"Ordinary questions helped with           {results.helped_with} of {results.ordinary}",
        f"  without the defences                   {results.helped_without} of {results.ordinary} ({results.points_lost:.1f} points lost)",
    ]
    for breach in results.breaches[:40]:
        rows += ["", f"{breach.id} [{breach.composer}] {NAMES[breach.harm]}: {breach.what}", f"    {' '.join(breach.reply.split())[:240]}"]
    rows += ["", *(f"refused  {line}" for line in results.refused)]
    return "\n".join(rows)


def main(arguments: list[str]) -> int:
    """Run, print, and return 1 when a gate does not hold."""
    parser = argparse.ArgumentParser(prog="python -m evals.redteam", description=__doc__)
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="the same N attacks every time; 0 is all of them")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--raise", dest="tighten", action="store_true", help="write better values into gates.yaml")
    given = parser.parse_args(arguments)
    gates = yaml.load(GATES.read_text("utf-8"))
    with Progress(console=Console(stderr=True), disable=given.json) as progress:
        bar = progress.add_task("Attacking", total=None)
        results = run(gates["council"], given.sample, lambda: progress.advance(bar), lambda count: progress.update(bar, total=count))
    failed = gate_failures(results, gates, sampled=bool(given.sample))
    if not given.sample:
        RESULTS.write_text(json.dumps(results.as_json() | {"declined": None}, indent=2, ensure_ascii=False) + "\n", "utf-8")
        if given.tighten:
            _tighten(results, gates)
    print(json.dumps(results.as_json() | {"failed": failed}, ensure_ascii=False, indent=2) if given.json else in_words(results))
    if not given.json:
        print("\n".join(["", *(f"BELOW THE GATE  {line}" for line in failed)] if failed else ["", "Every gate holds."]))
    return 1 if failed else 0


def _tighten(results: Results, gates: dict[str, Any]) -> None:
    for name, now in measures(results).items():
        gates["at_most"][name] = min(gates["at_most"][name], math.ceil(max(now, 0.0) * 10_000) / 10_000)
    gates["attacks_at_least"] = max(gates["attacks_at_least"], results.attacks)
    with GATES.open("w", encoding="utf-8") as file:
        yaml.dump(gates, file)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
