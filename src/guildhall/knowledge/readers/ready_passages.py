"""JSON Lines of passages somebody else has cut: `id`, `title`, `text`, and if they like `url`, `section`, `doc`, `updated`, `services`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from guildhall.knowledge.analyser import visible
from guildhall.knowledge.pages import Problem, Reading, fingerprinted
from guildhall.knowledge.sources import KeptSource
from guildhall.vocabulary.ids import PassageId, ServiceKey, SourceId
from guildhall.vocabulary.passages import Passage, Source


class ReadyPassage(BaseModel):
    """One line. Keys it does not know are left alone, for such files carry their makers' own notes."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    id: Annotated[str, Field(min_length=1, max_length=600)]
    text: Annotated[str, Field(min_length=1)]
    title: str = ""
    section: str = ""
    url: str = ""
    doc: str = ""
    updated: str = ""
    services: tuple[str, ...] = ()


def read_ready_passages(path: Path) -> Reading:
    """Every passage under its own id. Passages of one page are those with one `doc`, or, without it, with one title in a row."""
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    pages: dict[str, list[ReadyPassage]] = {}
    previous = ReadyPassage(id="none", text="none")
    for number, entry in _lines(path, problems):
        if entry.id in seen:
            problems.append(Problem(f"{path}:{number}", f"the id `{entry.id}` is also on line {seen[entry.id]}; give each passage its own"))
            continue
        seen[entry.id] = number
        follows = bool(entry.title) and entry.title == previous.title and not entry.doc and bool(pages)
        key = entry.doc or (next(reversed(pages)) if follows else f"{entry.title}@{entry.id}")
        pages.setdefault(key, []).append(entry)
        previous = entry
    changes = tuple(_change(path, key, entries) for key, entries in pages.items())
    return Reading(str(path.resolve()), changes, tuple(problems), complete=not problems)


def _lines(path: Path, problems: list[Problem]) -> Iterator[tuple[int, ReadyPassage]]:
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            if not raw.strip():
                continue
            try:
                # strict JSON types, yet a list may stand for the tuple of services
                yield number, ReadyPassage.model_validate_json(raw.decode("utf-8-sig"))
            except UnicodeDecodeError:
                problems.append(Problem(f"{path}:{number}", "the line is not UTF-8 text; save the file as UTF-8"))
            except ValidationError as error:
                problems.append(Problem(f"{path}:{number}", _explained(error)))


def _explained(error: ValidationError) -> str:
    first: Any = error.errors()[0]
    if first["type"] == "json_invalid":
        return f"the line is not valid JSON ({first['ctx']['error']}); each line is one object"
    key = ".".join(str(part) for part in first["loc"]) or "line"
    return f"`{key}`: {first['msg'].lower()}; a line needs `id`, `title` and `text`, all of them text"


def _change(path: Path, key: str, entries: list[ReadyPassage]) -> Any:
    first = entries[0]
    services = tuple(dict.fromkeys(ServiceKey(s) for entry in entries for s in entry.services))
    identity = SourceId(f"{path.name}#{key}"[:500])
    passages = [
        Passage(
            PassageId(entry.id),
            identity,
            entry.title,
            visible(entry.section),
            visible(entry.text),
            entry.url,
            entry.updated,
            tuple(ServiceKey(s) for s in entry.services),
            position,
        )
        for position, entry in enumerate(entries)
    ]
    source = Source(identity, first.title or first.id, first.url.split("#")[0], first.updated, "", services)
    return fingerprinted(KeptSource(source, str(path.resolve())), passages)


def is_ready_passages(path: Path) -> bool:
    """Whether the file's name says that it holds passages, one JSON object a line."""
    return path.suffix.lower() in (".jsonl", ".ndjson")
