"""Whoever runs the desk sees the floor, moves conversations with a reason, says who serves what, and takes figures out without words."""

import csv
import io

from guildhall.bootstrap.house import Guildhall
from guildhall.storage.threads import EntryKind
from guildhall.vocabulary.handoffs import HandoffStatus, WrapUp
from guildhall.vocabulary.roles import Role
from tests.web.console.staff import events_of
from tests.web.desk.at_the_desk import Adviser, resident_asks


def supervisor(guildhall: Guildhall, *, profile: bool = False) -> Adviser:
    return Adviser(guildhall, "Sue Hart", roles=(Role.SUPERVISOR,), profile=profile)


def test_the_floor_shows_who_waits_who_has_what_and_no_words(guildhall: Guildhall) -> None:
    ada = Adviser(guildhall).comes()
    _, first = resident_asks(guildhall)
    ada.takes(first)
    _, second = resident_asks(guildhall, "my husband hits me")
    sue = supervisor(guildhall).open("/desk/floor")
    assert "1 of 3" in sue.text(f"#adviser-{ada.id}") and first.reference in sue.text(f"#adviser-{ada.id}")
    assert second.reference in sue.text(f"#waits-{second.reference}") and "Danger" in sue.text(f"#waits-{second.reference}")
    assert "1 in danger" in sue.text(f"#queue-{second.queue}")
    assert "husband" not in sue.html
    assert events_of(guildhall, "PersonalDataRead") == [e for e in events_of(guildhall, "PersonalDataRead") if e["by"] == ada.id]


def test_an_adviser_does_not_see_the_floor_and_moves_nothing(guildhall: Guildhall) -> None:
    ada = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall)
    assert ada.open("/desk/floor").status == 403
    token = ada.open("/desk").one("input[name=token]").attributes["value"] or ""
    for path in (f"requests/{handoff.reference}", f"advisers/{ada.id}", f"looks/{handoff.reference}", "export"):
        ada.take(ada.client.post(f"/desk/floor/{path}", data={"token": token, "where": "queue", "queue": "repairs", "why": "rota"}))
        assert ada.status == 403, path
    assert guildhall.desk.handoffs.get(handoff.reference).queue == handoff.queue


def test_a_conversation_is_taken_out_of_somebodys_hands_and_offered_with_a_reason_they_can_read(guildhall: Guildhall) -> None:
    ada, tom = Adviser(guildhall).comes(), Adviser(guildhall, "Tom Reed").comes()
    _, handoff = resident_asks(guildhall)
    ada.takes(handoff)
    sue = supervisor(guildhall).open(f"/desk/floor/requests/{handoff.reference}")
    sue.press("main form .govuk-button", where="person")
    assert sue.status == 400 and "Choose an adviser" in sue.text()
    sue.open(f"/desk/floor/requests/{handoff.reference}").press("main form .govuk-button", where="person", to=tom.id)
    assert sue.status == 400 and "Choose why" in sue.text()
    sue.press("main form .govuk-button", where="person", to=tom.id, why="quiet", reason="No reply for a while")
    placed = guildhall.desk.handoffs.get(handoff.reference)
    assert (placed.status, placed.adviser_id) == (HandoffStatus.OFFERED, tom.id)
    moved = events_of(guildhall, "HandoffTransferred")[0]
    assert (moved["by"], moved["had"], moved["to"], moved["why"]) == (sue.id, ada.id, tom.id, "quiet")
    told = [e for e in guildhall.desk.threads.read(handoff.conversation_id) if e.kind == EntryKind.NOTICE]
    assert told[0].parts[0].wording == "transfer.supervisor"
    ada.open(f"/desk/conversations/{handoff.conversation_id}")
    assert "No reply for a while" in ada.text("#thread") and "who runs the desk, placed it (no reply)" in ada.text("#thread")


def test_a_supervisor_takes_it_over_or_moves_it_to_another_team(guildhall: Guildhall) -> None:
    ada = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall)
    sue = supervisor(guildhall, profile=True)
    sue.open(f"/desk/floor/requests/{handoff.reference}").press("main form .govuk-button", where="queue", queue="repairs", why="skill")
    assert guildhall.desk.handoffs.get(handoff.reference).queue == "repairs" and sue.status == 200
    sue.open(f"/desk/floor/requests/{handoff.reference}").press("main form .govuk-button", where="me", why="safeguarding")
    sue.writes("Sue here")
    assert guildhall.desk.handoffs.get(handoff.reference).adviser_id == sue.id and "Sue here" in sue.text("#thread")
    assert ada.open(f"/desk/conversations/{handoff.conversation_id}").status == 403


