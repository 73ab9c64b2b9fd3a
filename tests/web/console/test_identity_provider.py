"""Signing in through a real identity provider on loopback."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from guildhall.testing.house import FakeClock
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.roles import Role
from guildhall.web.app import create_app
from tests.providers.identity.provider import CLIENT, SECRET, IdentityProvider, identity_provider
from tests.web.console.staff import Staff, events_of
from tests.web.front_door import open_front_door

ROLES = "Governance.Chair=board_chair, Governance.Audit=auditor"


@pytest.fixture
def served() -> Iterator[IdentityProvider]:
    with identity_provider() as found:
        yield found


@pytest.fixture
def staff(tmp_path: Path, served: IdentityProvider) -> Iterator[Staff]:
    clock = FakeClock()
    served.now = lambda: clock().timestamp()
    given = {"oidc_issuer": served.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET, "oidc_roles": ROLES}
    guildhall = open_front_door(tmp_path, clock, settings=given)
    yield Staff(guildhall)
    guildhall.close()


def sent_back(staff: Staff, served: IdentityProvider, path: str = "/console/sign-in/provider") -> str:
    """Where the provider sends the browser once the person said yes."""
    left = staff.client.get(path, follow_redirects=False)
    assert left.status_code == 303
    asked = {key: values[0] for key, values in parse_qs(urlsplit(left.headers["location"]).query).items()}
    return served.authorise(asked)


def sign_in(staff: Staff, served: IdentityProvider, **how: Any) -> Staff:
    back = urlsplit(sent_back(staff, served, **how))
    staff.open(f"{back.path}?{back.query}")
    return staff


def test_the_page_offers_the_identity_provider(staff: Staff) -> None:
    assert staff.open("/console/sign-in").text("main .govuk-button") == "Sign in with your council account"


def test_somebody_with_a_role_there_is_signed_in_here(staff: Staff, served: IdentityProvider) -> None:
    sign_in(staff, served)
    assert (staff.status, staff.heading) == (200, "Avonmere City Council’s assistant")
    assert "Signed in as Pat Okafor, Board chair. More than one factor was used." in staff.text(".who")
    assert events_of(staff.guildhall, "StaffSignedIn")[0]["method"] == "provider"
    assert len(served.asked[0]["code_verifier"]) >= 43


def test_an_answer_is_good_once(staff: Staff, served: IdentityProvider) -> None:
    back = urlsplit(sent_back(staff, served))
    path = f"{back.path}?{back.query}"
    assert staff.open(path).text("h1") == "Avonmere City Council’s assistant"
    staff.client.cookies.clear()
    assert staff.open(path).status == 403
    assert staff.cookie == ""


def test_an_answer_to_another_browser_is_refused(staff: Staff, served: IdentityProvider) -> None:
    back = urlsplit(sent_back(staff, served))
    victim = Staff(staff.guildhall)
    victim.open(f"{back.path}?{back.query}")
    assert victim.status == 403
    assert "not begun in this browser" in victim.text(".govuk-error-summary")


def test_a_made_up_state_is_refused(staff: Staff) -> None:
    staff.client.cookies.set("guildhall-sign-in", "made-up")
    assert staff.open("/console/sign-in/return?state=made-up&code=code-1").status == 403


@pytest.mark.parametrize("claims", [{"nonce": "another"}, {"aud": "another"}, {"exp": 1}])
def test_a_token_that_does_not_hold_signs_nobody_in(staff: Staff, served: IdentityProvider, claims: dict[str, Any]) -> None:
    served.claims |= claims
    sign_in(staff, served)
    assert (staff.status, staff.cookie) == (502, "")
    assert events_of(staff.guildhall, "SignInRefused")[0]["why"] == "UntrustedIdentityError"


def test_a_wrong_signature_signs_nobody_in(staff: Staff, served: IdentityProvider) -> None:
    served.spoil = lambda token: token[:-6] + "AAAAAA"
    assert sign_in(staff, served).status == 502


def test_who_has_no_role_there_is_told_whom_to_ask(staff: Staff, served: IdentityProvider) -> None:
    served.claims["roles"] = ["Everyone"]
    assert sign_in(staff, served).status == 403
    assert "Your account has no role here" in staff.text(".govuk-error-summary")
    assert staff.door.staff.everyone() == ()


def test_a_role_that_went_there_is_gone_here(staff: Staff, served: IdentityProvider) -> None:
    sign_in(staff, served)
    served.claims["roles"] = ["Governance.Audit"]
    sign_in(staff, served)
    assert "Pat Okafor, Auditor" in staff.text(".who")
    assert [event["after"] for event in events_of(staff.guildhall, "RoleChanged")] == [["auditor"], ["board_chair"]]


def test_a_provider_that_is_ill_is_said_so_kindly(staff: Staff, served: IdentityProvider) -> None:
    served.status = 503
    staff.open("/console/sign-in/provider")
    assert staff.status == 502
    assert "could not be reached" in staff.text(".govuk-error-summary")


def test_who_says_no_there_is_not_signed_in(staff: Staff, served: IdentityProvider) -> None:
    back = urlsplit(sent_back(staff, served))
    state = parse_qs(back.query)["state"][0]
    staff.open(f"/console/sign-in/return?state={state}&error=access_denied")
    assert staff.status == 403
    assert "did not sign you in" in staff.text(".govuk-error-summary")


def test_one_factor_is_shown(staff: Staff, served: IdentityProvider) -> None:
    served.claims["amr"] = ["pwd"]
    sign_in(staff, served)
    assert "One factor was used." in staff.text(".who")


def test_half_a_registration_does_not_start(tmp_path: Path) -> None:
    for given, named in (
        ({"oidc_issuer": "http://id.example", "oidc_client_id": "us", "oidc_roles": ROLES}, "GUILDHALL_OIDC_ISSUER"),
        ({"oidc_issuer": "https://id.example"}, "GUILDHALL_OIDC_CLIENT_ID"),
        ({"oidc_issuer": "https://id.example", "oidc_client_id": "us"}, "GUILDHALL_OIDC_ROLES"),
    ):
        guildhall = open_front_door(tmp_path, settings=given)
        with pytest.raises(ConfigurationError, match=named):
            create_app(guildhall)
        guildhall.close()


def test_a_link_still_works_when_the_provider_is_down(staff: Staff, served: IdentityProvider) -> None:
    served.status = 503
    staff.name = "Sam"
    staff.door.entrance.add("Sam", frozenset({Role.BOARD_CHAIR}))
    assert staff.sign_in().heading == "Avonmere City Council’s assistant"
