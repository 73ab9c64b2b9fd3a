"""Who may do what, and that no way round it exists."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from guildhall.access.entrance import digest
from guildhall.bootstrap.console import open_console
from guildhall.bootstrap.house import Guildhall
from guildhall.storage.turns import Sought
from guildhall.vocabulary.roles import ROLE_LABELS, VALUE_ROLES, Role
from guildhall.vocabulary.staff import SignInMethod, StaffSession
from guildhall.web.app import create_app, open_door
from guildhall.web.console.cookies import StaffCookies
from guildhall.web.console.routes import staff_routes
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import DECIDERS, EVERYONE, Group, Section
from guildhall.web.console.sections import SECTIONS
from guildhall.web.console.visit import Visit
from guildhall.web.front_door import FrontDoor
from guildhall.web.rate_limits import Rates
from tests.web.console.staff import Staff, events_of, residents_ask


def a_turn(guildhall: Guildhall) -> str:
    residents_ask(guildhall, "my husband hits me")
    turn = open_console(guildhall).turns.search(Sought(), 1)[0]
    return f"{turn.conversation_id}/{turn.id}"


def test_an_auditor_can_be_given_no_act(guildhall: Guildhall) -> None:
    routes = Routes(None, open_console(guildhall), StaffCookies(False), SECTIONS, APIRouter())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="changes nothing"):
        routes.acts("/console/x", EVERYONE)


def test_who_answers_for_money_can_be_shown_no_words(guildhall: Guildhall) -> None:
    routes = Routes(None, open_console(guildhall), StaffCookies(False), SECTIONS, APIRouter())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="never what a resident said"):
        routes.opens("/console/x", frozenset({Role.FINANCE_PARTNER}))


@pytest.mark.parametrize("role", sorted(VALUE_ROLES))
def test_who_answers_for_money_reads_no_words_by_asking_for_them(guildhall: Guildhall, role: Role) -> None:
    turn = a_turn(guildhall)
    staff = Staff(guildhall, role)
    token = staff.open("/console").hidden(".who form")["token"]
    staff.take(staff.client.post(f"/console/turns/{turn}/words", data={"token": token, "purpose": "audit"}))
    assert staff.status == 403 and "hits me" not in staff.client.get(f"/console/turns/{turn}").text


def test_an_auditor_reads_every_page_and_posts_nothing_that_changes(guildhall: Guildhall) -> None:
    turn = a_turn(guildhall)
    auditor = Staff(guildhall, Role.AUDITOR)
    for section in SECTIONS:
        assert auditor.open(section.path).status == 200
    token = auditor.hidden(".who form")["token"]
    before = len(events_of(guildhall, "MissRecorded"))
    filled = {"token": token, "kind": "not_heard", "found_by": "adviser", "category": "", "learned": "something was learned"}
    paths = (f"/console/misses/new/{turn}", "/console/misses/miss_1", "/console/staff/staf_1/sign-out", "/console/knobs")
    for path in (*paths, "/console/switches/off", "/console/switches/on"):
        auditor.take(auditor.client.post(path, data=filled))
        assert auditor.status == 403
        assert "You do not have the role for this" in auditor.heading
    assert len(events_of(guildhall, "MissRecorded")) == before == 0


def test_every_post_of_the_console_is_an_act_without_auditors_or_shows_personal_data_or_signs_in_or_out(guildhall: Guildhall) -> None:
    client = TestClient(create_app(guildhall))
    assert client.get("/console/sign-in").status_code == 200
    front = _front(guildhall)
    posts = [r for router in staff_routes(front) for r in router.routes if isinstance(r, APIRoute) and "POST" in (r.methods or ())]
    may_audit = [route.path for route in posts if Role.AUDITOR in route.endpoint.__roles__]  # type: ignore[attr-defined]
    assert sorted(may_audit) == [
        "/console/callbacks/{reference}",
        "/console/feedback/{answer}/words",
        "/console/gaps/{gap}/questions",
        "/console/messages/{reference}/words",
        "/console/recordings/{recording}",
        "/console/rights/requests/{reference}/words",
        "/console/safeguarding/{record}/words",
        "/console/turns/{conversation}/{turn}/words",
    ]


def _front(guildhall: Guildhall) -> FrontDoor:
    return open_door(guildhall, Rates())


@pytest.mark.parametrize("role", [Role.BOARD_CHAIR, Role.SERVICE_MANAGER])
def test_roles_that_read_decisions_do_not_read_words(guildhall: Guildhall, role: Role) -> None:
    turn = a_turn(guildhall)
    staff = Staff(guildhall, role)
    staff.open(f"/console/turns/{turn}")
    assert "Your role reads decisions and not words" in staff.text()
    token = staff.hidden(".who form")["token"]
    staff.take(staff.client.post(f"/console/turns/{turn}/words", data={"token": token, "purpose": "audit"}))
    assert staff.status == 403
    assert "husband" not in staff.html
    assert events_of(guildhall, "PersonalDataRead") == []


def test_whoever_lacks_the_role_is_told_which_it_takes(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.RULE_OWNER)
    token = staff.hidden(".who form")["token"]
    staff.take(staff.client.post("/console/staff/staf_1/sign-out", data={"token": token}))
    assert "You are signed in as Pat Okafor, Rule owner" in staff.text()
    assert [item.text(strip=True).split(":")[0] for item in staff.all("main li")] == ["Board chair", "Data protection officer"]
    assert "ask whoever runs this service" in staff.text()


def test_a_role_that_is_taken_away_is_gone_with_the_next_click(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.BOARD_CHAIR, Role.AUDITOR)
    staff.door.entrance.withdraw(staff.door.staff.by_name("Pat Okafor"), Role.BOARD_CHAIR)
    assert "Pat Okafor, Auditor" in staff.open("/console").text(".who")
    staff.door.entrance.withdraw(staff.door.staff.by_name("Pat Okafor"), Role.AUDITOR)
    assert staff.open("/console/rules").status == 403


def test_every_role_has_a_name_and_a_sentence() -> None:
    assert set(ROLE_LABELS) == set(Role)


def signing_section(done: list[str]) -> Section:
    def add_routes(routes: Routes) -> None:
        @routes.reads("/console/paper")
        def show(visit: Visit) -> Any:
            return visit.show("said.html", heading="A paper", paragraphs=[visit.token])

        @routes.acts("/console/paper", DECIDERS, signing=True)
        def sign(visit: Visit) -> Any:
            done.append(visit.member.name)
            return visit.go_to("/console/paper")

    return Section("/console/paper", "A paper", "Something to sign.", Group.PROOF, add_routes)


@pytest.mark.parametrize(
    ("method", "strong", "signed"),
    [(SignInMethod.PROVIDER, True, True), (SignInMethod.PROVIDER, False, False), (SignInMethod.LINK, False, True)],
)
def test_a_signature_takes_more_than_one_factor_where_a_provider_can_tell(
    guildhall: Guildhall, method: SignInMethod, strong: bool, signed: bool
) -> None:
    done: list[str] = []
    staff = Staff(guildhall, Role.BOARD_CHAIR)
    app = create_app(guildhall)
    for router in staff_routes(_front(guildhall), [*SECTIONS, signing_section(done)]):
        app.include_router(router)
    staff.client = TestClient(app, base_url=guildhall.settings.address)
    member, now = staff.door.staff.by_name("Pat Okafor"), guildhall.house.clock()
    staff.door.sessions.start(StaffSession(digest("the-secret"), member, method, strong, now, now))
    staff.client.cookies.set("guildhall-staff", "the-secret")
    staff.open("/console/paper")
    token = staff.hidden(".who form")["token"]
    staff.take(staff.client.post("/console/paper", data={"token": token}))
    assert (done == ["Pat Okafor"]) is signed
    if not signed:
        assert staff.status == 403
        assert "Sign in with a second factor first" in staff.heading
        assert staff.one("main .govuk-button").attributes["href"] == "/console/sign-in/provider?strong=1"


Post = Callable[[Staff, str], Any]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda staff, token: {"data": {}},
        lambda staff, token: {"data": {"token": "0" * 64}},
        lambda staff, token: {"data": {"token": token[:-1] + ("0" if token[-1] != "0" else "1")}},
        lambda staff, token: {"data": {"token": token}, "headers": {"sec-fetch-site": "cross-site"}},
        lambda staff, token: {"data": {"token": token}, "headers": {"origin": "https://evil.example"}},
        lambda staff, token: {"data": {"token": Staff(staff.guildhall, Role.AUDITOR, name="Eve").hidden(".who form")["token"]}},
    ],
)
def test_a_form_that_is_not_this_sessions_own_changes_nothing(guildhall: Guildhall, spoil: Post) -> None:
    turn = a_turn(guildhall)
    staff = Staff(guildhall, Role.SAFEGUARDING_LEAD)
    how = spoil(staff, staff.hidden(".who form")["token"])
    how["data"] |= {"kind": "not_heard", "found_by": "adviser", "category": ""}
    staff.take(staff.client.post(f"/console/misses/new/{turn}", **how))
    assert staff.status == 403
    assert staff.heading == "This form could not be checked"
    assert events_of(guildhall, "MissRecorded") == []


def test_a_sign_out_from_another_site_is_not_obeyed(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.AUDITOR)
    token = staff.hidden(".who form")["token"]
    staff.client.post("/console/sign-out", data={"token": token}, headers={"sec-fetch-site": "cross-site"})
    assert staff.open("/console").response.url.path == "/console"


def test_a_huge_form_and_a_broken_one_get_a_page(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.SAFEGUARDING_LEAD)
    staff.take(staff.client.post("/console/sign-out", data={"token": "x" * 400_000}))
    assert (staff.status, staff.heading) == (413, "Too much was sent at once")
    assert staff.open("/console/nothing/here").status == 404


def test_a_store_that_is_gone_ends_in_a_page_without_details(guildhall: Guildhall, monkeypatch: pytest.MonkeyPatch) -> None:
    staff = Staff(guildhall, Role.AUDITOR)
    monkeypatch.setattr("guildhall.storage.staff_sessions.SessionStore.find", lambda *_: 1 / 0)
    staff.open("/console")
    assert (staff.status, staff.heading) == (500, "Sorry, there is a problem")
    assert "ZeroDivision" not in staff.html
