"""What is known is filled in with its source; what nobody said is shown as open, and never made up."""

from pathlib import Path

import pytest

from guildhall.assurance.config import PaperKind
from guildhall.assurance.facts import Fact, Missing, Source, SourceKind
from guildhall.bootstrap.assurance import LATER, Desk
from guildhall.vocabulary.errors import ConfigurationError
from tests.assurance.desks import Change, changed_councils, desk_of, drafted


def without(*keys: str) -> dict[str, Change | bytes | None]:
    def change(text: str) -> str:
        return "\n".join(line for line in text.splitlines() if not line.strip().startswith(tuple(f"{key}:" for key in keys))) + "\n"

    return {"avonmere/assurance.yaml": change}


def test_the_record_is_filled_to_nine_tenths_at_least(desk: Desk) -> None:
    counts = drafted(PaperKind.ATRS, desk).counts
    assert counts.share >= 90
    assert counts.from_system > counts.from_people
    assert counts.to_confirm > 0
    assert str(counts.share) in counts.sentence()


def test_a_missing_answer_is_shown_with_who_should_answer_and_not_made_up(tmp_path: Path) -> None:
    councils = changed_councils(tmp_path, without("data.lawful_basis", "owner.senior_responsible_owner"))
    desk = desk_of(tmp_path / "var", councils)
    dpia, atrs = drafted(PaperKind.DPIA, desk), drafted(PaperKind.ATRS, desk)
    basis = next(entry for entry in dpia.entries() if entry.label == "Lawful basis")
    assert basis.content == (Missing("Which lawful basis is relied on?", "the data protection officer"),)
    assert not basis.filled
    assert [entry.id for entry in dpia.entries() if not entry.filled] == ["2.5", "4.1"], "2.5 has figures, and there is no record here"
    assert [missing.who for _, missing in atrs.open_questions()] == ["the chief executive", "whoever runs the service"]


def test_a_council_that_answered_nothing_gets_papers_full_of_questions(tmp_path: Path) -> None:
    desk = desk_of(tmp_path / "var", changed_councils(tmp_path, {"avonmere/assurance.yaml": None}))
    for kind in (PaperKind.DPIA, PaperKind.EQUALITY, PaperKind.ACCESSIBILITY):
        paper = drafted(kind, desk)
        assert paper.counts.from_people == 0
        assert len(paper.open_questions()) >= 8
    atrs = drafted(PaperKind.ATRS, desk).counts
    assert 50 <= atrs.share < 90


def test_a_sentence_whose_fact_is_open_is_open_itself(desk: Desk) -> None:
    scale = next(entry for entry in drafted(PaperKind.ATRS, desk).entries() if entry.id == "2.3.3")
    assert isinstance(scale.content[0], Missing)
    assert "no database" in scale.content[0].question


def test_an_answer_to_be_confirmed_says_by_whom(desk: Desk) -> None:
    facts = drafted(PaperKind.DPIA, desk).facts()
    assert facts["4.1"].confirm == "data protection officer"
    assert facts["4.1"].source.kind is SourceKind.ANSWER
    assert facts["0.1"].confirm == ""


def test_a_later_part_of_the_system_fills_what_was_open(desk: Desk, tmp_path: Path) -> None:
    assert any(missing == LATER["log.verified"] for _, missing in drafted(PaperKind.DUTIES, desk).open_questions())
    verified = Fact("the log verifies, 12 events", Source(SourceKind.COMMAND, "papers"))
    told = drafted(PaperKind.DUTIES, desk_of(tmp_path, more={"log.verified": verified}))
    assert verified in told.facts().values()
    assert not any(missing == LATER["log.verified"] for _, missing in told.open_questions())
    assert verified in drafted(PaperKind.ATRS, desk_of(tmp_path, more={"log.verified": verified})).facts().values()


def test_what_is_wanted_only_if_known_leaves_no_open_question(desk: Desk) -> None:
    asked = [missing for _, missing in drafted(PaperKind.ATRS, desk).open_questions()]
    assert not any(missing in asked for missing in LATER.values())


def test_a_form_that_names_nothing_real_says_what_was_meant(tmp_path: Path) -> None:
    form = "_baseline/assurance/forms/playbook.yaml"
    councils = changed_councils(tmp_path, {form: lambda text: text.replace("say.open_code", "say.open_cod")})
    with pytest.raises(ConfigurationError) as raised:
        drafted(PaperKind.PLAYBOOK, desk_of(tmp_path / "var", councils))
    assert str(raised.value) == (
        "councils/_baseline/assurance/forms/playbook.yaml (key `say.open_cod`): `say.open_cod` fills a field, and there is nothing of that "
        "name. Did you mean `say.open_code`?"
    )


def test_the_accessibility_statement_owns_up_to_what_was_not_tested(desk: Desk) -> None:
    said = " ".join(str(fact.value) for fact in drafted(PaperKind.ACCESSIBILITY, desk).facts().values())
    assert "is partially compliant with the Web Content Accessibility Guidelines version 2.2 AA standard" in said
    assert "Not tested by the project: screen readers" in said
    assert "the transcript of a conversation on screen and on paper" in said
