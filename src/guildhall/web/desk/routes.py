"""The desk's routes, put together."""

from guildhall.web.console.routing import Routes
from guildhall.web.desk.by_reference import reference_routes
from guildhall.web.desk.composing import composing_routes
from guildhall.web.desk.conversation import conversation_routes
from guildhall.web.desk.floor import floor_routes
from guildhall.web.desk.inbox import inbox_routes
from guildhall.web.desk.live import live_routes
from guildhall.web.desk.requests import request_routes
from guildhall.web.desk.resting import resting_routes
from guildhall.web.desk.routing import DeskRoutes

DESK_PREFIX = "/desk"


def desk_routes(routes: Routes) -> None:
    """Every page and form of the desk, behind the staff's door."""
    desk = DeskRoutes(routes)
    for add in (
        live_routes,
        inbox_routes,
        conversation_routes,
        composing_routes,
        request_routes,
        reference_routes,
        resting_routes,
        floor_routes,
    ):
        add(desk)
