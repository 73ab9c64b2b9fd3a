"""Rights requests: what was asked, which steps were taken by whom, and what must come before a copy may leave the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.rights import EXPORT_CHECKS, STEP_LABELS, Answer, RightsKind, RightsStep


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a request, stored sealed. `via` is how it came: web, letter, phone."""

    text: str
    name: str = ""
    contact: str = ""
    via: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step, by a named person. `note`, and the ids of what is withheld or released, are stored sealed.

    `released` is what is held back by default, and goes into the copy all the same.
    """

    step: RightsStep
    answer: Answer
    by: str
    at: datetime
    note: str = ""
    withheld: tuple[str, ...] = ()
    released: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RightsRequest:
    """A request as it stands."""

    id: str
    reference: str
    kind: RightsKind
    received_at: datetime
    conversations: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    closed_at: datetime | None = None

    @property
    def taken(self) -> tuple[tuple[RightsStep, datetime], ...]:
        """Steps with their times, for the clocks."""
        return tuple((step.step, step.at) for step in self.steps)


def check_step(request: RightsRequest, step: Step) -> None:
    """Raise RefusedError when the step cannot be taken as it stands."""
    if not step.by.strip():
        raise RefusedError("a step needs the name of who took it; give --as NAME.")
    if request.closed_at is not None:
        raise RefusedError(f"{request.reference} was answered on {request.closed_at:%d %B %Y}; register a new request instead.")
    if step.step == RightsStep.EXPORTED:
        raise RefusedError("a copy is recorded when it is made; use `guildhall rights export`.")
    is_check = step.step in EXPORT_CHECKS
    if is_check and step.answer == Answer.DONE:
        raise RefusedError(f"`{step.step}` needs an answer; give --answer safe or --answer not_safe.")
    if not is_check and step.answer != Answer.DONE:
        raise RefusedError(f"`{step.step}` is done or not done, and has no answer; leave --answer out.")
    if step.withheld and not is_check:
        raise RefusedError("turns and lines are withheld by one of the three checks; leave --withhold out here.")
    if step.released and step.step != RightsStep.SERIOUS_HARM_REVIEW:
        raise RefusedError("only the serious-harm review lets through what is held back; leave --release out here.")
    if step.step == RightsStep.EXTENDED and request.kind in (RightsKind.COMPLAINT, RightsKind.BREACH):
        raise RefusedError(f"the time for a {request.kind} cannot be extended.")


def checks_of(request: RightsRequest) -> dict[RightsStep, Step]:
    """The latest answer of each check that was given since the last conversation was linked."""
    linked = max((number for number, step in enumerate(request.steps) if step.step == RightsStep.LINKED), default=-1)
    return {step.step: step for step in request.steps[linked + 1 :] if step.step in EXPORT_CHECKS}


def check_export(request: RightsRequest) -> tuple[Step, ...]:
    """The checks that let a copy be made. Raises RefusedError naming whatever is missing or not safe; there is no way round it."""
    if request.kind != RightsKind.ACCESS:
        raise RefusedError(f"{request.reference} asks for {request.kind}, not for access; a copy is made for access requests only.")
    if not request.conversations:
        raise RefusedError(f"no conversation is linked to {request.reference} yet; link one with `guildhall rights link`.")
    given = checks_of(request)
    missing = [_named(step) for step in EXPORT_CHECKS if step not in given]
    if missing:
        raise RefusedError(
            f"no copy can be made for {request.reference}: nobody recorded the {', the '.join(missing)} since the last conversation "
            "was linked. Each is recorded by a named officer with `guildhall rights step`, and none can be left out."
        )
    unsafe = [step for step in given.values() if step.answer != Answer.SAFE]
    if unsafe:
        what = "; ".join(f"the {_named(step.step)} by {step.by} on {step.at:%d %B %Y} says that it is not safe" for step in unsafe)
        raise RefusedError(f"no copy can be made for {request.reference}: {what}. Make it safe, then record the check again.")
    return tuple(given[step] for step in EXPORT_CHECKS)


def withheld_by(checks: Sequence[Step]) -> dict[str, str]:
    """Turns and lines that must not be handed over, by id, with the check that says so."""
    return {turn: _named(check.step) for check in checks for turn in check.withheld}


def released_by(checks: Sequence[Step]) -> frozenset[str]:
    """What was held back by default and is handed over all the same, by id."""
    return frozenset(one for check in checks for one in check.released)


def _named(step: RightsStep) -> str:
    return STEP_LABELS[step][0].lower()
