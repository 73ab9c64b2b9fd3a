"""The resident's routes, put together."""

from fastapi import APIRouter

from guildhall.web.front_door import FrontDoor
from guildhall.web.resident.asking import asking_routes
from guildhall.web.resident.callback_routes import callback_routes
from guildhall.web.resident.complaint_routes import complaint_routes
from guildhall.web.resident.leaving import leaving_routes
from guildhall.web.resident.reading import reading_routes


def resident_routes(door: FrontDoor) -> APIRouter:
    """Every page and form of the resident."""
    router = APIRouter(include_in_schema=False)
    for part in (reading_routes(door), asking_routes(door), callback_routes(door), complaint_routes(door), leaving_routes(door)):
        router.include_router(part)
    return router
