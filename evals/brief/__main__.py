"""`python -m evals.brief`: have each written conversation, make its brief, score it, and fail when a gate does not hold.

`build.jsonl` is what the brief was built on; `held-out.jsonl` was written before and looked at only through these numbers.
`gates.yaml` holds the ratchet: `--raise` tightens it, nothing loosens it. `--notes` says what each brief lacked or had too much.
"""

import json
import sys
import time
from pathlib import Path

from ruamel.yaml import YAML

from evals.brief.scoring import Conversation, Tally
from evals.gates import judge
from evals.redteam.throwaway import throwaway
from guildhall.bootstrap.house import Guildhall
from guildhall.conversations.runner import collect_turn
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.turns import Channel, Utterance

HERE = Path(__file__).parent
GATES = HERE / "gates.yaml"
SETS = ("build", "held-out")
MILLISECONDS_AT_MOST = 50
LONG = 20
yaml = YAML()


def read(name: str) -> list[Conversation]:
    """The conversations of a set."""
    return [Conversation.read(json.loads(line)) for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()]


def have(guildhall: Guildhall, turns: tuple[str, ...]) -> ConversationId:
    """Say everything, turn by turn."""
    house = guildhall.house
    started, _ = guildhall.conversations.start(Channel.WEB, "", house.clock())
    for text in turns:
        conversation = guildhall.conversations.load(started.id)
        assert conversation is not None
        collect_turn(house, conversation, Utterance(text, Channel.WEB, house.clock()))
    return started.id


def score(guildhall: Guildhall, name: str) -> Tally:
    """The briefs of one set."""
    names = {str(key): service.name for key, service in guildhall.profile.services.items()}
    tally = Tally()
    for conversation in read(name):
        said = have(guildhall, conversation.turns)
        tally.add(conversation, guildhall.desk.brief(said), names)
    return tally


def long_brief_ms(guildhall: Guildhall) -> float:
    """How long the brief of a conversation of twenty turns takes: the quickest of eleven, as what else the machine does is no fault of it."""
    turns = tuple(turn for conversation in read("build") for turn in conversation.turns)[:LONG]
    said = have(guildhall, turns)
    taken = []
    for _ in range(11):
        started = time.perf_counter()
        guildhall.desk.brief(said)
        taken.append((time.perf_counter() - started) * 1000)
    return min(taken)


def main(arguments: list[str]) -> int:
    """Score both sets, print the table, and return 1 when a gate does not hold."""
    gates = yaml.load(GATES.read_text("utf-8"))
    failed = 0
    print(f"{'set':<28}{'measure':<34}{'now':>8}{'gate':>8}{'goal':>8}")
    with throwaway(gates["council"]) as guildhall:
        for name in SETS:
            tally = score(guildhall, name)
            for measure, gate in gates["sets"][name].items():
                failed += judge(name, measure, gate, tally.measures()[measure], "--raise" in arguments)
            if "--notes" in arguments:
                print(*(f"  {note}" for note in tally.notes), sep="\n")
        taken = long_brief_ms(guildhall)
    print(f"\nA brief of {LONG} turns: {taken:.1f} ms (at most {MILLISECONDS_AT_MOST})")
    failed += taken > MILLISECONDS_AT_MOST
    if "--raise" in arguments:
        with GATES.open("w", encoding="utf-8") as file:
            yaml.dump(gates, file)
    print(f"\n{failed} failed" if failed else "\nEvery gate holds.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
