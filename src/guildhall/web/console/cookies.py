"""The two cookies of the console: one for the session, one for a sign-in on its way through the identity provider."""

import hashlib
import hmac
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

ATTEMPT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class StaffCookies:
    """Reads and writes them. Under https both are `__Host-`; neither can be read by a script or sent by another site's form."""

    secure: bool

    @property
    def session_name(self) -> str:
        """The name of the session's cookie."""
        return self._name("guildhall-staff")

    def session(self, request: Request) -> str:
        """The session's secret, or nothing."""
        return request.cookies.get(self.session_name, "")

    def attempt(self, request: Request) -> str:
        """The state of the sign-in this browser began, or nothing."""
        return request.cookies.get(self._name("guildhall-sign-in"), "")

    def keep_session(self, response: Response, secret: str) -> None:
        """Give the browser a session; it forgets it when it closes."""
        self._write(response, self.session_name, secret)

    def keep_attempt(self, response: Response, state: str) -> None:
        """Give the browser what must come back to it."""
        self._write(response, self._name("guildhall-sign-in"), state, f"; Max-Age={ATTEMPT_SECONDS}")

    def clear_session(self, response: Response) -> None:
        """Take the session from the browser, and what it kept of the pages."""
        self._write(response, self.session_name, "", "; Max-Age=0")
        response.headers["Clear-Site-Data"] = '"cache"'

    def clear_attempt(self, response: Response) -> None:
        """The sign-in is over, one way or the other."""
        self._write(response, self._name("guildhall-sign-in"), "", "; Max-Age=0")

    def _name(self, name: str) -> str:
        return f"__Host-{name}" if self.secure else name

    def _write(self, response: Response, name: str, value: str, life: str = "") -> None:
        # Lax, not Strict: who comes back from the identity provider comes from another site
        secure = "; Secure" if self.secure else ""
        response.headers.append("set-cookie", f"{name}={value}; Path=/; HttpOnly{secure}; SameSite=Lax{life}")


def form_token(secret: str) -> str:
    """Goes into every form of a session; of no use without its cookie."""
    return hmac.new(secret.encode(), b"console form", hashlib.sha256).hexdigest()


def is_own(token: str, secret: str) -> bool:
    """Whether a form's token belongs to the session."""
    return bool(secret) and hmac.compare_digest(form_token(secret).encode(), token.encode())
