"""`python -m evals.gaps`: put written questions through the real look for gaps, and say how well they come together.

The held-out questions decide; the tuning questions, on which the threshold was chosen, are shown beside them. `--raise` tightens
`gates.yaml`; nothing loosens it. `--speed N` times a look at N turns that did not help.
"""

import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from ruamel.yaml import YAML

from guildhall.bootstrap.identifiers import new_id, new_secret
from guildhall.bootstrap.learning import MultilingualMeaning
from guildhall.councils.loading import load_council
from guildhall.learning.gathering import Gathering
from guildhall.learning.meaning import MeaningSpace
from guildhall.learning.titles import Titler
from guildhall.records.sealing import Sealer
from guildhall.settings import Settings
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database
from guildhall.storage.gaps import GapStore
from guildhall.storage.keys import KeyRing
from guildhall.storage.migrating import upgrade
from guildhall.storage.record import Record
from guildhall.storage.unhelped import UnhelpedReader
from guildhall.understanding.redaction import redact
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId, TurnId
from guildhall.vocabulary.turns import Channel

HERE = Path(__file__).parent
GATES, RESULTS = HERE / "gates.yaml", HERE / "results.json"
SEED = 20261126
LOOKS = 4
"""The questions come in so many lots, each looked at by itself, as they would on so many days."""
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
JITTER = 0.003
yaml = YAML()


class Bench:
    """A memory of its own with questions in it that were not answered, and the look for gaps over it."""

    def __init__(self) -> None:
        settings = Settings()
        self.database, keys_database = Database("sqlite://"), Database("sqlite://")
        upgrade(self.database)
        keys = KeyRing(Sealer(bytes(32)), keys_database, None, new_id)
        self.conversations = ConversationStore(self.database, keys, "evals", new_id, new_secret)
        self.record = Record(self.database, keys)
        self.store = GapStore(self.database, keys, "evals", new_id)
        encoder = MultilingualMeaning(settings)
        services = load_council(settings.councils_dir, settings.council).services.values()
        known = [f"{service.name}: {service.summary}" for service in services]
        self.gathering = Gathering(
            reader=UnhelpedReader(self.database, keys, "evals"),
            store=self.store,
            encoder=encoder,
            space=MeaningSpace(encoder.features(known)),
            titler=Titler([*known, *(synonym for service in services for synonym in service.synonyms)]),
            mask=lambda text: redact(text).text,
            pages=dict,
            clock=lambda: NOW,
            new_id=new_id,
        )

    def ask(self, text: str, language: str, turn: str) -> None:
        """A question of a conversation of its own, to which nothing was found."""
        conversation, _ = self.conversations.start(Channel.WEB, language, NOW)
        facts = {"outcome": "declined", "reason": "no_evidence", "language": language, "channel": "web", "person": "offered"}
        words = {"utterance": text, "parts": [], "places": [], "questions": [text]}
        event = Event(EventId(new_id("event")), EventKind.TURN_COMPLETED, NOW, conversation.id, TurnId(turn), facts, words)
        self.record.append([event])


def measured(lines: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """How well the gaps that are found are the true ones. A question that is in no gap is one of its own."""
    bench, shuffled = Bench(), list(lines)
    random.Random(SEED).shuffle(shuffled)
    size = -(-len(shuffled) // LOOKS)
    for start in range(0, len(shuffled), size):
        for line in shuffled[start : start + size]:
            bench.ask(line["text"], line["lang"], line["id"])
        bench.gathering.look()
    found = {missed.turn_id: missed.gap or missed.turn_id for missed in bench.store.questions()}
    truth = {line["id"]: line["gap"] or line["id"] for line in lines}
    titles = [list(gap.words) for gap in bench.store.gaps()]
    return scores({str(k): str(v) for k, v in found.items()}, truth, lines) | {"titles": titles}


def scores(found: Mapping[str, str], truth: Mapping[str, str], lines: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Purity, and precision and recall by B-cubed (Bagga and Baldwin 1998): of a question's neighbours how many belong, and how many are there."""
    together, belong = defaultdict(set), defaultdict(set)
    for one, gap in found.items():
        together[gap].add(one)
    for one, gap in truth.items():
        belong[gap].add(one)
    kept = [one for one in truth if len(together[found[one]]) > 1]
    pure = sum(max(Counter(truth[one] for one in group).values()) for group in together.values() if len(group) > 1)
    precision = [len(together[found[one]] & belong[truth[one]]) / len(together[found[one]]) for one in truth]
    recall = [len(together[found[one]] & belong[truth[one]]) / len(belong[truth[one]]) for one in truth]
    foreign = {line["id"] for line in lines if line["lang"] != "en" and line["gap"]}
    with_english = [any(other not in foreign for other in together[found[one]] & belong[truth[one]] - {one}) for one in foreign]
    return {
        "questions": len(truth),
        "true_gaps": sum(len(group) > 1 for group in belong.values()),
        "gaps_found": sum(len(group) > 1 for group in together.values()),
        "purity": pure / len(kept) if kept else 0.0,
        "precision": sum(precision) / len(precision),
        "recall": sum(recall) / len(recall),
        "other_languages_joined": sum(with_english) / len(with_english) if with_english else 0.0,
    }


def speed(count: int, lines: Sequence[Mapping[str, str]]) -> float:
    """Seconds that a look at so many turns takes, the encoder opened; every text differs, so that nothing is remembered."""
    bench = Bench()
    for number in range(count):
        line = lines[number % len(lines)]
        bench.ask(f"{line['text']} ({number})", line["lang"], f"turn_{number}")
    started = time.perf_counter()
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task("Looking", total=None)
        bench.gathering.look(lambda done, total: progress.update(bar, completed=done, total=total))
    return time.perf_counter() - started


def read(name: str) -> list[dict[str, str]]:
    """The written questions of a file."""
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


def main(arguments: list[str]) -> int:
    """Measure, print, and return 1 when a gate does not hold."""
    if "--speed" in arguments:
        count = int(arguments[arguments.index("--speed") + 1])
        seconds = speed(count, read("held-out.jsonl"))
        print(f"{count} turns in {timedelta(seconds=round(seconds))} ({seconds:.1f} s)")
        return 0
    gates = yaml.load(GATES.read_text("utf-8"))
    results = {name: measured(read(f"{name}.jsonl")) for name in ("tuning", "held-out")}
    RESULTS.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")
    failed = 0
    for name, value in results["held-out"].items():
        gate = gates["held-out"].get(name)
        if name == "titles":
            continue
        below = gate is not None and value < gate - JITTER
        failed += below
        print(
            f"{name:<26}{results['tuning'][name]:>9.3f}{value:>9.3f}{'' if gate is None else f'{gate:>9.3f}'}{'  BELOW THE GATE' if below else ''}"
        )
        if gate is not None and "--raise" in arguments and value > gate:
            gates["held-out"][name] = round(value, 4)
    if "--raise" in arguments:
        with GATES.open("w", encoding="utf-8") as file:
            yaml.dump(gates, file)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
