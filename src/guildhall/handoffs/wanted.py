"""What is wanted, in one sentence: the services by name, and the resident's own words, cut only where a clause ends."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from guildhall.handoffs.told import Told, ToldTurn
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.outcomes import Outcome, Reason
from guildhall.vocabulary.signals import Category

WORDS_AT_MOST: Final = 32
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
_SENTENCE: Final = re.compile(r"(?<=[.!?؟۔।])\s+|\n+")
_CLAUSE: Final = re.compile(
    r"[,;:،؛–—]\s|\s[-–—]\s|\s(?:and|but|because|so|which|then|who|ale|ani|protože|pretože|lecz|dar|și|și)\s", re.IGNORECASE
)
_TELLING: Final = re.compile(
    r"[?؟]|\b(?:need|want|how|when|where|what|who|can|could|help|please|report|apply|pay|cancel|book|complain)\b", re.IGNORECASE
)


def wanted(told: Told, name_of: Callable[[ServiceKey], str]) -> str:
    """The sentence: the newest matter first, then the services of earlier ones."""
    matters = [turn for turn in reversed(told.turns) if _is_matter(turn)]
    newest = next(iter(matters), None)
    if newest is None:
        return NOTHING
    services = _services([newest])
    told_of = _names(services, name_of)
    said = shortened(_own_words(newest))
    earlier = [key for key in _services(matters[1:]) if key not in services]
    sentence = f"{told_of}: “{said}”" if told_of else f"“{said}”"
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


def _is_matter(turn: ToldTurn) -> bool:
    """Whether a turn says what it is about: a service, or words of its own beyond manners, a bare reply and a call for a person."""
    if turn.reason in (Reason.SMALL_TALK, Reason.NOTHING_SAID, Reason.UNREADABLE, Reason.ATTACK):
        return False
    words = without_manners(turn.text).split()
    if any(one.category == Category.PERSON_REQUEST for one in turn.signals):
        return any(asked.service for asked in turn.asked) and len(words) > 4
    return len(words) >= 3 or (turn.outcome == Outcome.ANSWERED and any(asked.service for asked in turn.asked))


def _own_words(turn: ToldTurn) -> str:
    return turn.text


def _services(turns: Sequence[ToldTurn]) -> list[ServiceKey]:
    return list(dict.fromkeys(asked.service for turn in turns for asked in turn.asked if asked.service))


def _names(keys: Sequence[ServiceKey], name_of: Callable[[ServiceKey], str], lower: bool = False) -> str:
    names = [name_of(key) for key in keys[:SERVICES_AT_MOST]]
    if lower:
        names = [name[:1].lower() + name[1:] if not name[1:2].isupper() else name for name in names]
    if len(keys) > SERVICES_AT_MOST:
        names.append(f"{len(keys) - SERVICES_AT_MOST} more")
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
