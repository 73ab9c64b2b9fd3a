"""Traffic of a year's shape: 1.9 questions a contact, a short head of things everybody asks, a long tail that nobody asked before.

Shape (published): 2.9 million questions in some 1.5 million contacts. Assumed, and said in the result: `REPEATED` of the utterances are word
for word what somebody else asked (Zipf over a head of common phrasings); the rest are unique, made of real phrasings with a detail of the
resident's own. Questions are at most `LONGEST` words, as most that residents type are. Deterministic for a seed.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path

REPEATED = 0.45
HEAD = 400
LONGEST = 25
ZIPF = 1.05
TURNS_PER_CONTACT = (0.42, 0.34, 0.16, 0.08)  # one, two, three, four turns: 1.9 on average
DISTRESS = 0.004
DETAILS = (
    "I live on {street}",
    "my postcode is {postcode}",
    "I rang on {day} and nobody got back to me",
    "it has been {number} weeks now",
    "my reference is {number}{number}4{number}17",
    "this is for my {relation}",
    "can you do it before {day}",
    "I work until {number} most days",
)
WORDS = {
    "street": ("Mill Lane", "Abbey Dabble Lane", "Station Road", "Church Walk", "Bridge Street", "High Street"),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "relation": ("mum", "dad", "nan", "neighbour", "son", "daughter", "wife", "husband"),
    "postcode": ("AV1 3TH", "AV1 1GH", "AV2 4QT", "AV7 3MS", "AV5 2RL"),
}


def contacts(turns: int, seed: int, training: Path) -> Iterator[list[str]]:
    """Conversations, each a list of utterances, until there are `turns` utterances in all."""
    rng = random.Random(seed)
    ordinary, distress = _phrasings(training)
    rng.shuffle(ordinary)
    head, tail = ordinary[:HEAD], ordinary[HEAD:]
    weights = [1 / (rank + 1) ** ZIPF for rank in range(len(head))]
    made = 0
    while made < turns:
        length = min(rng.choices((1, 2, 3, 4), TURNS_PER_CONTACT)[0], turns - made)
        said = []
        for _ in range(length):
            if rng.random() < DISTRESS:
                said.append(rng.choice(distress))
            elif rng.random() < REPEATED:
                said.append(rng.choices(head, weights)[0])
            else:
                said.append(f"{rng.choice(tail)} {_detail(rng)}")
        made += length
        yield said


def _detail(rng: random.Random) -> str:
    template = rng.choice(DETAILS)
    values = {name: rng.choice(words) for name, words in WORDS.items()}
    return template.format(number=rng.randint(2, 9), **values)


def _phrasings(training: Path) -> tuple[list[str], list[str]]:
    ordinary = [
        line["text"]
        for path in sorted((training / "routing").glob("*.jsonl"))
        for line in _lines(path)
        if line.get("lang", "en") == "en" and len(line["text"].split()) <= LONGEST
    ]
    distress = [
        line["text"]
        for path in sorted((training / "signals" / "en").glob("*.jsonl"))
        for line in _lines(path)
        if line.get("grade") == "confirm" and len(line["text"].split()) <= LONGEST
    ]
    return ordinary, distress


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(text) for text in path.read_text("utf-8").splitlines() if text.strip()]
