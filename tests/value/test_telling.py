"""One page for councillors: sentences made of results, with what is not known in words."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from guildhall.value.measures.formula import parse_formula
from guildhall.value.measures.measure import Measure
from guildhall.value.measures.result import Excluded, Result, Row
from guildhall.value.measures.units import Unit
from guildhall.value.telling import Before, Told, told

SINCE, UNTIL = date(2026, 11, 1), date(2026, 11, 28)
AT = datetime(2026, 11, 28, 9, tzinfo=UTC)


def a_result(key: str, row: Row, unit: Unit = Unit.SHARE, alarm: float | None = None, excluded: tuple[Excluded, ...] = ()) -> Result:
    measure = Measure(key, key.replace("_", " ").capitalize(), "About it.", unit, "x", parse_formula("x"), alarm_above=alarm)
    return Result(measure, SINCE, UNTIL, "", (row,), row.n, excluded, "hash", AT, AT)


def page(*results: Result, before: Mapping[str, Before] | None = None) -> Told:
    return told("Example Council", SINCE, UNTIL, {result.measure.key: result for result in results}, before)


def words(made: Told) -> str:
    return " ".join(sentence.text for _, sentences in made.paragraphs for sentence in sentences)


def test_a_figure_stands_with_its_interval_and_leads_to_its_measure() -> None:
    made = page(a_result("verified_share", Row("", 0.414, 0.389, 0.44, 1500, 621)))
    assert "41% (it could be 39% to 44%) had the need met without a person" in words(made)
    (part,) = [part for _, sentences in made.paragraphs for sentence in sentences for part in sentence.parts if part.key]
    assert (part.text, part.key) == ("41%", "verified_share")
    assert made.heading == "Example Council’s front door, 1 November 2026 to 28 November 2026"


def test_contact_again_is_said_of_contacts_and_not_of_residents() -> None:
    made = page(a_result("recontact_7d", Row("", 0.07, 0.04, 0.1, 300, 21)))
    assert (
        "Where we can recognise the resident, 7% (it could be 4% to 10%) of contacts were followed by another about the same matter"
        in words(made)
    )


def test_what_is_missing_is_said_and_not_made_up() -> None:
    made = page(a_result("human_honoured", Row("", None, None, None, 2, note="Too few to show.")))
    assert "Human honoured: not known. Too few to show." in made.unknown
    assert "“contacts” is not measured here." in made.unknown
    assert words(made) == ""


def test_without_a_baseline_nothing_is_compared_in_words() -> None:
    made = page(a_result("verified_share", Row("", 0.4, 0.3, 0.5, 100)))
    assert any(
        "no frozen baseline (figures from before the launch) for “Verified share”" in line and "nothing is compared" in line
        for line in made.unknown
    )
    assert "Compared with before" not in [heading for heading, _ in made.paragraphs]


def test_with_a_frozen_baseline_before_stands_beside_now_and_nothing_is_claimed_of_why() -> None:
    was = Before(480.0, date(2025, 1, 1), date(2025, 12, 1), "Calls of 2025")
    made = page(a_result("wait_p50", Row("", 173.0, 157.0, 188.0, 1252), Unit.SECONDS), before={"wait_p50": was})
    assert (
        "2 minutes 53 seconds now. It was 8 minutes in the middle month of January 2025 to December 2025 (frozen baseline “Calls of 2025”)"
        in words(made)
    )
    assert "do not show what made the difference" in words(made)
    assert not any("baseline" in line for line in made.unknown)


def test_contacts_that_are_too_young_are_counted_out_loud() -> None:
    young = Excluded("contacts", "Less than 7 days old: what follows is not known yet.", 1648)
    made = page(a_result("verified_share", Row("", 0.4, 0.3, 0.5, 100), excluded=(young,)))
    assert any(line.startswith("1,648 contacts are less than 7 days old") for line in made.unknown)


def test_a_gap_over_its_alarm_is_said_with_whether_chance_may_explain_it() -> None:
    shown = page(a_result("gap_resolution_language", Row("", 9.0, 2.0, 16.0, 500), Unit.POINTS, 5))
    assert "more than 5 points, so we look into it." in words(shown)
    chance = page(a_result("gap_resolution_language", Row("", 9.0, -2.0, 20.0, 500), Unit.POINTS, 5))
    assert "though chance may explain it" in words(chance)


def test_a_saving_is_nominal_and_one_below_zero_is_said_as_a_cost() -> None:
    saved = words(page(a_result("nominal_saving", Row("", 108900.0, 77200.0, 144200.0, 500), Unit.PENCE)))
    assert "would have cost £1,089 (it could be £772 to £1,442) more. This has not reduced any budget" in saved
    assert "minus £50" in words(page(a_result("nominal_saving", Row("", -5000.0, None, None, 500), Unit.PENCE)))
