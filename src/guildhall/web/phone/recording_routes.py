"""The key of one recording, for the gateway that makes it; the conversation's own never leaves the house."""

import base64

from anyio.to_thread import run_sync
from fastapi import APIRouter

from guildhall.bootstrap.phone import PhoneHouse
from guildhall.bootstrap.recordings import wire_recordings
from guildhall.channels.phone.house import HouseGoneError
from guildhall.vocabulary.errors import NotFoundError
from guildhall.web.api.problems import ProblemError
from guildhall.web.audience import Audience, audience
from guildhall.web.phone.models import Named


def recording_routes(router: APIRouter, house: PhoneHouse) -> None:
    """Begin a recording of a call. Which recordings a call has stands in its record."""
    guildhall = house.guildhall
    office = wire_recordings(guildhall.rights.memory, guildhall.settings.folders["recordings"])
    on = guildhall.profile.phone.recording.on

    @router.post("/calls/{conversation}/recording", status_code=201)
    @audience(Audience.GATEWAY)
    async def record(conversation: Named) -> dict[str, str]:
        if not on:
            raise ProblemError(409, "Calls are not recorded", "Switch recording on in the council's phone.yaml.")
        try:
            head, key = await run_sync(office.begin, conversation)
            await house.note(conversation, "recording", {"recording": head.recording})
        except (NotFoundError, HouseGoneError):
            raise ProblemError(404, "There is no such call", "Begin the call first.") from None
        return {
            "recording": head.recording,
            "began_at": head.began_at.isoformat(),
            "sealed_key": base64.b64encode(head.sealed_key).decode(),
            "key": base64.b64encode(key).decode(),
        }
