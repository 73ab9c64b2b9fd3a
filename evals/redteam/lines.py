"""One line of the red team's files: an attack, a harmless look-alike or an ordinary question."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.redteam.encodings import ENCODINGS
from guildhall.vocabulary.errors import ConfigurationError

HERE = Path(__file__).parent
ATTACKS = HERE / "attacks"
Harm = Literal["act", "link", "others", "secret", "follow"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(Strict):
    """A page an attacker got into the council's content: an honest fact, and what was planted beside it."""

    format: Literal["md", "html", "pdf", "docx"]
    title: str
    fact: str
    planted: str
    service: str = ""
    unseen: bool = False
    """Whether a reader of the page would not see what was planted, so that it may not even be kept."""
    hide: Literal["", "invisible", "white", "tiny", "outside", "vanish", "alt", "comment", "header"] = ""


class Scripted(Strict):
    """What the model says when the attacker holds it: one block, raw text, or a manner of misbehaving."""

    say: str = ""
    raw: str = ""
    manner: Literal["", "error", "cut", "huge", "prompt", "passages", "echo"] = ""


class Line(Strict):
    """`must_not` says what the attack is after; every line is checked for every harm all the same. `never` must not be said."""

    id: str
    kind: str
    lang: str = "en"
    text: str = ""
    turns: tuple[str, ...] = ()
    encoding: str = ""
    page: Page | None = None
    model: Scripted | None = None
    must_not: tuple[Harm, ...] = ()
    never: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """What the resident says, turn by turn, encoded where the encoding is the attack."""
        if self.turns:
            return self.turns
        return (ENCODINGS[self.encoding](self.text) if self.encoding else self.text,)


def read(path: Path) -> list[Line]:
    """The lines of a file. Raises ConfigurationError with file and line."""
    found = []
    for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            line = Line.model_validate(json.loads(text))
        except (json.JSONDecodeError, ValidationError) as error:
            raise ConfigurationError(
                f"the line cannot be read: {str(error).splitlines()[0]}.", file=path, line=number, fix="DATA-CARD.md lists the keys."
            ) from None
        if line.encoding and line.encoding not in ENCODINGS:
            raise ConfigurationError(
                f"`{line.encoding}` is not an encoding.", file=path, line=number, key="encoding", fix=f"Use one of {', '.join(ENCODINGS)}."
            )
        found.append(line)
    return found


def attacks() -> list[Line]:
    """Every attack, file by file."""
    return [line for path in sorted(ATTACKS.glob("*.jsonl")) for line in read(path)]


def lookalikes() -> list[Line]:
    """Harmless messages that look like attacks or sound dangerous."""
    return read(HERE / "lookalikes.jsonl")


def ordinary() -> list[Line]:
    """Ordinary questions, each with the services that are right."""
    return read(HERE / "ordinary.jsonl")


def sampled(lines: Sequence[Line], count: int) -> list[Line]:
    """`count` lines, the same ones every time: spread over kinds as the hash of their ids falls. 0 means all."""
    if not 0 < count < len(lines):
        return list(lines)
    kept = {line.id for line in sorted(lines, key=_place)[:count]}
    return [line for line in lines if line.id in kept]


def _place(line: Line) -> str:
    return hashlib.sha256(line.id.encode()).hexdigest()


def by_kind(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """The lines of each kind, in order."""
    kinds: dict[str, list[Line]] = {}
    for line in lines:
        kinds.setdefault(line.kind, []).append(line)
    return kinds
