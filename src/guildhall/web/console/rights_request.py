"""One rights request: its clocks, its steps and the three checks. Its words are opened for a purpose; the officer's acts are steps."""

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from guildhall.records.requests import Asked, RightsRequest, Step, checks_of
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.rights import EXPORT_CHECKS, RIGHTS_LABELS, STEP_LABELS, Answer, Looker, RightsKind, RightsStep
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.staff import Purpose
from guildhall.web.console.routing import Routes
from guildhall.web.console.visit import Visit

ONE: Final = "/console/rights/requests/{reference}"
MAY_OPEN: Final = frozenset({Role.DATA_PROTECTION_OFFICER, Role.SAFEGUARDING_LEAD, Role.AUDITOR})
OFFICER: Final = frozenset({Role.DATA_PROTECTION_OFFICER})
ANSWERS: Final = {
    Answer.DONE: ("Done", "blue"),
    Answer.SAFE: ("Safe", "green"),
    Answer.NOT_SAFE: ("Not safe", "red"),
}
CHECK_ANSWERS: Final = (
    (Answer.SAFE.value, "Safe", "The copy may be handed over, without what is withheld."),
    (Answer.NOT_SAFE.value, "Not safe", "No copy can be made until this is put right and the check is recorded again."),
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a form, at which field."""

    field: str
    text: str


def add_request_routes(routes: Routes) -> None:
    """One request, its words, and its steps."""

    @routes.reads(ONE)
    def one(visit: Visit) -> Response:
        request = _request(visit)
        return _show(visit, request) if request else visit.missing("Request")

    @routes.opens(ONE + "/words", MAY_OPEN)
    def open_words(visit: Visit) -> Response:
        request = _request(visit)
        if request is None:
            return visit.missing("Request")
        if visit.form.get("purpose", "") not in set(Purpose):
            return _show(visit, request, 400, Trouble("purpose", "Choose why you need to see what was asked"))
        rights = visit.console.guildhall.rights
        asked = rights.views.request_words(Looker(visit.member.id, visit.form["purpose"]), request, rights.requests)
        return _show(visit, request, asked=asked)

    @routes.acts(ONE + "/step", OFFICER)
    def step(visit: Visit) -> Response:
        return _step(visit)

    @routes.acts(ONE + "/check", OFFICER)
    def check(visit: Visit) -> Response:
        return _check(visit)


def _request(visit: Visit) -> RightsRequest | None:
    try:
        return visit.console.guildhall.rights.requests.get(visit.path("reference"))
    except NotFoundError:
        return None


def steps_open(request: RightsRequest) -> list[RightsStep]:
    """Steps that an officer may record here now; linking, exporting and the checks have doors of their own."""
    if request.closed_at is not None:
        return []
    taken = {step.step for step in request.steps}
    once = [step for step in (RightsStep.ACKNOWLEDGED, RightsStep.IDENTITY_CHECKED, RightsStep.EXTENDED) if step not in taken]
    if request.kind in (RightsKind.COMPLAINT, RightsKind.BREACH):
        once = [step for step in once if step != RightsStep.EXTENDED]
    return [*once, RightsStep.ANSWERED]


def _show(visit: Visit, request: RightsRequest, status: int = 200, trouble: Trouble | None = None, asked: Asked | None = None) -> Response:
    return visit.show(
        "rights_request.html",
        status,
        request=request,
        clocks=visit.console.guildhall.rights.clocks(request),
        checks=checks_of(request),
        needed=EXPORT_CHECKS if request.kind == RightsKind.ACCESS else (),
        kinds=RIGHTS_LABELS,
        steps=STEP_LABELS,
        answers=ANSWERS,
        now=visit.now(),
        may_open=visit.may(MAY_OPEN),
        steps_open=[(step.value, *STEP_LABELS[step]) for step in steps_open(request)] if visit.may(OFFICER) else [],
        check_steps=[(step.value, *STEP_LABELS[step]) for step in EXPORT_CHECKS],
        check_answers=CHECK_ANSWERS,
        trouble=trouble,
        asked=asked,
        form=visit.form,
    )


def _step(visit: Visit) -> Response:
    request = _request(visit)
    if request is None:
        return visit.missing("Request")
    chosen = visit.form.get("step", "")
    if chosen not in {step.value for step in steps_open(request)}:
        return _show(visit, request, 400, Trouble("step", "Choose what was done"))
    return _take(visit, request, Step(RightsStep(chosen), Answer.DONE, visit.member.name, visit.now(), visit.form.get("note", "")), "step")


def _check(visit: Visit) -> Response:
    request, form = _request(visit), visit.form
    if request is None:
        return visit.missing("Request")
    if request.kind != RightsKind.ACCESS:
        return _show(visit, request, 400, Trouble("words", "The three checks belong to requests for access"))
    if form.get("check", "") not in set(EXPORT_CHECKS):
        return _show(visit, request, 400, Trouble("check", "Choose which check was made"))
    if form.get("answer", "") not in (Answer.SAFE, Answer.NOT_SAFE):
        return _show(visit, request, 400, Trouble("answer", "Choose how the check came out"))
    withheld = tuple(dict.fromkeys(form.get("withhold", "").replace(",", " ").split()))
    released = tuple(dict.fromkeys(form.get("release", "").replace(",", " ").split()))
    for field, ids in (("withhold", withheld), ("release", released)):
        if visit.console.guildhall.rights.access.unknown(ids, request.conversations):
            return _show(
                visit, request, 400, Trouble(field, "Enter ids of what is held of the conversations that are linked to the request")
            )
    if released and form["check"] != RightsStep.SERIOUS_HARM_REVIEW:
        return _show(visit, request, 400, Trouble("release", "Only the serious-harm review can let through what is held back"))
    named = (form.get("check_note", ""), withheld, released)
    step = Step(RightsStep(form["check"]), Answer(form["answer"]), visit.member.name, visit.now(), *named)
    return _take(visit, request, step, "check")


def _take(visit: Visit, request: RightsRequest, step: Step, field: str) -> Response:
    """Record a step, which the store puts into the record first."""
    try:
        visit.console.guildhall.rights.requests.take(request.reference, step)
    except RefusedError as error:  # a colleague closed it a moment ago
        return _show(visit, request, 409, Trouble(field, str(error)))
    return visit.go_to(ONE.format(reference=request.reference), done=step.step.value)
