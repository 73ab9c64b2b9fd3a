"""Why did it say that? Find any turn, and see what was found, decided, known and said in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.channels.web.markdown_html import markdown_to_html
from guildhall.storage.conversations import TranscriptTurn
from guildhall.storage.turns import COUNTED_AT_MOST, FinishedTurn, Sought
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.languages import direction
from guildhall.vocabulary.outcomes import Outcome
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.staff import Purpose
from guildhall.web.console.listing import Listing
from guildhall.web.console.phrases import MAY_PROPOSE
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import EVERYONE, Group, Notice, Paper, Section
from guildhall.web.console.turn_view import told
from guildhall.web.console.visit import Visit

PATH = "/console/turns"
ONE = PATH + "/{conversation}/{turn}"
MAY_OPEN = EVERYONE - {Role.BOARD_CHAIR, Role.SERVICE_MANAGER}
FILTERS = ("q", "since", "until", "outcome", "category", "rule", "language")
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said on both sides: the resident's words as they are, the reply as the resident saw it, part by part with its language."""

    utterance: str
    reply: tuple[tuple[str, str], ...]


def add_routes(routes: Routes) -> None:
    """`/console/turns`, `/console/turns/{conversation}/{turn}` and the words of that turn."""

    @routes.reads(PATH)
    def search(visit: Visit) -> Response:
        listing = Listing(PATH, visit.query, {})
        sought, trouble = _sought(visit)
        count = 0 if trouble else visit.console.turns.count(sought)
        found = () if trouble else visit.console.turns.search(sought, listing.per_page, listing.offset)
        rules = visit.console.rules.rules
        return visit.show(
            "turns.html",
            listing=listing,
            turns=found,
            count=count,
            capped=count > COUNTED_AT_MOST,
            trouble=trouble,
            rules=sorted(((rule.id, rule.title) for rule in rules), key=lambda pair: pair[1]),
            titles={rule.id: rule.title for rule in rules},
            filtered=listing.filtered(*FILTERS),
        )

    @routes.reads(ONE)
    def one_turn(visit: Visit) -> Response:
        turn = _turn(visit)
        return _show(visit, turn) if turn else visit.missing("Turn")

    @routes.opens(ONE + "/words", MAY_OPEN)
    def open_words(visit: Visit) -> Response:
        turn = _turn(visit)
        if turn is None:
            return visit.missing("Turn")
        if visit.form.get("purpose", "") not in set(Purpose):
            return _show(visit, turn, 400, trouble="Choose why you need to see what was said")
        visit.note_reading("turn", Purpose(visit.form["purpose"]), (turn.conversation_id, turn.id))
        try:
            turns = visit.console.guildhall.conversations.transcript(turn.conversation_id)
        except NotFoundError:  # the key was destroyed: nobody can read it any more
            turns = ()
        said = next((each for each in turns if each.id == turn.id and (each.utterance or each.parts)), None)
        return _show(visit, turn, opened=True, said=_said(visit, said) if said else None)


def _turn(visit: Visit) -> FinishedTurn | None:
    return visit.console.turns.get(visit.path("conversation"), visit.path("turn"))


def _show(
    visit: Visit, turn: FinishedTurn, status: int = 200, *, trouble: str = "", opened: bool = False, said: Said | None = None
) -> Response:
    events = visit.console.trail.of_turn(turn.conversation_id, turn.id)
    ids = [passage["id"] for passage in turn.facts.get("passages", ())]
    return visit.show(
        "turn.html",
        status,
        turn=turn,
        told=told(visit, turn),
        passages=visit.console.turns.passages([*ids, *turn.facts.get("citations", ())]),
        events=events,
        misses=visit.console.misses.of_turn(turn.id),
        may_open=visit.may(MAY_OPEN),
        may_propose=visit.may(MAY_PROPOSE),
        path=f"{PATH}/{turn.conversation_id}/{turn.id}",
        trouble=trouble,
        opened=opened,
        said=said,
    )


def _said(visit: Visit, turn: TranscriptTurn) -> Said:
    links = visit.front.links
    reply = (
        (part.language, markdown_to_html(part.text, links, table_label="Table in the reply", rtl=direction(part.language) == "rtl"))
        for part in turn.parts
    )
    return Said(turn.utterance, tuple(reply))


def _sought(visit: Visit) -> tuple[Sought, str]:
    query = visit.query
    zone = visit.console.guildhall.profile.calendar.zone
    days: dict[str, datetime | None] = {}
    for name in ("since", "until"):
        try:
            days[name] = datetime.combine(datetime.fromisoformat(query[name]).date(), time(), zone) if query.get(name) else None
        except ValueError:
            return Sought(), f"Enter {'the first' if name == 'since' else 'the last'} day as a real date, such as 2026-11-25"
    until = days["until"] + timedelta(days=1) if days["until"] else None
    return Sought(
        about=query.get("q", ""), since=days["since"], until=until, outcome=query.get("outcome", ""),
        category=query.get("category", ""), rule=query.get("rule", ""), language=query.get("language", ""),
    ), ""  # fmt: skip


def notices(console: Console) -> Sequence[Notice]:
    """Turns that failed safe in the last week."""
    since = console.now() - WEEK
    failed = console.turns.count(Sought(since=since, outcome=Outcome.FAIL_SAFE.value))
    if not failed:
        return ()
    day = since.astimezone(console.guildhall.profile.calendar.zone).date()
    text = f"{failed} {'turn' if failed == 1 else 'turns'} failed safe in the last 7 days"
    return (Notice(text, f"{PATH}?outcome=fail_safe&since={day.isoformat()}", urgent=True),)


def paper(console: Console, since: datetime) -> Paper:
    """How turns ended."""
    tally = console.turns.tally("outcome", [outcome.value for outcome in Outcome], since)
    return Paper("turns.html", {"tally": tally, "conversations": console.turns.conversations(since)})


SECTION = Section(
    PATH, "Why did it say that?", "Find any turn and see what was found, which rules spoke, what was known, and what was said.", Group.TURNS,
    add_routes, notices=notices, paper=paper, called_in_pack="How turns ended",
)  # fmt: skip
