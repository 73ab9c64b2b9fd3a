"""When two spellings of a code or a number are one: what is compared so that a pound cannot be claimed again under another spelling."""

import re
import unicodedata
from typing import Final

_RUNS: Final = re.compile(r"[^\W\d_]+|\d+")


def alike(text: str) -> str:
    """A code as it is compared: `P-1047`, `p 1047` and `P1047` are one; `1-11` and `11-1` are not. Empty where it has no letter and no digit.

    Capitals, and what stands between letters and digits, say nothing. Between two numbers it says where one ends.
    """
    plain = "".join(mark for mark in unicodedata.normalize("NFKC", text) if unicodedata.category(mark) != "Cf").upper()
    runs: list[str] = _RUNS.findall(plain)
    said = ""
    for run in runs:
        said += f"-{run}" if said and said[-1].isdigit() == run[0].isdigit() else run
    return said
