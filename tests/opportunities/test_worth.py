"""Pounds come from people's own figures, in four columns that are never added; no figures are not nothing."""

from dataclasses import replace

import pytest

from guildhall.opportunities.register import Details, TimeGoes
from guildhall.opportunities.worth import class_of, how, missing, pounds_of, time_pence
from guildhall.vocabulary.benefits import COLUMNS_OF, Column

KNOWN = Details("Copying", "Typed twice.", volume_pa=6_000, minutes_each=10, staff_pence_an_hour=2_400, error_rate=0.1, saves_percent=50)


def test_time_is_volume_minutes_mistakes_share_and_hour() -> None:
    assert time_pence(KNOWN) == 6_000 * 10 // 60 * 110 // 100 * 2_400 * 50 // 100 == 1_320_000
    assert "6,000 a year at 10 minutes each, with 10% of them done again. It would save 50% of that time" in how(KNOWN)


@pytest.mark.parametrize(("goes", "column"), [(TimeGoes.CAPACITY, Column.REINVESTED_CAPACITY), (TimeGoes.GROWTH, Column.AVOIDED_COST),
                                             (TimeGoes.AGENCY, Column.COUNCIL_CASH), (TimeGoes.POST, Column.COUNCIL_CASH)])  # fmt: skip
def test_time_is_cash_only_by_an_act_that_has_a_name(goes: TimeGoes, column: Column) -> None:
    found = pounds_of(replace(KNOWN, time_goes=goes))
    assert found is not None and found.columns == (column,) and found.of(column) == 1_320_000


def test_columns_stand_beside_each_other() -> None:
    found = pounds_of(replace(KNOWN, cash_pence_pa=5_000_00, cash_act="the contract ends", resident_pence_pa=200_00))
    assert found is not None
    assert [found.of(column) for column in Column] == [500_000, 0, 1_320_000, 20_000]


def test_without_figures_it_is_not_valued_and_says_what_is_missing() -> None:
    bare = replace(KNOWN, saves_percent=None, staff_pence_an_hour=0)
    assert pounds_of(bare) is None and how(bare) == ""
    assert missing(bare) == ("what an hour of staff time costs", "how much of that time it would save")
    nothing = pounds_of(replace(KNOWN, saves_percent=0))
    assert nothing is not None and nothing.columns == () and class_of(nothing) is None


def test_the_class_that_is_suggested_allows_its_column() -> None:
    for goes in TimeGoes:
        found = pounds_of(replace(KNOWN, time_goes=goes))
        assert found is not None
        suggested = class_of(found)
        assert suggested is not None and found.columns[0] in COLUMNS_OF[suggested]
