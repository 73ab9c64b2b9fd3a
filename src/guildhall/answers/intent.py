"""What kind of answer a question wants: a price, a time, a place, a contact, the steps, or who qualifies; in all ten languages."""

import re
from dataclasses import dataclass
from functools import lru_cache

from guildhall.answers.markdown_blocks import BlockKind


@dataclass(frozen=True, slots=True)
class Intent:
    """Which signs, shapes and sections answer a question best. `asking` are words that only ask, and so are no part of the subject."""

    name: str
    signs: frozenset[str] = frozenset()
    shapes: frozenset[BlockKind] = frozenset()
    asking: frozenset[str] = frozenset()
    shaped: float = 0.3
    """What the right shape is worth: most where the shape is all there is to go by."""
    sections: frozenset[str] = frozenset()
    """Kinds of headings, beside its own name, under which the answer may stand."""

    @property
    def headings(self) -> frozenset[str]:
        """All kinds of headings under which the answer may stand."""
        return self.sections | {self.name}


LISTS = frozenset({BlockKind.BULLETS, BlockKind.STEPS})
TABLES, BULLETS, STEPS = (frozenset({kind}) for kind in (BlockKind.TABLE, BlockKind.BULLETS, BlockKind.STEPS))
NONE = frozenset[BlockKind]()


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


GENERAL = Intent("general")
COST = Intent("cost", _set("money percent free"), TABLES, _set("cost much cheap cheaper pay"))
CONTACT = Intent("contact", _set("phone email"), NONE, _set("phone number contact email speak talk"))
WHERE = Intent("where", _set("place"), TABLES, _set("address find"))
HOURS = Intent("hours", _set("time"), TABLES, _set("time open close hour"), sections=_set("when"))
WHEN = Intent("when", _set("date month time duration"), TABLES, _set("date day time"), sections=_set("duration hours"))
DURATION = Intent("duration", _set("duration"), TABLES, _set("long soon quick often take time fast"), sections=_set("when"))
QUANTITY = Intent("quantity", _set("number duration percent"), TABLES, _set("many much far"))
PAPERS = Intent("papers", frozenset(), LISTS, _set("bring document proof evid"), 0.45, _set("how"))
NEXT = Intent("next", frozenset(), STEPS | TABLES, _set("happen next now"), 0.3, _set("how"))
DO = Intent("next", frozenset(), STEPS, _set("next now"), 0.45, _set("how"))
ELIGIBILITY = Intent("eligibility", frozenset(), BULLETS, _set("qualifi elig entitl allow"), 0.35)
HOW = Intent("how", frozenset(), STEPS, _set("get"), 0.5)

