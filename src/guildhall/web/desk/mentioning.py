"""Whom a note mentions: colleagues of the desk, written as @Name."""

from guildhall.handoffs.mentioning import mentioned
from guildhall.vocabulary.roles import DESK_ROLES
from guildhall.vocabulary.staff import StaffMember
from guildhall.web.desk.visit import DeskVisit


def colleagues(visit: DeskVisit) -> list[StaffMember]:
    """Everybody else at the desk, by name."""
    everyone = visit.desk.moment.of("staff", visit.now(), visit.visit.console.door.staff.everyone)
    return [member for member in everyone if member.active and member.id != visit.me and member.holds(DESK_ROLES)]


def mentioned_in(text: str, people: list[StaffMember]) -> list[str]:
    """The ids of those whose whole name, or first name if only one has it, stands after an @."""
    return list(mentioned(text, {str(member.id): member.name for member in people}))
