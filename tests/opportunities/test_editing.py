"""What is known is typed and read back the same; what cannot be is said at its field; a link that cannot be is refused."""

from dataclasses import replace
from typing import Any

import pytest

from guildhall.opportunities.editing import FIELDS, edited, fields_of
from guildhall.opportunities.links import WrongLinkError, check_links
from guildhall.opportunities.register import Answer, Deciding, Details, Opportunity, Status, TimeGoes
from tests.opportunities.made import made

FULL = Details(
    "Copying forms", "Typed twice.", "blue-badge", "Adults", "Take in", 5_200, 7.5, 1_950, 0.04, 60, TimeGoes.AGENCY, 120_050, "the franking contract ends",
    None, 0, ("personal", "children"), Deciding.SUGGESTS, ("people with little English",), True, Answer.FORM, "Team leader", 900_000, 12_345,
    {"Digital": 12.0, "Data and integration": 2.5}, True, ("o2",), ("o3",),
)  # fmt: skip


def others(**more: Any) -> dict[str, Opportunity]:
    return {name: made(name, title=f"Title of {name}", **more.get(name, {})) for name in ("o1", "o2", "o3", "o4")}


def test_what_is_typed_is_what_was_read_to_the_penny() -> None:
    fields = fields_of(FULL)
    assert set(fields) == set(FIELDS) and fields["staff_pounds_an_hour"] == "19.50"
    assert edited(FULL, fields, others()) == (FULL, {})
    assert edited(replace(FULL, title="Another", volume_pa=1), fields, others())[0] == FULL


def test_a_field_that_is_missing_stays_and_an_empty_amount_is_nobody_said() -> None:
    after, wrong = edited(FULL, {"volume_pa": "1,200", "cash_pounds": "", "cash_act": ""}, others())
    assert not wrong and after == replace(FULL, volume_pa=1_200, cash_pence_pa=None, cash_act="")


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("title", "abc", "at least 5"), ("volume_pa", "many", "whole number"), ("volume_pa", "1.5", "whole number"), ("minutes_each", "-2", "minutes as a number"),
        ("error_percent", "140", "at most 100"), ("saves_percent", "most", "0 to 100"), ("cash_pounds", "£lots", "in pounds"), ("cash_act", "", "Name the act"),
        ("deciding", "perhaps", "solely_automated"), ("answer", "magic", "integration"), ("time_goes", "away", "overtime"), ("data_classes", "secret", "special_category"),
        ("team_days", "Digital", "does not end in days"), ("affected_groups", "x" * 81, "at most 80"), ("depends_on", "o9", "is not an opportunity; write its id"),
        ("excludes", "titel of o3", "did you mean “Title of o3”?"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_used(field: str, given: str, said: str) -> None:
    after, wrong = edited(FULL, {field: given, "owner": "Somebody else"}, others())
    assert after is FULL and list(wrong) == [field] and said in wrong[field]


def test_links_are_named_by_id_or_by_title_and_two_of_one_title_by_id() -> None:
    after, wrong = edited(FULL, {"depends_on": "title of o4\no2; o2", "excludes": ""}, others())
    assert not wrong and after.depends_on == ("o4", "o2")
    twice = others() | {"o5": made("o5", title="Title of o4")}
    assert "2 opportunities are called" in edited(FULL, {"depends_on": "Title of o4"}, twice)[1]["depends_on"]


def check(after: dict[str, Any], **more: Any) -> tuple[str, str]:
    everything = others(**more)
    try:
        check_links("o1", replace(everything["o1"].details, **after), everything)
    except WrongLinkError as error:
        return error.field, str(error)
    return "", ""


def test_links_that_cannot_be_are_refused_at_their_field() -> None:
    assert check({"depends_on": ("o2",), "excludes": ("o3",)}) == ("", "")
    assert check({"depends_on": ("o9",)})[0] == "depends_on" and "no opportunity o9" in check({"excludes": ("o9",)})[1]
    assert "itself" in check({"excludes": ("o1",)})[1]
    field, said = check({"depends_on": ("o2",)}, o2={"depends_on": ("o3",)}, o3={"depends_on": ("o1",)})
    assert field == "depends_on" and "“Title of o1” needs “Title of o2” needs “Title of o3” needs “Title of o1”" in said
    assert check({"depends_on": ("o2",)}, o2={"depends_on": ("o3",)}, o3={"depends_on": ("o2",)}) == ("", ""), (
        "a circle of others is theirs to mend"
    )
    field, said = check({"depends_on": ("o2",), "excludes": ("o2",)})
    assert field == "excludes" and "take both" in said
    assert check({"depends_on": ("o2",), "excludes": ("o3",)}, o2={"depends_on": ("o3",)})[0] == "excludes"
    assert check({"depends_on": ("o2", "o3")}, o2={"excludes": ("o3",)})[0] == "depends_on"
    assert check({"depends_on": ("o2",)}, o2={"excludes": ("o1",)})[0] == "depends_on"


def test_nothing_may_need_what_can_never_be_chosen() -> None:
    for never in ({"deciding": Deciding.SOLELY_AUTOMATED}, {"answer": Answer.STOP}, {"status": Status.REFUSED}):
        assert "can never be chosen" in check({"depends_on": ("o2",)}, o2=never)[1]
    assert check({"excludes": ("o2",)}, o2={"status": Status.REFUSED}) == ("", "")
