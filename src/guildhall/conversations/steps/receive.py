"""Receive: make the words readable without losing any of them."""

import re
import unicodedata

from guildhall.conversations.house import House
from guildhall.conversations.state import TurnState

# Zero-width and direction marks carry no words; a message may hide instructions in them. U+200C and U+200D shape
# Arabic-script and Gurmukhi words, so they stay between letters.
INVISIBLE = re.compile("[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
SPACES = re.compile(r"[^\S\n]+")
MOSTLY = 0.3


def receive(turn: TurnState, _house: House) -> TurnState:
    """Clean the utterance for reading. The original stays in the record."""
    raw = turn.utterance.text
    unreadable = len(CONTROL.findall(_visible(raw)))
    text = readable(raw)
    letters = sum(character.isalnum() for character in text)
    notes = turn.notes | {"characters": len(raw), "unreadable": unreadable > MOSTLY * max(1, len(raw)), "empty": letters == 0}
    return turn.but(text=text, notes=notes)


def readable(raw: str) -> str:
    """Words as every later step reads them, and as the spans of signals count them."""
    return SPACES.sub(" ", CONTROL.sub(" ", _visible(raw))).strip()


def _visible(raw: str) -> str:
    return INVISIBLE.sub("", unicodedata.normalize("NFC", raw))
