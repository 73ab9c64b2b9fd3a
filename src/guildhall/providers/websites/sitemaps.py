"""Reads a sitemap or a sitemap index (https://www.sitemaps.org/protocol.html)."""

import zlib
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

from guildhall.vocabulary.errors import ProviderError, RefusedError

_GZIP: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Listed:
    """An address of a sitemap with the ISO date it says the page last changed, or empty."""

    url: str
    updated: str = ""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The pages and the further sitemaps a sitemap lists."""

    pages: tuple[Listed, ...]
    sitemaps: tuple[str, ...]


def parse_sitemap(content: bytes, most_bytes: int) -> Sitemap:
    """The sitemap in these bytes, packed with gzip or not. Raises ProviderError when it is none, RefusedError when it is a trap."""
    if content.startswith(_GZIP):
        machine = zlib.decompressobj(wbits=31)
        try:
            content = machine.decompress(content, most_bytes + 1)
        except zlib.error as error:
            raise ProviderError("the packed sitemap is damaged") from error
        if len(content) > most_bytes:
            raise RefusedError(f"the sitemap is larger than {most_bytes:,} bytes once unpacked")
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content:
        raise RefusedError("the sitemap declares entities, which a sitemap never needs")
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError) as error:
        raise ProviderError("the sitemap is not valid XML") from error
    kind = _name(root.tag)
    if kind not in ("urlset", "sitemapindex"):
        raise ProviderError(f"the sitemap's first element is <{kind[:40]}>, not <urlset> or <sitemapindex>")
    entries = [_entry(node) for node in root]
    found = tuple(entry for entry in entries if entry.url)
    return Sitemap(found, ()) if kind == "urlset" else Sitemap((), tuple(entry.url for entry in found))


def _entry(node: ElementTree.Element) -> Listed:
    values = {_name(child.tag): (child.text or "").strip() for child in node}
    updated = values.get("lastmod", "")[:10]
    return Listed(values.get("loc", ""), updated if len(updated) == 10 and updated[4] == "-" else "")


def _name(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]
