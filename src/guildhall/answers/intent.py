"""What kind of answer a question wants: a price, a time, a contact, the steps, or who qualifies."""

import re
from dataclasses import dataclass

from guildhall.answers.markdown_blocks import BlockKind


@dataclass(frozen=True, slots=True)
class Intent:
    """Which facts and shapes answer the question best. `narrow` picks single rows; `blocks` bounds how much is quoted."""

    name: str
    facts: frozenset[str] = frozenset()
    shapes: frozenset[BlockKind] = frozenset()
    narrow: bool = False
    blocks: int = 3


GENERAL = Intent("general")
INTENTS: tuple[tuple[re.Pattern[str], Intent], ...] = (
    (
        re.compile(r"\b(how much|cost|costs|price|fee|fees|charge|charges|charged|pay for|free|afford|rate|rates|per week|per hour)\b"),
        Intent("cost", frozenset({"money", "percent"}), frozenset({BlockKind.TABLE}), narrow=True),
    ),
    (
        re.compile(r"\b(phone|number|ring|call|contact|e-?mail|address|speak|office|where is|where are|get hold of)\b"),
        Intent("contact", frozenset({"phone", "email"}), frozenset()),
    ),
    (
        re.compile(
            r"\b(when|what time|what day|which day|how long|how soon|how often|open|opening|close|closes|closing|hours|deadline|date|dates|by when|until)\b"
        ),
        Intent("when", frozenset({"date", "time", "month", "weekday", "number"}), frozenset({BlockKind.TABLE}), narrow=True),
    ),
    (
        re.compile(r"\b(can i|am i|do i (?:qualify|get|need|have)|who can|eligible|qualify|entitled|allowed|rules|criteria|should i)\b"),
        Intent("eligibility", frozenset({"number", "money"}), frozenset({BlockKind.BULLETS})),
    ),
    (
        re.compile(
            r"\b(how (?:do|can|to|should|would)|apply|application|report|register|book|order|renew|cancel|challenge|appeal|claim|request|get rid|sign up|join|steps)\b"
        ),
        Intent("how", frozenset(), frozenset({BlockKind.STEPS}), blocks=2),
    ),
)


def intent_of(question: str) -> Intent:
    """The first intent whose words the question uses."""
    words = question.casefold()
    return next((intent for pattern, intent in INTENTS if pattern.search(words)), GENERAL)
