"""OpenID Connect: authorization code with PKCE and a nonce, and an identity token whose signature and claims are checked.

The adapter believes nothing but the signed identity token: no user-info call, no unsigned claim, no algorithm that the
list below lacks. Its keys come from the address that the provider's own discovery document names.
"""

import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import httpx2
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import ClaimsOption

from guildhall.access.claims import Identity
from guildhall.vocabulary.errors import ProviderError

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
LEEWAY_SECONDS: Final = 60
KEPT_SECONDS: Final = 3600
TIMEOUT_SECONDS: Final = 10.0
LARGEST_ANSWER: Final = 512 * 1024
UNREACHABLE: Final = "the identity provider cannot be reached, or gave an answer that is none"


class UntrustedIdentityError(ProviderError):
    """What came back is not a sound identity token of this provider for us; nobody is signed in."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What the provider knows us as. `roles_claim` is where it puts the roles; `strong_levels` are asked for when one factor is not enough."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    scopes: str = "openid profile"
    roles_claim: str = "roles"
    strong_levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    discovery: Mapping[str, Any]
    keys: KeySet
    until: float


class OpenIdProvider:
    """One identity provider."""

    def __init__(
        self,
        registration: Registration,
        *,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._us, self._now, self._monotonic = registration, now, monotonic
        self._client = httpx2.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, transport=transport)
        self._kept: _Kept | None = None

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def address_to_sign_in(self, state: str, nonce: str, challenge: str, *, strong: bool = False) -> str:
        """Where the browser is sent. Raises ProviderError when the provider cannot be reached."""
        asked = {
            "response_type": "code",
            "client_id": self._us.client_id,
            "redirect_uri": self._us.redirect_uri,
            "scope": self._us.scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        if strong:
            asked |= {"prompt": "login", **({"acr_values": " ".join(self._us.strong_levels)} if self._us.strong_levels else {})}
        address = str(self._known().discovery["authorization_endpoint"])
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    def redeem(self, code: str, verifier: str, nonce: str) -> Identity:
        """Who a code stands for. Raises ProviderError, or UntrustedIdentityError for a token that does not hold."""
        known = self._known()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._us.redirect_uri,
            "client_id": self._us.client_id,
            "code_verifier": verifier,
        }
        if self._us.client_secret:
            form["client_secret"] = self._us.client_secret
        answer = self._ask("POST", str(known.discovery["token_endpoint"]), data=form)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise UntrustedIdentityError("the identity provider sent no identity token")
        return self._identity(self._claims(token, nonce))

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        try:
            decoded = self._decoded(token)
            required = ClaimsOption(essential=True)
            rules = jwt.JWTClaimsRegistry(
                now=int(self._now()),
                leeway=LEEWAY_SECONDS,
                iss=ClaimsOption(essential=True, value=self._us.issuer),
                aud=ClaimsOption(essential=True, value=self._us.client_id),
                sub=required,
                exp=required,
                iat=required,
                nonce=required,
            )
            rules.validate(decoded.claims)
        except (JoseError, ValueError) as error:
            raise UntrustedIdentityError(f"the identity token does not hold: {type(error).__name__}") from error
        claims = decoded.claims
        if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
            raise UntrustedIdentityError("the identity token was made for another sign-in")
        audience = claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != self._us.client_id:
            raise UntrustedIdentityError("the identity token was made for another service")
        return claims

    def _decoded(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, self._known().keys, algorithms=list(ALGORITHMS))
        except InvalidKeyIdError:  # the provider may have changed its keys since
            self._kept = None
            return jwt.decode(token, self._known().keys, algorithms=list(ALGORITHMS))

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        tenant, within = claims.get("tid"), claims.get("oid")
        subject = f"tid:{tenant}|oid:{within}" if tenant and within else f"iss:{claims['iss']}|sub:{claims['sub']}"
        name = next((str(claims[key]) for key in ("name", "preferred_username", "sub") if claims.get(key)), "")
        roles, methods = claims.get(self._us.roles_claim), claims.get("amr")
        return Identity(subject[:500], name[:200], _words(roles), _words(methods), str(claims.get("acr") or ""))

    def _known(self) -> _Kept:
        if self._kept is None or self._monotonic() > self._kept.until:
            discovery = self._ask("GET", f"{self._us.issuer.rstrip('/')}/.well-known/openid-configuration")
            if discovery.get("issuer") != self._us.issuer:
                raise ProviderError("the identity provider calls itself by another name than GUILDHALL_OIDC_ISSUER does")
            missing = [name for name in ("authorization_endpoint", "token_endpoint", "jwks_uri") if not discovery.get(name)]
            if missing:
                raise ProviderError(f"the identity provider's description lacks {', '.join(missing)}")
            published = self._ask("GET", str(discovery["jwks_uri"]))
            try:
                keys = KeySet.import_key_set(published)  # type: ignore[arg-type]
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise ProviderError(f"the identity provider's keys cannot be read: {type(error).__name__}") from error
            self._kept = _Kept(discovery, keys, self._monotonic() + KEPT_SECONDS)
        return self._kept

    def _ask(self, method: str, address: str, **sent: Any) -> dict[str, Any]:
        try:
            response = self._client.request(method, address, headers={"accept": "application/json"}, **sent)
            answer = response.json() if response.status_code == 200 and len(response.content) <= LARGEST_ANSWER else None
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise ProviderError(f"{UNREACHABLE}: {type(error).__name__}", retry=True) from error
        if not isinstance(answer, dict):
            raise ProviderError(f"{UNREACHABLE}: status {response.status_code}", retry=response.status_code >= 500)
        return answer


def _words(claim: object) -> frozenset[str]:
    """A claim that is one word or a list of words."""
    if isinstance(claim, str):
        return frozenset(claim.split())
    return frozenset(str(item) for item in claim) if isinstance(claim, list) else frozenset()
