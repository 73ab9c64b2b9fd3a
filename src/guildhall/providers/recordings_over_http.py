"""The house's recordings, for a gateway in a process of its own: it gets the key of one recording, and never a conversation's."""

import base64
from datetime import datetime
from typing import Final

import httpx2

from guildhall.channels.phone.house import HouseGoneError
from guildhall.records.recordings import Head

SECONDS: Final = 3.0


class RecordingsOverHttp:
    """An `OpensRecordings`. `address` is the house's own, such as http://127.0.0.1:8080."""

    def __init__(self, address: str, secret: str, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._client = httpx2.AsyncClient(
            base_url=f"{address.rstrip('/')}/api/v1/phone",
            timeout=SECONDS,
            headers={"Authorization": f"Bearer {secret}"},
            transport=transport,
            trust_env=False,
        )

    async def open_recording(self, conversation_id: str) -> tuple[Head, bytes]:
        """Head and key of a new recording. Raises HouseGoneError, also when there is to be none."""
        try:
            response = await self._client.post(f"/calls/{conversation_id}/recording")
            if response.status_code != 201:
                raise HouseGoneError
            given = response.json()
            sealed, key = base64.b64decode(given["sealed_key"], validate=True), base64.b64decode(given["key"], validate=True)
            return Head(given["recording"], conversation_id, datetime.fromisoformat(given["began_at"]), sealed), key
        except (httpx2.HTTPError, ValueError, KeyError, TypeError):
            raise HouseGoneError from None

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()
