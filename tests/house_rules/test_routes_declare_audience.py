"""Every route says who may use it, and none is forgotten in the description of the API."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from guildhall.vocabulary.roles import DESK_ROLES
from guildhall.web.app import create_app
from guildhall.web.audience import Audience, audience_of, roles_of
from tests.web.front_door import open_front_door


def flattened(given: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """Routes, those of included routers too."""
    for route in given:
        included = getattr(route, "original_router", None)
        yield from flattened(included.routes) if included is not None else [route]


def test_every_route_declares_its_audience(tmp_path: Path) -> None:
    guildhall = open_front_door(tmp_path)
    found = list(flattened(create_app(guildhall).routes))
    guildhall.close()
    assert len(found) > 20
    silent = [
        getattr(route, "path", str(route)) for route in found if not isinstance(route, APIRoute) or audience_of(route.endpoint) is None
    ]
    assert silent == []


def test_what_is_for_programs_is_described_and_nothing_else_is(tmp_path: Path) -> None:
    guildhall = open_front_door(tmp_path)
    app = create_app(guildhall)
    guildhall.close()
    for_programs = [r for r in flattened(app.routes) if isinstance(r, APIRoute) and audience_of(r.endpoint) == Audience.API_CLIENT]
    described = [operation for path in app.openapi()["paths"].values() for operation in path]
    assert len(for_programs) == len(described) > 0


def test_every_route_of_the_console_and_the_desk_names_the_roles_that_may_use_it(tmp_path: Path) -> None:
    guildhall = open_front_door(tmp_path)
    console = [r for r in flattened(create_app(guildhall).routes) if isinstance(r, APIRoute) and r.path.startswith(("/console", "/desk"))]
    guildhall.close()
    assert len(console) > 20
    at_the_desk = [roles_of(route.endpoint) for route in console if route.path.startswith("/desk")]
    assert len(at_the_desk) > 10 and all(roles <= DESK_ROLES for roles in at_the_desk)
    signing_in = [route for route in console if route.path.startswith("/console/sign-in")]
    assert {audience_of(route.endpoint) for route in signing_in} == {Audience.ANYONE}
    rest = [route for route in console if route not in signing_in]
    assert [route.path for route in rest if audience_of(route.endpoint) != Audience.STAFF or not roles_of(route.endpoint)] == []


def test_nobody_but_staff_is_asked_for_roles(tmp_path: Path) -> None:
    guildhall = open_front_door(tmp_path)
    routes = [r for r in flattened(create_app(guildhall).routes) if isinstance(r, APIRoute)]
    guildhall.close()
    assert [r.path for r in routes if roles_of(r.endpoint) and audience_of(r.endpoint) != Audience.STAFF] == []
