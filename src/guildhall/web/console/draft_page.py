"""One drafted answer before whoever checks it: the question, the draft, the pages it rests on and what changed since; then yes, other words, or no.

Looking is recorded before anything is shown. Whatever is pressed, the first decision holds, and whoever comes later is told so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from guildhall.bootstrap.supervised import Supervised
from guildhall.channels.web.markdown_html import markdown_to_html
from guildhall.conversations.checked import Warned, answer_text, changes
from guildhall.storage.drafts import DecidedAlreadyError, DraftWords, TooLateError
from guildhall.storage.threads import Entry
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.languages import direction
from guildhall.vocabulary.roles import DESK_ROLES
from guildhall.vocabulary.staff import Purpose
from guildhall.vocabulary.supervision import DRAFT_LABELS, DraftAnswer, DraftStatus
from guildhall.vocabulary.turns import PartKind
from guildhall.web.console.routing import Routes, refuse
from guildhall.web.console.topics import topic_name
from guildhall.web.console.visit import Visit

Thread = tuple[Entry, ...]
MayCheck = Callable[[Visit, DraftAnswer], bool]
CONTEXT_ENTRIES = 12


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page the draft cites: as it was then, and whether it says something else now."""

    title: str
    section: str
    url: str
    updated: str
    html: str
    changed: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a form and is shown again."""

    text: str = ""
    code: str = ""
    why: str = ""
    note: str = ""
    error: str = ""
    field: str = ""


def add_draft_routes(routes: Routes, path: str, may_check: MayCheck) -> None:
    """A draft's page, opening its words, and the three decisions."""
    one = path + "/{draft}"

    @routes.reads(one)
    def closed(visit: Visit) -> Response:
        draft = _draft(visit)
        return _closed(visit, draft, may_check(visit, draft)) if draft else visit.missing("Draft")

    @routes.opens(one, DESK_ROLES)
    def opened(visit: Visit) -> Response:
        return _checking(visit, may_check, lambda draft, words, thread: _show(visit, draft, words, thread))

    @routes.acts(one + "/approve", DESK_ROLES)
    def approve(visit: Visit) -> Response:
        def decide(draft: DraftAnswer, words: DraftWords, _thread: Thread) -> Response:
            return _done(visit, path, _supervised(visit).approve(draft, words, visit.member.id))

        return _checking(visit, may_check, decide)

    @routes.acts(one + "/edit", DESK_ROLES)
    def edit(visit: Visit) -> Response:
        return _checking(visit, may_check, lambda draft, words, thread: _edit(visit, path, draft, words, thread))

    @routes.acts(one + "/reject", DESK_ROLES)
    def reject(visit: Visit) -> Response:
        def decide(draft: DraftAnswer, words: DraftWords, thread: Thread) -> Response:
            code, note = visit.form.get("reject_code", ""), visit.form.get("note", "")
            try:
                return _done(visit, path, _supervised(visit).reject(draft, words, visit.member.id, code, note))
            except (DecidedAlreadyError, TooLateError):
                raise
            except RefusedError:
                typed = Typed(code=code, note=note, error="Choose why it is not sent", field="reject_code")
                return _show(visit, draft, words, thread, 400, typed)

        return _checking(visit, may_check, decide)


def _supervised(visit: Visit) -> Supervised:
    return visit.console.guildhall.supervised


def _draft(visit: Visit) -> DraftAnswer | None:
    try:
        return _supervised(visit).drafts.get(visit.path("draft"))
    except NotFoundError:
        return None


def _checking(visit: Visit, may_check: MayCheck, then: Callable[[DraftAnswer, DraftWords, Thread], Response]) -> Response:
    """Record that they look, open the words, and go on; or say why that cannot be."""
    draft = _draft(visit)
    if draft is None:
        return visit.missing("Draft")
    if not may_check(visit, draft):
        return refuse(visit, DESK_ROLES)
    if draft.status != DraftStatus.WAITING:
        return _closed(visit, draft, True, 409)
    visit.note_reading("drafted answer", Purpose.CHECKING, (draft.conversation_id, draft.turn_id))
    drafts = _supervised(visit).drafts
    drafts.opened(draft.id, visit.member.id, visit.now())
    try:
        return then(draft, drafts.words(draft), visit.console.guildhall.desk.threads.read(draft.conversation_id))
    except DecidedAlreadyError as error:
        return _closed(visit, error.draft, True, 409)
    except TooLateError:
        _supervised(visit).tick(visit.now())
        return _closed(visit, drafts.get(draft.id), True, 409)
    except NotFoundError:
        return visit.missing("What was drafted")


def _closed(visit: Visit, draft: DraftAnswer, may: bool, status: int = 200) -> Response:
    """The draft without a word of it: where it stands, and the way to open it."""
    values = {"draft": draft, "may": may, "statuses": DRAFT_LABELS, "topic": topic_name(visit.console, draft.topic)}
    reasons = visit.console.guildhall.profile.supervision.reasons
    return visit.show("draft_closed.html", status, reasons=reasons, waits=draft.status == DraftStatus.WAITING, **values)


