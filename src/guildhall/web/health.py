"""Whether this process lives, whether it can serve, and what is switched off in it."""

from fastapi import APIRouter
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, Response

from guildhall.vocabulary.errors import GuildhallError
from guildhall.web.audience import Audience, audience
from guildhall.web.front_door import FrontDoor


def health_routes(door: FrontDoor) -> APIRouter:
    """`/health/live` and `/health/ready`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/health/live")
    @audience(Audience.OPERATOR)
    async def live() -> Response:
        return JSONResponse({"status": "live"})

    @router.get("/health/ready")
    @audience(Audience.OPERATOR)
    def ready() -> Response:
        try:
            with door.guildhall.database.reading() as connection:
                connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, GuildhallError):
            return JSONResponse({"status": "not ready", "because": "the database does not answer"}, 503)
        off = door.guildhall.house.switches().off
        switched_off = [{"kind": switch.kind, "target": switch.target, "since": switch.at.isoformat()} for switch in off]
        return JSONResponse({"status": "ready", "council": door.guildhall.profile.slug, "switched_off": switched_off})

    return router
