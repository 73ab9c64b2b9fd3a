"""One line of an evaluation file, and reading such files with clear errors."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from guildhall.vocabulary.errors import ConfigurationError

PERSON_KINDS = frozenset({"person", "person_request", "human"})
TURN_MARK = " | "


class Line(BaseModel):
    """A message, or several turns of one conversation, and what should come of it. Other keys are kept out of the way."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    text: str
    lang: str | None = None
    lgsl: tuple[int, ...] | None = None
    category: str | None = None
    grade: str | None = None
    kind: str | None = None
    service: str | None = None
    """The key of the service that is meant, for a service without an id; `none` when none is."""
    outcome: str | None = None

    @property
    def turns(self) -> tuple[str, ...]:
        """The utterances of the conversation, oldest first."""
        return tuple(self.text.split(TURN_MARK)) if TURN_MARK in self.text else (self.text,)

    @property
    def asks_for_person(self) -> bool:
        """Whether the resident asks for a person."""
        return self.kind in PERSON_KINDS or self.category == "person_request"

    @property
    def is_distress(self) -> bool:
        """Whether a person should at least be offered because of what is said."""
        return self.grade in ("screen", "confirm") and not self.asks_for_person

    @property
    def is_ordinary(self) -> bool:
        """Whether bringing in a person because of distress would be a false alarm."""
        return not self.is_distress and not self.asks_for_person


def read_lines(paths: Sequence[Path]) -> Iterator[Line]:
    """Every line of every file. Raises ConfigurationError with file and line number."""
    for path in paths:
        with path.open(encoding="utf-8") as file:
            for number, text in enumerate(file, 1):
                if text.strip():
                    yield _line(path, number, text)


def _line(path: Path, number: int, text: str) -> Line:
    try:
        data: dict[str, Any] = json.loads(text)
        if isinstance(data.get("lgsl"), int):
            data["lgsl"] = [data["lgsl"]]
        return Line.model_validate({**data, "id": str(data.get("id", number))})
    except (json.JSONDecodeError, AttributeError):
        raise ConfigurationError(
            "the line is not a JSON object.", file=path, line=number, fix='Write it like {"id": "1", "text": "…"}.'
        ) from None
    except ValidationError as error:
        problem = error.errors()[0]
        key = ".".join(str(part) for part in problem["loc"])
        raise ConfigurationError(
            f"{problem['msg'].lower()}.",
            file=path,
            line=number,
            key=key,
            fix="A line has `id` and `text`; evals/sets/DATA-CARD.md lists the other keys.",
        ) from None
