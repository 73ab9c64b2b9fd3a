"""A document as evidence: its name and its SHA-256, so that anybody who has the file can prove that it is the same one. The file is not kept."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import urlsplit

from guildhall.value.ledger.needs import Lack

_KEY: Final = re.compile(r"^[a-z0-9][a-z0-9-]{2,59}$")
_DIGEST: Final = re.compile(r"^[0-9a-f]{64}$")


@dataclass(frozen=True, slots=True)
class Document:
    """A document: a file by its digest, or what stands at a https address, by its digest and the day on which it was read. Never fetched."""

    key: str
    name: str
    sha256: str
    by: str
    kept_at: datetime
    size: int | None = None
    link: str = ""
    dated: date | None = None
    withdrawn_at: datetime | None = None
    withdrawn_why: str = ""

    @property
    def stands(self) -> bool:
        """Whether nobody withdrew it."""
        return self.withdrawn_at is None


def key_of(name: str) -> str:
    """A key from a file's name: `Establishment list, October.xlsx` becomes `establishment-list-october`."""
    return re.sub(r"[^a-z0-9]+", "-", name.rsplit(".", 1)[0].lower()).strip("-")[:60]


def document_lacks(document: Document, today: date) -> tuple[Lack, ...]:
    """What is wrong with a document, by field; nothing where it can be kept."""
    found = []
    if not _KEY.match(document.key):
        found.append(Lack("key", "write a key with 3 to 60 small letters, digits and dashes, such as establishment-list-october"))
    if not 3 <= len(document.name) <= 200:
        found.append(Lack("name", "give its name, with 3 to 200 characters; do not name a resident or a colleague"))
    if not _DIGEST.match(document.sha256):
        found.append(Lack("sha256", "give its SHA-256 as 64 hexadecimal digits: `sha256sum FILE` prints it"))
    if document.link:
        parts = urlsplit(document.link)
        if parts.scheme != "https" or not parts.hostname or parts.username or len(document.link) > 500:
            found.append(Lack("link", "give an address that begins with https:// and holds no password"))
        if document.dated is None:
            found.append(Lack("dated", "give the day on which it was read, such as 2026-10-31"))
    if document.dated is not None and document.dated > today:
        found.append(Lack("dated", "that day has not come yet"))
    return tuple(found)
