"""The API's routes, put together."""

from fastapi import APIRouter

from guildhall.web.api.complaint_routes import complaint_routes
from guildhall.web.api.conversation_routes import conversation_routes
from guildhall.web.api.handoff_routes import aftercare_routes, handoff_routes
from guildhall.web.api.person_routes import person_routes
from guildhall.web.front_door import FrontDoor


def api_routes(door: FrontDoor) -> APIRouter:
    """Version 1."""
    router = APIRouter(prefix="/api/v1")
    router.include_router(conversation_routes(door))
    router.include_router(person_routes(door))
    router.include_router(handoff_routes(door))
    router.include_router(aftercare_routes(door))
    router.include_router(complaint_routes(door))
    return router
