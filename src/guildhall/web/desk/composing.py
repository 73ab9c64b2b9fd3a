"""What an adviser writes: sent once however often it is tried, kept while it is typed, and never lost when the conversation is."""

from dataclasses import replace

from starlette.responses import Response

from guildhall.storage.changes import say_typing
from guildhall.storage.handoffs import NotTheOwnerError
from guildhall.storage.messages import ID, Draft, Message
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.sentences import capitalised
from guildhall.web.desk import translating
from guildhall.web.desk.access import Place, path_of, place_of
from guildhall.web.desk.mentioning import colleagues, mentioned_in
from guildhall.web.desk.reading import draft_of
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.visit import DeskVisit

NOTE = "note"
ADVISER_SIDE = "adviser"
CITED_AT_MOST = 10
BASE = "/desk/conversations/{conversation}"


def composing_routes(routes: DeskRoutes) -> None:
    """`…/messages`, `…/draft` and `…/insert` of a conversation."""

    @routes.acts(BASE + "/messages")
    def send(visit: DeskVisit) -> Response:
        place = place_of(visit, visit.path("conversation"))
        return _send(visit, place) if place else visit.say("Conversation not found", status=404)

    @routes.acts(BASE + "/draft")
    def keep(visit: DeskVisit) -> Response:
        place = place_of(visit, visit.path("conversation"))
        if place is None:
            return visit.say("Conversation not found", status=404)
        draft = _typed(visit)
        try:
            _keep(visit, place.conversation_id, draft)  # their own words, even if they lost the conversation a moment ago
        except NotFoundError:
            return visit.say("Not kept", "What was said here was erased, so nothing more is kept of it.", status=410)
        if place.may_send and draft.text and not draft.note:
            say_typing(visit.guildhall.database, place.conversation_id, ADVISER_SIDE, visit.now())
        return visit.json(kept=True) if visit.wants_json else visit.go_to(path_of(place.conversation_id))

    @routes.acts(BASE + "/insert")
    def insert(visit: DeskVisit) -> Response:
        place = place_of(visit, visit.path("conversation"))
        if place is None or not place.may_send:
            return visit.say("You do not have this conversation", "Nothing was changed.", status=409)
        before = draft_of(visit, place.conversation_id)
        if visit.form.get("to") == "resident":
            if before.note and before.text:
                return visit.say(
                    "You are writing a private note", "Send it or clear it first, so that it does not go to the resident.", status=409
                )
            before = Draft(before.text, False, before.cited)
        text = "\n\n".join(part for part in (before.text, visit.form.get("text", "")) if part)
        cited = (*before.cited, *visit.form.get("cite", "").split())
        _keep(visit, place.conversation_id, Draft(text, before.note, tuple(dict.fromkeys(cited))))
        return visit.go_to(path_of(place.conversation_id), "write")


def fresh_id(visit: DeskVisit) -> str:
    """The id of a message that a page is about to send."""
    return visit.guildhall.house.new_id("message")


def _typed(visit: DeskVisit) -> Draft:
    form = visit.form
    return Draft(form.get("text", ""), form.get("mode") == NOTE, tuple(form.get("cited", "").split())[:CITED_AT_MOST])


def _keep(visit: DeskVisit, conversation_id: str, draft: Draft) -> None:
    visit.desk.messages.keep_unsent(conversation_id, visit.me, draft.text, visit.now(), note=draft.note, cited=draft.cited)


def _send(visit: DeskVisit, place: Place) -> Response:
    typed, message_id = _typed(visit), visit.form.get("id", "")
    try:
        if typed.note:
            _note(visit, place, typed, message_id)
        else:
            citations = visit.guildhall.tools.citations(typed.cited)
            message = Message(typed.text)
            if language := visit.form.get("language", ""):
                message = translating.message_in(visit, place, typed.text, language)
            message = replace(message, citations=citations, wording=visit.form.get("wording", "")[:80])
            visit.desk.messages.send(place.conversation_id, visit.me, message_id, message, visit.now())
    except NotTheOwnerError as error:
        _keep(visit, place.conversation_id, typed)
        return _refused(visit, place, 409, str(error), lost=True)
    except RefusedError as error:
        if typed.text:
            _keep(visit, place.conversation_id, typed)
        return _refused(visit, place, 400, str(error))
    if visit.wants_json:
        return visit.json(sent=message_id)
    return visit.go_to(path_of(place.conversation_id), message_id if ID.fullmatch(message_id) else "")


def _note(visit: DeskVisit, place: Place, typed: Draft, note_id: str) -> None:
    """A private note. Raises RefusedError."""
    if not place.may_note:
        raise NotTheOwnerError("you do not have this conversation now, so nothing was written.")
    people = colleagues(visit)
    chosen = [str(member.id) for member in people if member.id == visit.form.get("mention")]
    visit.desk.messages.note(
        place.conversation_id, visit.me, note_id, typed.text, [*mentioned_in(typed.text, people), *chosen], visit.now()
    )
    _keep(visit, place.conversation_id, Draft())


def _refused(visit: DeskVisit, place: Place, status: int, why: str, *, lost: bool = False) -> Response:
    if visit.wants_json:
        return visit.json(status, sent="", why=why, lost=lost)
    if lost:
        return visit.go_to(path_of(place.conversation_id))
    return visit.say("Not sent", capitalised(why), "What you wrote is kept. Go back to the conversation to try again.", status=status)
