"""Reads the shipped training lines for the understanding room."""

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from guildhall.bootstrap.training_files import NINE, language_files, routing_files, signal_files
from guildhall.understanding.training.examples import Example, signal_example
from guildhall.understanding.training.languages import LanguageLine, label_of
from guildhall.understanding.training.services import RoutingLine
from guildhall.understanding.words import listed
from guildhall.vocabulary.errors import ConfigurationError

SENSITIVE = listed(
    "domestic-abuse homelessness rough-sleeping adult-safeguarding child-protection hardship-support bailiffs debt-advice "
    "bereavement-services register-a-death hate-crime council-tax-arrears fallen-trees neighbour-antisocial-behaviour "
    "community-safety care-needs-assessment home-care carers-support squatters private-renting-problems council-repairs "
    "damp-and-mould road-flooding dangerous-structures trading-standards council-rent tenancy-changes rehousing-appeals "
    "contact-us emergency-planning severe-weather road-obstructions complaints syringes family-support-groups "
    "community-alarms public-health council-tax-support home-visits-accessible equipment-adaptations short-breaks fostering "
    "school-clothing free-school-meals copy-certificates road-spillages traffic-lights street-lights pavement-problems"
)
"""Services whose own questions may hold distress or hazards: their routing lines do not count as ordinary."""


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise ConfigurationError(
                f"this line is not JSON: {error.msg}.", file=path, line=number, fix="Write one JSON object a line."
            ) from error
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise ConfigurationError(
                "this line has no `text`.", file=path, line=number, key="text", fix="Give the words that are labelled."
            )
        yield row


def reviewed_languages(baseline: Path) -> frozenset[str]:
    """Languages whose lines a native speaker has checked. Raises ConfigurationError for a file that is not as it should be."""
    path = baseline / "training" / "signals" / "native-review.yaml"
    found = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    reviewed = found.get("reviewed") if isinstance(found, dict) else None
    if not isinstance(reviewed, dict) or not set(reviewed) <= set(NINE):
        raise ConfigurationError(
            "`reviewed` must map language codes to who checked them and when.",
            file=path,
            key="reviewed",
            fix="Write `reviewed: {}`, or an entry such as `pl: 2027-01-12, safeguarding lead`.",
        )
    return frozenset(reviewed)


def signal_examples(baseline: Path, language: str) -> list[Example]:
    """Every signal line of a language."""
    found = (signal_example(json.dumps(row), language) for path in signal_files(baseline, language) for row in _rows(path))
    return [example for example in found if example]


def language_lines(baseline: Path) -> list[LanguageLine]:
    """Every language line, and the signal and routing lines, which are in a known language too."""
    lines = [
        LanguageLine(r["text"], label_of(str(r.get("lang", path.stem)), str(r.get("script", "native")), r["text"]))
        for path in language_files(baseline)
        for r in _rows(path)
    ]
    for code in ("en", *NINE):
        lines.extend(LanguageLine(e.text, label_of(code, e.script, e.text)) for e in signal_examples(baseline, code))
    lines.extend(LanguageLine(line.text, line.language) for line in routing_lines(baseline) if line.language == "en")
    return lines


def routing_lines(baseline: Path) -> list[RoutingLine]:
    """Every routing line."""
    lines = []
    for path in routing_files(baseline):
        for row in _rows(path):
            service = row.get("service") or []
            keys = tuple(str(k) for k in ([service] if isinstance(service, str) else service))
            lines.append(RoutingLine(row["text"], keys, str(row.get("lang", "en")), str(row.get("style", ""))))
    return lines


def ordinary_lines(baseline: Path, languages: Collection[str] = ("en",)) -> list[Example]:
    """Routing lines that ask an ordinary service something: what must raise no alarm."""
    return [
        Example(line.text, "none", "none", "routing", line.language)
        for line in routing_lines(baseline)
        if line.language in languages and line.services and not set(line.services) & SENSITIVE
    ]