def _done(visit: Visit, path: str, ended: DraftAnswer) -> Response:
    return visit.go_to(path, done=ended.status.value)


def _edit(visit: Visit, path: str, draft: DraftAnswer, words: DraftWords, thread: Thread) -> Response:
    form, supervised = visit.form, _supervised(visit)
    typed = Typed(form.get("text", ""), form.get("code", ""), form.get("why", ""))
    warned = supervised.warned(typed.text, words)
    trouble = _trouble(visit, typed, words, warned)
    if trouble.error:
        return _show(visit, draft, words, thread, 400, trouble)
    if form.get("step") != "send":
        return _look(visit, draft, words, typed, warned)
    try:
        ticked = form.get("ticked") == "yes"
        return _done(visit, path, supervised.edit(draft, words, visit.member.id, typed.text, typed.code, ticked=ticked, why=typed.why))
    except (DecidedAlreadyError, TooLateError):
        raise
    except RefusedError:
        error = "Say that you want to send it, and why, or change the text"
        return _look(visit, draft, words, Typed(typed.text, typed.code, typed.why, error=error, field="ticked"), warned, 400)


def _trouble(visit: Visit, typed: Typed, words: DraftWords, warned: Warned) -> Typed:
    """What is wrong with an edit before it is even looked at."""
    codes = visit.console.guildhall.profile.supervision.codes("edit")
    found = {
        "text": "Enter the answer, or choose that it is not sent" if not typed.text.strip() else "",
        "text ": "Change something, or approve it as it is" if typed.text.strip() == answer_text(words.parts).strip() else "",
        "text  ": f"Take out what may not be linked to: {', '.join(warned.links)}" if warned.links else "",
        "code": "Choose why it was changed" if typed.code not in codes else "",
    }
    field, error = next(((field.strip(), error) for field, error in found.items() if error), ("", ""))
    return Typed(typed.text, typed.code, typed.why, error=error, field=field)


def _look(visit: Visit, draft: DraftAnswer, words: DraftWords, typed: Typed, warned: Warned, status: int = 200) -> Response:
    """The edited text beside the draft, and what in it no cited page says."""
    return visit.show(
        "draft_edit.html", status, draft=draft, typed=typed, warned=warned, diff=changes(answer_text(words.parts), typed.text),
        reason=visit.console.guildhall.profile.supervision.reasons[typed.code], now=visit.now(),
    )  # fmt: skip


def _show(visit: Visit, draft: DraftAnswer, words: DraftWords, thread: Thread, status: int = 200, typed: Typed | None = None) -> Response:
    supervised, profile = _supervised(visit), visit.console.guildhall.profile
    text = answer_text(words.parts)
    others = {who: at for who, at in supervised.drafts.opened_by(draft.id).items() if who != visit.member.id}
    return visit.show(
        "draft.html",
        status,
        draft=draft,
        words_of=words,
        topic=topic_name(visit.console, draft.topic),
        notes=[part.text for part in words.parts if part.kind != PartKind.ANSWER],
        html=_html(visit, text),
        dir=direction(draft.language),
        typed=typed or Typed(text),
        pages=_pages(visit, words),
        thread=_context(thread),
        since=[entry for entry in thread if entry.at > draft.queued_at and entry.turn_id != draft.turn_id],
        others=others,
        now=visit.now(),
        edit_codes=_codes(profile.supervision.codes("edit")),
        reject_codes=_codes(profile.supervision.codes("reject")),
    )


def _context(threads: Thread) -> tuple[Entry, ...]:
    return tuple(entry for entry in threads if entry.text or entry.parts)[-CONTEXT_ENTRIES:]


def _codes(codes: Any) -> list[tuple[str, str, str]]:
    return [(code, reason.label, reason.sentence) for code, reason in codes.items()]


def _html(visit: Visit, text: str, place: str = "the draft") -> str:
    return markdown_to_html(text, visit.front.links, table_label=f"Table in {place}")


def _pages(visit: Visit, words: DraftWords) -> list[ShownPage]:
    """The pages that the draft cites. What comes from the catalogue or a look-up is no stored page, and cannot change under it."""
    cited = list(dict.fromkeys(citation.passage_id for part in words.parts for citation in part.citations))
    then = {page.id: page for page in words.passages if page.id in cited}
    now = _supervised(visit).drafts.now_on_pages(cited)
    found = []
    for number, page in enumerate(then.values(), 1):
        stored = not page.id.startswith(("service:", "lookup:"))
        changed = "" if not stored else "Taken out since" if page.id not in now else "Changed since" if now[page.id] != page.text else ""
        html = _html(visit, page.text, f"page {number}")
        found.append(ShownPage(page.title, page.section, visit.front.links.resolve(page.url), page.updated, html, changed))
    return found
