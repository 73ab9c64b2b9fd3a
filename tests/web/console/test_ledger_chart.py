"""Council cash by stage: hoped for and delivered are told apart and never one sum."""

from guildhall.value.ledger.totals import Total
from guildhall.vocabulary.benefits import Column, GefClass, Stage
from guildhall.web.console.ledger.stage_chart import by_stage


def a_total(stage: Stage, pence: int, column: Column = Column.COUNCIL_CASH) -> Total:
    return Total(column, stage, GefClass.CASH_RELEASING, pence, pence, pence, ("one",))


def test_hoped_and_delivered_are_apart_and_other_columns_are_not_in_it() -> None:
    avoided = next(column for column in Column if column != Column.COUNCIL_CASH)
    cells = (a_total(Stage.IDENTIFIED, 750_000_000), a_total(Stage.BUDGET_TAKEN, 20_000_000), a_total(Stage.IDENTIFIED, 5, avoided))
    figure = by_stage(cells)
    assert figure is not None
    assert figure.finding == "£200,000 of council cash is delivered. £7,500,000 is hoped for. The two are never added together."
    assert [row[1].raw for row in figure.table.rows] == [750_000_000, 20_000_000]
    assert "All" not in figure.table.columns


def test_without_council_cash_nothing_is_drawn() -> None:
    assert by_stage(()) is None
