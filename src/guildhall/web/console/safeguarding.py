"""Safeguarding records: what was escalated, who was told and when, who has it in hand, and how long it took to reach a person."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.safeguarding.measuring import Sum, state_of, together
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.safeguarding import OUTCOME_OF_RECORD_LABELS, STEP_LABELS, SafeguardingOutcome, SafeguardingRecord, StepKind
from guildhall.vocabulary.staff import Purpose
from guildhall.web.console.listing import Listing
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import EVERYONE, Group, Notice, Paper, Section
from guildhall.web.console.visit import Visit
from guildhall.web.looking_back import PERIODS, days_back

PATH: Final = "/console/safeguarding"
READERS: Final = EVERYONE | {Role.SUPERVISOR}
MAY_ACT: Final = frozenset({Role.SAFEGUARDING_LEAD, Role.SUPERVISOR})
MAY_OPEN: Final = MAY_ACT | {Role.DATA_PROTECTION_OFFICER, Role.AUDITOR}
STATES: Final[dict[str, tuple[str, str]]] = {
    "overdue": ("Not acknowledged in time", "red"),
    "nobody": ("Nobody left to tell", "red"),
    "waiting": ("Waits to be acknowledged", "yellow"),
    "acknowledged": ("In hand", "blue"),
    "closed": ("Closed", "green"),
}


def add_routes(routes: Routes) -> None:
    """`/console/safeguarding` and one record: opened for a purpose, acknowledged, closed."""

    @routes.reads(PATH)
    def listed(visit: Visit) -> Response:
        return _list(visit)

    @routes.reads(PATH + "/{record}")
    def one(visit: Visit) -> Response:
        record = _record(visit)
        return _one(visit, record) if record else visit.missing("Safeguarding record")

    @routes.opens(PATH + "/{record}/words", MAY_OPEN)
    def open_words(visit: Visit) -> Response:
        record = _record(visit)
        if record is None:
            return visit.missing("Safeguarding record")
        if visit.form.get("purpose", "") not in set(Purpose):
            return _one(visit, record, 400, troubles={"purpose": "Choose why you need to see the words"})
        visit.note_reading(
            "safeguarding record", Purpose(visit.form["purpose"]), (record.conversation_id, record.turn_id), record.reference
        )
        store = visit.console.guildhall.after.safeguarding
        return _one(visit, record, opened={"words": store.words(record), "notes": store.notes(record)})

    @routes.acts(PATH + "/{record}", MAY_ACT)
    def acknowledge(visit: Visit) -> Response:
        record = _record(visit)
        if record is None:
            return visit.missing("Safeguarding record")
        visit.console.guildhall.after.safeguarding.acknowledge(record.id, visit.member.id, visit.now())
        return visit.go_to(f"{PATH}/{record.id}", acknowledged="1")

    @routes.acts(PATH + "/{record}/close", MAY_ACT)
    def close(visit: Visit) -> Response:
        record = _record(visit)
        return _close(visit, record) if record else visit.missing("Safeguarding record")


def _record(visit: Visit) -> SafeguardingRecord | None:
    try:
        return visit.console.guildhall.after.safeguarding.get(visit.path("record"))
    except NotFoundError:
        return None


def _list(visit: Visit) -> Response:
    days = days_back(visit.query)
    store = visit.console.guildhall.after.safeguarding
    since = store.since(visit.now() - timedelta(days=days))
    older = [record for record in store.open_ones() if record.id not in {one.id for one in since}]
    records, now = [*since, *older], visit.now()
    orders = {
        "state": lambda record: (not record.is_open, record.acknowledged_at is not None, -record.raised_at.timestamp()),
        "raised": lambda record: -record.raised_at.timestamp(),
        "category": lambda record: (record.category, -record.raised_at.timestamp()),
    }
    listing = Listing(PATH, visit.query, orders)
    category = visit.query.get("category", "")
    shown = [record for record in records if category in ("", record.category)]
    return visit.show(
        "safeguarding.html",
        listing=listing,
        days=days,
        periods=PERIODS,
        sum=together(since),
        rows=[(record, STATES[state_of(record, now)]) for record in listing.cut(shown)],
        count=len(shown),
        categories=sorted({record.category for record in records}),
        nobody=_nobody_named(visit.console),
        route_of=lambda record: route_name(visit.console, _last_route(record)),
    )


def _one(
    visit: Visit,
    record: SafeguardingRecord,
    status: int = 200,
    *,
    troubles: Mapping[str, str] | None = None,
    opened: Mapping[str, Any] | None = None,
) -> Response:
    console, now = visit.console, visit.now()
    return visit.show(
        "safeguarding_record.html",
        status,
        record=record,
        state=STATES[state_of(record, now)],
        steps=[(step, STEP_LABELS[step.kind], route_name(console, step.route)) for step in record.steps],
        now=now,
        troubles=dict(troubles or {}),
        opened=opened,
        parts=in_parts(opened["words"]) if opened else (),
        may_act=visit.may(MAY_ACT),
        may_open=visit.may(MAY_OPEN),
        outcomes=[(outcome.value, *OUTCOME_OF_RECORD_LABELS[outcome]) for outcome in SafeguardingOutcome],
        outcome=OUTCOME_OF_RECORD_LABELS[SafeguardingOutcome(record.outcome)] if record.outcome else None,
        ring=_ring(console, record),
        form=visit.form,
    )


def _close(visit: Visit, record: SafeguardingRecord) -> Response:
    outcome, note = visit.form.get("outcome", ""), visit.form.get("note", "")
    if outcome not in set(SafeguardingOutcome):
        return _one(visit, record, 400, troubles={"outcome": "Choose what came of it"})
    try:
        visit.console.guildhall.after.safeguarding.close(record.id, visit.member.id, SafeguardingOutcome(outcome), note, visit.now())
    except RefusedError as error:
        return _one(visit, record, 400, troubles={"note": str(error)})
    return visit.go_to(f"{PATH}/{record.id}", closed="1")


def in_parts(words: Mapping[str, Any]) -> list[tuple[str, bool]]:
    """The resident's words in pieces, and whether each raised the record."""
    text: str = words.get("words", "")
    raised = {at for start, end in words.get("spans", ()) for at in range(start, min(end, len(text)))}
    pieces: list[tuple[str, bool]] = []
    for at, letter in enumerate(text):
        if pieces and pieces[-1][1] == (at in raised):
            pieces[-1] = (pieces[-1][0] + letter, at in raised)
        else:
            pieces.append((letter, at in raised))
    return pieces


