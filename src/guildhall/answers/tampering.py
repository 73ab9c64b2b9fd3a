"""Words to a machine, which no council writes for residents: a page that holds them was tampered with, or quotes somebody who did."""

import re
import unicodedata
from typing import Final

from guildhall.answers.markdown_blocks import blocks_of
from guildhall.vocabulary.forgetting import remembering

_INVISIBLE: Final = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]")
# Letters of other scripts that look like Latin ones, so that a sentence cannot hide behind its spelling.
_LOOKALIKES: Final = str.maketrans(
    "асеіјорхуѕһԁіАВСЕНІЈКМОРЅТХαεικνορτυχΑΒΕΗΙΚΜΝΟΡΤΥΧ", "aceijopxyshdiABCEHIJKMOPSTXaeiknoptuxABEHIKMNOPTYX"
)
_ORDERS: Final = r"(?:ignore|disregard|forget|override|bypass)"
_THEIRS: Final = r"(?:instruction|prompt|rule|direction|guideline)s?"
_MACHINES: Final = r"(?:ai|ais|llms?|models?|language models?|chatbots?|bots|(?:automated|virtual|digital) assistants?|ai (?:readers?|assistants?|agents?))"
TO_THE_MACHINE: Final = re.compile(
    rf"\b{_ORDERS}\b[^.]{{0,40}}\b(?:previous|prior|above|earlier|all|your|these|the council'?s?)\b[^.]{{0,30}}\b{_THEIRS}\b"
    rf"|\b{_ORDERS} (?:all |any )?(?:the |your )?rules\b"
    r"|\bsystem prompt\b|\byou are (?:now )?(?:an?|the) (?:ai|assistant|language model|chatbot|bot)\b|\bas an ai\b"
    r"|\bact as (?:an?|the)\b[^.]{0,20}\b(?:ai|admin)\b"
    rf"|\b(?:notes?|instructions?|messages?|words?) (?:to|for) (?:the |any |all )?{_MACHINES}\b|\bfor {_MACHINES} (?:readers? )?only\b"
    r"|(?:^|[.!?>\"]\s*)(?:dear )?assistant\s*[:,]\s|\[(?:system|inst)\]|<\|?(?:system|im_start|inst)\b"
    # the same order in the other nine languages: ignore … instructions
    r"|\b(?:zignoruj|ignoruj|zapomnij)\w*\b[^.]{0,40}\b(?:instrukcj|polece|zasad)|\b(?:ignoruj|zapomeň)\w*\b[^.]{0,40}\b(?:pokyn|instrukc|pravid)"
    r"|\b(?:ignoruj|zabudni)\w*\b[^.]{0,40}\b(?:pokyn|inštrukc|pravid)|\b(?:ignor|uit)(?:ă|a|ați|ati)\b[^.]{0,40}\b(?:instruc[țt]iun|regul)"
    r"|\biska (?:ilow|dhaaf|indho)\b[^.]{0,40}\b(?:tilmaam|xeer)|(?:تجاهل|انس)\b[^.]{0,40}(?:التعليمات|تعليمات|القواعد)"
    r"|(?:ہدایات|ہدایت|قواعد)[^.۔]{0,40}(?:نظر ?انداز|بھول)|ਹਦਾਇਤਾਂ[^.।]{0,40}(?:ਭੁੱਲ|ਨਜ਼ਰਅੰਦਾਜ਼)|(?:لارښوونې|قواعد)[^.۔]{0,40}(?:هېر|له پامه)",
    re.IGNORECASE,
)

# Every pattern above holds one of these, so that an ordinary page is read once and not by each of them.
_MAY_SPEAK: Final = re.compile(
    r"ignor|disregard|forget|overrid|bypass|prompt|\bais?\b|llm|model|\bbots?\b|chatbot|assistant|\[system|\[inst|<\|?(?:system|im_|inst)"
    r"|zapom|zabud|\buit|\biska\b|تجاهل|انس|ہدا|قواعد|ਹਦਾਇ|لارښوو",
    re.IGNORECASE,
)


@remembering(8192)
def speaks_to_a_machine(text: str) -> bool:
    """Whether the text gives orders to software, however it is spelt. Pages repeat, so what was read is kept."""
    read = as_read(text)
    return bool(_MAY_SPEAK.search(read)) and bool(TO_THE_MACHINE.search(read) or TO_THE_MACHINE.search(text))


def as_read(text: str) -> str:
    """The text as an eye reads it: compatibility forms folded, letters of other scripts that look Latin made Latin in words that mix them."""
    folded = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return folded.translate(_LOOKALIKES) if re.search(r"[a-zA-Z]", folded) else folded


@remembering(4096)
def untainted(text: str) -> str:
    """A passage up to the first sentence that speaks to a machine: what that sentence says, and what follows it, supports nothing."""
    if not speaks_to_a_machine(text):
        return text
    kept: list[str] = []
    for block in blocks_of(text):
        units = tuple(block.units)
        spoiled = next((number for number, unit in enumerate(units) if speaks_to_a_machine(unit)), len(units))
        kept.append(block.text_of(units[:spoiled]))
        if spoiled < len(units):
            break
    return "\n\n".join(filter(None, kept))
