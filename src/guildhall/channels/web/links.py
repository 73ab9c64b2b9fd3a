"""Which links may be shown, and where they lead: only http(s) on the council's allowed hosts, telephone numbers and e-mail."""

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from guildhall.councils.config import CouncilFile


@dataclass(frozen=True, slots=True)
class LinkPolicy:
    """Where links of a council's replies may lead. `website` is the address that relative links are read against."""

    website: str
    hosts: frozenset[str]

    @classmethod
    def of(cls, council: CouncilFile) -> "LinkPolicy":
        """The council's own website and its allow-list."""
        own = urlsplit(council.website).hostname or ""
        return cls(council.website, frozenset(host.lower() for host in (*council.allowed_link_hosts, own) if host))

    def resolve(self, url: str) -> str:
        """The address to show, absolute; empty when the link may not be shown."""
        if any(ord(character) <= 32 or character == "\\" for character in url):
            return ""
        try:
            parts = urlsplit(url)
            if parts.scheme.lower() in ("tel", "mailto") and parts.path:
                return url
            if parts.scheme and not parts.netloc:
                return ""
            absolute = urljoin(self.website, url)
            parts = urlsplit(absolute)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            return ""
        plain = parts.scheme.lower() in ("http", "https") and not parts.username and not parts.password and port in (None, 80, 443)
        return absolute if plain and host in self.hosts else ""
