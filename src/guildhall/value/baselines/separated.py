"""Reads files of separated values. It finds their encoding and separator from the file itself, and says which it found."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO, Final

from guildhall.value.baselines.tables import MOST_COLUMNS, MOST_ROWS, Row, Table, UnreadableFileError

PIECE: Final = 1 << 20
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)")
SAMPLE: Final = 64 * 1024
SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SAID: Final = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}


def open_separated(file: BinaryIO, name: str) -> Table:
    """The table of a file of separated values. Raises UnreadableFileError."""
    encoding = _encoding_of(file, name)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    sample = file.read(SAMPLE).decode(encoding, "ignore")
    separator = _separator_of(sample)
    about = [f"{SAID[encoding]}, separated by {SEPARATORS[separator]}"]
    if encoding == "cp1252":
        about.append(
            "The file is not UTF-8, so it was read as Windows-1252, as older programs write; look at the names with accents and the £ signs."
        )

    def rows() -> Iterator[Row]:
        file.seek(0)
        yield from _numbered(csv.reader((line.replace("\x00", "") for line in _lines(file, encoding)), delimiter=separator), name)

    return Table(name, rows, tuple(about), size, place=file.tell)


def _lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    """The lines of a file with their ends, decoded piece by piece; the file stays open."""
    decoder, left = codecs.getincrementaldecoder(encoding)("strict"), ""
    while piece := file.read(PIECE):
        text, done = left + decoder.decode(piece), 0
        for line in _LINE.finditer(text):
            if line[0].endswith("\r") and line.end() == len(text):
                break  # its \n may be in the next piece
            yield line[0]
            done = line.end()
        left = text[done:]
    left += decoder.decode(b"", final=True)
    if left:
        yield left


def _numbered(lines: "Iterator[list[str]]", name: str) -> Iterator[Row]:
    number = 0
    try:
        for number, cells in enumerate(lines, 1):
            if number > MOST_ROWS:
                raise UnreadableFileError(f"{name}: there are more than {MOST_ROWS:,} rows; import a shorter period at a time")
            yield Row(number, tuple(cells[:MOST_COLUMNS]))
    except csv.Error as error:
        raise UnreadableFileError(
            f"{name}, after row {number}: {error}; most often a quotation mark is opened there and not closed"
        ) from error


def _encoding_of(file: BinaryIO, name: str) -> str:
    """Read the whole file once, a piece at a time: UTF-8 if all of it is, UTF-16 if it is marked or every other byte is nothing, else Windows-1252."""
    file.seek(0)
    start = file.read(4096)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            _check(file, encoding, name)
            return encoding
    if start.count(0) > len(start) // 4:
        encoding = "utf-16-le" if start[1::2].count(0) >= start[::2].count(0) else "utf-16-be"
        _check(file, encoding, name)
        return encoding
    try:
        _decode(file, "utf-8")
    except UnicodeDecodeError:
        return "cp1252" if _fits_windows(file) else _refuse(name)
    return "utf-8"


def _check(file: BinaryIO, encoding: str, name: str) -> None:
    try:
        _decode(file, encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"{name}: it is marked as {SAID[encoding]}, and is not so throughout ({error.reason}); save it anew as UTF-8"
        ) from error


def _decode(file: BinaryIO, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    file.seek(0)
    while piece := file.read(PIECE):
        decoder.decode(piece)
    decoder.decode(b"", final=True)


def _fits_windows(file: BinaryIO) -> bool:
    try:
        _decode(file, "cp1252")
    except UnicodeDecodeError:
        return False
    return True


def _refuse(name: str) -> str:
    raise UnreadableFileError(f"{name}: the encoding is neither UTF-8, UTF-16 nor Windows-1252; save it anew as “CSV UTF-8”")


def _separator_of(sample: str) -> str:
    """What separates most lines into the same number of parts."""
    lines = [line for line in sample.splitlines()[:200] if line.strip()]
    best, most = ",", (0, 0)
    for separator in SEPARATORS:
        parts = Counter(len(cells) for cells in csv.reader(lines, delimiter=separator) if len(cells) > 1)
        if parts:
            width, times = max(parts.items(), key=lambda found: (found[1], found[0]))
            best, most = (separator, (times, width)) if (times, width) > most else (best, most)
    return best
