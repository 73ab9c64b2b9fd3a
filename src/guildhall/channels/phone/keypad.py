"""The keys of one call: one by one, or gathered until there are enough of them.

It knows no clock: a frame is 20 ms. What was gathered is handed over once and kept nowhere.
"""

from typing import Final

from guildhall.channels.phone.moves import Collect, Spoken
from guildhall.channels.phone.ports import FRAME_SECONDS

PERSON: Final = "0"
AGAIN: Final = "*"
PATIENT_TIMES: Final = 5
"""Somebody who needs time to speak needs time to press, too."""


class Keypad:
    """What was pressed so far."""

    def __init__(self) -> None:
        self._collect: Collect | None = None
        self._keys = ""
        self._waited = 0

    @property
    def collecting(self) -> Collect | None:
        """What is gathered now."""
        return self._collect

    @property
    def begun(self) -> bool:
        """Whether some keys of a number were pressed."""
        return bool(self._keys)

    def expect(self, collect: Collect | None) -> None:
        """Another question was put."""
        self._collect, self._keys, self._waited = collect, "", 0

    def press(self, key: str) -> str | None:
        """A key; what it comes to, or None when more are waited for."""
        collect = self._collect
        if collect is None:
            return key
        if not self._keys and (key == AGAIN or (key == PERSON and not collect.may_begin_with_nought)):
            return key
        self._waited = 0
        if key == AGAIN:  # begin the number again
            self._keys = ""
            return None
        if key == collect.ends_with:
            return self._take()
        self._keys += key
        return self._take() if len(self._keys) >= collect.most else None

    def frame(self, patient: bool = False) -> str | None:
        """20 ms went by; the keys, when a pause ended them."""
        if self._collect is None or not self._keys:
            return None
        self._waited += 1
        enough = self._collect.between_seconds * (PATIENT_TIMES if patient else 1)
        return self._take() if self._waited * FRAME_SECONDS >= enough else None

    def _take(self) -> str:
        keys, self._keys, self._waited = self._keys, "", 0
        return keys


def echo(collect: Collect, keys: str, language: str) -> Spoken | None:
    """What is said back of the keys. Of secret ones nothing, whatever the question wants."""
    if collect.secret or not keys.isdigit():
        return None
    shown = {"all": keys, "last_two": keys[-2:], "none": ""}[collect.echo]
    return Spoken(" ".join(shown) + ".", language) if shown else None
