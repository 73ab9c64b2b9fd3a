"""The resident's routes, put together."""

from fastapi import APIRouter

from guildhall.web.front_door import FrontDoor
from guildhall.web.resident.asking import asking_routes
from guildhall.web.resident.callback_routes import callback_routes
from guildhall.web.resident.complaint_routes import complaint_routes
from guildhall.web.resident.handoff_routes import handoff_routes
from guildhall.web.resident.leaving import leaving_routes
from guildhall.web.resident.live_routes import live_routes
from guildhall.web.resident.reading import reading_routes
from guildhall.web.resident.trial_routes import trial_routes


def resident_routes(door: FrontDoor) -> APIRouter:
    """Every page and form of the resident."""
    router = APIRouter(include_in_schema=False)
    parts = (reading_routes, asking_routes, callback_routes, handoff_routes, live_routes, complaint_routes, trial_routes, leaving_routes)
    for part in parts:
        router.include_router(part(door))
    return router
