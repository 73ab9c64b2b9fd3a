"""The cookie that binds a browser to one conversation, and the form token that binds a form to it."""

import hashlib
import hmac
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from guildhall.storage.conversations import ConversationStore
from guildhall.vocabulary.ids import ConversationId

MAX_ID, MAX_SECRET = 64, 128


@dataclass(frozen=True, slots=True)
class Session:
    """A conversation and the secret that opens it."""

    conversation_id: ConversationId
    secret: str

    @property
    def form_token(self) -> str:
        """Goes into every form of the conversation; of no use without the cookie."""
        return hmac.new(self.secret.encode(), b"form", hashlib.sha256).hexdigest()

    @property
    def carried(self) -> str:
        """The whole session as text: what the cookie holds, and what the forms of an embedded page carry where cookies are blocked."""
        return f"{self.conversation_id}.{self.secret}"

    def owns(self, token: str) -> bool:
        """Whether a form's token belongs to this conversation."""
        return any(hmac.compare_digest(own.encode(), token.encode()) for own in (self.form_token, self.carried))


@dataclass(frozen=True, slots=True)
class SessionCookies:
    """Reads and writes the cookie. Under https it is `__Host-`; embedded in another site's page it is partitioned (CHIPS)."""

    conversations: ConversationStore
    secure: bool

    def name(self, embed: bool) -> str:
        """The embedded page keeps a conversation of its own."""
        return ("__Host-" if self.secure else "") + ("guildhall-embed" if embed else "guildhall")

    def read(self, request: Request, embed: bool, carried: str = "") -> Session | None:
        """The session the browser holds, once its secret is checked against the store.

        In another site's page a browser may block our cookie even so; the forms of the embedded page then carry the session.
        """
        return self._checked(request.cookies.get(self.name(embed), "")) or (self._checked(carried) if embed else None)

    def _checked(self, text: str) -> Session | None:
        conversation_id, _, secret = text.partition(".")
        if not conversation_id or not secret or len(conversation_id) > MAX_ID or len(secret) > MAX_SECRET:
            return None
        if not self.conversations.holds_secret(conversation_id, secret):
            return None
        return Session(ConversationId(conversation_id), secret)

    def keep(self, response: Response, session: Session, embed: bool) -> None:
        """Give the browser the conversation; it forgets it when it closes."""
        self._write(response, session.carried, embed)

    def clear(self, response: Response) -> None:
        """Take the conversation from the browser, the embedded one too."""
        self._write(response, "", False, "; Max-Age=0")
        self._write(response, "", True, "; Max-Age=0")

    def _write(self, response: Response, value: str, embed: bool, life: str = "") -> None:
        site = "SameSite=None; Partitioned" if embed and self.secure else "SameSite=Lax"
        secure = "; Secure" if self.secure else ""
        response.headers.append("set-cookie", f"{self.name(embed)}={value}; Path=/; HttpOnly{secure}; {site}{life}")
