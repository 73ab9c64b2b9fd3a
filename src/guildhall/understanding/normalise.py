"""What detectors read: the resident's words without disguises, every character tied to where it stood in the original.

Invisible characters go, look-alike letters become the letters they imitate, full-width and styled letters become plain
(NFKC), emoji become words, letters held down are let go. Leetspeak is only a *second reading*, because `b4` and `AV1 1GH`
are not disguises.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 20_000
"""Characters read. What is beyond is not looked at, which `Reading.cut` owns up to."""

EMOJI: Final[dict[str, str]] = {
    "🔪": "knife", "🗡": "knife", "🔫": "gun", "💣": "bomb", "💊": "pills", "⚰": "coffin", "🪦": "grave", "💀": "skull", "☠": "skull",
    "😭": "crying", "😢": "crying", "😥": "sad", "😞": "sad", "😔": "sad", "😟": "worried",
    "😰": "anxious", "😨": "scared", "😱": "terrified",
    "🙏": "please", "💔": "heartbroken", "🔥": "fire", "🚒": "fire engine", "🚑": "ambulance", "🚨": "emergency", "🆘": "help sos",
    "😡": "angry", "🤬": "swearing", "😠": "angry", "🩸": "blood", "👊": "punch", "🤕": "hurt", "🤒": "ill", "👋": "bye", "🕊": "dove",
    "🌉": "bridge", "🚆": "train", "🧑‍💼": "person", "👤": "person", "☎": "phone", "📞": "phone", "❤": "love", "👍": "ok", "🤖": "robot",
    "🗑": "bin", "♻": "recycling", "📅": "date", "🏠": "home", "🚗": "car", "🐀": "rat", "🚧": "roadworks", "🌳": "tree", "❓": "?", "❔": "?",
}  # fmt: skip
_HOMOGLYPHS: Final = str.maketrans(
    "аеорсухіјѕԁһԛԝЬвнмткАВЕКМНОРСТУХІЈЅαοριντυκχγΑΒΕΖΗΙΚΜΝΟΡΤΥΧɑɡıｌ",
    "aeopcyxijsdhqwbvhmtkABEKMHOPCTYXIJSaopivtukxyABEZHIKMNOPTYXagil",
)
_QUOTES: Final = {
    "’": "'",
    "‘": "'",
    "‛": "'",
    "`": "'",
    "´": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "—": "-",
    "–": "-",
    "‐": "-",
    "‑": "-",
}
_LEET: Final = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i", "+": "t", "|": "l", "€": "e"}
)
_LEET_WORD: Final = re.compile(r"(?<![\w@$!+|])(?=[^\s]*[a-z])(?=[^\s]*[\d@$!+|€])[a-z\d@$!+|€*]{4,}(?![\w@$+|])", re.IGNORECASE)
_NOT_A_DISGUISE: Final = re.compile(
    r"[a-z]{1,2}\d[a-z\d]?\d?[a-z]{0,2}|\d+(?:st|nd|rd|th|am|pm|k|m|mm|cm|ft|in|hrs?|wks?|yrs?|mins?|"
    r"days?|pm?|x|p|mph|lbs?|kg|g|l)[.!]*|[a-z]+!+|[a-z]+\d{1,4}|\d+[a-z]?",
    re.IGNORECASE,
)
_SPACED: Final = re.compile(r"(?<!\w)(?:[A-Za-z][ .\-_*]){3,}[A-Za-z](?!\w)")
_HELD: Final = re.compile(r"([A-Za-z])\1{2,}")
_PLAIN: Final = re.compile(r"[\t\n\x20-\x7e]*")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as detectors read it. `places[i]` is where character i stood in the original; None means they are equal."""

    text: str
    original: str
    places: tuple[int, ...] | None = None
    cut: bool = False

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The resident's own characters that (start, end) of this reading stand for."""
        if self.places is None or not self.places:
            return start, min(end, len(self.original))
        first = self.places[min(start, len(self.places) - 1)]
        last = self.places[min(max(end - 1, start), len(self.places) - 1)]
        return first, min(last + 1, len(self.original))


def read(text: str) -> Reading:
    """The plain reading of a text."""
    cut = len(text) > LONGEST
    original = text[:LONGEST]
    if _PLAIN.fullmatch(original):
        reading = Reading(original, original, None, cut)
    else:
        characters, places = _visible(original)
        reading = Reading("".join(characters), original, tuple(places), cut)
        reading = _unmasked(reading)
    return _without(_without(reading, _HELD, keep=2), _SPACED, keep=0)


def readings(text: str) -> tuple[Reading, ...]:
    """The plain reading, and the one with leetspeak undone where there is any."""
    plain = read(text)
    undone = _LEET_WORD.sub(_undo_leet, plain.text)
    return (plain,) if undone == plain.text else (plain, Reading(undone, plain.original, plain.places, plain.cut))


def _undo_leet(match: re.Match[str]) -> str:
    word = match.group()
    if _NOT_A_DISGUISE.fullmatch(word):
        return word
    if sum(c.isalpha() for c in word) * 3 < len(word):
        return word
    return word.translate(_LEET)


def _visible(text: str) -> tuple[list[str], list[int]]:
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if (word := EMOJI.get(character)) is not None:
            plain = f" {word} "
        elif character in _QUOTES:
            plain = _QUOTES[character]
        elif character in "\u200c\u200d" or unicodedata.category(character) in ("Cf", "Cs", "Co") or "\ufe00" <= character <= "\ufe0f":
            continue
        elif character in "\n\t":
            plain = character
        elif unicodedata.category(character) in ("Cc", "Zs", "Zl", "Zp"):
            plain = " "
        else:
            plain = unicodedata.normalize("NFKC", character)
        characters.extend(plain)
        places.extend([place] * len(plain))
    return characters, places


_MIXED: Final = re.compile(r"[^\W\d_]+")


def _unmasked(reading: Reading) -> Reading:
    """Cyrillic and Greek letters inside a word that also has Latin ones are imitations; a wholly Cyrillic word is Cyrillic."""

    def plain(match: re.Match[str]) -> str:
        word = match.group()
        if not any("a" <= c.lower() <= "z" for c in word):
            return word
        return word.translate(_HOMOGLYPHS)

    text = _MIXED.sub(plain, reading.text)
    return Reading(text, reading.original, reading.places, reading.cut)


def _without(reading: Reading, pattern: re.Pattern[str], keep: int) -> Reading:
    """Let go of held-down letters (`heeelp`, keep 2), or close up `k i l l` (keep 0: drop what is not a letter)."""
    if not pattern.search(reading.text):
        return reading
    places = reading.places or tuple(range(len(reading.text)))
    characters: list[str] = []
    kept: list[int] = []
    position = 0
    for match in pattern.finditer(reading.text):
        inside = range(match.start(), match.end())
        chosen = list(inside)[:keep] if keep else [i for i in inside if reading.text[i].isalpha()]
        for i in (*range(position, match.start()), *chosen):
            characters.append(reading.text[i])
            kept.append(places[i])
        position = match.end()
    characters.extend(reading.text[position:])
    kept.extend(places[position:])
    return Reading("".join(characters), reading.original, tuple(kept), reading.cut)
