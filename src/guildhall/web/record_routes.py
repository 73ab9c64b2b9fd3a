"""The record's newest checkpoint, in public: whoever keeps a copy can later show that the record before it was not changed."""

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from guildhall.storage.checkpoints import CheckpointStore
from guildhall.web.audience import Audience, audience
from guildhall.web.front_door import FrontDoor


def record_routes(door: FrontDoor) -> APIRouter:
    """`/record/checkpoint`."""
    router = APIRouter(include_in_schema=False)
    store = CheckpointStore(door.guildhall.database, door.guildhall.house.clock)

    @router.get("/record/checkpoint")
    @audience(Audience.ANYONE)
    def checkpoint() -> Response:
        newest = store.latest()
        if newest is None:
            return PlainTextResponse("No checkpoint has been signed yet.\n", 404)
        return PlainTextResponse(newest.note.text)

    return router
