"""The supplier's REST interface, as much as we need of it: give a running call other instructions, or end it."""

import httpx2

from guildhall.providers.telephony.streams.config import StreamsConfig


class SupplierError(Exception):
    """The supplier refused, or did not answer. `status` is HTTP's, 0 when there was no answer."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the supplier answered {status}" if status else "the supplier did not answer")
        self.status = status


class CallControl:
    """Requests about running calls. What is asked stands in the body; the address has the supplier's own ids only."""

    def __init__(self, config: StreamsConfig) -> None:
        self._account = config.account
        auth = httpx2.BasicAuth(config.account, config.token)
        self._http = httpx2.AsyncClient(base_url=config.api_url, auth=auth, timeout=5.0, trust_env=False)

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def instruct(self, call: str, twiml: str) -> None:
        """From now on, this. Raises SupplierError."""
        await self._update(call, {"Twiml": twiml})

    async def end(self, call: str) -> None:
        """Hang up; a call that is over is no fault. Raises SupplierError."""
        try:
            await self._update(call, {"Status": "completed"})
        except SupplierError as error:
            if error.status not in (400, 404):
                raise

    async def _update(self, call: str, fields: dict[str, str]) -> None:
        try:
            response = await self._http.post(f"/2010-04-01/Accounts/{self._account}/Calls/{call}.json", data=fields)
        except httpx2.HTTPError as error:
            raise SupplierError(0) from error
        if response.status_code >= 300:
            raise SupplierError(response.status_code)
