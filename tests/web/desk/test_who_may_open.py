"""A resident's words are for whoever answers them, is asked to, is mentioned, or runs the desk; and each opening is in the record."""

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.storage.trail import TrailReader
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.handoffs import Handoff, WrapUp
from guildhall.vocabulary.roles import Role
from tests.web.console.staff import Staff, residents_ask
from tests.web.desk.at_the_desk import Adviser, move, resident_asks

WORDS = "How much is bulky waste?"


def openings(guildhall: Guildhall, handoff: Handoff) -> list[tuple[str, str, str]]:
    """Who looked at the conversation, at what and why."""
    looked = guildhall.rights.views.looked_at(handoff.conversation_id)
    return [(look.by, look.what, look.purpose) for look in looked]


def test_who_is_offered_it_reads_the_brief_and_not_the_transcript(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    _resident, handoff = resident_asks(guildhall, WORDS, "let me talk to a person")
    adviser.open("/desk").press(f"#row-{handoff.reference} button")
    assert adviser.one("#brief") and not adviser.all("#thread") and not adviser.all("#compose")
    assert openings(guildhall, handoff) == [(adviser.id, "brief of a conversation that is offered", "answering")]


def test_opening_is_recorded_once_and_loading_again_is_not(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall)
    adviser.takes(handoff)
    first = openings(guildhall, handoff)
    path = f"/desk/conversations/{handoff.conversation_id}"
    adviser.open(path)
    adviser.open(path, **{"x-desk-refresh": "1"})
    assert openings(guildhall, handoff) == first
    assert first[-1] == (adviser.id, "conversation at the desk", "answering")
    move(guildhall, minutes=16)
    adviser.open(path, **{"x-desk-refresh": "1"})
    assert openings(guildhall, handoff) == first
    adviser.open(path)
    assert len(openings(guildhall, handoff)) == len(first) + 1


def test_nothing_is_shown_that_the_record_does_not_know_of(guildhall: Guildhall, monkeypatch: pytest.MonkeyPatch) -> None:
    adviser = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall)
    adviser.open("/desk").press(f"#row-{handoff.reference} button")
    monkeypatch.setattr(type(guildhall.rights.views), "note", _cannot)
    adviser.client.post(f"/desk/requests/{handoff.reference}/accept", data=adviser.hidden("#offer form"), follow_redirects=False)
    adviser.open(f"/desk/conversations/{handoff.conversation_id}")
    assert adviser.status == 500
    assert WORDS not in adviser.html


def _cannot(*_: object, **__: object) -> None:
    raise RuntimeError("the record cannot be written")


def test_another_adviser_sees_no_word_of_it(guildhall: Guildhall) -> None:
    adviser, other = Adviser(guildhall).comes(), Adviser(guildhall, "Ben Stone").comes()
    _, handoff = resident_asks(guildhall)
    adviser.takes(handoff)
    other.open(f"/desk/conversations/{handoff.conversation_id}")
    assert other.status == 403
    assert WORDS not in other.html and "Ada Marsh has this conversation now" in other.text()
    assert other.id not in {who for who, _, _ in openings(guildhall, handoff)}
    other.writes_to(handoff, "Hello")
    assert other.status == 403 or "You do not have this conversation" in other.text()
    assert "Hello" not in adviser.open(f"/desk/conversations/{handoff.conversation_id}").text("#thread")


def test_who_waits_is_opened_by_nobody(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall)
    adviser.open(f"/desk/conversations/{handoff.conversation_id}")
    assert adviser.status == 403 and WORDS not in adviser.html


def test_a_mention_opens_it_for_notes_only(guildhall: Guildhall) -> None:
    adviser, other = Adviser(guildhall).comes(), Adviser(guildhall, "Ben Stone").comes()
    _, handoff = resident_asks(guildhall)
    adviser.takes(handoff).writes("@Ben Stone do you know this one?", mode="note")
    assert handoff.reference in other.open("/desk").text("#list") and "New" in other.text("#list")
    other.open(f"/desk/conversations/{handoff.conversation_id}")
    assert WORDS in other.text("#thread")
    assert [field.attributes["value"] for field in other.all("#compose input[name=mode]")] == ["note"]
    other.writes("It is £30", mode="send")
    assert other.response.history[0].status_code == 303
    assert "It is £30" not in adviser.open(f"/desk/conversations/{handoff.conversation_id}").html
    assert "New" not in other.open("/desk").text("#list")


def test_who_runs_the_desk_opens_it_and_that_is_recorded(guildhall: Guildhall) -> None:
    adviser, lead = Adviser(guildhall).comes(), Adviser(guildhall, "Sam Lead", roles=(Role.SUPERVISOR,), profile=False)
    _, handoff = resident_asks(guildhall)
    adviser.takes(handoff)
    lead.open(f"/desk/conversations/{handoff.conversation_id}")
    assert WORDS in lead.text("#thread")
    assert (lead.id, "conversation at the desk", "answering") in openings(guildhall, handoff)


def test_who_runs_the_desk_does_not_read_what_residents_say_to_the_assistant_alone(guildhall: Guildhall) -> None:
    lead = Adviser(guildhall, "Sam Lead", roles=(Role.SUPERVISOR,), profile=False)
    resident = residents_ask(guildhall, WORDS)
    lead.open(f"/desk/conversations/{resident.conversation_id}")
    assert lead.status == 403 and WORDS not in lead.html


def test_a_mention_ends_with_the_conversation(guildhall: Guildhall) -> None:
    adviser, other = Adviser(guildhall).comes(), Adviser(guildhall, "Ben Stone").comes()
    _, handoff = resident_asks(guildhall)
    adviser.takes(handoff).writes("@Ben Stone", mode="note")
    guildhall.desk.handoffs.close(handoff.reference, adviser.id, WrapUp.RESOLVED, True, guildhall.house.clock())
    other.open(f"/desk/conversations/{handoff.conversation_id}")
    assert other.status == 403 and WORDS not in other.html


def test_after_wrapping_up_it_is_closed_to_the_adviser_too(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall)
    adviser.takes(handoff).press("#panel-wrap-up button", wrap_up="resolved", right_team="no", right_queue="unknown")
    adviser.open(f"/desk/conversations/{handoff.conversation_id}")
    assert adviser.status == 403 and WORDS not in adviser.html and "wrapped up" in adviser.text()


def test_the_list_holds_facts_and_no_words(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall, "my husband hits me")
    assert "Domestic abuse" in adviser.open("/desk").text("#list")
    assert "husband" not in adviser.html
    assert openings(guildhall, handoff) == []


def test_governing_roles_do_not_come_in_here(guildhall: Guildhall) -> None:
    residents_ask(guildhall, WORDS)
    auditor = Staff(guildhall, Role.AUDITOR)
    auditor.open("/desk")
    assert auditor.status == 403 and "You do not have the role for this" in auditor.heading


def test_a_form_from_elsewhere_changes_nothing(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall)
    adviser.take(adviser.client.post(f"/desk/requests/{handoff.reference}/accept", data={"token": "wrong"}))
    assert adviser.status == 403
    assert guildhall.desk.handoffs.get(handoff.reference).waits


def test_whoever_is_not_signed_in_is_asked_to(guildhall: Guildhall) -> None:
    stranger = Staff(guildhall)
    for path in ("/desk", "/desk/list", "/desk/live", "/desk/conversations/conv_1"):
        assert "Sign in" in stranger.open(path).heading
    events = TrailReader(guildhall.database).of_council(EventKind.PERSONAL_DATA_READ.value, None, 10)
    assert list(events) == []
