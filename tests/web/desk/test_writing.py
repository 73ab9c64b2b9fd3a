"""What an adviser writes is sent once, kept while it is not sent, and never lost with the conversation."""

from guildhall.bootstrap.house import Guildhall
from guildhall.vocabulary.handoffs import PassedBack
from tests.web.desk.at_the_desk import Adviser, move, resident_asks

JSON = {"accept": "application/json"}


def at_work(guildhall: Guildhall) -> tuple[Adviser, str, str]:
    """An adviser with a conversation open, its path and its reference."""
    adviser = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall)
    adviser.takes(handoff)
    return adviser, f"/desk/conversations/{handoff.conversation_id}", handoff.reference


def test_the_same_message_sent_again_is_there_once(guildhall: Guildhall) -> None:
    adviser, path, _ = at_work(guildhall)
    fields = {**adviser.hidden("#compose"), "text": "It is £30", "mode": "send"}
    for _ in range(3):
        answer = adviser.client.post(f"{path}/messages", data=fields, headers=JSON)
        assert answer.json() == {"sent": fields["id"]}
    assert adviser.open(path).text("#thread").count("It is £30") == 1


def test_a_page_gives_each_message_an_id_of_its_own(guildhall: Guildhall) -> None:
    adviser, path, _ = at_work(guildhall)
    first = adviser.hidden("#compose")["id"]
    assert first.startswith("mess_")
    assert adviser.open(path).hidden("#compose")["id"] != first


def test_what_is_typed_survives_a_reload_with_what_it_was_to_be(guildhall: Guildhall) -> None:
    adviser, path, _ = at_work(guildhall)
    adviser.press("#compose button[formaction]", text="Between us: ask for the deeds", mode="note")
    adviser.open(path)
    assert adviser.one("#write").text() == "Between us: ask for the deeds"
    assert adviser.one("#compose input[name=mode][checked]").attributes["value"] == "note"
    adviser.writes("Between us: ask for the deeds", mode="note")
    assert adviser.open(path).one("#write").text() == ""


def test_only_who_typed_it_sees_it(guildhall: Guildhall) -> None:
    adviser, _path, reference = at_work(guildhall)
    adviser.press("#compose button[formaction]", text="My words", mode="send")
    guildhall.desk.handoffs.pass_back(reference, PassedBack.TRANSFERRED, guildhall.house.clock())
    other = Adviser(guildhall, "Ben Stone").comes().takes(guildhall.desk.handoffs.get(reference))
    assert "My words" not in other.html


def test_who_lost_the_conversation_is_told_who_has_it_and_keeps_the_words(guildhall: Guildhall) -> None:
    adviser, _path, reference = at_work(guildhall)
    page = adviser.html
    guildhall.desk.handoffs.pass_back(reference, PassedBack.WENT_QUIET, guildhall.house.clock())
    Adviser(guildhall, "Ben Stone").comes().takes(guildhall.desk.handoffs.get(reference))
    adviser.html = page
    adviser.writes("I was just about to say this")
    assert "Ben Stone has this conversation now" in adviser.text("#lost")
    assert adviser.one("#write").text() == "I was just about to say this"
    assert "readonly" in adviser.one("#write").attributes
    adviser.press("#composer button")
    assert not adviser.all("#write")


def test_the_script_is_told_the_same(guildhall: Guildhall) -> None:
    adviser, path, reference = at_work(guildhall)
    fields = {**adviser.hidden("#compose"), "text": "Too late", "mode": "send"}
    guildhall.desk.handoffs.pass_back(reference, PassedBack.WENT_QUIET, guildhall.house.clock())
    answer = adviser.client.post(f"{path}/messages", data=fields, headers=JSON)
    assert answer.status_code == 409
    assert answer.json()["lost"] is True and "nothing was sent" in answer.json()["why"]
    assert guildhall.desk.messages.unsent(path.rsplit("/", 1)[1], adviser.id) == "Too late"


def test_an_empty_message_is_not_sent_and_a_long_one_is_kept(guildhall: Guildhall) -> None:
    adviser, path, _ = at_work(guildhall)
    adviser.writes("   ")
    assert adviser.status == 400
    adviser.open(path).writes("a" * 8001)
    assert adviser.status == 400 and "from 1 to 8,000 characters" in adviser.text()
    assert len(adviser.open(path).one("#write").text()) == 8000


def test_approved_words_are_put_into_the_reply_and_not_into_a_note(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    resident, handoff = resident_asks(guildhall)
    adviser.takes(handoff)
    path = f"/desk/conversations/{handoff.conversation_id}"
    resident.ask("I want to kill myself")
    adviser.open(path)
    assert "suicide or self-harm" in adviser.text("#alarm") and "I want to kill myself" in adviser.text("#alarm")
    adviser.press("#alarm button")
    assert "Are you safe right now?" in adviser.one("#write").text()
    adviser.press("#compose button[formaction]", text="For us", mode="note")
    adviser.open(path).press("#alarm button")
    assert adviser.status == 409 and "private note" in adviser.heading


def test_the_alarm_stays_until_the_resident_has_a_reply(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    resident, handoff = resident_asks(guildhall)
    adviser.takes(handoff)
    assert not adviser.all("#alarm section")
    resident.ask("I want to kill myself")
    path = f"/desk/conversations/{handoff.conversation_id}"
    adviser.open(path).writes("Told the lead", mode="note")
    assert adviser.all("#alarm section")
    adviser.open(path).writes("The form is on page two")
    assert adviser.all("#alarm section"), "it was on its way already, and is no answer"
    move(guildhall, seconds=10)
    adviser.open(path).writes("I am here. Are you safe?")
    assert not adviser.all("#alarm section")
    assert "Danger" in adviser.text("#list")


def test_what_was_heard_before_an_adviser_came_is_in_the_brief_and_no_alarm(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall, "my husband hits me")
    adviser.takes(handoff)
    assert "domestic abuse" in adviser.text("#brief") and not adviser.all("#alarm section")


def test_a_cited_passage_goes_with_the_message(guildhall: Guildhall) -> None:
    adviser, path, _ = at_work(guildhall)
    token = adviser.hidden("#compose")["token"]
    adviser.client.post(f"{path}/insert", data={"token": token, "text": "It is £30.", "cite": "p1 unknown"})
    adviser.open(path)
    assert adviser.one("#write").text() == "It is £30." and adviser.hidden("#compose")["cited"] == "p1 unknown"
    adviser.writes("It is £30.")
    assert "Sources Bulky waste collection: Cost" in adviser.text(".entry--message")
    assert adviser.open(path).hidden("#compose")["cited"] == ""
