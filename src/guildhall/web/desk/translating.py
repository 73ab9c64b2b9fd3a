"""Translation at the desk: beside what the resident wrote, and of what the adviser is about to send, looked at before it goes."""

from collections.abc import Sequence

from starlette.responses import Response

from guildhall.storage.messages import Draft, Message
from guildhall.storage.threads import Entry
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.languages import Language, english_name
from guildhall.vocabulary.translations import TRANSLATION_LABELS, TRANSLATION_PROBLEMS, Translation, TranslationStatus
from guildhall.web.desk.access import Part, Place, path_of, place_of
from guildhall.web.desk.reading import draft_of, thread_of
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.visit import DeskVisit

AT_ONCE = 5
"""So many messages are given to the machine in one request, the newest first, so that none waits for minutes."""
BASE = "/desk/conversations/{conversation}"


def translating_routes(routes: DeskRoutes) -> None:
    """`…/translations` and `…/translated` of a conversation."""

    @routes.acts(BASE + "/translations")
    def translate(visit: DeskVisit) -> Response:
        place = place_of(visit, visit.path("conversation"))
        if place is None or place.part in (None, Part.OFFERED):
            return visit.say("Conversation not found", status=404)
        left = _translate_what_waits(visit, place)
        return visit.json(waiting=left) if visit.wants_json else visit.go_to(path_of(place.conversation_id), "thread")

    @routes.acts(BASE + "/translated")
    def preview(visit: DeskVisit) -> Response:
        place = place_of(visit, visit.path("conversation"))
        if place is None or not place.may_send:
            return visit.say("You do not have this conversation", "Nothing was translated.", status=409)
        draft = Draft(visit.form.get("text", ""), visit.form.get("mode") == "note", tuple(visit.form.get("cited", "").split()))
        visit.desk.messages.keep_unsent(place.conversation_id, visit.me, draft.text, visit.now(), note=draft.note, cited=draft.cited)
        if draft.note:
            return visit.say("Private notes are not translated", "Choose “To the resident” first.", status=400)
        if draft.text.strip():
            made = visit.desk.translations.translate_for_sending(
                draft.text.strip(), language_of(visit, place), place.conversation_id, visit.me
            )
            if not made.shown:
                return visit.say("Not translated", *why_not(visit, made), "What you wrote is kept.")
        return visit.go_to(path_of(place.conversation_id), "panel-translation")


def _translate_what_waits(visit: DeskVisit, place: Place) -> int:
    """Give the machine what waits for it; how many still wait."""
    translations, entries = visit.desk.translations, thread_of(visit, place)
    known = translations.beside_all(entries)
    waiting = [entry for entry in reversed(entries) if entry.id in known and known[entry.id].status == TranslationStatus.WAITING]
    for entry in waiting[:AT_ONCE]:
        made = translations.translate(entry)
        if made is not None and made.status == TranslationStatus.FAILED:
            break  # it rests for a while
    return max(0, len(waiting) - AT_ONCE)


def language_of(visit: DeskVisit, place: Place, entries: Sequence[Entry] | None = None) -> str:
    """The language to write to the resident in: that of what they wrote last (`entries`, where just read), else that of the request."""
    try:
        return visit.desk.brief_language(place.conversation_id, entries)
    except NotFoundError:
        return (place.handoff.language if place.handoff else "") or Language.ENGLISH.value


def message_in(visit: DeskVisit, place: Place, text: str, language: str) -> Message:
    """The message in the resident's language, with what the adviser wrote kept beside it. Raises RefusedError when they have not seen it."""
    ready = visit.desk.translations.ready(text.strip(), language, place.conversation_id, visit.me)
    if ready is None or not ready.shown:
        raise RefusedError("the words changed since they were translated; look at the translation again before you send it.")
    return Message(ready.text, language=language, original=text.strip())


def seen_translation(visit: DeskVisit, place: Place, language: str) -> Translation | None:
    """The translation of what is typed now, if they asked for it."""
    draft = draft_of(visit, place.conversation_id)
    if draft.note or not draft.text.strip():
        return None
    return visit.desk.translations.store.find_draft(place.conversation_id, visit.me, draft.text.strip(), language) or (
        visit.desk.translations.ready(draft.text.strip(), language, place.conversation_id, visit.me)
    )


def why_not(visit: DeskVisit, made: Translation) -> tuple[str, str]:
    """Why there is no translation, and how to get an interpreter instead."""
    sentence = TRANSLATION_PROBLEMS[made.problem][1] if made.problem else TRANSLATION_LABELS[made.status][1]
    return f"{sentence} The language is {english_name(made.to)}.", visit.desk.translations.interpreter
