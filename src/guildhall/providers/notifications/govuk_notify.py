"""GOV.UK Notify over HTTP: text messages and e-mail by templates, each with our own reference, by which it is found again.

Why not the official client: docs/decisions/0018. Nothing of a message, and nothing of the key, is in any error or log.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2
from joserfc import jwt
from joserfc.jwk import OctKey

from guildhall.aftercare.ports import NotSentError, UnsureIfSentError
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.notifications import Delivery, MessageChannel, Outgoing

UUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
KEY: Final = re.compile(rf"(?:.*-)?({UUID})-({UUID})", re.IGNORECASE)
LARGEST_ANSWER: Final = 512 * 1024
RATE_WAIT_SECONDS: Final = 60.0
"""The service allows so many messages a minute."""
DAY_WAIT_SECONDS: Final = 3600.0
"""The day's allowance comes back at midnight; an hour is soon enough to look."""
NEVER_LEFT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)


@dataclass(frozen=True, slots=True)
class Templates:
    """Which template of the service carries what. `general` ones take our approved text whole; `named` ones are for one wording."""

    general: Mapping[MessageChannel, str]
    named: Mapping[tuple[str, MessageChannel], str] = field(default_factory=dict)

    def of(self, message: Outgoing) -> str:
        """The template for a message. Raises NotSentError."""
        found = self.named.get((message.wording, message.channel)) or self.general.get(message.channel)
        if not found:
            raise NotSentError(f"no template is set for {message.channel}", retry=True, wait_seconds=DAY_WAIT_SECONDS)
        return found


@dataclass(frozen=True)
class Account:
    """The service and its secret, which is never shown."""

    service: str
    secret: str = field(repr=False)


def read_key(key: str) -> Account:
    """An API key as the service prints it: a name, the service's id, the secret. Raises ConfigurationError, which shows nothing of it."""
    found = KEY.fullmatch(key.strip())
    if not found:
        raise ConfigurationError(
            "the key is not one that GOV.UK Notify gives.",
            file="GUILDHALL_NOTIFICATIONS_KEY",
            fix="Copy the whole key from API integration, API keys: a name and two ids, joined by hyphens.",
        )
    return Account(found[1], found[2])


class GovUkNotify:
    """One service at GOV.UK Notify. `timeout_seconds` bounds a whole call, however slowly the answer drips."""

    name = "govuk-notify"

    def __init__(
        self,
        account: Account,
        templates: Templates,
        url: str,
        timeout_seconds: float,
        *,
        now: Callable[[], float] = time.time,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._account, self._templates, self._url = account, templates, url.rstrip("/")
        self._timeout, self._now, self._stopwatch = timeout_seconds, now, stopwatch
        self._client = httpx2.Client(timeout=timeout_seconds, follow_redirects=False)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def send(self, message: Outgoing) -> Delivery:
        """Ask for it to be sent. Raises NotSentError, UnsureIfSentError."""
        to = "phone_number" if message.channel == MessageChannel.SMS else "email_address"
        values = {**message.values, "text": message.text} | ({"subject": message.subject} if message.subject else {})
        body = {to: message.to, "template_id": self._templates.of(message), "personalisation": values, "reference": message.reference}
        status, answer = self._call("POST", f"/v2/notifications/{message.channel.value}", content=json.dumps(body).encode())
        if status != 201:
            raise _refusal(status, answer)
        if not isinstance(answer.get("id"), str):
            raise UnsureIfSentError("the service said that it took the message, but not under which id")
        return Delivery(str(answer["id"])[:80], "created")

    def find(self, reference: str, channel: MessageChannel) -> Delivery | None:
        """Look a message up by our reference. Raises UnsureIfSentError."""
        asked = {"reference": reference, "template_type": channel.value}
        try:
            status, answer = self._call("GET", "/v2/notifications", params=asked)
        except NotSentError as error:
            raise UnsureIfSentError(str(error)) from error
        listed = answer.get("notifications")
        if status != 200 or not isinstance(listed, list):
            raise UnsureIfSentError(f"the service did not say whether it has the message (status {status})")
        ours = [one for one in listed if isinstance(one, dict) and one.get("reference") == reference]
        return Delivery(str(ours[0].get("id", ""))[:80], str(ours[0].get("status", ""))[:40]) if ours else None

    def _call(self, method: str, path: str, **sent: Any) -> tuple[int, Mapping[str, Any]]:
        """Status and answer; an answer that is no JSON object is empty. Raises NotSentError only when the request never left."""
        deadline = self._stopwatch() + self._timeout
        headers = {"authorization": f"Bearer {self._token()}", "content-type": "application/json", "user-agent": "guildhall"}
        content = b""
        try:
            with self._client.stream(method, f"{self._url}{path}", headers=headers, **sent) as response:
                for piece in response.iter_bytes():
                    content += piece
                    if len(content) > LARGEST_ANSWER or self._stopwatch() > deadline:
                        raise UnsureIfSentError("the service's answer was too long or took too long")
        except NEVER_LEFT as error:
            raise NotSentError(f"the service cannot be reached: {type(error).__name__}", retry=True) from None
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            raise UnsureIfSentError(f"the call broke off: {type(error).__name__}") from None
        return response.status_code, _as_object(content)

    def _token(self) -> str:
        claims = {"iss": self._account.service, "iat": int(self._now())}
        return jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, OctKey.import_key(self._account.secret), algorithms=["HS256"])


def _refusal(status: int, answer: Mapping[str, Any]) -> NotSentError | UnsureIfSentError:
    """What a status means. The service's own message may quote whom we wrote to, so only the kind of error is kept."""
    errors = answer.get("errors")
    named = [str(one.get("error", "")) for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    kind = next((name for name in named if re.fullmatch(r"[A-Za-z]{3,40}", name)), "no reason given")
    if status == 429:
        wait = DAY_WAIT_SECONDS if kind == "TooManyRequestsError" else RATE_WAIT_SECONDS
        return NotSentError(f"the service is being asked too often ({kind})", retry=True, wait_seconds=wait)
    if status in (401, 403):
        return NotSentError(f"the service refused the key or the clock ({status}, {kind})", retry=True, wait_seconds=RATE_WAIT_SECONDS)
    if 400 <= status < 500:
        return NotSentError(f"the service refused the message ({status}, {kind})", retry=False)
    return UnsureIfSentError(f"the service failed (status {status})")


def _as_object(content: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
