"""What residents said of the service: scores with how sure they are, comments that somebody must read, and who came back."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from starlette.responses import Response

from guildhall.aftercare.satisfaction import Answer, grouped, together
from guildhall.bootstrap.console import Console
from guildhall.vocabulary.aftercare import Score
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.sentences import capitalised
from guildhall.vocabulary.staff import Purpose
from guildhall.web.console.listing import Listing
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import EVERYONE, Group, Notice, Paper, Section
from guildhall.web.console.visit import Visit
from guildhall.web.looking_back import PERIODS, days_back

PATH: Final = "/console/feedback"
READERS: Final = EVERYONE | {Role.SUPERVISOR}
MAY_READ: Final = frozenset({Role.SERVICE_MANAGER, Role.SUPERVISOR, Role.DATA_PROTECTION_OFFICER, Role.SAFEGUARDING_LEAD})
UNREAD_TOO_LONG: Final = timedelta(days=3)
SCORE_NAMES: Final[dict[Score, str]] = {
    Score.VERY_SATISFIED: "Very satisfied",
    Score.SATISFIED: "Satisfied",
    Score.NEITHER: "Neither",
    Score.DISSATISFIED: "Dissatisfied",
    Score.VERY_DISSATISFIED: "Very dissatisfied",
}
GROUPS: Final = {"queue": "Team", "service": "Service", "language": "Language", "channel": "Channel"}


def add_routes(routes: Routes) -> None:
    """`/console/feedback` and one comment: opened for a purpose, and marked as read."""

    @routes.reads(PATH)
    def overview(visit: Visit) -> Response:
        return _overview(visit)

    @routes.reads(PATH + "/{answer}")
    def one(visit: Visit) -> Response:
        answer = visit.console.guildhall.after.comments.get(visit.path("answer"))
        return _one(visit, answer) if answer else visit.missing("Comment")

    @routes.opens(PATH + "/{answer}/words", MAY_READ | {Role.AUDITOR})
    def open_words(visit: Visit) -> Response:
        comments = visit.console.guildhall.after.comments
        answer = comments.get(visit.path("answer"))
        if answer is None:
            return visit.missing("Comment")
        if visit.form.get("purpose", "") not in set(Purpose):
            return _one(visit, answer, 400, trouble="Choose why you read it")
        visit.note_reading("comment on the service", Purpose(visit.form["purpose"]), (answer.conversation_id, ""))
        return _one(visit, answer, opened=True, words=comments.comment(answer))

    @routes.acts(PATH + "/{answer}", MAY_READ)
    def mark_read(visit: Visit) -> Response:
        try:
            visit.console.guildhall.after.comments.mark_read(
                visit.path("answer"), visit.member.id, visit.form.get("action", ""), visit.now()
            )
        except NotFoundError:
            return visit.missing("Comment")
        except RefusedError as error:
            return visit.show("said.html", 400, heading="It was not kept", paragraphs=[str(error)])
        return visit.go_to(PATH, read="1")


def _overview(visit: Visit) -> Response:
    days = days_back(visit.query)
    since, now = visit.now() - timedelta(days=days), visit.now()
    after = visit.console.guildhall.after
    answers = after.comments.since(since)
    by = visit.query.get("by", "queue")
    by = by if by in GROUPS else "queue"
    unread = after.comments.unread()
    listing = Listing(PATH, visit.query, {"age": lambda answer: answer.at})
    return visit.show(
        "feedback.html",
        listing=listing,
        days=days,
        periods=PERIODS,
        heard=together(answers),
        by=by,
        groups=[(name_of(visit, by, name), heard) for name, heard in grouped(answers, lambda answer: str(getattr(answer, by)))],
        choices=list(GROUPS.items()),
        unread=[(answer, now - answer.at, now - answer.at > UNREAD_TOO_LONG) for answer in listing.cut(unread)],
        count=len(unread),
        scores=SCORE_NAMES,
        again=after.contacts.figure(since, now),
        read=[answer for answer in answers if answer.read_at][:20],
    )


def name_of(visit: Visit, by: str, code: str) -> str:
    """What a group is called."""
    if not code:
        return "Not known"
    services = {str(key): service.name for key, service in visit.console.guildhall.profile.services.items()}
    named: dict[str, Callable[[str], str]] = {
        "queue": visit.words.queue,
        "language": visit.words.language,
        "service": lambda key: services.get(key, key),
    }
    name = named[by](code) if by in named else code
    return capitalised(name)


def _one(visit: Visit, answer: Answer, status: int = 200, **more: Any) -> Response:
    given: dict[str, Any] = {"trouble": "", "opened": False, "words": ("", ""), **more}
    said, action = given.pop("words")
    may_open = visit.may(MAY_READ | {Role.AUDITOR})
    return visit.show(
        "comment.html", status, answer=answer, score=SCORE_NAMES[answer.score], said=said, action=action, may_open=may_open,
        may_read=visit.may(MAY_READ), age=visit.now() - answer.at, **given,
    )  # fmt: skip


def notices(console: Console) -> Sequence[Notice]:
    """Comments that nobody has read for days."""
    now = console.now()
    late = [answer for answer in console.guildhall.after.comments.unread() if now - answer.at > UNREAD_TOO_LONG]
    if not late:
        return ()
    text = f"{len(late)} {'comment has' if len(late) == 1 else 'comments have'} waited more than three days for a reader"
    return (Notice(text, PATH),)


def paper(console: Console, since: datetime) -> Paper:
    """Scores, comments and who came back."""
    after = console.guildhall.after
    heard = together(after.comments.since(since))
    return Paper("feedback.html", {"heard": heard, "again": after.contacts.figure(since, console.now()), "scores": SCORE_NAMES})


SECTION = Section(
    PATH, "What residents said", "How satisfied residents were, the comments that wait for a reader, and how many had to come back.", Group.TURNS,
    add_routes, readers=READERS, notices=notices, paper=paper,
)  # fmt: skip
