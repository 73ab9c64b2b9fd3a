"""A folder of pages, read file by file. One bad file is reported and does not lose the others."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from guildhall.knowledge.pages import Page, Problem, Reading, change_of
from guildhall.knowledge.ports import Change
from guildhall.knowledge.readers.broken import UnreadableError
from guildhall.knowledge.readers.html import read_html
from guildhall.knowledge.readers.markdown import read_markdown
from guildhall.knowledge.readers.pdf import read_pdf
from guildhall.knowledge.readers.word import read_word
from guildhall.vocabulary.sentences import capitalised

MOST_BYTES: Final = 50_000_000
Progress = Callable[[int, int], None]
_TEXT: Final = {".md": read_markdown, ".markdown": read_markdown, ".txt": read_markdown, ".html": read_html, ".htm": read_html}
_BINARY: Final = {".pdf": read_pdf, ".docx": read_word}
_ENCODING: Final = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)


def read_folder(folder: Path, progress: Progress = lambda _done, _all: None) -> Reading:
    """Every page in a folder and the folders in it. Hidden files, and links that lead out of the folder, are left alone."""
    changes: list[Change] = []
    problems: list[Problem] = []
    origin = str(folder.resolve())
    files = sorted(pages_in(folder))
    for number, path in enumerate(files, 1):
        try:
            changes.append(change_of(read_file(path, folder), origin))
        except UnreadableError as error:
            where = f"{path}:{error.line}" if error.line else str(path)
            problems.append(Problem(where, error.what))
        progress(number, len(files))
    if not files:
        known = ", ".join(sorted([*_TEXT, *_BINARY]))
        problems.append(Problem(str(folder), f"there are no pages in this folder; files that can be read end in {known}"))
    return Reading(origin, tuple(changes), tuple(problems), complete=not problems)


def read_single(path: Path) -> Reading:
    """One file as an origin of its own."""
    origin = str(path.resolve())
    try:
        return Reading(origin, (change_of(read_file(path, path.parent), origin),))
    except UnreadableError as error:
        where = f"{path}:{error.line}" if error.line else str(path)
        return Reading(origin, (), (Problem(where, error.what),), complete=False)


def pages_in(folder: Path) -> Iterator[Path]:
    """The files that can be read."""
    root = folder.resolve()
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        hidden = any(part.startswith((".", "~$")) for part in inside.parts)
        if not hidden and path.suffix.lower() in _TEXT | _BINARY and path.is_file() and path.resolve().is_relative_to(root):
            yield path


def can_read(path: Path) -> bool:
    """Whether a file's name says that it is a page."""
    return path.suffix.lower() in _TEXT | _BINARY


def read_file(path: Path, root: Path) -> Page:
    """The page of one file. Its address is its place in the folder, unless it names its own. Raises UnreadableError."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableError(f"the file is larger than {MOST_BYTES // 1_000_000} MB; split it")
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"the file cannot be opened: {error.strerror or error}") from error
    return page_of(content, path.suffix.lower(), _address(path, root), _name(path))


def page_of(content: bytes, suffix: str, url: str, name: str) -> Page:
    """The page of a file's content, by its suffix. Raises UnreadableError, also when nothing is left to read."""
    if suffix in _BINARY:
        return _BINARY[suffix](content, url, name)
    page = _TEXT[suffix](_decoded(content, suffix), url, name)
    if not page.sections:
        raise UnreadableError("the page holds no text that a reader would see")
    return page


def _decoded(content: bytes, suffix: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        declared = _ENCODING.search(content[:2048])
        if suffix in (".html", ".htm"):
            try:
                return content.decode(declared.group(1).decode("ascii") if declared else "cp1252", errors="replace")
            except LookupError:
                return content.decode("cp1252", errors="replace")
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableError("the file is not UTF-8 text; save it as UTF-8", line) from error


def _address(path: Path, root: Path) -> str:
    inside = path.relative_to(root)
    if path.suffix.lower() in _BINARY:
        return f"/{inside.as_posix()}"
    plain = inside.with_suffix("")
    return "/" + ("" if plain.as_posix() == "index" else plain.parent.as_posix() if plain.name == "index" else plain.as_posix())


def _name(path: Path) -> str:
    words = re.sub(r"[-_]+", " ", path.stem).strip()
    return capitalised(words)
