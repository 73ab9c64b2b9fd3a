"""Reads a website by its sitemap into pages, within limits. What cannot be read is reported and does not lose the rest."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from guildhall.knowledge.pages import Page, Problem, Reading, change_of
from guildhall.knowledge.ports import Change
from guildhall.knowledge.readers.broken import UnreadableError
from guildhall.knowledge.readers.folder import page_of
from guildhall.providers.websites.addresses import AddressPolicy
from guildhall.providers.websites.fetching import AGENT, Fetched, Fetcher
from guildhall.providers.websites.robots import CLOSED, Robots, parse_robots
from guildhall.providers.websites.sitemaps import Listed, parse_sitemap
from guildhall.vocabulary.errors import GuildhallError, ProviderError
from guildhall.vocabulary.sentences import capitalised

_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SUFFIXES: Final = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/markdown": ".md",
    "text/plain": ".txt",
    _WORD: ".docx",
}
_GONE: Final = (404, 410)
_NOT_FOUND: Final = 400
_SERVER_FAILED: Final = 500


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a site is read at most."""

    pages: int = 5_000
    page_bytes: int = 20_000_000
    sitemap_bytes: int = 50_000_000
    sitemaps: int = 100
    total_bytes: int = 1_000_000_000
    seconds: float = 3_600.0


class _LimitReachedError(GuildhallError):
    """A limit was reached; the message says which."""


class _PageGoneError(GuildhallError):
    """The page is listed and is not there any more."""


class Crawler:
    """Reads sites. `clock` and `sleep` are injected; `sleep` honours a host's crawl delay."""

    def __init__(
        self, policy: AddressPolicy, clock: Callable[[], float], sleep: Callable[[float], None], limits: Limits | None = None
    ) -> None:
        self._policy, self._clock, self._sleep = policy, clock, sleep
        self._limits = limits or Limits()
        self._fetcher = Fetcher(policy, clock)
        self._robots: dict[str, Robots] = {}
        self._bytes = 0
        self._ends_at = 0.0

    def read(self, address: str, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Reading:
        """The site at the address of its sitemap or of its front page. Raises ProviderError or RefusedError when there is no way in."""
        self._ends_at = self._clock() + self._limits.seconds
        self._bytes = 0
        problems: list[Problem] = []
        notes: list[str] = []
        listed = self._listed(address, problems)
        inside = [entry for entry in listed if self._policy.is_allowed_host(entry.url)]
        if len(inside) < len(listed):
            notes.append(f"{len(listed) - len(inside)} addresses on other hosts were left out")
        if len(inside) > self._limits.pages:
            notes.append(f"only the first {self._limits.pages:,} of {len(inside):,} pages were read")
        changes, complete = self._pages(address, inside[: self._limits.pages], problems, notes, progress)
        return Reading(
            address, tuple(changes), tuple(problems), complete and not problems and len(inside) <= self._limits.pages, tuple(notes)
        )

    def _pages(
        self, origin: str, listed: list[Listed], problems: list[Problem], notes: list[str], progress: Callable[[int, int], None]
    ) -> tuple[list[Change], bool]:
        changes: dict[str, Change] = {}
        closed = gone = 0
        for number, entry in enumerate(listed, 1):
            try:
                page = self._page(entry)
                closed += page is None
                if page is not None:
                    changes.setdefault(page.url, change_of(page, origin))
            except _PageGoneError:
                gone += 1
            except _LimitReachedError as error:
                notes.append(f"{error}; {len(listed) - number + 1} pages were not read")
                return list(changes.values()), False
            except GuildhallError as error:
                problems.append(Problem(entry.url, str(error)))
            progress(number, len(listed))
        if gone:
            notes.append(f"{gone} pages are listed but no longer there")
        if closed:
            notes.append(f"{closed} pages are closed to robots and were left out")
        return list(changes.values()), True

    def _page(self, entry: Listed) -> Page | None:
        """The page at a listed address; None when its host keeps robots out of it."""
        url = urldefrag(entry.url).url
        robots = self._rules(url)
        if not robots.allows(url):
            return None
        if robots.wait_seconds:
            self._sleep(robots.wait_seconds)
        answer = self._fetch(url, self._limits.page_bytes)
        if answer.url != url and not self._rules(answer.url).allows(answer.url):
            return None
        if answer.status in _GONE:
            raise _PageGoneError(f"the server says there is no such page (status {answer.status})")
        if answer.status >= _NOT_FOUND:
            raise ProviderError(f"the server answered with status {answer.status}")
        if "noindex" in answer.robots_tag.lower():
            return None
        suffix = _SUFFIXES.get(answer.kind)
        if suffix is None:
            raise UnreadableError(f"pages of the kind `{answer.kind or 'unknown'}` cannot be read")
        page = page_of(answer.content, suffix, answer.url, _name(answer.url))
        return page if page.updated or not entry.updated else replace(page, updated=entry.updated)

    def _listed(self, address: str, problems: list[Problem]) -> list[Listed]:
        """Every page the site's sitemaps list, each once."""
        waiting = [address] if _is_sitemap(address) else self._sitemaps_of(address)
        found: dict[str, Listed] = {}
        read: set[str] = set()
        while waiting and len(read) < self._limits.sitemaps:
            url = waiting.pop(0)
            if url in read:
                continue
            read.add(url)
            try:
                answer = self._fetch(url, self._limits.sitemap_bytes)
                if answer.status >= _NOT_FOUND:
                    raise ProviderError(f"there is no sitemap here (status {answer.status}); give the sitemap's own address")
                sitemap = parse_sitemap(answer.content, self._limits.sitemap_bytes)
            except GuildhallError as error:
                if len(read) == 1 and not waiting:
                    raise
                problems.append(Problem(url, str(error)))
                continue
            found.update((entry.url, entry) for entry in sitemap.pages if entry.url not in found)
            waiting += sitemap.sitemaps
        return list(found.values())

    def _sitemaps_of(self, address: str) -> list[str]:
        named = [url for url in self._rules(address).sitemaps if self._policy.is_allowed_host(url)]
        return named or [urljoin(address, "/sitemap.xml")]

    def _rules(self, url: str) -> Robots:
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self._robots:
            self._robots[host] = self._read_rules(f"{host}/robots.txt")
        return self._robots[host]

    def _read_rules(self, url: str) -> Robots:
        try:
            answer = self._fetch(url, 500_000)
        except ProviderError:
            return CLOSED
        if answer.status >= _SERVER_FAILED:
            return CLOSED
        if answer.status >= _NOT_FOUND:
            return Robots()
        return parse_robots(answer.content.decode("utf-8", errors="replace"), AGENT)

    def _fetch(self, url: str, most_bytes: int) -> Fetched:
        if self._clock() > self._ends_at:
            raise _LimitReachedError(f"the time limit of {self._limits.seconds:,.0f} seconds was reached")
        if self._bytes > self._limits.total_bytes:
            raise _LimitReachedError(f"the size limit of {self._limits.total_bytes:,} bytes was reached")
        answer = self._fetcher.fetch(url, most_bytes)
        self._bytes += len(answer.content)
        return answer

    def close(self) -> None:
        """Let the connections go."""
        self._fetcher.close()


def _is_sitemap(address: str) -> bool:
    return urlsplit(address).path.lower().endswith((".xml", ".xml.gz"))


def _name(url: str) -> str:
    last = unquote(urlsplit(url).path).rstrip("/").rsplit("/", 1)[-1].rsplit(".", 1)[0].replace("-", " ").replace("_", " ")
    return capitalised(last) or url
