"""Whom a note mentions: colleagues of the desk, written as @Name."""

import re

from guildhall.vocabulary.roles import DESK_ROLES
from guildhall.vocabulary.staff import StaffMember
from guildhall.web.desk.visit import DeskVisit


def colleagues(visit: DeskVisit) -> list[StaffMember]:
    """Everybody else at the desk, by name."""
    everyone = visit.visit.console.door.staff.everyone()
    return [member for member in everyone if member.active and member.id != visit.me and member.holds(DESK_ROLES)]


def mentioned_in(text: str, people: list[StaffMember]) -> list[str]:
    """The ids of those whose whole name, or first name if only one has it, stands after an @."""
    first_names = [member.name.split()[0].casefold() for member in people if member.name.split()]
    found = []
    for member in people:
        names = [member.name]
        first = member.name.split()[0] if member.name.split() else member.name
        if first_names.count(first.casefold()) == 1:
            names.append(first)
        if any(re.search(rf"@{re.escape(name)}(?!\w)", text, re.IGNORECASE) for name in names):
            found.append(str(member.id))
    return found
