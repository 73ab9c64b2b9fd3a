"""Whether every figure an answer gives stands in the passages it cites: read again from the finished turn, apart from verification.

Deliberately plainer than `answers.verify`: each run of text with a digit in it, each e-mail address and each link of an answer must stand,
letter for letter, in a cited passage. What verification let through by mistake would show here.
"""

import re
from typing import Final

from guildhall.vocabulary.turns import PartKind, Turn

FACT: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w|https?://[^\s)>\]]+|£?\d[\d,.:/–-]*\d%?|£?\d%?")


def facts_of(turn: Turn) -> tuple[int, tuple[str, ...]]:
    """How many facts the answers of a turn give, and those that stand in no cited passage."""
    passages = {found.passage.id: found.passage for found in turn.found}
    said = 0
    unsupported: list[str] = []
    for part in turn.reply.parts:
        if part.kind != PartKind.ANSWER:
            continue
        cited = [passages[c.passage_id] for c in part.citations if c.passage_id in passages]
        evidence = _plain("\n".join(f"{p.title}\n{p.section}\n{p.text}\n{p.url} {p.updated}" for p in cited))
        facts = FACT.findall(_plain(part.text))
        said += len(facts)
        unsupported.extend(fact for fact in facts if fact not in evidence)
    return said, tuple(unsupported)


def _plain(text: str) -> str:
    return re.sub(r"[\u00a0\u2009\u202f]", " ", text).replace("*", "").replace("—", "–")
