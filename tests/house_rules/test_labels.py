"""Every outcome, reason, event, language, category and other code has words that a person can read."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

import pytest

import guildhall
from guildhall.vocabulary.languages import OWN_NAMES, Language

ROOMS = ("vocabulary", "handoffs", "aftercare", "records", "assurance", "value", "opportunities")


def _label_tables() -> Iterator[tuple[str, Mapping[Enum, Any]]]:
    """Each `..._LABELS` of the vocabulary and the rooms, once, under the first module that has it."""
    seen: set[int] = set()
    for room in ROOMS:
        package = importlib.import_module(f"guildhall.{room}")
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            for name, value in vars(module).items():
                if name.endswith("_LABELS") and isinstance(value, dict) and id(value) not in seen:
                    seen.add(id(value))
                    yield f"{found.name.removeprefix(guildhall.__name__ + '.')}.{name}", value


TABLES = dict(_label_tables())


def test_the_tables_are_found() -> None:
    assert {"vocabulary.outcomes.OUTCOME_LABELS", "vocabulary.events.EVENT_LABELS", "vocabulary.benefits.STAGE_LABELS"} <= set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_every_code_has_a_label_and_a_sentence(table: str) -> None:
    labels = TABLES[table]
    (codes,) = {type(code) for code in labels}
    assert set(labels) == set(codes)
    for said in labels.values():
        label, sentence = (said, "A label alone.") if isinstance(said, str) else said
        assert label.strip()
        assert sentence.endswith((".", "?"))


def test_every_language_has_its_own_name() -> None:
    assert set(OWN_NAMES) == set(Language)
