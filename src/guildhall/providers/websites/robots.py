"""robots.txt as RFC 9309 says: the longest matching rule wins, `*` and `$` are understood, no answer from the server means no."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

_LONGEST_WAIT_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host lets us fetch. `rules` are (pattern, allowed); `wait_seconds` is how long to pause between pages."""

    rules: tuple[tuple[str, bool], ...] = ()
    sitemaps: tuple[str, ...] = ()
    wait_seconds: float = 0.0

    def allows(self, url: str) -> bool:
        """Whether this address may be fetched."""
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        matching = [(len(pattern), allowed) for pattern, allowed in self.rules if _matches(pattern, path)]
        return max(matching)[1] if matching else True


CLOSED: Final = Robots(rules=(("/", False),))


def parse_robots(text: str, agent: str) -> Robots:
    """The rules for `agent`, or those for everybody when it is not named."""
    groups: dict[str, list[tuple[str, str]]] = {}
    sitemaps: list[str] = []
    current: list[str] = []
    in_rules = False
    for line in text.splitlines():
        key, separator, value = line.split("#", 1)[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not separator:
            continue
        if key == "sitemap":
            sitemaps.append(value)
        elif key == "user-agent":
            current = [value.lower()] if in_rules else [*current, value.lower()]
            in_rules = False
            groups.setdefault(value.lower(), [])
        else:
            in_rules = True
            for name in current:
                groups[name].append((key, value))
    lines = groups.get(agent.lower(), groups.get("*", []))
    rules = tuple((value, key == "allow") for key, value in lines if key in ("allow", "disallow") and value)
    return Robots(rules, tuple(sitemaps), _wait(lines))


def _wait(lines: list[tuple[str, str]]) -> float:
    for key, value in lines:
        if key == "crawl-delay":
            try:
                return min(max(float(value), 0.0), _LONGEST_WAIT_SECONDS)
            except ValueError:
                return 0.0
    return 0.0


def _matches(pattern: str, path: str) -> bool:
    anchored = pattern.endswith("$")
    pieces = [re.escape(piece) for piece in pattern.rstrip("$").split("*")]
    return re.match(".*?".join(pieces) + ("$" if anchored else ""), path) is not None
