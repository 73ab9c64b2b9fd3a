"""Phrases: how residents put things, proposed by one person as a word for the lexicon or as a question to be tested, released by another."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.bootstrap.learning_work import TRIAL, try_phrase
from guildhall.learning.proposing import Given, troubles
from guildhall.learning.unhelped import is_private
from guildhall.storage.learning_jobs import DONE, Job
from guildhall.storage.phrases import Proposed
from guildhall.storage.turns import FinishedTurn, Sought
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.gaps import WHOLE, Missed, Unhelped
from guildhall.vocabulary.ids import ConversationId, TurnId
from guildhall.vocabulary.phrases import PHRASE_KIND_LABELS, Phrase, PhraseKind, PhraseState
from guildhall.vocabulary.rights import Looker
from guildhall.vocabulary.roles import GOVERNING_ROLES, Role
from guildhall.vocabulary.sentences import capitalised
from guildhall.vocabulary.staff import Purpose
from guildhall.web.console.listing import Listing
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import Group, Notice, Section
from guildhall.web.console.visit import Visit

PATH = "/console/phrases"
NEW = PATH + "/new"
ONE = PATH + "/{phrase}"
MAY_RELEASE: Final = frozenset({Role.SERVICE_MANAGER, Role.SUPERVISOR, Role.RULE_OWNER})
MAY_PROPOSE: Final = MAY_RELEASE | {Role.ADVISER}
READERS: Final = GOVERNING_ROLES | {Role.SUPERVISOR, Role.ADVISER}
TAGS: Final = {
    PhraseState.PROPOSED: "yellow",
    PhraseState.RELEASED: "green",
    PhraseState.REFUSED: "grey",
    PhraseState.WITHDRAWN: "orange",
}
SHORTEST_REASON: Final = 5


def add_routes(routes: Routes) -> None:
    """`/console/phrases`, a new one, and one with what it would change."""

    @routes.reads(PATH)
    def phrases(visit: Visit) -> Response:
        listing = Listing(PATH, visit.query, {})
        everything = visit.console.learning.phrases.everything()
        state = visit.query.get("state", "")
        shown = [phrase for phrase in everything if state in ("", phrase.state.value)]
        rows = shown[listing.offset : listing.offset + listing.per_page]
        return visit.show(
            "phrases.html", listing=listing, rows=rows, count=len(shown), all=len(everything), tags=TAGS, may_propose=visit.may(MAY_PROPOSE)
        )

    @routes.reads(NEW, MAY_PROPOSE)
    def new(visit: Visit) -> Response:
        return _form(visit)

    @routes.opens(NEW + "/words", MAY_PROPOSE)
    def words(visit: Visit) -> Response:
        return _opened(visit)

    @routes.acts(NEW, MAY_PROPOSE)
    def propose(visit: Visit) -> Response:
        return _propose(visit)

    @routes.reads(ONE)
    def one(visit: Visit) -> Response:
        phrase = _phrase(visit)
        return _show(visit, phrase) if phrase else visit.missing("Phrase")

    @routes.acts(ONE + "/try", MAY_PROPOSE)
    def try_it(visit: Visit) -> Response:
        phrase, learning = _phrase(visit), visit.console.learning
        if phrase is None:
            return visit.missing("Phrase")
        learning.work.begin(TRIAL, phrase.id, visit.member.id, try_phrase(learning, phrase))
        return visit.go_to(f"{PATH}/{phrase.id}", "trial")

    for way in ("release", "refuse", "withdraw"):
        _add_decision(routes, way)


def _add_decision(routes: Routes, way: str) -> None:
    @routes.acts(f"{ONE}/{way}", MAY_RELEASE)
    def decide(visit: Visit) -> Response:
        phrase = _phrase(visit)
        return _decide(visit, phrase, way) if phrase else visit.missing("Phrase")


def _phrase(visit: Visit) -> Phrase | None:
    try:
        return visit.console.learning.phrases.get(visit.path("phrase"))
    except NotFoundError:
        return None


def _turn(visit: Visit, turn_id: str) -> FinishedTurn | None:
    found = visit.console.turns.search(Sought(about=turn_id), 1) if turn_id else ()
    return found[0] if found and found[0].id == turn_id else None


def _form(
    visit: Visit, status: int = 200, wrong: Sequence[tuple[str, str]] = (), form: Mapping[str, str] | None = None, opened: bool = False
) -> Response:
    form = form if form is not None else {**visit.query}
    turn_id = form.get("turn", "")
    turn = _turn(visit, turn_id)
    if turn_id and turn is None:
        return visit.missing("Turn")
    services = sorted(((key, service.name) for key, service in visit.console.guildhall.profile.services.items()), key=lambda pair: pair[1])
    kinds = [(kind.value, *PHRASE_KIND_LABELS[kind]) for kind in PhraseKind]
    values: dict[str, Any] = {"services": services, "kinds": kinds, "turn": turn, "opened": opened}
    return visit.show("phrase_new.html", status, form=form, troubles=dict(wrong), **values)


def _opened(visit: Visit) -> Response:
    """The form, with the words of the turn in it, masked."""
    turn, learning = _turn(visit, visit.form.get("turn", "")), visit.console.learning
    if turn is None:
        return visit.missing("Turn")
    if is_private(turn.facts):
        said = "Somebody may be at risk in this turn, so its words are only for people who help. Write the phrase in words of your own"
        return _form(visit, 400, [("text", said)], visit.form, opened=True)
    event = next((past for past in learning.reader.turns_of(turn.conversation_id) if past.turn_id == turn.id), None)
    ids = TurnId(turn.id), ConversationId(turn.conversation_id)
    asked = [Missed(*ids, event.id, turn.at, Unhelped.NO_EVIDENCE)] if event else []
    words = learning.opened(Looker(visit.member.id, Purpose.IMPROVING.value), asked)
    said = words.get((TurnId(turn.id), WHOLE), "")
    known = {"text": said, "language": str(turn.facts.get("language", "")), "kind": visit.form.get("kind", "") or PhraseKind.CASE.value}
    return _form(visit, form={**visit.form, **known}, opened=True)


def _propose(visit: Visit) -> Response:
    form, learning = visit.form, visit.console.learning
    turn = _turn(visit, form.get("turn", ""))
    if form.get("turn") and turn is None:
        return visit.missing("Turn")
    names = ("kind", "text", "means", "service", "outcome", "category", "language")
    given = Given(**{name: " ".join(form.get(name, "").split()) for name in names})
    profile = learning.guildhall.profile
    if wrong := troubles(given, profile.lexicon, profile.services, learning.masked):
        masked = learning.masked(given.text) if given.kind == PhraseKind.CASE else given.text
        return _form(visit, 400, wrong, {**form, "text": masked}, opened=True)
    means = "" if given.kind == PhraseKind.CASE else given.means
    proposed = Proposed(
        PhraseKind(given.kind), given.text, means, given.expected,
        turn.conversation_id if turn else "", turn.id if turn else "", form.get("gap", "")[:40],
    )  # fmt: skip
    try:
        phrase = learning.phrases.propose(proposed, visit.member.id, visit.now())
    except NotFoundError:  # its conversation was erased a moment ago
        return _form(visit, 400, [("text", "The words of this turn were erased a moment ago")], form, opened=True)
    learning.work.begin(TRIAL, phrase.id, visit.member.id, try_phrase(learning, phrase))
    return visit.go_to(f"{PATH}/{phrase.id}", proposed="1")


def _show(visit: Visit, phrase: Phrase, status: int = 200, wrong: Sequence[tuple[str, str]] = ()) -> Response:
    """One phrase. What comes from a resident and is not released yet is looked at for the record too."""
    learning = visit.console.learning
    if phrase.text is not None and phrase.conversation_id and (phrase.is_case or phrase.state != PhraseState.RELEASED):
        visit.note_reading("proposed phrase", Purpose.IMPROVING, (phrase.conversation_id, phrase.turn_id), phrase.id)
    job, now = learning.jobs.latest(TRIAL, phrase.id), visit.now()
    values: dict[str, Any] = {"job": job, "running": bool(job and job.runs(now)), "trial": _result(job), "tags": TAGS}
    services = learning.guildhall.profile.services
    values["service"] = next((found.name for key, found in services.items() if key == phrase.expected.get("service")), "")
    own = phrase.proposed_by == visit.member.id
    may = {
        "may_release": visit.may(MAY_RELEASE) and not own,
        "may_decide": visit.may(MAY_RELEASE),
        "may_try": visit.may(MAY_PROPOSE),
        "own": own,
    }
    return visit.show("phrase.html", status, phrase=phrase, troubles=dict(wrong), form=visit.form, **values, **may)


def _result(job: Job | None) -> Mapping[str, Any] | None:
    return job.result if job and job.state == DONE else None


def _decide(visit: Visit, phrase: Phrase, way: str) -> Response:
    store, form, now = visit.console.learning.phrases, visit.form, visit.now()
    why = " ".join(form.get("why", "").split())
    trial = _result(visit.console.learning.jobs.latest(TRIAL, phrase.id))
    if way == "release":
        if trial is None:
            return _show(visit, phrase, 400, [("release", "See first what it would change: try it, and wait for the result")])
        if harm(trial) and form.get("seen") != "yes":
            return _show(visit, phrase, 400, [("seen", "Say that you have seen what gets worse")])
    elif len(why) < SHORTEST_REASON:
        return _show(visit, phrase, 400, [("why", "Say why, in a few words")])
    try:
        if way == "release":
            store.release(phrase.id, visit.member.id, now, _told(trial or {}))
        elif way == "refuse":
            store.refuse(phrase.id, visit.member.id, why, now)
        else:
            store.withdraw(phrase.id, visit.member.id, why, now)
    except RefusedError as error:
        said = str(error)
        return _show(visit, store.get(phrase.id), 400, [("release", capitalised(said).rstrip("."))])
    return visit.go_to(f"{PATH}/{phrase.id}", done=way)


def harm(trial: Mapping[str, Any]) -> int:
    """How much a trial says gets worse."""
    return int(trial.get("worse", 0)) + len(trial.get("cases", {}).get("broken", ()))


def _told(trial: Mapping[str, Any]) -> Mapping[str, Any]:
    """The counts of a trial, for the record."""
    cases = trial.get("cases", {})
    counts = {name: trial[name] for name in ("looked_through", "holding", "asked", "worse", "better") if name in trial}
    return counts | {"cases_broken": len(cases.get("broken", ())), "cases_mended": len(cases.get("mended", ()))} if cases else counts


def notices(console: Console) -> Sequence[Notice]:
    """Proposals that wait for a second person."""
    waiting = sum(phrase.state == PhraseState.PROPOSED for phrase in console.learning.phrases.everything())
    if not waiting:
        return ()
    return (Notice(f"{waiting} {'phrase waits' if waiting == 1 else 'phrases wait'} for a second person", f"{PATH}?state=proposed"),)


SECTION = Section(
    PATH, "Phrases", "How residents put things: words for the lexicon and questions to be tested, proposed by one person, released by another.",
    Group.LEARNING, add_routes, readers=READERS, notices=notices,
)  # fmt: skip
