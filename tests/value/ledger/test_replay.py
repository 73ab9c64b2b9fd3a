"""Public claims replayed: each line comes to the stage that its own facts carry, and the headline claims no more."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from guildhall.councils.yaml_files import YamlReader
from guildhall.value.ledger.replay import Judged, ReplayFile, replay
from guildhall.vocabulary.benefits import Stage
from guildhall.vocabulary.errors import ConfigurationError

DERBY = Path("docs/examples/public-claims/derby.yaml")


@pytest.fixture(scope="module")
def derby() -> ReplayFile:
    return YamlReader().read(DERBY, ReplayFile)


def line(file: ReplayFile, key: str) -> Judged:
    return next(one for one in replay(file).lines if one.key == key)


def test_what_was_identified_stays_identified_and_what_has_no_source_is_said(derby: ReplayFile) -> None:
    identified = line(derby, "identified")
    assert identified.stage == Stage.IDENTIFIED
    assert "£7,500,000 at stage identified, evidence E0, as at 2025 (to check)" in identified.can
    assert "£3,900,000 of it is itemised" in identified.can
    assert "where £3,600,000 of it comes from: it has no named source (derived)" in identified.cannot
    assert {"that anything changed: there is no baseline", "that it is cash: no budget line and no act is named"} <= set(identified.cannot)
    for part in ("identified-care", "identified-contact-centre", "identified-debt"):
        assert "that it comes on top of the whole: it is a part of it" in line(derby, part).cannot


def test_a_saving_that_something_else_delivered_loses_its_label_and_names_who_pays(derby: ReplayFile) -> None:
    deviation = line(derby, "temporary-deviation")
    assert deviation.stage == Stage.SUBSTITUTED
    assert "who bears it: people who receive care" in deviation.can
    assert any(text.startswith("that this change delivered it") for text in deviation.cannot)


def test_the_word_delivered_makes_no_budget_taken(derby: ReplayFile) -> None:
    assert line(derby, "delivered").stage == Stage.IDENTIFIED
    assert line(derby, "so-far").stage == Stage.IDEA, "no source of the money is named"
    assert "that it was taken out of a budget: nobody is named who signed it" in line(derby, "delivered").cannot


def test_a_number_without_money_needs_its_definition_and_a_baseline(derby: ReplayFile) -> None:
    resolved = line(derby, "resolved")
    assert resolved.stage is None
    assert resolved.can == ("it was counted like this: fully met or diverted to another channel such as the website",)
    assert resolved.cannot == ("that it changed: there is no baseline",)


def test_the_honest_headline_claims_no_budget_and_adds_nothing(derby: ReplayFile) -> None:
    headline = replay(derby).headline
    assert headline[0] == "As at 31 January 2026, no claim here can be followed to a budget: £0 at stage budget taken can be shown."
    said = " ".join(headline)
    assert "£3,600,000 of it has no named source" in said
    assert "none of it is attributed to this change; borne by people who receive care" in said
    assert headline[-1].startswith("These lines are of different days, words and stages. They are not added")
    assert all("(to check)" in sentence for sentence in headline[1:-1])


def given(**more: Any) -> dict[str, Any]:
    source = {"paper": {"title": "Outturn report", "publisher": "A council", "published": "2026-06", "checked": True}}
    facts = {"said": "agency cost fell", "amount": "£100k", "source": "paper", "comes_from": "agency shifts"}
    return {"title": "A careful council", "as_at": "2026-06-30", "sources": source, "lines": {"one": facts | more}}


FULL = {
    "baseline": "£400k in 2024/25, outturn report", "method": "interrupted time series", "evidence": "e3", "gef_class": "cash_releasing",
    "cash_act": "shifts not booked", "budget_code": "CS-1", "signed_by": "chief finance officer", "borne_by": "nobody",
}  # fmt: skip


def test_a_claim_with_everything_can_be_said_and_each_thing_it_loses_costs_it_its_stage() -> None:
    whole = replay(ReplayFile.model_validate(given(**FULL)))
    assert whole.lines[0].stage == Stage.BUDGET_TAKEN
    assert whole.lines[0].cannot == ()
    assert whole.headline == ("£100,000 at stage budget taken, evidence E3, as at 2026-06: agency cost fell.",)
    for lost, stage in (
        ("signed_by", Stage.MEASURED), ("cash_act", Stage.MEASURED), ("budget_code", Stage.MEASURED), ("gef_class", Stage.MEASURED),
        ("evidence", Stage.BASELINED), ("method", Stage.BASELINED), ("baseline", Stage.IDENTIFIED),
    ):  # fmt: skip
        facts = {name: value for name, value in FULL.items() if name != lost}
        assert replay(ReplayFile.model_validate(given(**facts))).lines[0].stage == stage, lost


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"source": "nowhere"}, "names the source `nowhere`"),
        ({"part_of": "two"}, "part of `two`, which is no other line"),
        ({"amount": "about £7m"}, "no amount of money"),
    ],
)
def test_a_file_that_leads_nowhere_is_refused(more: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ReplayFile.model_validate(given(**more))


def test_a_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "claims.yaml"
    path.write_text(DERBY.read_text("utf-8").replace("    amount: £200k\n", "    amount: roughly 200\n"), "utf-8")
    with pytest.raises(ConfigurationError, match=r"claims\.yaml:1[0-9] .*no amount of money"):
        YamlReader().read(path, ReplayFile)
