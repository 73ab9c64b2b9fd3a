"""Whether whoever acts by a command holds the role that the act takes: the same roles that the console asks for.

A command has no sign-in: whoever may run it may also add staff. So this is no lock. It keeps a name out of the record that the act is not
for, and says at once who should act instead. While nobody at all is on the staff, as on a machine where somebody tries the product out, a
name stands as it is given.
"""

from dataclasses import dataclass

from guildhall.storage.staff import StaffStore
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.roles import ROLE_LABELS, Role
from guildhall.vocabulary.staff import StaffMember


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts: a name, and the id of the member of staff; the name again while nobody is on the staff."""

    name: str
    id: str


def acting(staff: StaffStore, name: str, roles: frozenset[Role], what: str) -> Acting:
    """Who acts. Raises RefusedError that names the roles and who holds them, and NotFoundError where nobody is called so."""
    if not name.strip():
        raise RefusedError(f"say with --as who you are, to {what}")
    if not staff.everyone():
        return Acting(name.strip(), name.strip())
    member = member_with(staff, name, roles, what)
    return Acting(member.name, str(member.id))


def member_with(staff: StaffStore, name: str, roles: frozenset[Role], what: str) -> StaffMember:
    """The member of that name, where they hold one of the roles. Raises NotFoundError and RefusedError."""
    try:
        member = staff.by_name(name.strip())
    except NotFoundError as error:
        raise NotFoundError(f"{error} To {what} takes {who_holds(staff, roles)}") from error
    if not member.active:
        raise RefusedError(f"{member.name} is kept out and may not {what}. It takes {who_holds(staff, roles)}")
    if not member.holds(roles):
        raise RefusedError(f"{member.name} may not {what}. It takes {who_holds(staff, roles)}")
    return member


def who_holds(staff: StaffStore, roles: frozenset[Role]) -> str:
    """The roles in words, and the people who hold them or how somebody comes to: for the end of a refusal."""
    wanted = [role for role in Role if role in roles]
    names = _one_of([ROLE_LABELS[role][0].lower() for role in wanted])
    holders = [
        f"{member.name} ({', '.join(ROLE_LABELS[role][0].lower() for role in wanted if role in member.roles)})"
        for member in staff.everyone()
        if member.holds(roles)
    ]
    if holders:
        return f"the role of {names}: {', '.join(holders)}."
    return f"the role of {names}, and nobody holds it: `guildhall staff add NAME --role {wanted[0].value}` adds somebody who does."


def _one_of(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
