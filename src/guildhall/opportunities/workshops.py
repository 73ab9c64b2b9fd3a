"""A workshop: its service, its day, who led it, how many people came from each role, and its notes."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from typing import Any, Final

from guildhall.vocabulary.errors import RefusedError

MOST_BYTES: Final = 2_000_000
MOST_CHARACTERS: Final = 100_000
KINDS: Final = (".txt", ".md", ".docx", ".csv")


@dataclass(frozen=True, slots=True)
class Workshop:
    """One workshop. `people` counts them by role; no participant is named."""

    id: str
    service: str
    directorate: str
    held_on: date
    facilitator: str
    people: Mapping[str, int] = field(default_factory=dict)
    notes: str = ""
    demo: bool = False

    @property
    def attended(self) -> int:
        """How many came."""
        return sum(self.people.values())


def people_of(text: str) -> dict[str, int]:
    """`Housing officer 3, Team leader 1` or one role a line, as counts by role. Raises RefusedError that names the part it cannot read."""
    found: dict[str, int] = {}
    for part in text.replace(";", ",").replace("\n", ",").split(","):
        words = part.split()
        if not words:
            continue
        numbers = [word for word in (words[0], words[-1]) if word.isascii() and word.isdigit()]
        if not numbers or len(words) < 2:
            raise RefusedError(f"`{part.strip()}` does not say a role and how many, such as `Housing officer 3`")
        role = " ".join(words[1:] if numbers[0] == words[0] else words[:-1])
        found[role] = found.get(role, 0) + int(numbers[0])
    return found


def notes_of(name: str, content: bytes) -> str:
    """The text of an uploaded file by its kind: plain text, a Word file, or a table whose rows become `role: words`. Raises RefusedError."""
    kind = PurePath(name).suffix.lower()
    if kind not in KINDS:
        raise RefusedError(f"`{name}` is not one of {', '.join(KINDS)}; save it as one of these, or paste the words")
    if len(content) > MOST_BYTES:
        raise RefusedError(f"`{name}` is larger than {MOST_BYTES // 1_000_000} MB; leave pictures out, or paste the words")
    text = _word(name, content) if kind == ".docx" else _decoded(name, content)
    text = _table(text) if kind == ".csv" else text
    return checked_notes(text, name)


def checked_notes(text: str, name: str = "the notes") -> str:
    """Notes that hold something and are not too long. Raises RefusedError."""
    text = "\n".join(line.rstrip() for line in text.replace("\x00", "").splitlines()).strip()
    if not text:
        raise RefusedError(f"{name} hold no words" if name == "the notes" else f"`{name}` holds no words")
    if len(text) > MOST_CHARACTERS:
        raise RefusedError(f"{name} are longer than {MOST_CHARACTERS:,} characters; record them as several workshops")
    return text


def _decoded(name: str, content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RefusedError(f"`{name}` cannot be read as text; save it as UTF-8")


def _table(text: str) -> str:
    """Rows as lines. With a header that names a column for the role and one for the words these are taken, else all cells of a row."""
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
    if not rows:
        return ""
    header = [cell.casefold() for cell in rows[0]]
    role = next((n for n, cell in enumerate(header) if cell in ("role", "who", "job", "job title")), None)
    words = next((n for n, cell in enumerate(header) if cell in ("note", "notes", "words", "comment", "comments", "said", "text")), None)
    if words is None:
        return "\n\n".join(" ".join(cell for cell in row if cell) for row in rows)
    lines = [(row[role] if role is not None and role < len(row) else "", row[words]) for row in rows[1:] if words < len(row) and row[words]]
    return "\n\n".join(f"{who}: {said}" if who else said for who, said in lines)


def _word(name: str, content: bytes) -> str:
    import zipfile

    import docx
    from docx.opc.exceptions import OpcError

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > 50 * MOST_BYTES:
                raise RefusedError(f"`{name}` unpacks to more than a document holds; paste the words instead")
        document: Any = docx.Document(io.BytesIO(content))
        return "\n\n".join(_blocks(document))
    except (zipfile.BadZipFile, OpcError, SyntaxError, LookupError, ValueError, AttributeError, OSError) as error:
        raise RefusedError(f"`{name}` is not a Word file that can be read; save it again as .docx") from error


def _blocks(document: Any) -> list[str]:
    found = []
    for item in document.iter_inner_content():
        lines = (
            [": ".join(dict.fromkeys(cell.text.strip() for cell in row.cells if cell.text.strip())) for row in item.rows]
            if hasattr(item, "rows")
            else [item.text]
        )
        found += [line.strip() for line in lines if line.strip()]
    return found
