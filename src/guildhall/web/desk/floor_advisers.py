"""What an adviser serves: queues, languages, safeguarding, how many at once. Changed by whoever runs the desk, with a reason."""

from collections.abc import Mapping

from starlette.responses import Response

from guildhall.handoffs.phone_numbers import uk_phone
from guildhall.vocabulary.handoffs import Adviser
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.roles import DESK_ROLES, Role
from guildhall.vocabulary.staff import StaffMember
from guildhall.vocabulary.transfers import SUPERVISOR_REASON_LABELS, SupervisorReason
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.visit import DeskVisit

PATH = "/desk/floor/advisers/{adviser}"
SUPERVISORS = frozenset({Role.SUPERVISOR})
CAPACITY = range(1, 11)
BY_DEFAULT = 3


def without_a_place(visit: DeskVisit) -> list[StaffMember]:
    """Members of staff who work at the desk by their role, and whom nobody has given queues yet."""
    placed = {adviser.staff_id for adviser in visit.desk.advisers.everyone()}
    everyone = visit.visit.console.door.staff.everyone()
    return [member for member in everyone if member.active and member.holds(DESK_ROLES) and member.id not in placed]


def adviser_routes(routes: DeskRoutes) -> None:
    """`/desk/floor/advisers` and one adviser's page."""

    @routes.reads("/desk/floor/advisers", SUPERVISORS)
    def everyone(visit: DeskVisit) -> Response:
        return visit.show("floor_advisers.html", advisers=visit.desk.advisers.everyone(), unplaced=without_a_place(visit))

    @routes.reads(PATH, SUPERVISORS)
    def one(visit: DeskVisit) -> Response:
        member = _member(visit)
        return _show(visit, member, visit.desk.advisers.get(str(member.id))) if member else _nobody(visit)

    @routes.acts(PATH, SUPERVISORS)
    def change(visit: DeskVisit) -> Response:
        member = _member(visit)
        if member is None:
            return _nobody(visit)
        queues, languages = _chosen(visit.form, "queue:"), _chosen(visit.form, "language:")
        capacity, why = visit.form.get("capacity", ""), visit.form.get("why", "")
        number = visit.form.get("phone", "").strip()
        known = queues <= set(visit.guildhall.profile.handoffs.queues) and languages <= set(Language)
        if not known or not languages or capacity not in {str(n) for n in CAPACITY} or why not in set(SupervisorReason):
            trouble = "Choose at least one language, how many at once, and why"
            return _show(visit, member, visit.desk.advisers.get(str(member.id)), trouble)
        if number and not uk_phone(number):
            return _show(
                visit, member, visit.desk.advisers.get(str(member.id)), "Enter a UK phone number, like 01632 960001, or leave it empty"
            )
        if number and not visit.guildhall.profile.may_ring(number):
            trouble = "This number is not one of the lines of phone.yaml, and no other is ever dialled. Have it added there first"
            return _show(visit, member, visit.desk.advisers.get(str(member.id)), trouble)
        safeguarding = visit.form.get("safeguarding") == "yes"
        visit.desk.advisers.set(str(member.id), queues, languages, safeguarding, int(capacity), visit.me, visit.now(), why)
        visit.desk.advisers.set_phone(str(member.id), uk_phone(number), visit.me, visit.now())
        return visit.go_to("/desk/floor", said="set")


def _chosen(form: Mapping[str, str], prefix: str) -> set[str]:
    return {key.removeprefix(prefix) for key, value in form.items() if key.startswith(prefix) and value}


def _member(visit: DeskVisit) -> StaffMember | None:
    found = visit.visit.console.door.staff.get(visit.path("adviser"))
    return found if found and found.active and found.holds(DESK_ROLES) else None


def _nobody(visit: DeskVisit) -> Response:
    return visit.say("Nobody of that id works at the desk", "Somebody who looks after roles gives them the role of an adviser.", status=404)


def _show(visit: DeskVisit, member: StaffMember, adviser: Adviser | None, trouble: str = "") -> Response:
    queues = visit.guildhall.profile.handoffs.queues
    languages = visit.guildhall.profile.council.languages
    return visit.show(
        "floor_adviser.html",
        400 if trouble else 200,
        person=member,
        trouble=trouble,
        queues=[(key, queue.name, bool(adviser and key in adviser.queues)) for key, queue in queues.items()],
        languages=[(code.value, bool(code.value in adviser.languages if adviser else code == Language.ENGLISH)) for code in languages],
        safeguarding=bool(adviser and adviser.safeguarding),
        capacity=adviser.capacity if adviser else BY_DEFAULT,
        capacities=CAPACITY,
        phone=visit.form.get("phone", adviser.phone if adviser else ""),
        reasons=[(reason.value, *SUPERVISOR_REASON_LABELS[reason]) for reason in SupervisorReason],
    )
