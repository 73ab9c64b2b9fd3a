"""`python -m benchmarks.replay [--decisions N]`: a year's decisions judged again, from the database to the report."""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.replay.past import BEGAN, COUNCIL, fill
from guildhall.councils.loading import read_pack
from guildhall.councils.yaml_files import YamlReader
from guildhall.policy.config import RuleFile
from guildhall.policy.evaluate import decide
from guildhall.policy.packs import Pack, pack_of
from guildhall.policy.protections import lost_between
from guildhall.policy.replay import Replayable, ReplayReport, replay, replayable
from guildhall.policy.stored import StoredDecision, stored_decisions
from guildhall.records.sealing import Sealer
from guildhall.storage.database import Database, metadata
from guildhall.storage.keys import KeyRing
from guildhall.storage.past import PastTurns

AIM_SECONDS = 60
CHANGED = "safeguarding.suicide-self-harm"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replay", description=__doc__)
    parser.add_argument("--decisions", type=int, default=100_000)
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    asked = parser.parse_args()
    before = read_pack(YamlReader(Path("var/cache/yaml")), Path("councils/_baseline"), Path("councils/none"))
    after = pack_of(_raised(rule) if rule.id == CHANGED else rule for rule in before.rules)
    with tempfile.TemporaryDirectory(dir="var") as folder:
        database = Database(f"sqlite:///{Path(folder).resolve() / 'past.sqlite3'}")
        metadata.create_all(database.engine)
        fill(database, before, asked.decisions, 1, lambda turns: _say(f"\rRecording… {turns:,} turns"))
        past = PastTurns(database, KeyRing(Sealer(bytes(32)), database), COUNCIL)
        _say("\nReplaying…\n")
        results = _measured(past, before, after) | {"bytes_a_turn": _size(past)}
        database.close()
    print(json.dumps(results) if asked.json else "\n".join(f"{name:24} {value}" for name, value in results.items()))
    if results["not_reproduced"]:
        sys.exit("the old rules do not reproduce the recorded decisions")


def _raised(rule: RuleFile) -> RuleFile:
    """The rule with a threshold that makes it miss some of what it acted on."""
    data = rule.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    data["cases"][0]["when"]["at"] = 0.5
    return RuleFile.model_validate_json(json.dumps(data))


def _decisions(past: PastTurns) -> Iterator[StoredDecision]:
    for turn in past.since(BEGAN):
        yield from stored_decisions(turn.turn_id, turn.facts)


def _measured(past: PastTurns, before: Pack, after: Pack) -> dict[str, float | int]:
    started, used = time.perf_counter(), time.process_time()
    report = _run(replayable(_decisions(past)), before, after)
    seconds, cpu = time.perf_counter() - started, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    started = time.perf_counter()
    read = [item for item in replayable(_decisions(past)) if item]
    reading = time.perf_counter() - started
    started, used = time.perf_counter(), time.process_time()
    _run(iter(read), before, after)
    judging, judging_cpu = time.perf_counter() - started, time.process_time() - used
    used = time.process_time()
    less = sum(bool(lost_between(decide(item.was, before).acts, decide(item.now, after).acts)) for item in read)
    floor = time.process_time() - used
    if less != report.less_protective:
        sys.exit("judging cell by cell and one by one do not agree")
    return {
        "decisions": report.decisions,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "share_of_the_aim": round(seconds / AIM_SECONDS, 3),
        "of_it_reading_seconds": round(reading, 2),
        "of_it_judging_seconds": round(judging, 2),
        "judging_cpu_seconds": round(judging_cpu, 2),
        "one_by_one_cpu_seconds": round(floor, 2),
        "peak_memory_mb": peak,
        "less_protective": report.less_protective,
        "not_reproduced": report.not_reproduced,
        "load": round(os.getloadavg()[0], 1),
    }


def _run(items: Iterator[Replayable | None], before: Pack, after: Pack) -> ReplayReport:
    running = replay(items, before, after)
    while True:
        try:
            done = next(running)
            if done % 20_000 == 0:
                _say(f"\r{done:,} decisions")
        except StopIteration as end:
            report: ReplayReport = end.value
            _say("\r")
            return report


def _size(past: PastTurns) -> int:
    """How large the recorded facts of a turn are, the mean of a thousand."""
    turns = [turn for turn, _ in zip(past.since(BEGAN), range(1_000), strict=False)]
    return sum(len(json.dumps(turn.facts, separators=(",", ":"))) for turn in turns) // len(turns)


def _say(words: str) -> None:
    sys.stderr.write(words)
    sys.stderr.flush()


if __name__ == "__main__":
    main()
