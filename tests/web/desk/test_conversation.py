"""A whole conversation at the desk without a script: offered, read, accepted, answered, noted, wrapped up."""

from importlib.resources import files

from guildhall.bootstrap.house import Guildhall
from guildhall.web.desk.panel import Where
from guildhall.web.desk.panels import PANELS
from guildhall.web.desk.visit import REFRESH
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


def test_a_page_that_reads_itself_again_gets_only_what_can_have_changed(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    _resident, handoff = resident_asks(guildhall)
    adviser.open("/desk")
    adviser.press(f"#row-{handoff.reference} button")
    adviser.press("#offer button")
    assert adviser.one("#panel-wrap-up") and adviser.one("#panel-labels")
    again = adviser.client.get(adviser.response.url.path, headers={REFRESH: "1"})
    live = [panel.key for panel in PANELS if panel.live and panel.where == Where.SIDE and panel.key != "call"]  # nobody rang
    assert all(f'id="panel-{key}"' in again.text for key in live) and 'id="thread"' in again.text and 'id="composer"' in again.text
    assert 'id="panel-wrap-up"' not in again.text and 'id="panel-labels"' not in again.text


def test_every_panel_with_something_live_in_it_says_so() -> None:
    for panel in PANELS:
        template = files("guildhall").joinpath(f"web/templates/desk/panels/{panel.template}").read_text("utf-8")
        assert ("data-live" in template) <= (panel.live or panel.where == Where.COMPOSER)
