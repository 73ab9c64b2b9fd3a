"""Headers of every response: content security policy with a nonce, no sniffing, no referrer, nothing kept by caches."""

import secrets
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEPT_PATHS = ("/static/", "/theme.css", "/embed.js")
NEVER_FRAMED = ("/console", "/desk")
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=(), browsing-topics=()"


@dataclass(frozen=True)
class SecurityHeaders:
    """Outermost middleware. `frame_ancestors` are the origins that may embed the page; `https` adds HSTS."""

    app: ASGIApp
    frame_ancestors: str
    https: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to whatever comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope["guildhall.nonce"] = nonce

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope["path"], nonce)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _add(self, headers: MutableHeaders, path: str, nonce: str) -> None:
        framed_by = "'none'" if path.startswith(NEVER_FRAMED) else f"'self' {self.frame_ancestors}".strip()
        headers["Content-Security-Policy"] = self._policy(nonce, framed_by)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Permissions-Policy"] = PERMISSIONS
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "cross-origin" if path == "/embed.js" else "same-origin"
        if path.startswith(NEVER_FRAMED):
            headers["X-Frame-Options"] = "DENY"
        elif not self.frame_ancestors:
            headers["X-Frame-Options"] = "SAMEORIGIN"
        if self.https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if "cache-control" not in headers or not path.startswith(KEPT_PATHS):
            headers["Cache-Control"] = "no-store"

    def _policy(self, nonce: str, framed_by: str) -> str:
        return "; ".join(
            (
                "default-src 'self'",
                f"script-src 'self' 'nonce-{nonce}'",
                "style-src 'self'",
                "img-src 'self'",
                "connect-src 'self'",
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                f"frame-ancestors {framed_by}",
            )
        )
