"""A real identity provider on loopback: discovery, keys, an authorisation page that says yes, and tokens. It can be told to misbehave."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

CLIENT = "guildhall-console"
SECRET = "between-us"
RSA, OTHER_RSA = (RSAKey.generate_key(2048, {"kid": "one"}, auto_kid=False) for _ in range(2))
EC = ECKey.generate_key("P-256", {"kid": "two"}, auto_kid=False)


class IdentityProvider:
    """Set `claims`, `status`, `sign_with`, `algorithm` or `spoil` to say what comes back; `asked` keeps the token requests."""

    def __init__(self) -> None:
        self.issuer = ""
        self.status = 200
        self.claims: dict[str, Any] = {"name": "Pat Okafor", "roles": ["Governance.Chair"], "tid": "t1", "oid": "o1", "amr": ["pwd", "mfa"]}
        self.keys: list[Any] = [RSA]
        self.sign_with: Any = RSA
        self.algorithm = "RS256"
        self.kid = "one"
        self.spoil: Callable[[str], str] = lambda token: token
        self.now: Callable[[], float] = time.time
        self.asked: list[dict[str, str]] = []
        self.discovery_asked = self.codes = 0
        self.authorised: dict[str, dict[str, str]] = {}
        self.callback: dict[str, str] = {}

    def discovery(self) -> dict[str, Any]:
        self.discovery_asked += 1
        here = self.issuer
        return {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/keys",
        }

    def authorise(self, asked: dict[str, str]) -> str:
        """What the browser is sent back with once the person said yes."""
        self.codes += 1
        code = f"code-{self.codes}"
        self.authorised[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], **self.callback})}"

    def tokens(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.asked.append(form)
        asked = self.authorised.pop(form.get("code", ""), None)
        proved = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        known = asked and proved == asked["code_challenge"] and form["redirect_uri"] == asked["redirect_uri"]
        if not asked or not known or form.get("client_secret") != SECRET:
            return 400, {"error": "invalid_grant"}
        now = int(self.now())
        standard = {"iss": self.issuer, "aud": CLIENT, "sub": "sub-1", "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims = {key: value for key, value in (standard | self.claims).items() if value is not None}
        token = jwt.encode({"alg": self.algorithm, "kid": self.kid}, claims, self.sign_with, algorithms=[self.algorithm])
        return 200, {"id_token": self.spoil(token), "access_token": "unused", "token_type": "Bearer"}


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    served = IdentityProvider()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
            self.send_response(status)
            for name, value in {"content-type": kind, "content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            split = urlsplit(self.path)
            if split.path == "/authorize":
                asked = {key: values[0] for key, values in parse_qs(split.query).items()}
                self.answer(302, b"", location=served.authorise(asked))
                return
            found: dict[str, Callable[[], Any]] = {
                "/.well-known/openid-configuration": served.discovery,
                "/keys": lambda: KeySet(served.keys).as_dict(private=False),
            }
            self.answer(served.status if split.path in found else 404, json.dumps(found.get(split.path, dict)()).encode())

        def do_POST(self) -> None:
            form = {key: values[0] for key, values in parse_qs(self.rfile.read(int(self.headers["content-length"])).decode()).items()}
            status, body = served.tokens(form)
            self.answer(served.status if served.status != 200 else status, json.dumps(body).encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
