"""Fetches one address: connection pinned to the checked IP, every redirect checked again, size bounded also after unpacking."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

import httpx2

from guildhall.providers.websites.addresses import AddressPolicy
from guildhall.vocabulary.errors import ProviderError, RefusedError

AGENT: Final = "Guildhall"
_HEADERS: Final = {
    "user-agent": f"{AGENT}/0.1 (council content reader)",
    "accept": "text/html,application/xhtml+xml,application/xml,application/pdf,*/*;q=0.5",
    "accept-encoding": "gzip",
}
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS: Final = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered. `url` is where the redirects ended; `kind` is the content type without parameters."""

    url: str
    status: int
    kind: str
    content: bytes
    robots_tag: str = ""


class Fetcher:
    """Fetches within an address policy. Raises RefusedError for what may not be fetched, ProviderError for what fails."""

    def __init__(self, policy: AddressPolicy, clock: Callable[[], float], *, timeout_seconds: float = 15.0) -> None:
        self._policy, self._clock, self._timeout = policy, clock, timeout_seconds
        # trust_env off: a proxy from the environment would look names up again, past our check
        self._client = httpx2.Client(headers=_HEADERS, timeout=timeout_seconds, follow_redirects=False, trust_env=False)

    def fetch(self, url: str, most_bytes: int) -> Fetched:
        """The answer at a URL, at most `most_bytes` long once unpacked, in at most twice the time-out."""
        deadline = self._clock() + 2 * self._timeout
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self._once(url, most_bytes, deadline)
            if isinstance(answer, Fetched):
                return answer
            url = answer
        raise ProviderError(f"{url} redirects more than {_MOST_REDIRECTS} times")

    def _once(self, url: str, most_bytes: int, deadline: float) -> Fetched | str:
        """The answer, or the address it redirects to."""
        target = self._policy.target(url)
        extensions = {"sni_hostname": target.host} if target.scheme == "https" else {}
        try:
            with self._client.stream("GET", target.pinned_url, headers={"host": target.host_header}, extensions=extensions) as response:
                location = response.headers.get("location", "")
                if response.status_code in _REDIRECTS and location:
                    return urljoin(url, location)
                content = self._read(response, most_bytes, deadline)
                kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
                return Fetched(url, response.status_code, kind, content, response.headers.get("x-robots-tag", ""))
        except httpx2.HTTPError as error:
            raise ProviderError(f"{url} could not be fetched: {type(error).__name__}", retry=True) from error
        except httpx2.InvalidURL as error:
            raise RefusedError(f"{url[:200]} is not a valid address") from error

    def _read(self, response: httpx2.Response, most_bytes: int, deadline: float) -> bytes:
        encoding = response.headers.get("content-encoding", "").strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip"):
            raise ProviderError(f"the answer is packed with `{encoding[:20]}`, which was not asked for")
        raw = self._in_time(response.iter_raw(), deadline)
        return _bounded(unpacked(raw, most_bytes) if "gzip" in encoding else raw, most_bytes)

    def _in_time(self, parts: Iterator[bytes], deadline: float) -> Iterator[bytes]:
        for part in parts:
            if self._clock() > deadline:
                raise ProviderError("the server sends so slowly that it was given up", retry=True)
            yield part

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()


def unpacked(parts: Iterator[bytes], most_bytes: int) -> Iterator[bytes]:
    """Gzip unpacked piece by piece, never much more than `most_bytes` in memory. Raises ProviderError when it is damaged."""
    machine = zlib.decompressobj(wbits=31)
    made = 0
    for part in parts:
        waiting = part
        while waiting and made <= most_bytes:
            try:
                piece = machine.decompress(waiting, most_bytes + 1)
            except zlib.error as error:
                raise ProviderError("the packed answer is damaged") from error
            made += len(piece)
            yield piece
            waiting = machine.unconsumed_tail


def _bounded(parts: Iterator[bytes], most_bytes: int) -> bytes:
    found = bytearray()
    for part in parts:
        found += part
        if len(found) > most_bytes:
            raise RefusedError(f"the answer is larger than {most_bytes:,} bytes once unpacked")
    return bytes(found)
