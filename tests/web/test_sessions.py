from pathlib import Path

from sqlalchemy import select

from guildhall.storage.schema import conversations
from tests.web.browser import Browser
from tests.web.front_door import open_front_door


def cookies_of(browser: Browser) -> list[str]:
    responses = [*browser.response.history, browser.response]
    return [value for response in responses for value in response.headers.get_list("set-cookie")]


def test_opening_the_page_starts_nothing(browser: Browser) -> None:
    browser.open()
    assert cookies_of(browser) == []


def test_the_cookie_is_closed_to_scripts_and_other_sites(browser: Browser) -> None:
    browser.ask("How much is bulky waste?")
    (cookie,) = cookies_of(browser)
    assert cookie.startswith("guildhall=")
    assert cookie.endswith("; Path=/; HttpOnly; SameSite=Lax")


def test_under_https_the_cookie_is_bound_to_the_host(tmp_path: Path) -> None:
    browser = Browser(open_front_door(tmp_path, settings={"public_url": "https://ask.council.example"}))
    browser.ask("How much is bulky waste?")
    (cookie,) = cookies_of(browser)
    assert cookie.startswith("__Host-guildhall=")
    assert "; Secure" in cookie
    assert browser.response.headers["strict-transport-security"].startswith("max-age=")


def test_embedded_under_https_the_cookie_is_partitioned(tmp_path: Path) -> None:
    browser = Browser(open_front_door(tmp_path, settings={"public_url": "https://ask.council.example"}))
    browser.open("/?embed=1").ask("How much is bulky waste?")
    (cookie,) = cookies_of(browser)
    assert cookie.startswith("__Host-guildhall-embed=")
    assert cookie.endswith("; Path=/; HttpOnly; Secure; SameSite=None; Partitioned")


def test_an_embedded_page_keeps_its_conversation_where_cookies_are_blocked(browser: Browser) -> None:
    browser.open("/?embed=1").ask("How much is bulky waste?")
    browser.client.cookies.clear()
    browser.ask("And council tax?")
    assert len(browser.all(".turn")) == 2
    browser.client.cookies.clear()
    browser.ask("", path="/person")
    browser.client.cookies.clear()
    browser.send("#callback form", name="Sam", phone="01632 960001", safe="no", slot="soonest")
    assert browser.all(".booked")


def test_outside_a_frame_only_the_cookie_opens_a_conversation(browser: Browser) -> None:
    browser.open("/?embed=1").ask("How much is bulky waste?")
    carried = browser.hidden()["token"]
    other = Browser(browser.guildhall)
    other.open().ask("let me in", token=carried)
    assert other.status == 403


def test_a_wrong_secret_shows_nothing(browser: Browser) -> None:
    browser.ask("How much is bulky waste?")
    conversation = browser.conversation_id
    for value in (f"{conversation}.wrong", conversation, ".", "x" * 4000, f"{conversation}."):
        other = Browser(browser.guildhall)
        other.client.cookies.set("guildhall", value)
        assert other.open().all(".turn") == []
        assert other.open("/transcript").all(".turn") == []


def test_a_new_conversation_has_a_new_id(browser: Browser) -> None:
    browser.ask("How much is bulky waste?")
    first = browser.conversation_id
    browser.send(".page-footer__form")
    assert browser.all(".turn") == []
    browser.ask("How much is bulky waste?")
    assert browser.conversation_id != first


def test_after_leaving_quickly_going_back_shows_nothing(browser: Browser) -> None:
    browser.ask("my husband hits me")
    assert browser.all("[data-exit][hidden]") == []
    assert browser.one("title").text() == "Council information"
    left = browser.client.get("/exit", follow_redirects=False)
    assert left.status_code == 303
    assert browser.open().all(".turn") == []


def test_the_exit_button_is_not_there_for_ordinary_questions(browser: Browser) -> None:
    browser.ask("How much is bulky waste?")
    assert len(browser.all("[data-exit][hidden]")) == 3


def test_another_site_cannot_end_a_conversation(browser: Browser) -> None:
    browser.ask("How much is bulky waste?")
    browser.client.get("/exit", headers={"sec-fetch-site": "cross-site"}, follow_redirects=False)
    assert len(browser.open().all(".turn")) == 1


def test_pages_of_a_conversation_are_never_stored(browser: Browser) -> None:
    browser.ask("How much is bulky waste?")
    for path in ("/", "/transcript", "/privacy", "/nowhere"):
        assert browser.open(path).response.headers["cache-control"] == "no-store"


def test_of_where_a_conversation_came_from_only_a_code_is_kept(tmp_path: Path) -> None:
    guildhall = open_front_door(tmp_path)
    for _ in range(2):
        Browser(guildhall).ask("How much is bulky waste?")
    with guildhall.database.reading() as connection:
        sources = connection.execute(select(conversations.c.source)).scalars().all()
    assert len(sources) == 2 and len(set(sources)) == 1
    assert sources[0] == guildhall.desk.sources.code("testclient", guildhall.house.clock())
