"""Who may come in: members of staff, their roles, and a way to end somebody's sessions at once."""

from collections.abc import Sequence
from datetime import datetime

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.vocabulary.roles import Role
from guildhall.web.console.listing import Listing
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import Group, Notice, Paper, Section
from guildhall.web.console.visit import Visit

PATH = "/console/staff"
MAY_END = frozenset({Role.BOARD_CHAIR, Role.DATA_PROTECTION_OFFICER})
NEEDED = (Role.BOARD_CHAIR, Role.DATA_PROTECTION_OFFICER, Role.SAFEGUARDING_LEAD)


def add_routes(routes: Routes) -> None:
    """`/console/staff` and ending somebody's sessions."""

    @routes.reads(PATH)
    def everyone(visit: Visit) -> Response:
        door = visit.console.door
        listing = Listing(PATH, visit.query, {"name": lambda member: member.name.casefold()}, per_page=100)
        people = door.staff.everyone()
        opened = door.sessions.open_since(visit.now() - door.entrance.lives.idle)
        return visit.show(
            "staff.html", listing=listing, people=listing.cut(people), count=len(people), opened=opened, may_end=visit.may(MAY_END),
            provider=door.provider is not None, lives=door.entrance.lives,
        )  # fmt: skip

    @routes.acts(PATH + "/{member}/sign-out", MAY_END)
    def end(visit: Visit) -> Response:
        member = visit.console.door.staff.get(visit.path("member"))
        if member is None:
            return visit.missing("Member of staff")
        visit.console.door.entrance.sign_out_everywhere(member, visit.member.id)
        return visit.go_to(PATH, ended=member.id)


def notices(console: Console) -> Sequence[Notice]:
    """Roles that nobody holds."""
    held = frozenset().union(*(member.roles for member in console.door.staff.everyone() if member.active), frozenset[Role]())
    missing = [role for role in NEEDED if role not in held]
    if not missing:
        return ()
    *others, last = (role.value.replace("_", " ") for role in missing)
    names = f"{', '.join(others)} or {last}" if others else last
    return (Notice(f"Nobody holds the role of {names}", PATH),)


def paper(console: Console, _since: datetime) -> Paper:
    """Who holds which role."""
    return Paper("staff.html", {"people": [member for member in console.door.staff.everyone() if member.active]})


SECTION = Section(
    PATH, "Who may come in", "Members of staff with their roles and open sessions.", Group.PROOF, add_routes, notices=notices, paper=paper
)
