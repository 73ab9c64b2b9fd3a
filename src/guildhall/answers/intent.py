"""What kind of answer a question wants: a price, a time, a contact, the steps, or who qualifies; in all ten languages."""

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
COST = Intent("cost", frozenset({"money", "percent"}), frozenset({BlockKind.TABLE}), narrow=True)
CONTACT = Intent("contact", frozenset({"phone", "email"}))
WHEN = Intent("when", frozenset({"date", "time", "month", "weekday", "number"}), frozenset({BlockKind.TABLE}), narrow=True)
ELIGIBILITY = Intent("eligibility", frozenset({"number", "money"}), frozenset({BlockKind.BULLETS}))
HOW = Intent("how", frozenset(), frozenset({BlockKind.STEPS}), blocks=2)

ENGLISH: tuple[tuple[Intent, str], ...] = (
    (COST, "how much|cost|costs|price|prices|fee|fees|charge|charges|charged|pay for|free|rate|rates|per week|per hour"),
    (CONTACT, "phone|number|ring|call|contact|email|e-mail|address|speak|office|where is|where are|get hold of"),
    (
        WHEN,
        "when|what time|what day|which day|how long|how soon|how often|open|opening|close|closes|closing|hours|deadline|date|dates|by when|until",
    ),
    (
        ELIGIBILITY,
        "can i|am i|do i qualify|do i get|do i need|do i have|who can|eligible|qualify|entitled|allowed|rules|criteria|should i|can we",
    ),
    (
        HOW,
        "how do|how can|how to|how should|how would|apply|application|report|register|book|order|renew|cancel|challenge|appeal|claim|"
        "request|get rid|sign up|join|steps",
    ),
)
# Stems that may stand inside a word; diacritics as written and left out, and in Latin letters where people write so.
OTHERS: tuple[tuple[Intent, str], ...] = (
    (
        COST,
        "ile kosztuj|koszt|cena|opłat|oplat|kolik stoj|koľko stoj|kolko stoj|poplat|cât cost|cat cost|preț|pret |taxă|immisa|qiimah|lacag|"
        "kitne|kitna|kinne|kinna|qeemat|fees|کتن|قیمت|فیس|ਕਿੰਨ|ਕੀਮਤ|ਫੀਸ|كم |تكلفة|رسوم|سعر|څومره",
    ),
    (CONTACT, "telefon|numer|číslo|cislo|kontakt|adres|număr|numar|lambar|taleefan|contact|ਫੋਨ|ਨੰਬਰ|فون|نمبر|رقم|هاتف|شمېر"),
    (
        WHEN,
        "kiedy|o której|o ktorej|jak długo|jak dlugo|otwart|kdy|kedy|jak dlouho|ako dlho|otev|otvor|când|cand |cât timp|program|goorma|"
        "saacad|kab |kadon|kdon|کب|ਕਦੋਂ|متى|ساعات|کله",
    ),
    (ELIGIBILITY, "czy mog|czy mam prawo|můžu|muzu|mám nárok|môžem|mozem|am dreptul|pot să|ma heli karaa|xaq|هل يحق|هل يمكن|ਕੀ ਮੈਂ|کیا میں|ایا زه"),
    (HOW, "jak |ako |cum |sidee|kaise|kivein|kiven|کیسے|ਕਿਵੇਂ|كيف|څنګه|zgłosi|zglosi|nahlási|raport|przes|apel"),
)

_ENGLISH = tuple((intent, re.compile(rf"\b(?:{words})\b")) for intent, words in ENGLISH)
_OTHERS = tuple((intent, re.compile(words)) for intent, words in OTHERS)


def intent_of(question: str, language: str = "en") -> Intent:
    """The first intent whose words the question uses."""
    words = question.casefold()
    patterns = _ENGLISH if language == "en" else (*_OTHERS, *_ENGLISH)
    return next((intent for intent, pattern in patterns if pattern.search(words)), GENERAL)
