"""Knobs: the parameters that rules declare, where each stands, and turning one within the bounds that the board signed."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.governance.activating import MAY_TURN, set_knob
from guildhall.policy.config import Parameter, RuleFile
from guildhall.vocabulary.errors import RefusedError
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import Group, Section
from guildhall.web.console.visit import Visit

PATH = "/console/knobs"


@dataclass(frozen=True, slots=True)
class Knob:
    """One parameter of one rule."""

    rule: RuleFile
    name: str
    parameter: Parameter

    @property
    def value(self) -> float:
        """Where it stands."""
        return self.parameter.default if self.parameter.value is None else self.parameter.value

    @property
    def id(self) -> str:
        """How commands name it."""
        return f"{self.rule.id}.{self.name}"


def knobs(console: Console) -> list[Knob]:
    """Every knob of the rules in force."""
    return [Knob(rule, name, parameter) for rule in console.rules.rules for name, parameter in rule.parameters.items()]


def add_routes(routes: Routes) -> None:
    """`/console/knobs`, and turning one."""

    @routes.reads(PATH)
    def show(visit: Visit) -> Response:
        return _show(visit)

    @routes.acts(PATH, MAY_TURN, signing=True)
    def turn(visit: Visit) -> Response:
        return _turn(visit)


def _show(visit: Visit, status: int = 200, troubles: Sequence[tuple[str, str]] = ()) -> Response:
    console = visit.console
    board = console.office.store.in_force() is not None
    values = {"knobs": knobs(console), "board": board, "may_turn": board and visit.may(MAY_TURN), "troubles": dict(troubles)}
    return visit.show("knobs.html", status, form=visit.form, **values)


def _turn(visit: Visit) -> Response:
    found = {knob.id: knob for knob in knobs(visit.console)}
    knob = found.get(visit.form.get("knob", ""))
    if knob is None:
        return visit.missing("Knob")
    value = _number(visit.form.get("value", ""))
    low, high = knob.parameter.min, knob.parameter.max
    if value is None or not low <= value <= high:
        return _show(visit, 400, [(knob.id, f"Enter a number from {low:g} to {high:g} for {knob.parameter.what.rstrip('.').lower()}")])
    try:
        set_knob(visit.console.office, visit.member.name, knob.rule.id, knob.name, value)
    except RefusedError as error:
        return _show(visit, 400, [(knob.id, str(error))])
    return visit.go_to(PATH, turned=knob.id)


def _number(text: str) -> float | None:
    """A plain decimal number, of few digits, as people write it."""
    plain = text.replace(",", ".")
    digits = plain.removeprefix("-").replace(".", "", 1)
    return float(plain) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else None


SECTION = Section(
    PATH, "Knobs", "What service managers may set by themselves, within the bounds that the board has signed.", Group.RULES, add_routes
)
