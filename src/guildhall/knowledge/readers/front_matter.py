"""The lines between `---` at the top of a Markdown page: title, url, services, owner, updated, review_by. Other keys are left alone."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from guildhall.knowledge.readers.broken import UnreadableError
from guildhall.vocabulary.ids import ServiceKey

_FENCE: Final = "---"


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a page says of itself; empty where it says nothing. Dates are ISO."""

    title: str = ""
    url: str = ""
    services: tuple[ServiceKey, ...] = ()
    owner: str = ""
    updated: str = ""
    review_by: str = ""
    tier: str = "council"


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """The front matter and the body. Raises UnreadableError, with the line, when it is not valid."""
    lines = text.splitlines(keepends=True)
    if not lines or lines[0].strip() != _FENCE:
        return FrontMatter(), text
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() in (_FENCE, "...")), None)
    if end is None:
        raise UnreadableError("the front matter has no end; close it with a line of three hyphens", 1)
    return _checked(_parsed("".join(lines[1:end])), lines[:end]), "".join(lines[end + 1 :])


def _parsed(text: str) -> dict[str, Any]:
    try:
        data = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else None
        raise UnreadableError(f"the front matter is not valid YAML: {error.problem}; check quotes and colons on this line", line) from error
    except (YAMLError, ValueError) as error:
        raise UnreadableError(f"the front matter is not valid YAML: {error}", 1) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise UnreadableError("the front matter must be keys with values, such as `title: Bulky waste`", 2)
    return data


def _checked(data: dict[str, Any], lines: list[str]) -> FrontMatter:
    def line_of(key: str) -> int:
        return next((n for n, line in enumerate(lines, 1) if line.startswith(f"{key}:")), 1)

    def text(key: str) -> str:
        value = data.get(key)
        if value is None:
            return ""
        if isinstance(value, bool | list | dict):
            raise UnreadableError(f"`{key}` must be text", line_of(key))
        return str(value).strip()

    def day(key: str) -> str:
        value = data.get(key)
        if isinstance(value, datetime):
            return value.date().isoformat()
        if isinstance(value, date):
            return value.isoformat()
        try:
            return date.fromisoformat(text(key)).isoformat() if text(key) else ""
        except ValueError:
            raise UnreadableError(f"`{key}` must be a date such as 2026-09-14, not `{value}`", line_of(key)) from None

    services = data.get("services") or []
    services = [services] if isinstance(services, str) else services
    if not isinstance(services, list) or not all(isinstance(key, str) for key in services):
        raise UnreadableError("`services` must be a list of service keys such as [bulky-waste]", line_of("services"))
    return FrontMatter(
        text("title"),
        _url(text("url"), line_of("url")),
        tuple(ServiceKey(key) for key in services),
        text("owner"),
        day("updated"),
        day("review_by"),
        text("tier") or "council",
    )


def _url(url: str, line: int) -> str:
    if url and not url.startswith(("/", "https://", "http://")):
        raise UnreadableError(f"`url` must start with / or https://, not `{url}`", line)
    return url
