"""Two people edit one thing: what the other saved meanwhile, and what was typed here, side by side. Nothing typed is lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from guildhall.web.console.visit import Visit


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that the other person changed. `typed` is None where nothing else was typed here."""

    field: str
    label: str
    before: str
    now: str
    typed: str | None


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What was saved meanwhile and by whom (staff id, time, reason), and the fields to show: theirs, with what was typed on top."""

    saved: tuple[tuple[str, datetime, str], ...]
    differences: tuple[Difference, ...]
    fields: Mapping[str, str]


def seen_version(visit: Visit) -> int:
    """The version that the visitor's form was made from; 0 where it names none."""
    return version_in(visit.form)


def version_in(form: Mapping[str, str]) -> int:
    """The version that a form was made from; 0 where it names none."""
    text = form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def taken_up(
    before: Mapping[str, str], now: Mapping[str, str], typed: Mapping[str, str], labels: Mapping[str, str],
    saved: Sequence[tuple[str, datetime, str]], say: Callable[[str, str], str] = lambda _field, text: text,
) -> Meanwhile:  # fmt: skip
    """Compare three texts of each field: as the form was opened, as it is now, and as it was typed. `say` puts a field's text in words."""
    own = {name: text for name, text in typed.items() if _tidy(text) != _tidy(before.get(name, ""))}
    changed = [name for name in now if _tidy(now[name]) != _tidy(before.get(name, ""))]
    differences = [
        Difference(
            name,
            labels.get(name, name.replace("_", " ")),
            say(name, before.get(name, "")),
            say(name, now[name]),
            say(name, own[name]) if name in own and _tidy(own[name]) != _tidy(now[name]) else None,
        )
        for name in changed
    ]
    return Meanwhile(tuple(saved), tuple(differences), {**now, **own})


def _tidy(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
