"""What an adviser sees of a call: the brief before the first word, that their phone rings, what the caller heard, and how it ended."""

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.channels.phone.house import PersonAnswer, PersonRoute
from guildhall.channels.phone.ports import TransferOutcome
from guildhall.vocabulary.roles import Role
from tests.phone.calling import ADVISERS_PHONE, Caller, passes
from tests.web.desk.at_the_desk import Adviser


def adviser_with_a_phone(guildhall: Guildhall, name: str = "Ada Marsh") -> Adviser:
    adviser = Adviser(guildhall, name)
    guildhall.desk.advisers.set_phone(adviser.id, ADVISERS_PHONE, "a test", guildhall.house.clock())
    return adviser.comes()


def rings_and_asks(guildhall: Guildhall, call_id: str = "call-1", danger: bool = False) -> tuple[Caller, PersonRoute]:
    caller = Caller(guildhall, call_id=call_id, number=f"0770090012{call_id[-1]}")
    caller.says("How much is bulky waste?")
    return caller, caller.wants_person("there is danger" if danger else "0", danger)


def test_a_call_from_the_queue_to_wrapping_up(guildhall: Guildhall) -> None:
    adviser = adviser_with_a_phone(guildhall)
    caller, route = rings_and_asks(guildhall)
    assert route.answer == PersonAnswer.WAIT
    adviser.open("/desk")
    assert "On the phone" in adviser.text(f"#row-{route.reference}")
    adviser.press(f"#row-{route.reference} button")
    assert "How much is bulky waste?" in adviser.text("#brief") and "07700900121" not in adviser.html
    adviser.press("#offer button")
    assert not adviser.text("#ringing")
    caller.asks_again(route)
    adviser.open(adviser.response.url.path)
    assert f"Your phone {ADVISERS_PHONE} is ringing" in adviser.text("#ringing")
    assert "Your phone is ringing" in adviser.text(f"#row-{route.reference}")
    caller.is_put_through(route)
    adviser.open(adviser.response.url.path)
    assert "Talking on the phone" in adviser.text("#panel-call") and "07700900121" in adviser.text("#panel-call")
    assert "You talk on the phone" in adviser.text(f"#row-{route.reference}")
    caller.rings_off()
    adviser.open(adviser.response.url.path)
    assert "Call is over" in adviser.text("#panel-call")
    adviser.press("#panel-wrap-up button", wrap_up="resolved", right_team="yes")
    assert "None now." in adviser.text("#list")


@pytest.mark.parametrize("typed", ["K", "exact", "small", "without"])
def test_whoever_answers_the_teams_own_line_opens_it_by_reference(guildhall: Guildhall, typed: str) -> None:
    caller, route = rings_and_asks(guildhall)
    assert route.answer == PersonAnswer.RING
    caller.is_put_through(route)
    adviser = Adviser(guildhall)
    adviser.open("/desk/by-reference")
    ways = {"exact": route.reference, "small": route.reference.lower().replace("-", " "), "without": route.reference.replace("-", "")}
    adviser.press("main form button", reference=ways.get(typed, typed))
    if typed == "K":
        assert adviser.status == 404 and "There is no request with this reference" in adviser.text()
        return
    assert adviser.status == 200 and adviser.one("#offer") and "How much is bulky waste?" in adviser.text("#brief")
    adviser.press("#offer button")
    assert "Talking on the phone" in adviser.text("#panel-call")


def test_a_telephone_systems_screen_may_open_the_page_with_the_reference(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall)
    adviser.open("/desk/by-reference?reference=k7rm2q9d")
    assert adviser.one("#reference").attributes["value"] == "K7RM-2Q9D"
    adviser.press("main form button", reference="")
    assert adviser.status == 400 and adviser.one("#reference").attributes["aria-invalid"] == "true"


def test_a_phone_that_is_not_answered_says_so_and_the_caller_waits_again(guildhall: Guildhall) -> None:
    adviser = adviser_with_a_phone(guildhall)
    caller, route = rings_and_asks(guildhall)
    adviser.open("/desk").press(f"#row-{route.reference} button").press("#offer button")
    path = adviser.response.url.path
    caller.is_put_through(caller.asks_again(route), TransferOutcome.NO_ANSWER)
    adviser.open("/desk")
    assert "your phone was not answered" in adviser.html and route.reference in adviser.text("#list")
    adviser.open(path)
    assert adviser.status == 403  # it is not theirs any more


def test_distress_waits_ahead_of_everybody(guildhall: Guildhall) -> None:
    adviser = adviser_with_a_phone(guildhall)
    rings_and_asks(guildhall)
    passes(guildhall, seconds=60)
    _, danger = rings_and_asks(guildhall, "call-2", danger=True)
    adviser.open("/desk")
    rows = [node.attributes["id"] for node in adviser.all("#list ol li")]
    assert rows[0] == f"row-{danger.reference}" and len(rows) == 2


def test_what_the_caller_did_not_hear_is_marked(guildhall: Guildhall) -> None:
    adviser = adviser_with_a_phone(guildhall)
    caller = Caller(guildhall)
    parts, done = caller.says("How much is bulky waste?", hears=False)
    first = parts[0].part.text.split(". ")[0] + "."
    caller.hears(done.turn_id, 0, first, ends=False)
    caller.notes("turn_timing", v2v_seconds=0.62)
    caller.notes("keys", count=1)
    route = caller.wants_person("0")
    adviser.open("/desk").press(f"#row-{route.reference} button").press("#offer button")
    assert "Not heard to the end" in adviser.text("#thread")
    assert adviser.text("#thread q") == first
    panel = adviser.text("#panel-call")
    assert "Replies not heard to the end 1" in panel and "Keys pressed 1 time" in panel and "0.6 seconds" in panel


def test_a_callback_of_a_caller_says_that_they_rang(guildhall: Guildhall) -> None:
    caller, route = rings_and_asks(guildhall)
    after = caller.is_put_through(route, TransferOutcome.BUSY)
    assert after is not None and caller.books(after, starts_at=after.slots[0])
    caller.rings_off()
    adviser = Adviser(guildhall)
    adviser.open("/console/callbacks")
    assert route.reference in adviser.text() and "rang" in adviser.text("tbody")
    adviser.open(f"/console/callbacks/{route.reference}")
    assert "Nobody has spoken with them yet" in adviser.text()


def test_whoever_runs_the_desk_enters_a_phone_that_is_a_line_of_the_council(guildhall: Guildhall) -> None:
    ada = Adviser(guildhall)
    boss = Adviser(guildhall, "Sam Hill", roles=(Role.SUPERVISOR,))
    boss.open(f"/desk/floor/advisers/{ada.id}")
    ticked = {"queue:front-desk": "yes", "language:en": "yes", "capacity": "3", "why": "training"}
    for typed, trouble in (("12", "Enter a UK phone number"), ("07700 900999", "not one of the lines of phone.yaml")):
        boss.press("main form button", phone=typed, **ticked)
        assert boss.status == 400 and trouble in boss.text(), boss.text()
    boss.press("main form button", phone="+44 1632 960771", **ticked)
    found = guildhall.desk.advisers.get(ada.id)
    assert boss.status == 200 and found is not None and found.phone == ADVISERS_PHONE
