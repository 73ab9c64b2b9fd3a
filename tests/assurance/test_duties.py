"""Every duty stands beside what does it; a duty nothing stands for is a gap, and a control that is not there counts for nothing."""

from datetime import date
from pathlib import Path

from guildhall.assurance.config import Control, Duty, PaperKind
from guildhall.assurance.duties import GAP, IN_PLACE, PARTLY, matrix, state_of
from guildhall.assurance.facts import Fact, Source, SourceKind
from guildhall.bootstrap.assurance import Desk
from guildhall.policy.config import RuleFile
from tests.assurance.desks import changed_councils, desk_of, drafted


def duty(*controls: str) -> Duty:
    return Duty(
        law="Some Act 2020",
        about="Do what is right.",
        source="https://law.example/1",
        confirm="somebody",
        evidence="a log",
        checked_on=date(2026, 11, 26),
        controls=tuple(Control(at=at, does="does it") for at in controls),
    )


def there(source: Source) -> bool:
    return source.ref != "gone.yaml"


def states(duties: dict[str, Duty], rules: tuple[RuleFile, ...] = ()) -> dict[str, str]:
    return {row.key: state_of(row) for row in matrix(duties, rules, there).rows}


def a_rule(status: str = "enforced") -> RuleFile:
    data = {
        "kind": "rule",
        "id": "care",
        "version": 3,
        "title": "Somebody may need care",
        "why": "Because people matter",
        "duties": ["some_act", "another_act"],
        "owner": "lead",
        "status": status,
        "review_by": "2027-01-01",
        "scope": {"stages": ["on_input"]},
        "cases": [{"when": {"signal": "suicide_self_harm"}, "then": {"effect": "offer"}}],
        "examples": {"fires": [{"text": "I want to die"}], "quiet": [{"text": "my phone died"}]},
    }
    import json

    return RuleFile.model_validate_json(json.dumps(data))


def test_a_duty_is_in_place_partly_there_or_a_gap() -> None:
    duties = {"a": duty("file:there.yaml"), "b": duty("file:there.yaml", "file:gone.yaml"), "c": duty("file:gone.yaml"), "d": duty()}
    assert states(duties) == {"a": IN_PLACE, "b": PARTLY, "c": GAP, "d": GAP}


def test_a_rule_that_names_a_duty_is_one_of_its_controls_with_its_version() -> None:
    row = next(row for row in matrix({"some_act": duty()}, (a_rule(),), there).rows if row.key == "some_act")
    controls = row.cells[2]
    assert isinstance(controls, Fact)
    assert controls.source == Source(SourceKind.RULE, "care@3")
    assert "Somebody may need care (rule:care@3)" in controls.value


def test_a_rule_that_is_suspended_does_nothing_for_a_duty() -> None:
    assert states({"some_act": duty()}, (a_rule("suspended"),)) == {"some_act": GAP}


def test_a_tag_that_the_register_does_not_know_is_a_gap_of_the_register() -> None:
    assert states({"some_act": duty()}, (a_rule(),))["another_act"] == "gap: not in the register"


def test_a_control_that_is_not_there_is_named() -> None:
    row = matrix({"a": duty("file:there.yaml", "file:gone.yaml")}, (), there).rows[0]
    controls = row.cells[2]
    assert isinstance(controls, Fact)
    assert "named but not found: file:gone.yaml" in controls.value


def test_every_tag_of_every_rule_is_in_the_register(desk: Desk) -> None:
    assert [row.key for row in desk.live.tables["duties"].rows if state_of(row) == "gap: not in the register"] == []


def test_every_duty_that_the_facts_page_names_is_in_the_register(desk: Desk) -> None:
    wanted = (
        "care_act_s42 children_act_1989_s47 domestic_abuse_act_2021 breathing_space_2020 psed uk_gdpr_art22 duaa_s103 ico_adm_code atrs"
    )
    wanted += (
        " ai_playbook psbar_2018 ncsc_secure_ai ai_cyber_code freedom_of_information human_rights_art2 prevent_duty modern_slavery_act_s52"
    )
    assert [key for key in wanted.split() if key not in desk.shelf.duties] == []


def test_a_test_that_is_taken_away_takes_its_control_with_it(tmp_path: Path) -> None:
    councils = changed_councils(
        tmp_path, {"_baseline/duties.yaml": lambda text: text.replace("test_hostile_model.py", "test_friendly_model.py")}
    )
    paper = drafted(PaperKind.DUTIES, desk_of(tmp_path / "var", councils))
    state = paper.facts()["2.1/ncsc_secure_ai/State"]
    assert state.value == PARTLY