ENGLISH: tuple[tuple[Intent, str], ...] = (
    (DURATION, r"how long|how early|how late|how soon|how quick(?:ly)?|how fast|how often|wait(?:ing)? times?|backdated?"),
    (QUANTITY, r"how many|how far|how high|how tall|how big|how deep|how wide|how old|what age|what size"),
    (
        COST,
        (
            r"how much|costs?|prices?|fees?|charges?|charged|cheaper|pay for|(?:what|any|a|get) (?:discount|reduction)s?|rates? for|fined|"
            r"is .* free|free of charge|what(?:'s|s| is| are) the (?:fine|fines|penalty|rent|deposit)"
        ),
    ),
    (
        CONTACT,
        (
            r"(?:phone|telephone|contact|what|which) number|number for|who (?:do|should|can) i (?:ring|call|phone|contact|speak|talk|ask)|"
            r"e-?mail|speak to|talk to|get hold of|contact details|(?:ring|call|phone) (?:you|someone|somebody|the)"
        ),
    ),
    (WHERE, r"where is|where are|where's|wheres|where do i go|where can i (?:get|go|find|park|take)|address|which office"),
    (HOURS, r"what time|open|opening|opens|close|closes|closing|shut|shuts|hours"),
    (WHEN, r"when|what day|which day|deadline|dates?|by when|until"),
    (
        PAPERS,
        (
            r"what (?:do|should|must|will) (?:i|we) (?:need|bring)|what (?:documents|papers|proof|evidence|id)|"
            r"(?:documents|proof|evidence) (?:do|should)"
        ),
    ),
    (NEXT, r"what happens|what next|happens next|what will you do"),
    (DO, r"what now|what do (?:i|we) do|what (?:should|can) (?:i|we) do|what to do"),
    (
        ELIGIBILITY,
        (
            r"who (?:can|gets|qualifies|has to|needs to|must)|do i qualify|can (?:i|we) (?:get|have|claim)|eligible|qualify|"
            r"entitled|allowed|rules|criteria"
        ),
    ),
    (HOW, r"how do|how can|how to|how should|how would|how does|how i|get rid|steps|i want to|(?:want|need|like|trying) to"),
)
# Verbs that ask for the steps by themselves, unless the question wants a yes or a no.
DOING = re.compile(r"\b(?:apply|application|register|report|book|order|renew|cancel|challenge|appeal|claim|request|sign up|join)\b")
# Stems that may stand inside a word; diacritics as written and left out, and in Latin letters where people write so.
OTHERS: tuple[tuple[Intent, str], ...] = (
    (
        COST,
        (
            "ile kosztuj|koszt|cena|opłat|oplat|kolik stoj|koľko stoj|kolko stoj|poplat|cât cost|cat cost|preț|pret |taxă|immisa|qiimah|lacag|"
            "kitne|kitna|kinne|kinna|qeemat|fees|کتن|قیمت|فیس|ਕਿੰਨ|ਕੀਮਤ|ਫੀਸ|كم |تكلفة|رسوم|سعر|څومره"
        ),
    ),
    (CONTACT, "telefon|numer|číslo|cislo|kontakt|adres|număr|numar|lambar|taleefan|contact|ਫੋਨ|ਨੰਬਰ|فون|نمبر|رقم|هاتف|شمېر"),
    (
        WHEN,
        (
            "kiedy|o której|o ktorej|jak długo|jak dlugo|otwart|kdy|kedy|jak dlouho|ako dlho|otev|otvor|când|cand |cât timp|program|goorma|"
            "saacad|kab |kadon|kdon|کب|ਕਦੋਂ|متى|ساعات|کله"
        ),
    ),
    (
        ELIGIBILITY,
        (
            r"czy mog|czy mam prawo|můžu|muzu|mám nárok|môžem|mozem|am dreptul|pot să|ma heli karaa|xaq|هل يحق|هل يمكن|ਕੀ ਮੈਂ|"
            r"کیا میں|ایا زه"
        ),
    ),
    (HOW, "jak |ako |cum |sidee|kaise|kivein|kiven|کیسے|ਕਿਵੇਂ|كيف|څنګه|zgłosi|zglosi|nahlási|raport|przes|apel"),
)
# What a page's section answers, by its heading.
HEADINGS: tuple[tuple[str, str], ...] = (
    ("cost", r"penalt(?:y|ies)|fines|costs?|prices?|charges?|fees?|how much|rates|what .* pays?|grant"),
    (
        "duration",
        (
            r"how long|how quickly|how soon|response times?|repair times|how much time|time limits?|waits?|when we will|"
            r"when to|stages|what happens next"
        ),
    ),
    ("quantity", r"how many|limits?|sizes?|how much|how far|what can i"),
    ("when", r"dates?|deadlines?|when|season|christmas"),
    ("hours", r"opening|hours|where and when|when is|phone lines"),
    ("where", r"where|address|which centre|offices"),
    ("papers", r"bring|what proof|need|evidence|papers|accepted|what information"),
    ("next", r"what happens|next|what to do|what we do|what the council (?:can|does|must)"),
    ("how", r"how to|how do i|ways to|apply|report|book"),
    ("eligibility", r"who|can i|eligib|qualif|do i|am i|rules"),
    ("contact", r"contact|who to ring|how to reach"),
)
YES_NO = re.compile(
    r"(?:^|[.,;!?] |\b(?:so|and|but) )(?:is|are|am|do|does|did|can|could|will|would|should|must|have|has|may)(?:n't|nt)? \w+\b",
)

_ENGLISH = tuple((intent, re.compile(rf"\b(?:{words})\b")) for intent, words in ENGLISH)
_OTHERS = tuple((intent, re.compile(words)) for intent, words in OTHERS)
_HEADINGS = tuple((name, re.compile(rf"\b(?:{words})\b")) for name, words in HEADINGS)


def intent_of(question: str, language: str = "en") -> Intent:
    """The first intent whose words the question uses."""
    words = question.casefold().replace("’", "'").strip()
    patterns = _ENGLISH if language == "en" else (*_OTHERS, *_ENGLISH)
    found = next((intent for intent, pattern in patterns if pattern.search(words)), None)
    return found or (HOW if DOING.search(words) and not wants_yes_or_no(question) else GENERAL)


def wants_yes_or_no(question: str) -> bool:
    """Whether the question asks for a decision, in English."""
    return bool(YES_NO.search(question.casefold().replace("’", "'").strip()))


@lru_cache(maxsize=4096)
def kinds_of_heading(heading: str) -> frozenset[str]:
    """The names of the intents that a section under this heading answers."""
    words = heading.casefold()
    return frozenset(name for name, pattern in _HEADINGS if pattern.search(words))
