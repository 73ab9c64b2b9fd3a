"""Council cash by stage, as bars. Each benefit is at one stage, so the bars are separate and never added together."""

from collections.abc import Sequence
from typing import Final

from guildhall.value.ledger.totals import Total
from guildhall.vocabulary.benefits import STAGE_LABELS, STANDING_LABELS, STANDING_OF, Column, Stage, Standing
from guildhall.web.charts import Bar, Figure, Unit, bars, say

SERIES: Final = {Standing.HOPED: 4, Standing.SHOWN: 2, Standing.DELIVERED: 1, Standing.ELSEWHERE: 3, Standing.GONE: 0}


def by_stage(cells: Sequence[Total]) -> Figure | None:
    """The figure; None while no benefit has council cash. Each bar says what its stage lets be said of it."""
    cash: dict[Stage, int] = {}
    for cell in cells:
        if cell.column == Column.COUNCIL_CASH:
            cash[cell.stage] = cash.get(cell.stage, 0) + cell.pence
    if not cash:
        return None
    rows = [
        Bar(STAGE_LABELS[stage][0], cash[stage], href=f"/console/value/ledger?stage={stage.value}", series=SERIES[STANDING_OF[stage]],
            remark=STANDING_LABELS[STANDING_OF[stage]][0].lower())
        for stage in Stage
        if stage in cash
    ]  # fmt: skip
    delivered = sum(pence for stage, pence in cash.items() if STANDING_OF[stage] == Standing.DELIVERED)
    hoped = sum(pence for stage, pence in cash.items() if STANDING_OF[stage] == Standing.HOPED)
    finding = f"{say(delivered, Unit.PENCE)} of council cash is delivered. {say(hoped, Unit.PENCE)} is hoped for. The two are never added together."
    return bars("by-stage", "Council cash by stage", finding, rows, Unit.PENCE, column="Stage", note="Before any haircut for evidence.")
