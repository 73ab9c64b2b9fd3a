"""Marks one turn. The page shows its facts, then what was said (after recording why somebody reads it), then the form for the mark.

Nobody is shown another person's mark.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from guildhall.channels.web.markdown_html import markdown_to_html
from guildhall.storage.conversations import TranscriptTurn
from guildhall.value.auditing.marking import Draw, Item, MarkError
from guildhall.vocabulary.auditing import FAULT_LABELS, FAULTS_OF, MARK_LABELS, MARKS_OF, MAY_MARK
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.languages import direction
from guildhall.vocabulary.staff import Purpose
from guildhall.web.console.auditing.views import kind_of
from guildhall.web.console.routing import Routes
from guildhall.web.console.visit import Visit

PATH: Final = "/console/value/audits"
TURN: Final = PATH + "/{audit}/turns/{item}"
NOTHING: Final = ("", "Nothing was wrong", "Choose this for a turn that is right, or that rightly declined.")


@dataclass(frozen=True, slots=True)
class Words:
    """What was said in a turn: the resident's words as they are, the reply as they saw it, part by part with its language."""

    utterance: str
    reply: tuple[tuple[str, str], ...]


def add_routes(routes: Routes) -> None:
    """The next turn to mark, one turn, its words, and its mark."""

    @routes.reads(PATH + "/{audit}/next", MAY_MARK)
    def following(visit: Visit) -> Response:
        return _next(visit)

    @routes.reads(TURN, MAY_MARK)
    def look(visit: Visit) -> Response:
        found = _found(visit)
        return _show(visit, *found) if found else visit.missing("Turn")

    @routes.opens(TURN + "/words", MAY_MARK)
    def open_words(visit: Visit) -> Response:
        found = _found(visit)
        return _opened(visit, *found) if found else visit.missing("Turn")

    @routes.acts(TURN, MAY_MARK)
    def mark(visit: Visit) -> Response:
        found = _found(visit)
        return _mark(visit, *found) if found else visit.missing("Turn")


def _found(visit: Visit) -> tuple[Draw, Item] | None:
    """The turn that the address names, if the visitor marks it or has marked it."""
    try:
        draw = visit.console.audits.get(visit.path("audit"))
    except NotFoundError:
        return None
    item = draw.item(visit.path("item"))
    return (draw, item) if item and draw.withdrawn_at is None else None


def _next(visit: Visit) -> Response:
    try:
        draw = visit.console.audits.get(visit.path("audit"))
    except NotFoundError:
        return visit.missing("Audit")
    item = draw.next_for(visit.member.id)
    kept = {name: visit.query[name] for name in ("marked", "gone", "late") if name in visit.query}
    return visit.go_to(
        f"{PATH}/{draw.id}/turns/{item.id}" if item else f"{PATH}/{draw.id}", **({"done": "1"} if item is None else {}), **kept
    )


def _may_mark(visit: Visit, draw: Draw, item: Item) -> bool:
    """Whether the visitor's mark is wanted, or there is one of theirs to correct."""
    if item.id in draw.undecided:
        return False
    own = any(mark.by == visit.member.id for mark in item.marks)
    return own or (item in draw.in_order and draw.needed(item) > 0)


def _opened(visit: Visit, draw: Draw, item: Item, status: int = 200, troubles: Mapping[str, str] | None = None) -> Response:
    """The turn with its words: that they are read, and why, is recorded before they are."""
    if not _may_mark(visit, draw, item):
        return _show(visit, draw, item, 409)
    visit.note_reading("turn of an audit, and the one before it", Purpose.AUDIT, (item.turn.conversation_id, item.turn.turn_id))
    try:
        turns = visit.console.guildhall.conversations.transcript(item.turn.conversation_id)
    except NotFoundError:  # the key was destroyed: nobody can read it any more
        turns = ()
    at = next((at for at, each in enumerate(turns) if each.id == item.turn.turn_id and (each.utterance or each.parts)), None)
    if at is None:
        visit.console.audits.gone(draw.id, item.id, visit.member)
        return visit.go_to(f"{PATH}/{draw.id}/next", gone="1")
    before = _said(visit, turns[at - 1]) if at else None
    return _show(visit, draw, item, status, words_of=_said(visit, turns[at]), before=before, troubles=dict(troubles or {}))


def _said(visit: Visit, turn: TranscriptTurn) -> Words:
    links = visit.front.links
    reply = (
        (part.language, markdown_to_html(part.text, links, table_label="Table in the reply", rtl=direction(part.language) == "rtl"))
        for part in turn.parts
    )
    return Words(turn.utterance, tuple(reply))


def _show(visit: Visit, draw: Draw, item: Item, status: int = 200, **more: Any) -> Response:
    turn = visit.console.turns.get(item.turn.conversation_id, item.turn.turn_id)
    cited = list(dict.fromkeys(turn.facts.get("citations", ()))) if turn else []
    marks = MARKS_OF[item.turn.group]
    reasons = dict.fromkeys(fault for mark in marks for fault in FAULTS_OF[mark])
    needed = {mark: f"{MARK_LABELS[mark][1]}{' Needs a reason.' if FAULTS_OF[mark] else ''}" for mark in marks}
    own = next((mark for mark in item.marks if mark.by == visit.member.id), None)
    form = (
        visit.form
        if "mark" in visit.form or "fault" in visit.form
        else {"mark": own.mark.value if own else "", "fault": (own.fault or "") if own else ""}
    )
    values: dict[str, Any] = {
        "draw": draw, "item": item, "kind": kind_of(item.turn.stratum), "own": own, "wanted": _may_mark(visit, draw, item),
        "service": next((one.name for key, one in visit.console.guildhall.profile.services.items() if str(key) == item.turn.service), item.turn.service),
        "passages": [known for passage in cited if (known := visit.console.turns.passages(cited).get(passage))],
        "marks": [(mark.value, MARK_LABELS[mark][0], needed[mark]) for mark in marks],
        "reasons": [NOTHING, *((fault.value, *FAULT_LABELS[fault]) for fault in reasons)],
        "form": form, "troubles": {}, "words_of": None, "before": None, "path": f"{PATH}/{draw.id}/turns/{item.id}",
    }  # fmt: skip
    return visit.show("audits/turn.html", status, **(values | more))


def _mark(visit: Visit, draw: Draw, item: Item) -> Response:
    own = any(mark.by == visit.member.id for mark in item.marks)
    try:
        visit.console.audits.mark(draw.id, item.id, visit.form.get("mark", ""), visit.form.get("fault", ""), visit.member)
    except MarkError as error:
        return _opened(visit, draw, item, 400, {error.field: str(error)})
    except RefusedError:  # a colleague marked it a moment ago; theirs stands
        return visit.go_to(f"{PATH}/{draw.id}/next", late="1")
    return visit.go_to(f"{PATH}/{draw.id}", corrected="1") if own else visit.go_to(f"{PATH}/{draw.id}/next", marked="1")
