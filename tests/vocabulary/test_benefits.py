"""Every word of the ledger has a label and a sentence, and every stage has its standing."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from guildhall.vocabulary import benefits as words

PAIRS: list[tuple[type[StrEnum], Mapping[Any, tuple[str, str]]]] = [
    (words.GefClass, words.GEF_CLASS_LABELS),
    (words.GefType, words.GEF_TYPE_LABELS),
    (words.Recurrence, words.RECURRENCE_LABELS),
    (words.Stage, words.STAGE_LABELS),
    (words.Standing, words.STANDING_LABELS),
    (words.EvidenceLevel, words.EVIDENCE_LABELS),
    (words.Assurance, words.ASSURANCE_LABELS),
    (words.CashAct, words.CASH_ACT_LABELS),
    (words.Bearer, words.BEARER_LABELS),
    (words.Column, words.COLUMN_LABELS),
    (words.HoursWent, words.HOURS_WENT_LABELS),
]


@pytest.mark.parametrize(("codes", "labels"), PAIRS, ids=lambda given: getattr(given, "__name__", ""))
def test_every_code_has_a_label_and_a_sentence(codes: type[StrEnum], labels: Mapping[Any, tuple[str, str]]) -> None:
    assert set(labels) == set(codes)
    assert all(label and sentence.endswith(".") for label, sentence in labels.values())


def test_every_stage_says_what_it_says_of_an_amount_and_every_class_has_its_columns() -> None:
    assert set(words.STANDING_OF) == set(words.Stage)
    assert set(words.COLUMNS_OF) == set(words.GefClass)
    with_cash = {one for one, columns in words.COLUMNS_OF.items() if words.Column.COUNCIL_CASH in columns}
    assert with_cash == {words.GefClass.CASH_RELEASING, words.GefClass.NON_EFFICIENCY_SAVING, words.GefClass.INCOME_GAIN}
