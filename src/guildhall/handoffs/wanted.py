"""What is wanted, in one sentence: the services by name, and the resident's own words, cut only where a clause ends."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from guildhall.handoffs.told import Told, ToldTurn
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.outcomes import Reason
from guildhall.vocabulary.signals import Category

WORDS_AT_MOST: Final = 32
WORDS_AT_LEAST: Final = 3
SERVICES_AT_MOST: Final = 3
NOTHING: Final = "Asked for a person, without saying what about."
_GREETING: Final = re.compile(
    r"^(?:(?:hi|hiya|hello|hey|hullo|ey up|ay up|good (?:morning|afternoon|evening|day)|morning|dear (?:sir|madam|council|all)|"
    r"cześć|czesc|dzień dobry|dzien dobry|witam|dobrý den|dobry den|dobrý deň|dobry den|ahoj|bună ziua|buna ziua|bună|buna|salut|"
    r"salaam|salam|assalamu? ?alaikum|asc|السلام عليكم|مرحبا|سلام|ਸਤ ਸ੍ਰੀ ਅਕਾਲ|ਸਤਿ ਸ੍ਰੀ ਅਕਾਲ|سلامونه)"
    r"(?: there| all| everyone| duck| love| mate| again| sir| madam)?(?:[\s,.!:،۔–-]+|$))+",
    re.IGNORECASE,
)
_THANKS: Final = re.compile(
    r"[\s,.!;–-]*\b(?:(?:many |ok |okay |please and )?(?:thanks|thank you|thankyou|thx|cheers|ta)(?: so much| very much| a lot| again| "
    r"in advance| for (?:your|the|any) help| duck| love| mate| x+)*|please help(?: me)?|dziękuję|dziekuje|z góry dziękuję|děkuji|dekuji|"
    r"ďakujem|dakujem|mulțumesc|multumesc|mahadsanid|shukria|شكرا|شکریہ|مننه|ਧੰਨਵਾਦ)[\s.!]*$",
    re.IGNORECASE,
)
_ASKING_FOR: Final = re.compile(
    r"(?:\b(?:please|pls|just|can|could|may|i|i'd|id|we|want|need|like|would|to|let|me|get|have|someone|you|the|a|an|will|somebody)\b[\s,]*)+$",
    re.IGNORECASE,
)
"""What stands before a call for a person and belongs to it."""
_SENTENCE: Final = re.compile(r"(?<=[.!?؟۔।])\s+|\n+")
_CLAUSE: Final = re.compile(
    r"[,;:،؛–—]\s|\s[-–—]\s|\s(?:and|but|because|so|which|then|who|ale|ani|protože|pretože|lecz|dar|și|și)\s", re.IGNORECASE
)
_TELLING: Final = re.compile(
    r"[?؟]|\b(?:need|want|how|when|where|what|who|can|could|help|please|report|apply|pay|cancel|book|complain)\b", re.IGNORECASE
)


def wanted(told: Told, name_of: Callable[[ServiceKey], str]) -> str:
    """The sentence: the newest matter first, then what was said last about it, then the services of earlier matters."""
    matters = [turn for turn in reversed(told.turns) if is_matter(turn)]
    if not matters:
        return NOTHING
    main = next((turn for turn in matters if _services([turn])), matters[0])
    services = _services([main])
    about = _names(services, name_of) or _perhaps(main, name_of)
    said = shortened(main.text)
    sentence = f"{about}: “{said}”" if about else f"“{said}”"
    if matters[0] is not main:
        sentence += f", then “{shortened(matters[0].text, WORDS_AT_MOST // 2)}”"
    earlier = [key for key in _services(matters) if key not in services]
    if earlier:
        sentence += f", and before that {_names(earlier, name_of, lower=True)}"
    return sentence + "."


def shortened(text: str, most: int = WORDS_AT_MOST) -> str:
    """A resident's words without greeting and thanks; when they are many, the sentences that ask, cut where a clause ends."""
    text = without_manners(text)
    if len(text.split()) <= most:
        return text.rstrip(" .,;")
    sentences = [part for part in _SENTENCE.split(text) if part.strip()]
    asking = [part for part in sentences if re.search(r"[?؟]", part)] or [part for part in sentences if _TELLING.search(part)]
    kept: list[str] = []
    for part in asking or sentences:
        room = most - sum(len(one.split()) for one in kept)
        if room < 6:
            break
        kept.append(_clipped(part, room))
        if kept[-1].endswith("…"):
            break
    lead = "… " if kept and not text.startswith(kept[0][:20]) else ""
    return lead + " ".join(kept).rstrip(" .,;")


def without_manners(text: str) -> str:
    """The words without a greeting in front and thanks behind."""
    bare = _THANKS.sub("", _GREETING.sub("", text.strip())).strip(" ,")
    return bare or text.strip()


def _clipped(sentence: str, most: int) -> str:
    if len(sentence.split()) <= most:
        return sentence
    ends = [match.start() for match in _CLAUSE.finditer(sentence) if 4 <= len(sentence[: match.start()].split()) <= most]
    return (sentence[: ends[-1]] if ends else " ".join(sentence.split()[:most])).rstrip(" ,;:–—-") + " …"


def is_matter(turn: ToldTurn) -> bool:
    """Whether a turn says what it is about, beyond manners, a bare reply and a call for a person."""
    if turn.reason in (Reason.SMALL_TALK, Reason.NOTHING_SAID, Reason.UNREADABLE, Reason.ATTACK):
        return False
    calls = [one for one in turn.signals if one.category == Category.PERSON_REQUEST]
    if calls and not any(one.span for one in calls) and not any(asked.service for asked in turn.asked):
        return False
    text = turn.text
    for one in sorted(calls, key=lambda one: one.span or (0, 0), reverse=True):
        if one.span:
            text = _ASKING_FOR.sub(" ", text[: one.span[0]]) + " " + text[one.span[1] :]
    return len(without_manners(text).split()) >= WORDS_AT_LEAST


def _perhaps(turn: ToldTurn, name_of: Callable[[ServiceKey], str]) -> str:
    """The services it may be about, when none is sure."""
    may = _names(list(dict.fromkeys(key for asked in turn.asked for key in asked.perhaps))[:2], name_of).replace(" and ", " or ")
    return f"Perhaps {may[:1].lower()}{may[1:]}" if may else ""


def _services(turns: Sequence[ToldTurn]) -> list[ServiceKey]:
    return list(dict.fromkeys(asked.service for turn in turns for asked in turn.asked if asked.service))


def _names(keys: Sequence[ServiceKey], name_of: Callable[[ServiceKey], str], lower: bool = False) -> str:
    names = [name_of(key) for key in keys[:SERVICES_AT_MOST]]
    if lower:
        names = [name[:1].lower() + name[1:] if not name[1:2].isupper() else name for name in names]
    if len(keys) > SERVICES_AT_MOST:
        names.append(f"{len(keys) - SERVICES_AT_MOST} more")
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
