"""The console's routes, put together."""

from collections.abc import Sequence
from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from guildhall.bootstrap.console import Console, open_console
from guildhall.web.console.cookies import StaffCookies
from guildhall.web.console.home import home_routes
from guildhall.web.console.pack import pack_routes
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import Section
from guildhall.web.console.sections import SECTIONS
from guildhall.web.console.sign_in import sign_in_routes
from guildhall.web.desk.routes import DESK_PREFIX, desk_routes
from guildhall.web.front_door import FrontDoor

CONSOLE_PREFIX = "/console"
TROUBLES = {404: "Page not found", 405: "This cannot be done here", 413: "Too much was sent at once"}


def staff_routes(front: FrontDoor, sections: Sequence[Section] = SECTIONS, console: Console | None = None) -> tuple[APIRouter, APIRouter]:
    """Every page and form of the desk, and of the console, which staff enter through the same door.

    They are two because each request is held against one path after another, and the desk's pages ask every few seconds.
    """
    console = console or open_console(front.guildhall)
    desk, router = APIRouter(include_in_schema=False), APIRouter(include_in_schema=False)
    routes = Routes(front, console, StaffCookies(front.cookies.secure), sections, router)
    desk_routes(replace(routes, router=desk))
    router.include_router(sign_in_routes(routes))
    home_routes(routes)
    pack_routes(routes)
    for section in sections:
        section.add_routes(routes.of(section))
    return desk, router


def console_trouble(front: FrontDoor, status: int) -> Response:
    """A page for what went wrong, which needs no session and no store."""
    heading = TROUBLES.get(status, "Sorry, there is a problem")
    council = front.guildhall.profile.council
    return HTMLResponse(
        front.templates.get_template("console/trouble.html").render(council=council, heading=heading, status=status), status
    )


def is_console(path: str) -> bool:
    """Whether a path is for staff: the console's or the desk's."""
    return any(path == prefix or path.startswith(prefix + "/") for prefix in (CONSOLE_PREFIX, DESK_PREFIX))
