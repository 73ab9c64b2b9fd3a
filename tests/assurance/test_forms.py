"""The forms hold every field of their standards, and every source that a paper names is really there."""

import pytest

from guildhall.assurance.config import PaperKind
from guildhall.assurance.rendering import render_html
from guildhall.bootstrap.assurance import Desk
from tests.assurance.desks import drafted

ATRS = {
    "0.1": "Title",
    "0.2": "Organisation name",
    "0.3": "Phase",
    "0.4": "Region",
    "0.5": "One sentence description",
    "1.1": "Name",
    "1.2": "Description",
    "1.3": "Website URL",
    "1.4": "Contact email",
    "2.1.1": "Organisation or department",
    "2.1.2": "Team",
    "2.1.3": "Senior responsible owner",
    "2.1.4": "Third party involvement",
    "2.1.4.1": "Third party",
    "2.1.4.2": "Companies House number",
    "2.1.4.3": "Third party role",
    "2.1.4.4": "Procurement procedure type",
    "2.1.4.5": "Third party data access terms",
    "2.2.1": "Detailed description",
    "2.2.2": "Benefits",
    "2.2.3": "Previous process",
    "2.2.4": "Alternatives considered",
    "2.3.1": "Integration into broader operational process",
    "2.3.2": "Human review",
    "2.3.3": "Frequency and scale of usage",
    "2.3.4": "Required training",
    "2.3.5": "Appeals and review",
    "2.4.1.1": "System architecture",
    "2.4.1.2": "System-level input",
    "2.4.1.3": "System-level output",
    "2.4.1.4": "Maintenance",
    "2.4.1.5": "Models",
    "2.4.2.1": "Model name",
    "2.4.2.2": "Model version",
    "2.4.2.3": "Model task",
    "2.4.2.4": "Model input",
    "2.4.2.5": "Model output",
    "2.4.2.6": "Model architecture",
    "2.4.2.7": "Model performance",
    "2.4.2.8": "Datasets and their purposes",
    "2.4.3.1": "Development data description",
    "2.4.3.2": "Data modality",
    "2.4.3.3": "Data quantities",
    "2.4.3.4": "Sensitive attributes",
    "2.4.3.5": "Data completeness and representativeness",
    "2.4.3.6": "Data cleaning",
    "2.4.3.7": "Data collection",
    "2.4.3.8": "Data access and storage",
    "2.4.3.9": "Data sharing agreements",
    "2.4.4.1": "Data sources",
    "2.4.4.2": "Sensitive attributes",
    "2.4.4.3": "Data processing methods",
    "2.4.4.4": "Data access and storage",
    "2.4.4.5": "Data sharing agreements",
    "2.5.1": "Impact assessments",
    "2.5.2": "Risks and mitigations",
}
"""Both tiers of the recording standard's template, version 4.0."""
CHARACTERISTICS = "Age, Disability, Gender reassignment, Marriage, Pregnancy, Race, Religion, Sex, Sexual orientation".split(", ")


def test_the_transparency_record_has_every_field_of_both_tiers(desk: Desk) -> None:
    fields = {entry.id.partition(":")[0]: entry.label for entry in drafted(PaperKind.ATRS, desk).entries()}
    assert {key: fields.get(key) for key in ATRS} == ATRS


def test_every_model_that_is_loaded_has_its_own_part_of_the_record(desk: Desk) -> None:
    entries = {entry.id for entry in drafted(PaperKind.ATRS, desk).entries()}
    assert len(desk.live.models) >= 8
    assert {f"2.4.2.7:{model.id}" for model in desk.live.models} <= entries


def test_the_data_protection_assessment_takes_seven_steps(desk: Desk) -> None:
    headings = [section.heading for section in drafted(PaperKind.DPIA, desk).sections]
    assert [h for h in headings if h.startswith("Step")] == [
        "Step 1: identify the need",
        "Step 2: describe the processing",
        "Step 3: consultation",
        "Step 4: necessity and proportionality",
        "Steps 5 and 6: risks and measures",
        "Step 7: sign off and record outcomes",
    ]


def test_the_equality_assessment_asks_for_all_nine_characteristics(desk: Desk) -> None:
    labels = [entry.label for entry in drafted(PaperKind.EQUALITY, desk).entries()]
    assert [name for name in CHARACTERISTICS if not any(label.startswith(name) for label in labels)] == []


def test_the_playbook_has_ten_principles(desk: Desk) -> None:
    assert [entry.id for entry in drafted(PaperKind.PLAYBOOK, desk).entries()] == [str(number) for number in range(1, 11)]


@pytest.mark.parametrize("kind", list(PaperKind))
def test_every_source_of_every_fact_can_be_looked_up(desk: Desk, kind: PaperKind) -> None:
    facts = drafted(kind, desk).facts()
    assert len(facts) > 10
    lost = {str(source): key for key, fact in facts.items() for source in fact.sources if not desk.evidence.resolves(source)}
    assert lost == {}


@pytest.mark.parametrize("kind", list(PaperKind))
def test_every_standard_says_its_version_and_when_it_was_looked_up_if_it_was(desk: Desk, kind: PaperKind) -> None:
    paper = drafted(kind, desk)
    standard = paper.standard
    assert standard.version
    assert standard.checked_on is None or standard.checked_on >= standard.dated
    assert ("not looked up since" in render_html(paper)) == (standard.checked_on is None)


def test_every_statement_question_and_risk_is_used_by_a_form(desk: Desk) -> None:
    used = {name.removesuffix("?") for form in desk.live.forms.values() for s in form.sections for field in s.fields for name in field.fill}
    inside = " ".join(statement.says for statement in desk.shelf.statements.values())
    assert [key for key in desk.shelf.statements if f"say.{key}" not in used] == []
    assert [key for key in desk.shelf.questions if f"ask.{key}" not in used and f"{{ask.{key}}}" not in inside] == []


def test_no_statement_holds_a_figure_typed_by_hand(desk: Desk) -> None:
    """Counts and shares come in through a placeholder; what is written out are limits of the product and names of standards."""
    written = {key: statement.says for key, statement in desk.shelf.statements.items()}
    shares = [key for key, says in written.items() if "%" in says.replace("400% zoom", "")]
    assert shares == []
