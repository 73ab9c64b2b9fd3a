"""Which notice a call begins with, and how long words take to say."""

import re
from typing import Final

NOTICE_SECONDS: Final = 4.0
SAFETY_SECONDS: Final = 10.0
SECONDS_A_CHARACTER: Final = {
    "en": 0.0536, "ar": 0.0905, "cs": 0.0585, "pa": 0.069, "pl": 0.0695, "ps": 0.076, "ro": 0.069, "sk": 0.058, "so": 0.07, "ur": 0.076,
}  # fmt: skip
"""The slowest of what was measured with the embedded voice; Pashto and Somali, which it lacks, after their nearest neighbours."""
SECONDS_A_PAUSE: Final = 0.35
PAUSES: Final = re.compile(r"[.,;:?!،؛۔؟।]")


def seconds_to_say(text: str, language: str) -> float:
    """How long a sentence takes, on the safe side."""
    return len(text) * SECONDS_A_CHARACTER.get(language, 0.076) + len(PAUSES.findall(text)) * SECONDS_A_PAUSE


def notice_ids(recorded: bool, transcribed_outside: bool, refusable: bool = False, kept: bool = True) -> tuple[str, ...]:
    """The wording that a call begins with: a machine answers, what is said is written down, and whether it is kept; and, where it is so, a
    recording, the key that refuses it, and a supplier."""
    if recorded and refusable:
        return ("phone.notice_refusable_outside",) if transcribed_outside else ("phone.notice_refusable",)
    if recorded:
        return ("phone.notice_recorded_outside",) if transcribed_outside else ("phone.notice_recorded",)
    if transcribed_outside:
        return ("phone.notice_outside",)
    return ("phone.notice",) if kept else ("phone.notice_unkept",)
