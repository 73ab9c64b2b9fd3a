"""Recordings of calls. The list has no sound and no words; one is heard for a purpose, which is recorded first."""

from typing import Final

from starlette.responses import Response

from guildhall.bootstrap.recordings import RecordingOffice, wire_recordings
from guildhall.storage.recordings import Kept
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.rights import Looker
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.staff import Purpose
from guildhall.web.console.listing import Listing
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import EVERYONE, Group, Section
from guildhall.web.console.visit import Visit

PATH: Final = "/console/recordings"
READERS: Final = EVERYONE | {Role.SUPERVISOR}
MAY_LISTEN: Final = frozenset({Role.SAFEGUARDING_LEAD, Role.DATA_PROTECTION_OFFICER, Role.SERVICE_MANAGER, Role.SUPERVISOR, Role.AUDITOR})


def add_routes(routes: Routes) -> None:
    """`/console/recordings` and one recording."""

    @routes.reads(PATH)
    def listed(visit: Visit) -> Response:
        kept = _office(visit).all()
        orders = {"began": lambda one: -one.head.began_at.timestamp(), "length": lambda one: -one.seconds}
        listing = Listing(PATH, visit.query, orders)
        on = visit.console.guildhall.profile.phone.recording.on
        return visit.show("recordings.html", listing=listing, rows=listing.cut(kept), count=len(kept), on=on)

    @routes.reads(PATH + "/{recording}")
    def one(visit: Visit) -> Response:
        kept = _kept(visit)
        return _one(visit, kept) if kept else visit.missing("Recording")

    @routes.opens(PATH + "/{recording}", MAY_LISTEN)
    def listen(visit: Visit) -> Response:
        kept = _kept(visit)
        if kept is None:
            return visit.missing("Recording")
        if visit.form.get("purpose", "") not in set(Purpose):
            return _one(visit, kept, 400, trouble="Choose why you need to listen to it")
        try:
            sound = _office(visit).listen(Looker(visit.member.id, visit.form["purpose"]), kept.head.recording)
        except NotFoundError:
            return visit.missing("Recording")
        headers = {"Content-Disposition": f'attachment; filename="{kept.head.recording}.wav"', "Cache-Control": "no-store"}
        return Response(sound, media_type="audio/wav", headers=headers)


def _office(visit: Visit) -> RecordingOffice:
    guildhall = visit.console.guildhall
    return wire_recordings(guildhall.rights.memory, guildhall.settings.folders["recordings"])


def _kept(visit: Visit) -> Kept | None:
    try:
        return _office(visit).folder.find(visit.path("recording"))
    except NotFoundError:
        return None


def _one(visit: Visit, kept: Kept, status: int = 200, *, trouble: str = "") -> Response:
    return visit.show("recording.html", status, kept=kept, may_listen=visit.may(MAY_LISTEN), trouble=trouble)


SECTION = Section(
    PATH, "Recordings", "Recorded calls, where the council records them: when, how long, and one to listen to for a purpose.",
    Group.TURNS, add_routes, readers=READERS,
)  # fmt: skip
