"""How English words are pronounced, for the embedded hearing: CMU's dictionary, then words of a council's world, then a rule of thumb.

The rule of thumb spells a name out letter by letter; it is good enough for a street or a scheme that no dictionary knows, and a word that
holds letters it does not know cannot be heard at all: `of` gives None, and the phrase is left to the keypad.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Final

from pocketsphinx import get_model_path

DICTIONARY: Final = "en-us/cmudict-en-us.dict"
OURS: Final = {
    "postcode": "P OW S T K OW D",
    "postcodes": "P OW S T K OW D Z",
    "wheelie": "W IY L IY",
    "recycling": "R IY S AY K L IH NG",
    "flytipping": "F L AY T IH P IH NG",
    "fly-tipping": "F L AY T IH P IH NG",
    "tipping": "T IH P IH NG",
    "pothole": "P AA T HH OW L",
    "potholes": "P AA T HH OW L Z",
    "blue-badge": "B L UW B AE JH",
    "carer": "K EH R ER",
    "carers": "K EH R ER Z",
    "childminder": "CH AY L D M AY N D ER",
    "fostering": "F AO S T ER IH NG",
    "safeguarding": "S EY F G AA R D IH NG",
    "allotment": "AH L AA T M AH N T",
    "allotments": "AH L AA T M AH N T S",
    "kerb": "K ER B",
    "kerbside": "K ER B S AY D",
    "tyre": "T AY ER",
    "tyres": "T AY ER Z",
    "litter": "L IH T ER",
    "grit": "G R IH T",
    "streetlight": "S T R IY T L AY T",
    "streetlights": "S T R IY T L AY T S",
    "typetalk": "T AY P T AO K",
    "asbo": "AE Z B OW",
    "adviser": "AE D V AY Z ER",
    "ta": "T AA",
    "tara": "T AH R AA",
    "aye": "AY",
    "sen": "S EH N",
    "uk": "Y UW K EY",
    "pcn": "P IY S IY EH N",
    "hmo": "EY CH EH M OW",
    "dbs": "D IY B IY EH S",
    "ehcp": "IY EY CH S IY P IY",
}
"""Words that the dictionary lacks, or has another word's sound for."""

LONGEST_SPELT: Final = 20
SPELT: Final = (
    ("tion", "SH AH N"), ("ough", "AO"), ("augh", "AO"), ("eigh", "EY"), ("igh", "AY"), ("tch", "CH"), ("sch", "S K"), ("dge", "JH"),
    ("ch", "CH"), ("sh", "SH"), ("th", "TH"), ("ph", "F"), ("wh", "W"), ("ck", "K"), ("ng", "NG"), ("qu", "K W"), ("kn", "N"), ("wr", "R"),
    ("ee", "IY"), ("ea", "IY"), ("oo", "UW"), ("ai", "EY"), ("ay", "EY"), ("oa", "OW"), ("ow", "OW"), ("ou", "AW"), ("oi", "OY"), ("oy", "OY"),
    ("au", "AO"), ("aw", "AO"), ("ey", "IY"), ("ie", "IY"), ("ar", "AA R"), ("er", "ER"), ("ir", "ER"), ("or", "AO R"), ("ur", "ER"),
    ("bb", "B"), ("cc", "K"), ("dd", "D"), ("ff", "F"), ("gg", "G"), ("ll", "L"), ("mm", "M"), ("nn", "N"), ("pp", "P"), ("rr", "R"),
    ("ss", "S"), ("tt", "T"), ("zz", "Z"), ("ce", "S"), ("ci", "S IH"), ("cy", "S IY"), ("a", "AE"), ("b", "B"), ("c", "K"), ("d", "D"),
    ("e", "EH"), ("f", "F"), ("g", "G"), ("h", "HH"), ("i", "IH"), ("j", "JH"), ("k", "K"), ("l", "L"), ("m", "M"), ("n", "N"), ("o", "AA"),
    ("p", "P"), ("q", "K"), ("r", "R"), ("s", "S"), ("t", "T"), ("u", "AH"), ("v", "V"), ("w", "W"), ("x", "K S"), ("y", "IY"), ("z", "Z"),
)  # fmt: skip
LETTERS: Final = re.compile(r"^[a-z']+$")


class Pronouncing:
    """Looks words up in a dictionary that is in order. It stays one piece of bytes: 130,000 Python strings would cost ten times as much."""

    def __init__(self, dictionary: Path | None = None) -> None:
        self._path = dictionary or Path(get_model_path(DICTIONARY))
        self._found: dict[str, tuple[str, ...]] = {}

    def of(self, word: str) -> tuple[str, ...] | None:
        """Each way to say a word, in the model's phones; None when it cannot be said."""
        if word in OURS:
            return (OURS[word],)
        if found := self.looked_up(word):
            return found
        spelt = spelt_out(word)
        return (spelt,) if spelt else None

    def shortest(self, word: str) -> tuple[str, ...]:
        """The sounds of the shortest way to say a word; none for one that cannot be said."""
        return min((tuple(way.split()) for way in self.of(word) or ()), key=len, default=())

    def knows(self, word: str) -> bool:
        """Whether it is a word of the dictionary or ours, so that its sound is not a guess."""
        return word in OURS or bool(self.looked_up(word))

    def looked_up(self, word: str) -> tuple[str, ...]:
        """What the dictionary has."""
        if not LETTERS.match(word):
            return ()
        if word not in self._found:
            self._found[word] = tuple(self._lines(word))
        return self._found[word]

    def _lines(self, word: str) -> Iterator[str]:
        """The lines of a word: its other ways to be said follow it, with a number."""
        wanted, at = word.encode(), self._first(word.encode())
        while at < len(self._bytes) - 1:
            ends = self._bytes.index(b"\n", at + 1)
            entry, _, phones = self._bytes[at + 1 : ends].partition(b" ")
            if entry.partition(b"(")[0] != wanted:
                return
            yield phones.decode().strip()
            at = ends

    def _first(self, wanted: bytes) -> int:
        """Where the line of a word begins, or would: the dictionary is in order, and reading all of it for each word of a council takes seconds."""
        low, high = 0, len(self._bytes) - 1
        while low < high:
            middle = (low + high) // 2
            begins = self._bytes.rfind(b"\n", 0, middle + 1)
            ends = self._bytes.index(b"\n", begins + 1)
            if self._bytes[begins + 1 : ends].partition(b" ")[0].partition(b"(")[0] < wanted:
                low = ends
            else:
                high = begins
        return low

    @cached_property
    def _bytes(self) -> bytes:
        return b"\n" + self._path.read_bytes().replace(b"\t", b" ") + b"\n"


def spelt_out(word: str) -> str:
    """A pronunciation by rule of thumb; empty when a letter is none of English, or the word is no word."""
    if not LETTERS.match(word) or not 3 <= len(word) <= LONGEST_SPELT:
        return ""
    left, phones = word.replace("'", ""), []
    if len(left) > 3 and left.endswith("e") and left[-2] not in "aeiou":
        left = left[:-1]
    while left:
        letters, sounds = next(rule for rule in SPELT if left.startswith(rule[0]))
        phones.append(sounds)
        left = left[len(letters) :]
    return " ".join(phones)
