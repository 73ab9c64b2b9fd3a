"""Kill switches: what is off and why, turning something off and on again, and how the last drill went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.storage.trail import PastEvent
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.switches import LEAST_REASON, SWITCH_LABELS, SwitchKind
from guildhall.web.console.listing import Listing
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import Group, Notice, Paper, Section
from guildhall.web.console.visit import Visit

PATH = "/console/switches"
MAY_TURN: Final = frozenset({Role.BOARD_CHAIR, Role.SAFEGUARDING_LEAD, Role.SERVICE_MANAGER})
DRILLED_EVERY: Final = timedelta(days=92)
KEPT_IN_SIGHT: Final = 1000
WAYS: Final = {"off": "Turn off", "on": "Turn on again"}


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that can be switched, as a form names it (`channel:web`) and as it is called."""

    kind: SwitchKind
    key: str
    name: str

    @property
    def value(self) -> str:
        """How a form sends it."""
        return f"{self.kind.value}:{self.key}"


def add_routes(routes: Routes) -> None:
    """`/console/switches`, and `/off` and `/on` below it, each a question first and then an act."""

    @routes.reads(PATH)
    def switches(visit: Visit) -> Response:
        console = visit.console
        listing = Listing(PATH, visit.query, {})
        history = console.guildhall.switchboard.history(KEPT_IN_SIGHT)
        return visit.show(
            "switches.html",
            off=console.guildhall.switchboard.off().off,
            history=history[listing.offset : listing.offset + listing.per_page],
            count=len(history),
            listing=listing,
            drill=last_drill(console),
            may_turn=visit.may(MAY_TURN),
            named=lambda kind, key: named(console, kind, key),
        )

    for way in WAYS:
        _add_way(routes, way)


def _add_way(routes: Routes, way: str) -> None:
    @routes.reads(f"{PATH}/{way}", MAY_TURN)
    def ask(visit: Visit) -> Response:
        return _form(visit, way, what=visit.query.get("what", ""))

    @routes.acts(f"{PATH}/{way}", MAY_TURN)
    def turn(visit: Visit) -> Response:
        return _turn(visit, way)


def _form(visit: Visit, way: str, status: int = 200, what: str = "", troubles: Sequence[tuple[str, str]] = ()) -> Response:
    console = visit.console
    groups = [(SWITCH_LABELS[kind], targets(console, kind)) for kind in SwitchKind]
    if way == "on":
        off = console.guildhall.switchboard.off()
        groups = [(label, [target for target in of_kind if off.is_off(target.kind, target.key)]) for label, of_kind in groups]
    groups = [(label, of_kind) for label, of_kind in groups if of_kind]
    values = {"groups": groups, "what": what, "troubles": dict(troubles), "reason": visit.form.get("reason", "")}
    return visit.show("switch.html", status, way=way, title=WAYS[way], least=LEAST_REASON, **values)


def _turn(visit: Visit, way: str) -> Response:
    console, form = visit.console, visit.form
    kind, _, key = form.get("what", "").partition(":")
    known = [target for target in targets(console, SwitchKind(kind)) if target.key == key] if kind in set(SwitchKind) else []
    troubles = [] if known else [("what", "Choose what to turn " + way)]
    reason = " ".join(form.get("reason", "").split())
    if len(reason) < LEAST_REASON:
        troubles.append(("reason", f"Say why, in at least {LEAST_REASON} characters"))
    if troubles:
        return _form(visit, way, 400, form.get("what", ""), troubles)
    (target,) = known
    store = console.guildhall.switchboard
    already = store.off().find(target.kind, target.key)
    if form.get("confirmed") != "yes":
        about = SWITCH_LABELS[target.kind]
        return visit.show("switch_sure.html", way=way, title=WAYS[way], target=target, about=about, reason=reason, already=already)
    try:
        if way == "off":
            store.turn_off(target.kind, target.key, reason, visit.member.name)
        else:
            store.turn_on(target.kind, target.key, reason, visit.member.name)
    except RefusedError:  # a colleague turned it on a moment ago
        return _form(visit, way, 400, target.value, [("what", f"{target.name} is not off any more")])
    return visit.go_to(PATH, done=way, what=target.value)


def targets(console: Console, kind: SwitchKind) -> list[Target]:
    """What can be switched of a kind, by name."""
    found = [Target(kind, key, named(console, kind, key)) for key in console.guildhall.switchboard.targets(kind)]
    return sorted(found, key=lambda target: target.name.casefold()) if kind in (SwitchKind.SERVICE, SwitchKind.LANGUAGE) else found


def named(console: Console, kind: SwitchKind, key: str) -> str:
    """What a target is called."""
    if kind == SwitchKind.SERVICE:
        service = next((found for name, found in console.guildhall.profile.services.items() if name == key), None)
        return service.name if service else key
    if kind == SwitchKind.LANGUAGE and key in set(Language):
        return Language(key).name.capitalize()
    return NAMES.get((kind, key), key)


NAMES: Final = {
    (SwitchKind.CHANNEL, "web"): "Automatic answers on the web",
    (SwitchKind.CHANNEL, "phone"): "Automatic answers on the phone",
    (SwitchKind.CHANNEL, "staff"): "Automatic answers for staff",
    (SwitchKind.CAPABILITY, "answers"): "Automatic answers everywhere",
    (SwitchKind.CAPABILITY, "lookups"): "Look-ups by postcode and street",
}


def last_drill(console: Console) -> PastEvent | None:
    """The last time that a switch was tried out."""
    return next(iter(console.trail.of_council(EventKind.SWITCH_DRILLED.value, None, 1)), None)


def notices(console: Console) -> Sequence[Notice]:
    """What is off, and a drill that failed or is due."""
    store = console.guildhall.switchboard
    found = [
        Notice(f"Off since {item.at:%d %B, %H:%M} UTC: {named(console, item.kind, item.target)}", PATH, urgent=True)
        for item in store.off().off
    ]
    drill = last_drill(console)
    if drill is None:
        found.append(Notice("The kill switch has never been drilled", f"{PATH}#drill"))
    elif not drill.facts.get("passed"):
        found.append(Notice("The last drill of the kill switch failed", f"{PATH}#drill", urgent=True))
    elif store.clock() - drill.at > DRILLED_EVERY:
        found.append(Notice("The kill switch has not been drilled for more than three months", f"{PATH}#drill"))
    return found


def paper(console: Console, since: datetime) -> Paper:
    """What is off, what was turned, and the last drill."""
    store = console.guildhall.switchboard
    turned = [turn for turn in store.history(KEPT_IN_SIGHT) if turn.switch.at >= since]
    names = {(turn.switch.kind, turn.switch.target): named(console, turn.switch.kind, turn.switch.target) for turn in turned}
    return Paper("switches.html", {"off": len(store.off().off), "turned": turned, "names": names, "drill": last_drill(console)})


SECTION = Section(
    PATH, "Switches", "What is turned off, by whom and why, and the way to turn automatic answers off at once.", Group.RULES,
    add_routes, notices=notices, paper=paper,
)  # fmt: skip
