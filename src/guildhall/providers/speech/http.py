"""What every speech service over HTTP needs: a client that follows nobody elsewhere, and errors without words."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2

from guildhall.channels.phone.speech import SpeechError
from guildhall.providers.speech.limits import MOST_ANSWER_BYTES, Limits

CONNECTIONS: Final = httpx2.Limits(max_connections=200, max_keepalive_connections=40, keepalive_expiry=60.0)


def http_client(limits: Limits) -> httpx2.AsyncClient:
    """A client for one service. A redirect is an error: sound goes to the registered supplier and nowhere else."""
    times = httpx2.Timeout(limits.finish_seconds, connect=limits.connect_seconds, pool=limits.connect_seconds)
    return httpx2.AsyncClient(timeout=times, limits=CONNECTIONS, follow_redirects=False)


def bearer(address: str, key: str) -> dict[str, str]:
    """The header that an OpenAI-compatible server wants; one without a key gets none."""
    if not key:
        return {}
    host = urlsplit(address).hostname or ""
    return {"api-key": key} if host.endswith(".azure.com") else {"Authorization": f"Bearer {key}"}


@asynccontextmanager
async def asked(client: httpx2.AsyncClient, address: str, within_seconds: float, **request: Any) -> AsyncIterator[httpx2.Response]:
    """A POST whose answer begins in time and is read inside. Raises SpeechError for whatever goes wrong on the way."""
    try:
        async with AsyncExitStack() as stack:
            async with asyncio.timeout(within_seconds):
                response = await stack.enter_async_context(client.stream("POST", address, **request))
            if response.status_code != 200:
                raise SpeechError(f"the service answered {response.status_code}")
            yield response
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
        raise SpeechError(f"the service could not be asked: {type(error).__name__}") from None
    except TimeoutError:
        raise SpeechError("the service took too long") from None


async def whole(response: httpx2.Response, kind: str) -> bytes:
    """All of a short answer of this content type."""
    of = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if of != kind:
        raise SpeechError(f"the service answered with `{of[:60]}`: `{kind}` is right")
    body = b""
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > MOST_ANSWER_BYTES:
            raise SpeechError("the service's answer is too long")
    return body


def rate_of(headers: Mapping[str, str], otherwise: int) -> int:
    """The rate of the sound in an answer; a content type that is no sound is refused."""
    kind, _, parameters = headers.get("content-type", "").lower().partition(";")
    if not kind.strip().startswith("audio/") and kind.strip() != "application/octet-stream":
        raise SpeechError(f"the service answered with `{kind.strip()[:60]}`: sound is right")
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "rate" and value.strip().isdigit():
            return int(value)
    return otherwise
