from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from guildhall.access.entrance import challenge
from guildhall.providers.identity.openid import OpenIdProvider, Registration, UntrustedIdentityError
from guildhall.vocabulary.errors import ProviderError
from tests.providers.identity.provider import CLIENT, EC, OTHER_RSA, RSA, SECRET, IdentityProvider, identity_provider

VERIFIER, NONCE, BACK = "v" * 60, "the-nonce", "http://localhost:8080/console/sign-in/return"


@pytest.fixture
def served() -> Iterator[IdentityProvider]:
    with identity_provider() as found:
        yield found


@pytest.fixture
def ours(served: IdentityProvider) -> Iterator[OpenIdProvider]:
    made = OpenIdProvider(Registration(served.issuer, CLIENT, SECRET, BACK, strong_levels=("strong",)), now=lambda: served.now())
    yield made
    made.close()


def code(served: IdentityProvider, ours: OpenIdProvider, **how: Any) -> str:
    address = ours.address_to_sign_in("the-state", NONCE, challenge(VERIFIER), **how)
    asked = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
    return parse_qs(urlsplit(served.authorise(asked)).query)["code"][0]


def test_a_sound_token_is_an_identity(served: IdentityProvider, ours: OpenIdProvider) -> None:
    identity = ours.redeem(code(served, ours), VERIFIER, NONCE)
    assert (identity.subject, identity.name, identity.claims) == ("tid:t1|oid:o1", "Pat Okafor", frozenset({"Governance.Chair"}))
    assert identity.is_strong(frozenset())


def test_the_authorisation_asks_for_a_code_with_pkce_and_a_nonce(served: IdentityProvider, ours: OpenIdProvider) -> None:
    address = ours.address_to_sign_in("the-state", NONCE, challenge(VERIFIER), strong=True)
    asked = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{served.issuer}/authorize?")
    assert asked == {
        "response_type": "code", "client_id": CLIENT, "redirect_uri": BACK, "scope": "openid profile", "state": "the-state", "nonce": NONCE,
        "code_challenge": challenge(VERIFIER), "code_challenge_method": "S256", "prompt": "login", "acr_values": "strong",
    }  # fmt: skip


def test_without_tenant_and_object_the_issuer_and_its_subject_are_the_key(served: IdentityProvider, ours: OpenIdProvider) -> None:
    served.claims = {"preferred_username": "pat", "roles": "Governance.Chair Other"}
    identity = ours.redeem(code(served, ours), VERIFIER, NONCE)
    assert (identity.subject, identity.name) == (f"iss:{served.issuer}|sub:sub-1", "pat")
    assert identity.claims == {"Governance.Chair", "Other"}
    assert not identity.is_strong(frozenset())


def test_an_elliptic_key_is_as_good(served: IdentityProvider, ours: OpenIdProvider) -> None:
    served.keys, served.sign_with, served.algorithm, served.kid = [EC], EC, "ES256", "two"
    assert ours.redeem(code(served, ours), VERIFIER, NONCE).name == "Pat Okafor"


def test_a_key_that_is_new_since_is_looked_up_once(served: IdentityProvider, ours: OpenIdProvider) -> None:
    ours.redeem(code(served, ours), VERIFIER, NONCE)
    served.keys, served.sign_with, served.algorithm, served.kid = [RSA, EC], EC, "ES256", "two"
    assert ours.redeem(code(served, ours), VERIFIER, NONCE).name == "Pat Okafor"
    assert served.discovery_asked == 2


def signed_by_nobody(token: str) -> str:
    head, body, _ = token.split(".")
    return f"{head}.{body}."


def altered(token: str) -> str:
    head, body, signature = token.split(".")
    return f"{head}.{body[:-4]}AAAA.{signature}"


def with_the_clients_secret(_token: str) -> str:
    return jwt.encode({"alg": "HS256", "kid": "one"}, {"sub": "x"}, OctKey.import_key(SECRET + SECRET), algorithms=["HS256"])


def unsigned(_token: str) -> str:
    return "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."


@pytest.mark.parametrize("spoil", [signed_by_nobody, altered, with_the_clients_secret, unsigned, lambda _: "nonsense", lambda _: ""])
def test_a_token_whose_signature_does_not_hold_is_refused(
    served: IdentityProvider, ours: OpenIdProvider, spoil: Callable[[str], str]
) -> None:
    served.spoil = spoil
    with pytest.raises(UntrustedIdentityError):
        ours.redeem(code(served, ours), VERIFIER, NONCE)


def test_a_token_signed_with_another_key_of_the_same_name_is_refused(served: IdentityProvider, ours: OpenIdProvider) -> None:
    served.sign_with = OTHER_RSA
    with pytest.raises(UntrustedIdentityError, match="BadSignature"):
        ours.redeem(code(served, ours), VERIFIER, NONCE)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"aud": "another-service"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"aud": [CLIENT, "another"]},
        {"exp": 1},
        {"exp": None},
        {"iat": 99999999999},
        {"nbf": 99999999999},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(served: IdentityProvider, ours: OpenIdProvider, claims: dict[str, Any]) -> None:
    served.claims |= claims
    with pytest.raises(UntrustedIdentityError):
        ours.redeem(code(served, ours), VERIFIER, NONCE)


def test_a_token_past_its_time_is_refused_a_minute_later(served: IdentityProvider) -> None:
    clock = [1_800_000_000.0]
    served.now = lambda: 1_800_000_000.0
    ours = OpenIdProvider(Registration(served.issuer, CLIENT, SECRET, BACK), now=lambda: clock[0])
    clock[0] += 300 + 59
    assert ours.redeem(code(served, ours), VERIFIER, NONCE)
    clock[0] += 2
    with pytest.raises(UntrustedIdentityError, match="ExpiredToken"):
        ours.redeem(code(served, ours), VERIFIER, NONCE)
    ours.close()


def test_a_code_is_good_once_and_only_with_its_verifier(served: IdentityProvider, ours: OpenIdProvider) -> None:
    once = code(served, ours)
    ours.redeem(once, VERIFIER, NONCE)
    for given, verifier in ((once, VERIFIER), (code(served, ours), "w" * 60), ("none", VERIFIER)):
        with pytest.raises(ProviderError, match="status 400"):
            ours.redeem(given, verifier, NONCE)


@pytest.mark.parametrize("status", [500, 503, 302, 404])
def test_a_provider_that_is_ill_is_said_so(served: IdentityProvider, ours: OpenIdProvider, status: int) -> None:
    served.status = status
    with pytest.raises(ProviderError, match=f"status {status}"):
        ours.address_to_sign_in("s", NONCE, challenge(VERIFIER))


def test_a_provider_that_is_gone_is_said_so() -> None:
    with identity_provider() as served:
        ours = OpenIdProvider(Registration(served.issuer, CLIENT, SECRET, BACK))
    with pytest.raises(ProviderError, match="cannot be reached") as caught:
        ours.address_to_sign_in("s", NONCE, challenge(VERIFIER))
    assert caught.value.retry
    ours.close()


def test_a_provider_that_calls_itself_by_another_name_is_not_believed(served: IdentityProvider) -> None:
    ours = OpenIdProvider(Registration(served.issuer + "/", CLIENT, SECRET, BACK))
    with pytest.raises(ProviderError, match="another name"):
        ours.address_to_sign_in("s", NONCE, challenge(VERIFIER))
    ours.close()
