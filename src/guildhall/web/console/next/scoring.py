"""Scoring, one opportunity after another. Each number has a meaning beside it, and nobody sees other scores before giving their own."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from guildhall.opportunities.register import Opportunity, Status
from guildhall.opportunities.roles import SCORERS
from guildhall.opportunities.scoring import CRITERIA, HEAD_LABELS, newest
from guildhall.vocabulary.errors import RefusedError
from guildhall.web.console.next.workshops import services
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import WITH_VALUE, Group, Section
from guildhall.web.console.visit import Visit

PATH = "/console/next/scoring"
ONE = PATH + "/{opportunity}"
MOST_COMMENT = 500


def add_routes(routes: Routes) -> None:
    """`/console/next/scoring`: how far you are, and the next one."""

    @routes.reads(PATH)
    def scoring(visit: Visit) -> Response:
        waiting, done, count = _progress(visit)
        directorates = sorted({each.details.directorate for each in waiting if each.details.directorate})
        values: dict[str, Any] = {"waiting": waiting, "done": done, "count": count, "directorates": directorates}
        return visit.show("next/scoring.html", criteria=CRITERIA, heads=HEAD_LABELS, may_score=visit.may(SCORERS), **values)

    @routes.reads(ONE, SCORERS)
    def one(visit: Visit) -> Response:
        found = _one(visit)
        return _show(visit, found) if found else visit.missing("Opportunity")

    @routes.acts(ONE, SCORERS)
    def give(visit: Visit) -> Response:
        found = _one(visit)
        return _give(visit, found) if found else visit.missing("Opportunity")


def _progress(visit: Visit) -> tuple[list[Opportunity], int, int]:
    """Those that wait for this scorer, how many are done, and how many there are."""
    opportunities = visit.console.opportunities
    done = opportunities.scores.done_by(str(visit.member.id))
    everything = [each for each in opportunities.register.everything() if each.status == Status.ACCEPTED]
    wanted = visit.query.get("directorate", "")
    waiting = [each for each in everything if each.id not in done and wanted in ("", each.details.directorate)]
    return waiting, sum(each.id in done for each in everything), len(everything)


def _one(visit: Visit) -> Opportunity | None:
    name = visit.path("opportunity")
    found = visit.console.opportunities.titles().get(name)
    return found if found and found.status == Status.ACCEPTED else None


def _show(visit: Visit, each: Opportunity, status: int = 200, troubles: Mapping[str, str] | None = None) -> Response:
    me = str(visit.member.id)
    own = {score.criterion: score for score in newest(visit.console.opportunities.scores.of(each.id, me)) if score.scorer == me}
    given = {
        criterion.key: visit.form.get(criterion.key, str(own[criterion.key].value) if criterion.key in own else "")
        for criterion in CRITERIA
    }
    said = {
        criterion.key: visit.form.get(f"comment-{criterion.key}", own[criterion.key].comment if criterion.key in own else "")
        for criterion in CRITERIA
    }
    waiting, done, count = _progress(visit)
    values: dict[str, Any] = {"each": each, "known": each.details, "given": given, "said": said, "done": done, "count": count}
    after = next((other for other in waiting if other.id != each.id), None)
    return visit.show(
        "next/score.html",
        status,
        criteria=CRITERIA,
        heads=HEAD_LABELS,
        troubles=troubles or {},
        after=after,
        services=services(visit),
        **values,
    )


def _give(visit: Visit, each: Opportunity) -> Response:
    form = visit.form
    troubles = {
        criterion.key: f"Choose 1 to 5: {criterion.question}" for criterion in CRITERIA if form.get(criterion.key, "") not in set("12345")
    }
    if troubles:
        return _show(visit, each, 400, troubles)
    values = {criterion.key: (int(form[criterion.key]), form.get(f"comment-{criterion.key}", "")[:MOST_COMMENT]) for criterion in CRITERIA}
    try:
        visit.console.opportunities.scores.give(each.id, str(visit.member.id), values, visit.now())
    except RefusedError as error:
        return _show(visit, each, 400, {CRITERIA[0].key: str(error).rstrip(".")})
    waiting = _progress(visit)[0]
    following = next((other for other in waiting if other.details.title >= each.details.title), next(iter(waiting), None))
    return visit.go_to(f"{PATH}/{following.id}" if following else PATH, scored=each.id)


SECTION = Section(
    PATH, "Scoring", "Score opportunities one after another. You can see other people’s scores after you give your own.",
    Group.NEXT, add_routes, readers=WITH_VALUE,
)  # fmt: skip
