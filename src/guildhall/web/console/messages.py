"""Messages that left, wait, failed or were withheld. Of the local outbox's, one can be looked at for a purpose, which is recorded first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from starlette.responses import Response

from guildhall.aftercare.safe_contact import WHY_NOT_LABELS, WhyNot
from guildhall.bootstrap.console import Console
from guildhall.bootstrap.notifying import local_outbox
from guildhall.storage.after_schema import notifications
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.notifications import MESSAGE_KIND_LABELS, MESSAGE_STATUS_LABELS, MessageStatus, Notification
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.staff import Purpose
from guildhall.web.console.listing import Listing
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import EVERYONE, Group, Notice, Paper, Section
from guildhall.web.console.visit import Visit

PATH: Final = "/console/messages"
READERS: Final = EVERYONE | {Role.SUPERVISOR}
MAY_RETRY: Final = frozenset({Role.SERVICE_MANAGER, Role.SAFEGUARDING_LEAD, Role.SUPERVISOR})
MAY_OPEN: Final = frozenset({Role.SAFEGUARDING_LEAD, Role.DATA_PROTECTION_OFFICER, Role.SERVICE_MANAGER, Role.SUPERVISOR, Role.AUDITOR})
TAGS: Final = {
    MessageStatus.WAITING: "yellow",
    MessageStatus.SENT: "green",
    MessageStatus.FAILED: "red",
    MessageStatus.WITHHELD: "grey",
}
MOST: Final = 1000


def add_routes(routes: Routes) -> None:
    """`/console/messages` and one message."""

    @routes.reads(PATH)
    def listed(visit: Visit) -> Response:
        return _list(visit)

    @routes.reads(PATH + "/{reference}")
    def one(visit: Visit) -> Response:
        message = _message(visit)
        return _one(visit, message) if message else visit.missing("Message")

    @routes.opens(PATH + "/{reference}/words", MAY_OPEN)
    def open_words(visit: Visit) -> Response:
        message = _message(visit)
        if message is None:
            return visit.missing("Message")
        if visit.form.get("purpose", "") not in set(Purpose):
            return _one(visit, message, 400, trouble="Choose why you need to see the message")
        visit.note_reading("message", Purpose(visit.form["purpose"]), (message.conversation_id, ""), message.reference)
        return _one(visit, message, opened=True, words=local_outbox(visit.console.guildhall.settings).read(message.reference))

    @routes.acts(PATH + "/{reference}", MAY_RETRY)
    def retry(visit: Visit) -> Response:
        message = _message(visit)
        if message is None:
            return visit.missing("Message")
        try:
            visit.console.guildhall.after.messages.retry(message.reference, visit.now())
        except RefusedError as error:
            return visit.show("said.html", 409, heading="It was not tried again", paragraphs=[str(error)])
        return visit.go_to(f"{PATH}/{message.reference}", again="1")


def _message(visit: Visit) -> Notification | None:
    try:
        return visit.console.guildhall.after.messages.get(visit.path("reference"))
    except NotFoundError:
        return None


def _list(visit: Visit) -> Response:
    status = visit.query.get("status", "")
    where = [notifications.c.status == status] if status in set(MessageStatus) else []
    rows = visit.console.guildhall.after.messages.listed(*where, most=MOST)
    orders = {
        "made": lambda message: -message.made_at.timestamp(),
        "status": lambda message: (list(MessageStatus).index(message.status), -message.made_at.timestamp()),
    }
    listing = Listing(PATH, visit.query, orders)
    return visit.show("messages.html", listing=listing, rows=listing.cut(rows), count=len(rows), **_labels(visit))


def _one(visit: Visit, message: Notification, status: int = 200, **more: Any) -> Response:
    outbox = visit.console.guildhall.after.notifies.name
    is_local = outbox == local_outbox(visit.console.guildhall.settings).name
    given: dict[str, Any] = {"trouble": "", "opened": False, "words": None, **more}
    shown = given.pop("words")
    return visit.show(
        "message.html", status, message=message, is_local=is_local, said=shown, may_open=visit.may(MAY_OPEN),
        may_retry=visit.may(MAY_RETRY), **given, **_labels(visit),
    )  # fmt: skip


def _labels(visit: Visit) -> dict[str, Any]:
    return {
        "statuses": [(status.value, MESSAGE_STATUS_LABELS[status][0]) for status in MessageStatus],
        "state_of": lambda message: (*MESSAGE_STATUS_LABELS[message.status], TAGS[message.status]),
        "kind_of": lambda message: MESSAGE_KIND_LABELS[message.kind],
        "why_of": why_in_words,
        "sender": visit.console.guildhall.after.notifies.name,
    }


def why_in_words(message: Notification) -> str:
    """Why it stands as it does: a sentence for what is withheld, the provider's trouble for the rest."""
    return WHY_NOT_LABELS[WhyNot(message.why)][1] if message.why in set(WhyNot) else message.why


def notices(console: Console) -> Sequence[Notice]:
    """Messages that were given up."""
    failed = console.guildhall.after.messages.listed(notifications.c.status == MessageStatus.FAILED.value)
    if not failed:
        return ()
    alerts = any(message.kind == "alert" for message in failed)
    text = f"{len(failed)} {'message' if len(failed) == 1 else 'messages'} could not be sent"
    return (Notice(text, f"{PATH}?status=failed", urgent=alerts),)


def paper(console: Console, since: datetime) -> Paper:
    """How many messages went, failed and were withheld."""
    found = console.guildhall.after.messages.listed(notifications.c.made_at >= since, most=100_000)
    counts = {status.value: sum(message.status == status for message in found) for status in MessageStatus}
    return Paper("messages.html", {"counts": counts, "count": len(found)})


SECTION = Section(
    PATH, "Messages sent", "Text messages and e-mail to residents who agreed, and alerts to staff: what went, what failed, what was withheld.",
    Group.TURNS, add_routes, readers=READERS, notices=notices, paper=paper,
)  # fmt: skip