def test_what_is_over_cannot_be_moved(guildhall: Guildhall) -> None:
    ada = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall)
    ada.takes(handoff)
    guildhall.desk.handoffs.close(handoff.reference, ada.id, WrapUp.RESOLVED, right_team=True, at=guildhall.house.clock())
    assert supervisor(guildhall).open(f"/desk/floor/requests/{handoff.reference}").status == 404


def test_somebody_gets_a_place_at_the_desk_and_the_record_says_who_gave_it_and_why(guildhall: Guildhall) -> None:
    new = Adviser(guildhall, "New Person", profile=False)
    sue = supervisor(guildhall).open("/desk/floor/advisers")
    assert "New Person" in sue.text()
    sue.open(f"/desk/floor/advisers/{new.id}").press("main form button", capacity="2", why="rota")
    assert sue.status == 400 and "at least one language" in sue.text()
    chosen = {"queue:revenues": "yes", "language:en": "yes", "language:pl": "yes", "safeguarding": "yes"}
    sue.press("main form button", capacity="2", why="rota", **chosen)
    adviser = guildhall.desk.advisers.get(new.id)
    assert adviser is not None
    assert (set(adviser.queues), set(adviser.languages), adviser.safeguarding, adviser.capacity) == ({"revenues"}, {"en", "pl"}, True, 2)
    changed = events_of(guildhall, "AdviserChanged")[0]
    assert (changed["by"], changed["why"]) == (sue.id, "rota")


def test_a_queue_that_is_not_the_councils_is_given_to_nobody(guildhall: Guildhall) -> None:
    new = Adviser(guildhall, "New Person", profile=False)
    sue = supervisor(guildhall).open(f"/desk/floor/advisers/{new.id}")
    sue.press("main form button", capacity="2", why="rota", **{"queue:secret": "yes", "language:en": "yes"})
    assert sue.status == 400 and guildhall.desk.advisers.get(new.id) is None


def test_misdirection_stands_with_how_many_it_is_of_and_how_sure_it_is(guildhall: Guildhall) -> None:
    ada = Adviser(guildhall).comes()
    sue = supervisor(guildhall)
    assert "No figures yet" in sue.open("/desk/floor").text()
    for right in ("no", "yes"):
        _, handoff = resident_asks(guildhall)
        ada.takes(handoff).press("#panel-wrap-up button", wrap_up="referred", right_team=right, right_queue="repairs", look="yes")
    said = sue.open("/desk/floor?days=7").text()
    assert "All: 1 of 2 (50%; 95% between 9% and 91%)" in said and "repairs 1" in said


def test_a_supervisor_looks_at_what_advisers_ask_them_to(guildhall: Guildhall) -> None:
    ada = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall)
    ada.takes(handoff).press("#panel-wrap-up button", wrap_up="abusive", right_team="yes", look="yes")
    sue = supervisor(guildhall).open("/desk/floor")
    assert handoff.reference in sue.text(".floor__looks")
    sue.press(".floor__looks button")
    assert not sue.all(".floor__looks") and events_of(guildhall, "SupervisorLooked")[0]["by"] == sue.id


def test_the_file_has_no_words_and_its_taking_is_recorded_first(guildhall: Guildhall) -> None:
    ada = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall, "my husband hits me and my name is Jane Doe")
    ada.takes(handoff).press("#panel-wrap-up button", wrap_up="referred", right_team="yes")
    sue = supervisor(guildhall).open("/desk/floor/export")
    sue.press("main form button", first="2026-01-01", last="2026-12-31")
    assert sue.status == 400 and "what it is for" in sue.text()
    sue.press("main form button", first="2026-01-01", last="2026-12-31", purpose="audit")
    assert sue.response.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(sue.html)))
    assert [row["reference"] for row in rows] == [handoff.reference]
    assert (rows[0]["category"], rows[0]["wrap_up"], rows[0]["right_team"]) == ("domestic_abuse", "referred", "yes")
    assert "husband" not in sue.html and "Jane" not in sue.html and ada.id not in sue.html
    taken = events_of(guildhall, "PersonalDataExported")[0]
    assert (taken["by"], taken["purpose"], taken["rows"]) == (sue.id, "audit", 1)
    sue.open("/desk/floor/export").press("main form button", first="2026-12-31", last="2026-01-01", purpose="audit")
    assert sue.status == 400