def route_name(console: Console, route: str) -> str:
    """A route's role, as the council's file has it; the bare name once it is gone from the file."""
    found = console.guildhall.profile.safeguarding.routes.get(route)
    return found.role if found else route


def _last_route(record: SafeguardingRecord) -> str:
    return next((step.route for step in reversed(record.steps) if step.route), "")


def _ring(console: Console, record: SafeguardingRecord) -> str:
    """A line to ring now: the last route told is one that nothing can be sent to."""
    last = next((step for step in reversed(record.steps) if step.kind in (StepKind.ALERTED, StepKind.ESCALATED)), None)
    if record.acknowledged_at or last is None:
        return ""
    found = console.guildhall.profile.safeguarding.routes.get(last.route)
    return f"{found.role}, {found.phone}" if found and found.phone else ""


def _nobody_named(console: Console) -> list[str]:
    file = console.guildhall.profile.safeguarding
    return [category.value for category in file.categories if not file.lead(category).order(False)]


def notices(console: Console) -> Sequence[Notice]:
    """Records that nobody has acknowledged, and categories of which nobody is told."""
    now = console.now()
    waiting = [record for record in console.guildhall.after.safeguarding.open_ones() if record.acknowledged_at is None]
    late = [record for record in waiting if state_of(record, now) in ("overdue", "nobody")]
    found = []
    if late:
        text = f"{len(late)} safeguarding {'record was' if len(late) == 1 else 'records were'} not acknowledged in time"
        found.append(Notice(text, PATH, urgent=True))
    if rest := len(waiting) - len(late):
        found.append(Notice(f"{rest} safeguarding {'record waits' if rest == 1 else 'records wait'} to be acknowledged", PATH, urgent=True))
    if nobody := len(_nobody_named(console)):
        kinds = "kind of need" if nobody == 1 else "kinds of need"
        found.append(Notice(f"Nobody is named to be told of {nobody} {kinds} that a safeguarding record is kept of", PATH))
    return found


def paper(console: Console, since: datetime) -> Paper:
    """Records counted, time to a person, and those that were late."""
    records = console.guildhall.after.safeguarding.since(since)
    found: Sum = together(records)
    return Paper("safeguarding.html", {"sum": found, "nobody": _nobody_named(console)})


SECTION = Section(
    PATH, "Safeguarding", "Every escalation about somebody at risk: who was told, when it was acknowledged, how long to a person.", Group.TURNS,
    add_routes, readers=READERS, notices=notices, paper=paper, called_in_pack="Safeguarding records",
)  # fmt: skip
