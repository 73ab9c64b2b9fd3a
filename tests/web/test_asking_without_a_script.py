from guildhall.vocabulary.outcomes import Outcome
from tests.web.browser import Browser

MULTI = "How much is bulky waste? How do I pay council tax?"


def test_the_first_line_says_that_an_automated_assistant_answers(browser: Browser) -> None:
    assert "automated assistant. I am a computer program, not a person" in browser.open().text(".greeting")


def test_a_question_is_answered_on_the_page_after_a_redirect(browser: Browser) -> None:
    browser.ask("How much is bulky waste?")
    assert [response.status_code for response in browser.response.history] == [303]
    assert browser.response.url.path == "/"
    assert "£32" in browser.text("#latest .turn__reply")
    assert browser.text("#latest .turn__words") == "How much is bulky waste?"


def test_a_citation_has_title_section_date_and_a_link_into_the_councils_site(browser: Browser) -> None:
    browser.ask("How much is bulky waste?")
    source = browser.one(".sources li")
    assert source.text(separator=" ", strip=True) == "Bulky waste collection: Cost updated 12 October 2026"
    link = browser.one(".sources a").attributes
    assert (link["href"], link["rel"]) == ("https://www.avonmere.example/bins/bulky-waste#cost", "noopener")


def test_a_citation_off_the_allow_list_is_named_and_not_linked(browser: Browser) -> None:
    browser.ask("How much is a permit?")
    assert "Residents' parking permits" in browser.text(".sources")
    assert browser.all(".sources a") == []


def test_each_part_of_a_several_part_answer_is_headed_by_the_residents_question(browser: Browser) -> None:
    browser.ask(MULTI)
    assert [h.text(strip=True) for h in browser.all(".turn__question")] == ["How much is bulky waste?", "How do I pay council tax?"]
    assert len(browser.all(".sources")) == 2


def test_a_clarifying_question_is_answered_by_a_button(browser: Browser) -> None:
    browser.ask("I lost my badge")
    options = browser.all(".options button")
    assert [option.text(strip=True) for option in options][-1] == "None of these"
    browser.send(".options", option=options[0].attributes["value"] or "")
    assert browser.text("#latest .turn__words") == options[0].attributes["value"]


def test_an_empty_question_is_pointed_out_in_an_error_summary_and_at_the_field(browser: Browser) -> None:
    browser.ask("   ")
    assert browser.status == 400
    assert browser.one(".govuk-error-summary a").attributes["href"] == "#message"
    assert "message-error" in (browser.one("#message").attributes["aria-describedby"] or "")
    assert browser.one("title").text().startswith("Error: ")


def test_a_form_of_another_conversation_is_shown_again_with_its_words(browser: Browser) -> None:
    browser.ask("How much is bulky waste?")
    browser.ask("My long story", token="0" * 64)
    assert browser.status == 403
    assert "Your words are kept" in browser.text(".govuk-error-summary")
    assert browser.one("textarea#message").text() == "My long story"
    browser.ask("My long story")
    assert browser.status == 200


def test_words_sent_after_the_session_was_lost_are_kept_and_can_be_sent_again(browser: Browser) -> None:
    browser.ask("How much is bulky waste?")
    browser.client.cookies.clear()
    browser.ask("And council tax?")
    assert (browser.status, browser.one("textarea#message").text()) == (403, "And council tax?")
    browser.ask("And council tax?")
    assert "Direct Debit" in browser.text("#latest")


def test_a_form_sent_twice_is_one_turn(browser: Browser) -> None:
    fields = {**browser.open().hidden(), "message": "How much is bulky waste?"}
    browser.take(browser.client.post("/ask", data=fields))
    again = {**fields, "token": browser.hidden()["token"]}
    browser.take(browser.client.post("/ask", data=again))
    assert len(browser.all(".turn")) == 1


def test_other_words_in_a_form_that_was_sent_before_are_a_turn_of_their_own(browser: Browser) -> None:
    fields = {**browser.open().hidden(), "message": "How much is bulky waste?"}
    browser.take(browser.client.post("/ask", data=fields))
    browser.take(browser.client.post("/ask", data={**fields, "message": "And council tax?", "token": browser.hidden()["token"]}))
    assert len(browser.all(".turn")) == 2


def test_a_browser_that_blocks_cookies_is_told_so_and_given_the_number(browser: Browser) -> None:
    browser.open("/?sent=1")
    assert "blocks cookies" in browser.text(".govuk-error-summary")
    assert "01632 960100" in browser.text(".govuk-error-summary")


def test_twenty_thousand_characters_are_read(browser: Browser) -> None:
    browser.ask("How much is bulky waste? " + "ਕ" * 19_900)
    assert browser.status == 200
    assert "£32" in browser.text("#latest")


def test_more_than_that_is_refused_kindly_and_kept(browser: Browser) -> None:
    browser.ask("a" * 20_001)
    assert browser.status == 413
    assert browser.one("textarea#message").text() == "a" * 20_001


def test_a_long_message_with_distress_in_the_middle_is_not_refused(browser: Browser) -> None:
    browser.ask("bins " * 3000 + "I want to kill myself " + "bins " * 3000)
    assert "Samaritans" in browser.text("#latest")


def test_markup_in_the_residents_words_is_shown_and_never_run(browser: Browser) -> None:
    browser.ask("<script>alert(1)</script> <img src=x onerror=alert(1)>")
    assert "<script>alert(1)" not in browser.html
    assert "&lt;script&gt;alert(1)" in browser.html


def test_odd_words_get_a_kind_reply(browser: Browser) -> None:
    for words in ("\u200b\u200b", "\x00\x01\x02\x03", "????", "🗑️", "? " * 50, "\u202egnikcat", "ਕੂੜਾ", "كيف أدفع"):
        browser.ask(words)
        assert browser.status == 200
        assert browser.text("#latest .turn__reply")


def test_feedback_is_recorded_and_thanked_for(browser: Browser) -> None:
    browser.ask("How much is bulky waste?")
    browser.send(".feedback__form", helpful="yes")
    assert browser.text(".feedback__thanks") == "Thank you. A person reads what you tell us."


def test_feedback_on_a_turn_that_is_not_ones_own_is_not_taken(browser: Browser) -> None:
    browser.ask("How much is bulky waste?")
    browser.send(".feedback__form", helpful="yes", turn="turn_other")
    assert browser.all(".feedback__thanks") == []


def test_the_conversation_goes_on_after_a_restart(browser: Browser) -> None:
    browser.ask("How much is bulky waste?")
    restarted = Browser(browser.guildhall)
    restarted.client.cookies = browser.client.cookies
    assert "£32" in restarted.open().text("#latest")


def test_the_outcome_is_recorded(browser: Browser) -> None:
    browser.ask(MULTI)
    (turn,) = browser.guildhall.conversations.transcript(browser.conversation_id)
    assert turn.facts["outcome"] == Outcome.ANSWERED
