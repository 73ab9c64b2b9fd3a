"""What was computed over kept views, one file each, so that the next process need not compute it. What cannot be read was never there."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from guildhall.value.measures.measure import Measure
from guildhall.value.measures.result import Excluded, Result, Row

DIGEST: Final = 64
Name = Sequence[object]
"""Everything that what is computed depends on, beside the views themselves."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of computed things. The same name stands for the same thing for as long as the folder is there."""

    folder: Path

    def find(self, name: Name, kind: Any) -> Any:
        """What was put there under that name, of that type; None where nothing was, or it is not whole."""
        try:
            digest, body = _split(self._path(name).read_bytes())
            return _adapter(kind).validate_json(body) if digest == hashlib.sha256(body).hexdigest() else None
        except (OSError, ValueError):
            return None

    def put(self, name: Name, kind: Any, made: Any) -> None:
        """Put it there, whole or not at all. A folder that was taken away meanwhile, or a full disk, is no error: it is computed again."""
        body = json.dumps(_adapter(kind).dump_python(made, mode="json")).encode()
        path = self._path(name)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        try:
            fresh.write_bytes(hashlib.sha256(body).hexdigest().encode() + body)
            fresh.replace(path)
        except OSError:
            fresh.unlink(missing_ok=True)

    def _path(self, name: Name) -> Path:
        return self.folder / f"{hashlib.sha256(json.dumps(list(name), default=str).encode()).hexdigest()}.json"


def _split(whole: bytes) -> tuple[str, bytes]:
    return whole[:DIGEST].decode("ascii"), whole[DIGEST:]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@dataclass(frozen=True, slots=True)
class KeptResult:
    """A result without its measure, which the council's files hold, and without those beside it."""

    rows: tuple[Row, ...]
    n: int
    excluded: tuple[Excluded, ...]
    query_hash: str
    computed_at: datetime
    as_at: datetime
    where: Mapping[str, str]
    method: str
    definition_hash: str
    simulated: int

    @classmethod
    def of(cls, result: Result) -> "KeptResult":
        """What is kept of a result."""
        return cls(**{name: getattr(result, name) for name in cls.__slots__})

    def result(self, measure: Measure, since: Any, until: Any, by: str) -> Result:
        """The result again."""
        return Result(measure, since, until, by, **{name: getattr(self, name) for name in KeptResult.__slots__})
