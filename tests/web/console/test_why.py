"""Why did it say that? Finding a turn, reading what was decided, and opening what was said."""

import pytest
from sqlalchemy import delete

from guildhall.bootstrap.house import Guildhall
from guildhall.storage.keys_schema import wrapped_keys
from guildhall.storage.turns import Sought, TurnReader
from guildhall.vocabulary.roles import Role
from tests.web.console.staff import Staff, events_of, residents_ask


@pytest.fixture
def staff(guildhall: Guildhall) -> Staff:
    return Staff(guildhall, Role.DATA_PROTECTION_OFFICER)


def found(staff: Staff, query: str = "") -> list[str]:
    staff.open(f"/console/turns{query}")
    return [link.attributes["href"] or "" for link in staff.all("tbody th a")]


def open_only(staff: Staff, query: str = "") -> Staff:
    (path,) = found(staff, query)
    staff.open(path)
    return staff


def test_with_no_turn_the_page_says_so(staff: Staff) -> None:
    assert found(staff) == []
    assert "Nobody has asked anything yet" in staff.text(".empty")


def test_turns_are_found_by_what_happened_in_them(guildhall: Guildhall, staff: Staff) -> None:
    residents_ask(guildhall)
    assert len(found(staff)) == 6
    assert len(found(staff, "?outcome=answered")) == 1
    assert len(found(staff, "?category=domestic_abuse")) == 1
    assert len(found(staff, "?rule=safeguarding.domestic-abuse")) == 1
    assert len(found(staff, "?language=en&since=2026-11-25&until=2026-11-25")) == 6
    assert found(staff, "?until=2026-11-24") == []
    assert "No turn is like that" in staff.text(".empty")
    assert found(staff, "?category=domestic") == [], "a part of a code is no code"
    assert found(staff, "?outcome=%25") == [], "a wildcard is a letter like any other"


def test_a_turn_is_found_by_reference_conversation_or_turn(guildhall: Guildhall, staff: Staff) -> None:
    residents_ask(guildhall, "How much is bulky waste?", "let me talk to a person")
    turn = TurnReader(guildhall.database, "avonmere").search(Sought(), 1)[0]
    for about in (turn.facts["reference"], turn.facts["reference"].lower(), turn.conversation_id, turn.conversation_id[-6:], turn.id):
        assert found(staff, f"?q={about}") == [f"/console/turns/{turn.conversation_id}/{turn.id}"]
    for about in ("ABCD-EFGH", turn.conversation_id[-5:], "______", "%25%25%25%25%25%25"):
        assert found(staff, f"?q={about}") == []


@pytest.mark.parametrize("query", ["?since=yesterday", "?until=2026-13-45", "?since=2026-02-30"])
def test_a_day_that_is_none_is_said_so(staff: Staff, query: str) -> None:
    found(staff, query)
    assert "real date" in staff.text(".govuk-error-summary")
    assert staff.text("title").startswith("Error: ")


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999", "²", "1" * 300])
def test_a_page_that_is_none_does_no_harm(guildhall: Guildhall, staff: Staff, page: str) -> None:
    residents_ask(guildhall, "How much is bulky waste?")
    assert staff.open(f"/console/turns?page={page}").status == 200


def test_long_lists_are_cut_into_pages_that_keep_the_search(guildhall: Guildhall, staff: Staff) -> None:
    residents_ask(guildhall, *["How much is bulky waste?"] * 27)
    assert len(found(staff, "?outcome=answered")) == 25
    following = staff.one(".govuk-pagination__next a").attributes["href"] or ""
    assert following == "/console/turns?outcome=answered&page=2"
    staff.open(following)
    assert len(staff.all("tbody th a")) == 2


def test_a_turn_is_told_in_words(guildhall: Guildhall, staff: Staff) -> None:
    residents_ask(guildhall, "my husband hits me")
    open_only(staff)
    story = staff.text(".story")
    assert "The detectors found clear signs of domestic abuse." in story
    assert "The rule “Someone may be living with domestic abuse” (version 3) asked to bring in a person." in story
    assert "A person was brought in, under the reference" in story
    assert "which is in force now" in staff.text()
    assert "fake@1" in staff.text("[aria-label=Signals]")


def test_passages_and_citations_are_named(guildhall: Guildhall, staff: Staff) -> None:
    residents_ask(guildhall, "How much is bulky waste?")
    open_only(staff)
    assert "the reply rests on 1" in staff.text(".story")
    assert "Cited" in staff.text("[aria-label=Passages]")
    assert "Not in the council’s content any more" in staff.text("[aria-label=Passages]"), "the fake library's passages are not stored"


def test_words_are_closed_until_a_purpose_is_given_and_the_reading_is_recorded(guildhall: Guildhall, staff: Staff) -> None:
    residents_ask(guildhall, "my husband hits me")
    open_only(staff)
    assert "husband" not in staff.html
    path = str(staff.response.url.path)
    staff.send("form.closed")
    assert (staff.status, "Choose why you need to see" in staff.text(".govuk-error-summary")) == (400, True)
    assert "husband" not in staff.html
    assert events_of(guildhall, "PersonalDataRead") == []
    staff.send("form.closed", purpose="safeguarding_review")
    assert staff.text(".said--resident").endswith("my husband hits me")
    (read,) = events_of(guildhall, "PersonalDataRead")
    assert (read["purpose"], read["what"], read["roles"]) == ("safeguarding_review", "turn", ["data_protection_officer"])
    assert "husband" not in str(read)
    staff.open(path)
    assert "husband" not in staff.html, "it is closed again"
    assert "Pat Okafor: a safeguarding review" in staff.text("[aria-label='Events of this turn']")


def test_words_are_not_shown_when_the_reading_cannot_be_recorded(
    guildhall: Guildhall, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    residents_ask(guildhall, "my husband hits me")
    open_only(staff)
    monkeypatch.setattr("guildhall.storage.record.Record.append", lambda *_: 1 / 0)
    staff.send("form.closed", purpose="audit")
    assert staff.status == 500
    assert "husband" not in staff.html


def test_a_purpose_of_ones_own_is_none(guildhall: Guildhall, staff: Staff) -> None:
    residents_ask(guildhall, "my husband hits me")
    open_only(staff).send("form.closed", purpose="curiosity")
    assert staff.status == 400


def test_erased_words_are_shown_as_erased_and_the_decision_stays(guildhall: Guildhall, staff: Staff) -> None:
    residents_ask(guildhall, "my husband hits me")
    with guildhall.record.keys.database.writing() as connection:
        connection.execute(delete(wrapped_keys))
    guildhall.record.keys._kept.clear()
    open_only(staff).send("form.closed", purpose="audit")
    assert staff.status == 200
    assert "were erased" in staff.text(".erased")
    assert "clear signs of domestic abuse" in staff.text(".story")


@pytest.mark.parametrize("path", ["conv_1/turn_1", "conv_1/%00", "%2e%2e/x"])
def test_a_turn_that_is_none_is_not_found(staff: Staff, path: str) -> None:
    assert staff.open(f"/console/turns/{path}").status == 404


def test_what_a_resident_wrote_is_text_and_nothing_else(guildhall: Guildhall, staff: Staff) -> None:
    residents_ask(guildhall, "<script>alert(1)</script> bulky")
    open_only(staff).send("form.closed", purpose="audit")
    assert "&lt;script&gt;" in staff.html
    assert "<script" not in staff.html
    assert staff.all(".said__reply table"), "the reply is shown as the resident saw it"
