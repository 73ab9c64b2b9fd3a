"""Workshops: who came, the notes, and the opportunities found in them. Each proposal is shown beside the words that it comes from."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.opportunities.register import Status
from guildhall.opportunities.roles import CHANGERS
from guildhall.opportunities.workshops import MOST_BYTES, Workshop, checked_notes, notes_of, people_of
from guildhall.storage.opportunity_history import ChangedSinceError
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.sentences import capitalised
from guildhall.web.console.listing import Listing
from guildhall.web.console.meanwhile import seen_version
from guildhall.web.console.routing import FIELD_AT_MOST, Routes
from guildhall.web.console.section import WITH_VALUE, Group, Notice, Section
from guildhall.web.console.visit import Visit

PATH = "/console/next/workshops"
NEW = PATH + "/new"
ONE = PATH + "/{workshop}"


def add_routes(routes: Routes) -> None:
    """`/console/next/workshops`, a new one, and one with its proposals."""

    @routes.reads(PATH)
    def workshops(visit: Visit) -> Response:
        everything = visit.console.opportunities.register.workshops()
        listing = Listing(PATH, visit.query, {})
        counts: dict[str, int] = {}
        for each in visit.console.opportunities.register.everything():
            for name in each.workshops:
                counts[name] = counts.get(name, 0) + 1
        rows = everything[listing.offset : listing.offset + listing.per_page]
        people = sum(each.attended for each in everything)
        values: dict[str, Any] = {"rows": rows, "count": len(everything), "people": people, "counts": counts, "services": services(visit)}
        return visit.show("next/workshops.html", listing=listing, may_change=visit.may(CHANGERS), **values)

    @routes.reads(NEW, CHANGERS)
    def new(visit: Visit) -> Response:
        return _form(visit)

    @routes.takes(NEW, CHANGERS)
    def record(visit: Visit) -> Response:
        return _record(visit)

    @routes.reads(ONE)
    def one(visit: Visit) -> Response:
        found = _workshop(visit)
        return _show(visit, found) if found else visit.missing("Workshop")

    @routes.acts(ONE + "/propose", CHANGERS)
    def propose(visit: Visit) -> Response:
        found = _workshop(visit)
        if found is None:
            return visit.missing("Workshop")
        made, failed = visit.console.opportunities.propose(found.id, str(visit.member.id))
        return visit.go_to(f"{PATH}/{found.id}", "proposals", made=str(len(made)), **({"failed": "1"} if failed else {}))

    @routes.acts(ONE + "/decide", CHANGERS)
    def decide(visit: Visit) -> Response:
        found = _workshop(visit)
        if found is None:
            return visit.missing("Workshop")
        name, way = visit.form.get("opportunity", ""), visit.form.get("way", "")
        status = {"accept": Status.ACCEPTED, "refuse": Status.REFUSED}.get(way, Status.PROPOSED)
        try:
            register, why = visit.console.opportunities.register, visit.form.get("why", "")
            register.decide(name, status, str(visit.member.id), visit.now(), why, seen_version(visit))
        except ChangedSinceError as error:
            return _show(visit, found, 409, {"proposals": _sentence(error)})
        except (RefusedError, NotFoundError) as error:
            return _show(visit, found, 400, {f"why-{name}": _sentence(error)})
        return visit.go_to(f"{PATH}/{found.id}", "proposals", decided=way)


def services(visit: Visit) -> Mapping[str, str]:
    """Names of the catalogue's services by key."""
    return {str(key): service.name for key, service in visit.console.guildhall.profile.services.items()}


def _workshop(visit: Visit) -> Workshop | None:
    try:
        return visit.console.opportunities.register.workshop(visit.path("workshop"))
    except NotFoundError:
        return None


def _form(visit: Visit, status: int = 200, troubles: Mapping[str, str] | None = None) -> Response:
    named = sorted(services(visit).items(), key=lambda pair: pair[1])
    return visit.show("next/workshop_new.html", status, form=visit.form, troubles=troubles or {}, services=named)


def _record(visit: Visit) -> Response:
    form = visit.form
    troubles: dict[str, str] = {}
    held_on, people, notes = date.min, dict[str, int](), ""
    try:
        held_on = date.fromisoformat(form.get("held_on", ""))
    except ValueError:
        troubles["held_on"] = "Enter the day it was held as a real date, such as 2026-11-05"
    if not form.get("service"):
        troubles["service"] = "Choose the service it was about"
    try:
        people = people_of(form.get("people", ""))
    except RefusedError as error:
        troubles["people"] = _sentence(error)
    try:
        sent = visit.files.get("file")
        file = sent if sent is not None and sent.name else None
        if not file and len(form.get("notes", "")) >= FIELD_AT_MOST:
            raise RefusedError(f"notes of {FIELD_AT_MOST:,} characters or more have to be uploaded as a file")
        notes = notes_of(file.name, file.file.read(MOST_BYTES + 1)) if file else checked_notes(form.get("notes", ""))
    except RefusedError as error:
        troubles["notes"] = _sentence(error)
    if troubles:
        return _form(visit, 400, troubles)
    given = Workshop("", form["service"][:80], form.get("directorate", "")[:80], held_on, form.get("facilitator", "")[:120], people, notes)
    kept = visit.console.opportunities.record(given, str(visit.member.id))
    return visit.go_to(f"{PATH}/{kept.id}", recorded="1")


def _show(visit: Visit, workshop: Workshop, status: int = 200, troubles: Mapping[str, str] | None = None) -> Response:
    of_it = [each for each in visit.console.opportunities.register.everything() if workshop.id in each.workshops]
    waiting = [each for each in of_it if each.status == Status.PROPOSED]
    values: dict[str, Any] = {
        "workshop": workshop,
        "waiting": waiting,
        "versions": visit.console.opportunities.register.versions(each.id for each in waiting),
        "others": [each for each in of_it if each.status != Status.PROPOSED],
    }
    names = {"may_change": visit.may(CHANGERS), "services": services(visit), "troubles": troubles or {}, "form": visit.form}
    return visit.show("next/workshop.html", status, **values, **names)


def _sentence(error: Exception) -> str:
    text = str(error).rstrip(".")
    return capitalised(text)


def notices(console: Console) -> Sequence[Notice]:
    """Proposals that nobody has decided on yet."""
    waiting = console.opportunities.register.waiting()
    if not waiting:
        return ()
    said = f"{waiting} {'opportunity waits' if waiting == 1 else 'opportunities wait'} to be accepted or left out"
    return (Notice(said, "/console/next/register?status=proposed"),)


SECTION = Section(
    PATH, "Workshops", "Who came to each workshop, what they said, and the opportunities that were found in their words.", Group.NEXT, add_routes, readers=WITH_VALUE, notices=notices,
)  # fmt: skip
