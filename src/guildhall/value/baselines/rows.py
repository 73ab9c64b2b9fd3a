"""The rows of a baseline as they are kept and hashed: one line of JSON each, with nothing that identifies anybody."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from guildhall.value.baselines.mapping import Kind

VERSION: Final = "guildhall-baseline-1"


@dataclass(frozen=True, slots=True)
class CallRow:
    """One contact. `ending` is 'answered', 'abandoned' or '' where no column says it; durations in seconds, money in pence."""

    when: datetime
    queue: str = ""
    channel: str = ""
    ending: str = ""
    wait: int | None = None
    talk: int | None = None
    amount: int | None = None
    count: int = 1

    def line(self) -> str:
        """As it is kept."""
        return _line([self.when.isoformat(), self.queue, self.channel, self.ending, self.wait, self.talk, self.amount, self.count])


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month's figure. `value` is a plain decimal as text, so that it is kept to the last place."""

    month: date
    queue: str = ""
    channel: str = ""
    value: str | None = None
    amount: int | None = None
    count: int | None = None

    def line(self) -> str:
        """As it is kept."""
        return _line([self.month.isoformat(), self.queue, self.channel, self.value, self.amount, self.count])


BaselineRow = CallRow | MonthRow


def row_of(line: str, kind: Kind) -> BaselineRow:
    """A row from its line. Raises ValueError for a line that is none."""
    cells = json.loads(line)
    if kind == Kind.CALLS:
        return CallRow(datetime.fromisoformat(cells[0]), *cells[1:])
    return MonthRow(date.fromisoformat(cells[0]), *cells[1:])


class Digest:
    """SHA-256 over the kind and every line in its order."""

    def __init__(self, kind: Kind) -> None:
        self._hash = hashlib.sha256(f"{VERSION} {kind.value}\n".encode())

    def add(self, line: str) -> None:
        """Take one more line."""
        self._hash.update(line.encode() + b"\n")

    def value(self) -> str:
        """The digest so far, in 64 hexadecimal figures."""
        return self._hash.hexdigest()


def digest_of(kind: Kind, lines: Iterable[str]) -> str:
    """The digest of a whole baseline."""
    digest = Digest(kind)
    for line in lines:
        digest.add(line)
    return digest.value()


def in_pieces(lines: Iterable[str], most: int) -> Iterator[list[str]]:
    """The lines, so many at a time."""
    piece: list[str] = []
    for line in lines:
        piece.append(line)
        if len(piece) >= most:
            yield piece
            piece = []
    if piece:
        yield piece


def _line(cells: list[Any]) -> str:
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
