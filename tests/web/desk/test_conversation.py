"""A whole conversation at the desk without a script: offered, read, accepted, answered, noted, wrapped up."""

from guildhall.bootstrap.house import Guildhall
from tests.web.desk.at_the_desk import Adviser, resident_asks


def test_a_conversation_from_the_queue_to_wrapping_up(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    _resident, handoff = resident_asks(guildhall)
    adviser.open("/desk")
    assert handoff.reference in adviser.text("#list")
    adviser.press(f"#row-{handoff.reference} button")
    assert adviser.one("#offer") and not adviser.all("#thread")
    adviser.press("#offer button")
    assert "How much is bulky waste?" in adviser.text("#thread")
    adviser.writes("Hello, I am Ada. It is £30.")
    assert "Hello, I am Ada. It is £30." in adviser.text("#thread")
    adviser.writes("Asked before in May", mode="note")
    assert "Private note" in adviser.text(".entry--note")
    adviser.press("#panel-wrap-up button", wrap_up="resolved", right_team="yes")
    assert adviser.response.url.path == "/desk"
    assert "None now." in adviser.text("#list")
