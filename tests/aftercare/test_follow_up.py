"""What a follow-up says, how it fits into a text message, and how sure a share is."""

from pathlib import Path

import pytest

from guildhall.aftercare.follow_up import SMS_AT_MOST, Summary, plain, shortened, write
from guildhall.aftercare.outbox import PATIENCE
from guildhall.aftercare.safe_contact import NEVER_WRITTEN_ABOUT, Known, WhyNot, why_not
from guildhall.councils.loading import load_council
from guildhall.vocabulary.handoffs import WrapUp
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.notifications import MessageChannel, MessageKind, Occasion
from guildhall.vocabulary.shares import Share

COUNCIL = load_council(Path("councils"), "avonmere")
SAY = COUNCIL.wordings.say
PLACE = {"council": "Avonmere Council", "phone": "01632 960100", "link": "https://help.example.org"}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("wrap_up", [how for how in WrapUp if how != WrapUp.ABUSIVE])
def test_every_wrap_up_has_a_next_step_in_every_language(language: Language, wrap_up: WrapUp) -> None:
    summary = Summary(Occasion.WRAP_UP, language, "AAAA-BBBB", wrap_up)
    written = write(summary, MessageChannel.SMS, SAY, PLACE)
    assert "AAAA-BBBB" in written.text and "01632 960100" in written.text and "https://help.example.org" in written.text
    assert "{" not in written.text + written.subject
    assert len(written.text) <= SMS_AT_MOST


def test_a_booked_time_and_a_call_as_soon_as_possible_are_told_apart() -> None:
    booked = write(Summary(Occasion.CALLBACK, "en", "AAAA-BBBB", when="9:30am on Thursday 26 November"), MessageChannel.SMS, SAY, PLACE)
    soon = write(Summary(Occasion.CALLBACK, "en", "AAAA-BBBB"), MessageChannel.SMS, SAY, PLACE)
    assert "Your call from us is booked: 9:30am on Thursday 26 November." in booked.text
    assert "We will phone you as soon as we can." in soon.text


@pytest.mark.parametrize("occasion", [Occasion.SEND_ME_THIS, Occasion.WRAP_UP])
def test_a_text_message_is_cut_at_a_word_and_an_email_is_not(occasion: Occasion) -> None:
    long = "bulky waste collection " * 100
    summary = Summary(occasion, "en", "AAAA-BBBB", WrapUp.RESOLVED, agreed=long, answer=long)
    text, email = (write(summary, channel, SAY, PLACE).text for channel in (MessageChannel.SMS, MessageChannel.EMAIL))
    assert len(text) <= SMS_AT_MOST < len(email)
    assert "…" in text and text.endswith(("01632 960100.", "give the reference."))


def test_markdown_becomes_plain_text_with_links_written_out() -> None:
    assert (
        plain("## Bins\n\n**Pay** [online](/pay) or\n[call](tel:1)", "https://a.example/")
        == "Bins\n\nPay online (https://a.example/pay) or\ncall (tel:1)"
    )


def test_a_text_that_fits_is_left_alone() -> None:
    assert shortened("abc def", 7) == "abc def"
    assert shortened("abc defg", 7) == "abc…"
    assert shortened("abcdefgh", 0) == "…"


# how long to try


def test_alerts_are_tried_sooner_and_oftener_than_follow_ups() -> None:
    alert, follow_up = PATIENCE[MessageKind.ALERT], PATIENCE[MessageKind.FOLLOW_UP]
    assert [alert.after(n).total_seconds() for n in (1, 2, 3, 9)] == [5, 10, 20, 60]
    assert [follow_up.after(n).total_seconds() for n in (1, 2, 10, 1000)] == [30, 60, 3600, 3600]


# whether it is safe

SAFE = Known(consent=True)


def test_what_is_safe_may_be_sent() -> None:
    assert why_not(SAFE, frozenset()) is None


@pytest.mark.parametrize("category", sorted(NEVER_WRITTEN_ABOUT))
def test_no_message_follows_a_sign_of_danger(category: str) -> None:
    assert why_not(Known(consent=True, heard=frozenset({category})), frozenset()) == WhyNot.AT_RISK


def test_without_consent_nothing_else_matters() -> None:
    assert why_not(Known(), frozenset()) == WhyNot.NO_CONSENT


# how sure


@pytest.mark.parametrize(("hits", "of", "low", "high"), [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0)])
def test_a_share_has_the_interval_of_wilson(hits: int, of: int, low: float, high: float) -> None:
    found = Share(hits, of)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_nothing_counted_is_no_share() -> None:
    assert Share(0, 0).value is None
