"""Tables of an answer on a narrow screen: one of two or three columns fits, so that nobody has to scroll to find the price."""

from pathlib import Path

import pytest

STATIC = Path("src/guildhall/web/static")


@pytest.mark.parametrize("sheet", ["source/_conversation.scss", "govuk.css"])
def test_only_a_table_of_many_columns_is_kept_wide(sheet: str) -> None:
    rules = [rule for rule in (STATIC / sheet).read_text("utf-8").split("}") if ".table-scroll .govuk-table" in rule]
    wide = [rule.replace(" ", "") for rule in rules if "min-width" in rule]
    assert len(wide) == 1 and ":has(tr>:nth-child(4))" in wide[0]
