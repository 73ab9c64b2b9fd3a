"""What makes the answer where more than the words of the question decide: the service, the calendar, the place."""

from guildhall.knowledge.catalogue import passage_of
from guildhall.vocabulary.ids import PassageId, ServiceKey, SourceId
from guildhall.vocabulary.passages import Passage
from guildhall.vocabulary.services import Contact, Service
from tests.answers.answer_by_quoting import answer, page

MISSED = Service(
    ServiceKey("missed-bin"),
    "Report a missed bin",
    "Waste",
    "Tell us that a bin was not emptied.",
    steps=("Check the day.", "Report it after 5pm."),
    contact=Contact(phone="01632 960100", url="/missed"),
)
LEAD = page(
    "Report a missed bin", ("", "Report a missed bin after 5pm. A crew comes back to empty it."), service="missed-bin", url="/missed"
)
STICKER = page(
    "My bin has a contaminated sticker",
    ("", "The crew saw something in the bin that cannot be recycled, so the bin was not emptied."),
    service="missed-bin",
    url="/sticker",
)
ENTRY = passage_of(MISSED)


def test_who_says_what_is_wrong_is_told_what_the_service_does_about_it() -> None:
    said = answer("my bin wasn't emptied", (*STICKER, *LEAD, ENTRY), service=MISSED)
    assert said.startswith("Report a missed bin after 5pm.")


def test_a_sure_service_answers_from_its_entry_when_no_page_speaks_the_words() -> None:
    said = answer("them lot flew straight past us agen like ghosts", (*LEAD, ENTRY), score=0.1, service=MISSED)
    assert said.startswith("Tell us that a bin was not emptied.")
    assert "1. Check the day.\n2. Report it after 5pm." in said
    assert "01632 960100" in said


def test_without_a_sure_service_strange_words_get_no_answer() -> None:
    assert answer("them lot flew straight past us agen like ghosts", LEAD, score=0.1) == ""


def test_the_next_of_two_years_is_meant() -> None:
    terms = page(
        "School term dates",
        ("2027/28", "| Holiday | Starts | Ends |\n|---|---|---|\n| Christmas holiday | 20 December 2027 | 3 January 2028 |"),
        ("2026/27", "| Holiday | Starts | Ends |\n|---|---|---|\n| Christmas holiday | 21 December 2026 | 1 January 2027 |"),
    )
    said = answer("when does the christmas holiday end", terms)
    assert "1 January 2027" in said
    assert "2028" not in said


def test_what_was_looked_up_for_a_place_is_said_whole() -> None:
    text = "Mill Lane is in Abbey ward. The councillors are:\n\n| Councillor | Party |\n|---|---|\n| Ann Example | Green |\n| Bob Sample | Labour |"
    ward = Passage(
        PassageId("lookup:councillors:S1"), SourceId("lookup:councillors"), "Find your councillor", "Abbey ward", text, "/councillors"
    )
    said = answer("who is my councillor on Mill Lane", (ward,))
    assert "The councillors are:" in said
    assert "Ann Example" in said
    assert "Bob Sample" in said
