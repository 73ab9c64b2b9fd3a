from pathlib import Path

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.testing.house import FakeClock
from guildhall.vocabulary.roles import Role
from guildhall.web.rate_limits import Rate, Rates
from tests.web.browser import Browser
from tests.web.console.staff import Staff, events_of
from tests.web.front_door import open_front_door


def set_cookies(staff: Staff) -> list[str]:
    return [value for response in [*staff.response.history, staff.response] for value in response.headers.get_list("set-cookie")]


def test_nobody_sees_the_console_without_signing_in(guildhall: Guildhall) -> None:
    stranger = Staff(guildhall)
    for path in ("/console", "/console/rules", "/console/pack", "/console/turns/conv_1/turn_1"):
        stranger.open(path)
        assert stranger.response.url.path == "/console/sign-in"
        assert stranger.heading == "Sign in to the console"
    assert "guildhall staff link" in stranger.text()


def test_a_link_signs_in_with_a_button_so_that_looking_at_it_does_not_use_it_up(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.BOARD_CHAIR)
    other = Staff(guildhall)
    other.name = staff.name
    link = other.link()
    for _ in range(3):
        other.follow(link)
        assert other.cookie == ""
    other.send("form[action='/console/sign-in/link']")
    assert other.heading == "Avonmere City Council’s assistant"
    assert "Signed in as Pat Okafor, Board chair. By single-use link." in other.text(".who")


def test_a_link_used_twice_lets_nobody_in_and_is_recorded(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.AUDITOR)
    link = staff.link()
    staff.follow(link).send("form[action='/console/sign-in/link']")
    thief = Staff(guildhall).follow(link).send("form[action='/console/sign-in/link']")
    assert (thief.status, thief.client.cookies.get("guildhall-staff")) == (403, None)
    assert "used already" in thief.text(".govuk-error-summary")
    assert events_of(guildhall, "SignInRefused") == [{"by": "nobody", "why": "link"}]


def test_a_link_past_its_time_lets_nobody_in(tmp_path: Path) -> None:
    clock = FakeClock()
    staff = Staff(open_front_door(tmp_path, clock), Role.AUDITOR)
    link = staff.link()
    clock.move(minutes=15)
    staff.client.cookies.clear()
    staff.follow(link).send("form[action='/console/sign-in/link']")
    assert staff.status == 403
    assert "past its time" in staff.text(".govuk-error-summary")


def test_a_cookie_that_was_planted_is_not_the_one_that_is_signed_in(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.AUDITOR)
    planted = "A" * 43
    staff.client.cookies.clear()
    staff.client.cookies.set("guildhall-staff", planted, domain="localhost.local")
    staff.sign_in()
    assert staff.cookie != planted
    attacker = Staff(guildhall)
    attacker.client.cookies.set("guildhall-staff", planted)
    assert attacker.open("/console").response.url.path == "/console/sign-in"


def test_signing_in_again_ends_the_session_that_this_browser_had(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.AUDITOR)
    before = staff.cookie
    staff.sign_in()
    assert staff.cookie != before
    stale = Staff(guildhall)
    stale.client.cookies.set("guildhall-staff", before)
    assert stale.open("/console").response.url.path == "/console/sign-in"


def test_the_cookie_is_closed_to_scripts_and_bound_to_the_host_under_https(tmp_path: Path) -> None:
    staff = Staff(open_front_door(tmp_path, settings={"public_url": "https://ask.council.example"}), Role.AUDITOR)
    (cookie,) = set_cookies(staff)
    name, _, rest = cookie.partition("=")
    secret, _, attributes = rest.partition("; ")
    assert (name, attributes) == ("__Host-guildhall-staff", "Path=/; HttpOnly; Secure; SameSite=Lax")
    assert len(secret) == 43


def test_after_signing_out_going_back_shows_nothing_and_the_old_cookie_opens_nothing(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.AUDITOR)
    secret = staff.cookie
    assert staff.response.headers["cache-control"] == "no-store"
    staff.send(".who form")
    assert "You are signed out" in staff.text(".govuk-inset-text")
    assert staff.response.history[0].headers["clear-site-data"] == '"cache"'
    staff.client.cookies.set("guildhall-staff", secret)
    assert staff.open("/console").response.url.path == "/console/sign-in"
    assert [event["by"] for event in events_of(guildhall, "StaffSignedOut")] == [
        event["by"] for event in events_of(guildhall, "StaffSignedIn")
    ]


def test_a_session_that_was_left_alone_ends_and_says_so(tmp_path: Path) -> None:
    clock = FakeClock()
    staff = Staff(open_front_door(tmp_path, clock), Role.AUDITOR)
    clock.move(minutes=29)
    assert staff.open("/console/rules").text("h1") == "Rule register"
    clock.move(minutes=30)
    staff.open("/console/rules")
    assert "Your session has ended" in staff.text(".govuk-inset-text")
    assert staff.cookie == ""


@pytest.mark.parametrize("cookie", ["", "wrong", "x" * 4000, "guildhall.secret", "%00"])
def test_a_wrong_cookie_opens_nothing(guildhall: Guildhall, cookie: str) -> None:
    stranger = Staff(guildhall)
    stranger.client.cookies.set("guildhall-staff", cookie)
    assert stranger.open("/console").response.url.path == "/console/sign-in"


def test_a_residents_cookie_opens_nothing_and_staff_are_no_resident(guildhall: Guildhall) -> None:
    resident = Browser(guildhall).ask("How much is bulky waste?")
    assert resident.open("/console").response.url.path == "/console/sign-in"
    staff = Staff(guildhall, Role.AUDITOR)
    assert staff.open("/").all(".turn") == []


def test_tries_without_end_are_slowed_down(tmp_path: Path) -> None:
    guildhall = open_front_door(tmp_path)
    stranger = Browser(guildhall, Rates(starts=Rate(2, 0.01)))
    for expected in (403, 403, 429):
        stranger.take(stranger.client.post("/console/sign-in/link", data={"link": "guess"}))
        assert stranger.status == expected
    assert int(stranger.response.headers["retry-after"]) > 0


def test_a_sign_in_form_from_another_site_is_refused(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.AUDITOR)
    staff.client.cookies.clear()
    staff.take(staff.client.post("/console/sign-in/link", data={"link": staff.link()}, headers={"sec-fetch-site": "cross-site"}))
    assert staff.status == 403
    assert staff.cookie == ""


def test_no_site_may_frame_the_console_even_where_the_residents_page_may_be(tmp_path: Path) -> None:
    stranger = Staff(open_front_door(tmp_path, settings={"allowed_frame_ancestors": "https://www.council.example"}))
    headers = stranger.open("/console/sign-in").response.headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert "https://www.council.example" in stranger.open("/").response.headers["content-security-policy"]


def test_without_an_identity_provider_its_addresses_are_not_there(guildhall: Guildhall) -> None:
    stranger = Staff(guildhall)
    assert stranger.open("/console/sign-in/provider").status == 404
    assert stranger.open("/console/sign-in/return?state=x&code=y").status == 404
    assert "Page not found" in stranger.heading
