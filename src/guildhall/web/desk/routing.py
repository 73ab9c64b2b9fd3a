"""Puts pages under `/desk`, through the same admission as the console's: session, form token, roles."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from guildhall.vocabulary.roles import DESK_ROLES, Role
from guildhall.web.console.routing import Routes
from guildhall.web.console.visit import Visit
from guildhall.web.desk.visit import DeskVisit

DeskPage = Callable[[DeskVisit], Response]


@dataclass(frozen=True)
class DeskRoutes:
    """Where the desk's pages are put."""

    routes: Routes

    def reads(self, path: str, roles: frozenset[Role] = DESK_ROLES, *, waits: bool = False) -> Callable[[DeskPage], DeskPage]:
        """A page that changes nothing but the record of who looked. `waits`: pages ask for it by themselves."""

        def register(page: DeskPage) -> DeskPage:
            self.routes.reads(path, roles, waits=waits)(lambda visit: page(DeskVisit(visit)))
            return page

        return register

    def acts(self, path: str, roles: frozenset[Role] = DESK_ROLES) -> Callable[[DeskPage], DeskPage]:
        """Something that changes something."""

        def register(page: DeskPage) -> DeskPage:
            self.routes.acts(path, roles)(lambda visit: page(DeskVisit(visit)))
            return page

        return register

    def still_here(self, visit: DeskVisit) -> DeskVisit | None:
        """The same person with their session and roles as they are now; None when it has ended. For what stays open for long."""
        now: Visit | None = self.routes.visit(visit.visit.request)
        return DeskVisit(now) if now is not None and now.may(DESK_ROLES) else None
