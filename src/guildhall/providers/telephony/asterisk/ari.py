"""The Asterisk REST Interface: requests over HTTP, events over a websocket. What a caller's number is never stands in an address."""

import base64
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from guildhall.providers.telephony.asterisk.config import AsteriskConfig

MOST_BYTES: Final = 1 << 20


class AriError(Exception):
    """Asterisk refused, or did not answer. `status` is HTTP's, 0 when there was no answer."""

    def __init__(self, status: int, what: str) -> None:
        super().__init__(f"Asterisk answered {status} to {what}" if status else f"Asterisk did not answer {what}")
        self.status = status


class Ari:
    """Requests to one Asterisk."""

    def __init__(self, config: AsteriskConfig) -> None:
        self._config = config
        auth = httpx2.BasicAuth(config.username, config.password)
        self._http = httpx2.AsyncClient(base_url=f"{config.url}/ari/", auth=auth, timeout=config.request_seconds, trust_env=False)

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """One request; what is asked for stands in the body, so that no log of addresses has it. Raises AriError."""
        try:
            response = await self._http.request(method, path, json=body)
        except httpx2.HTTPError as error:
            raise AriError(0, f"{method} {_kind(path)}") from error
        if response.status_code >= 300:
            raise AriError(response.status_code, f"{method} {_kind(path)}")
        return response.json() if response.content else None

    async def channels(self) -> list[dict[str, Any]]:
        """Every channel there is."""
        found = await self._ask("GET", "channels")
        return list(found)

    async def answer(self, channel: str) -> None:
        """Pick up."""
        await self._ask("POST", f"channels/{channel}/answer")

    async def let_go(self, channel: str, context: str = "", extension: str = "s") -> None:
        """Let a channel go on in the dialplan: behind where it came from, or in a context."""
        body = {"context": context, "extension": extension, "priority": 1} if context else None
        await self._ask("POST", f"channels/{channel}/continue", body)

    async def hang_up(self, channel: str, cause: int = 16) -> None:
        """End a channel; one that is gone already is no fault."""
        try:
            await self._ask("DELETE", f"channels/{channel}?reason_code={cause}")
        except AriError as error:
            if error.status != 404:
                raise

    async def get(self, channel: str, name: str) -> str:
        """A channel variable; empty when it is not set."""
        try:
            found = await self._ask("GET", f"channels/{channel}/variable?variable={name}")
        except AriError as error:
            if error.status == 404:
                return ""
            raise
        return str(found.get("value", ""))

    async def set(self, channel: str, name: str, value: str) -> None:
        """Set a channel variable."""
        await self._ask("POST", f"channels/{channel}/variable", {"variable": name, "value": value})

    async def bridge(self, bridge: str) -> None:
        """A bridge that mixes whoever is in it."""
        await self._ask("POST", f"bridges/{bridge}", {"type": "mixing"})

    async def join(self, bridge: str, *channels: str) -> None:
        """Put channels into a bridge."""
        await self._ask("POST", f"bridges/{bridge}/addChannel", {"channel": list(channels)})

    async def end_bridge(self, bridge: str) -> None:
        """Take a bridge down."""
        try:
            await self._ask("DELETE", f"bridges/{bridge}")
        except AriError as error:
            if error.status != 404:
                raise

    async def media(self, channel: str, port: int, data: str, variables: Mapping[str, str]) -> None:
        """A channel that takes sound to us, by the way that is configured; `data` is the uuid that an AudioSocket says of itself."""
        config = self._config
        body: dict[str, Any] = {"app": config.app, "format": "slin", "channelId": channel, "variables": dict(variables)}
        if config.media == "websocket":
            body |= {"external_host": config.media_connection, "transport": "websocket", "encapsulation": "none"}
            body["transport_data"] = "f(json)"
        else:
            here = f"{config.media_host}:{port}"
            body |= {"external_host": here, "transport": "tcp", "encapsulation": "audiosocket", "data": data}
        await self._ask("POST", "channels/externalMedia", body)

    async def call(self, channel: str, endpoint: str, ring_seconds: float, originator: str, variables: Mapping[str, str]) -> None:
        """Ring a phone; once it is answered it comes to us."""
        body = {
            "endpoint": endpoint,
            "app": self._config.app,
            "appArgs": "adviser",
            "channelId": channel,
            "timeout": max(1, round(ring_seconds)),
            "originator": originator,
            "callerId": f'"{self._config.calling_as}" <{self._config.calling_as}>',  # without it, it would be the caller's own number
            "variables": dict(variables),
        }
        await self._ask("POST", "channels", body)

    async def redirect(self, channel: str, endpoint: str) -> None:
        """Send the caller elsewhere by SIP REFER. Nobody will tell how it ended."""
        await self._ask("POST", f"channels/{channel}/redirect", {"endpoint": endpoint})

    @asynccontextmanager
    async def events(self) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """What happens, as long as the connection holds. Raises AriError when there is none."""
        config = self._config
        secret = base64.b64encode(f"{config.username}:{config.password}".encode()).decode()
        address = f"{config.url.replace('http', 'ws', 1)}/ari/events?app={config.app}"
        opening = connect(
            address, additional_headers={"Authorization": f"Basic {secret}"}, max_size=MOST_BYTES, compression=None, proxy=None
        )
        try:
            connection = await opening
        except (OSError, TimeoutError, WebSocketException) as error:
            raise AriError(0, "the events") from error
        try:
            yield _read(connection)
        finally:
            await connection.close()


async def _read(connection: ClientConnection) -> AsyncIterator[dict[str, Any]]:
    async for message in connection:
        try:
            event = json.loads(message)
        except (ValueError, RecursionError):
            continue  # one event that cannot be read is not worth the calls that run
        if isinstance(event, dict):
            yield event


def _kind(path: str) -> str:
    """What a path asks for, without the ids in it."""
    return "/".join(part for number, part in enumerate(path.partition("?")[0].split("/")) if number % 2 == 0)
