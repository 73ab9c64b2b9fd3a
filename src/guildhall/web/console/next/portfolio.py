"""The portfolio pages: enter rules and weights, and get the best set with how sure it is. The board can overrule it, and rows go to the ledger."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.opportunities.asking import DEFAULT_WEIGHTS, asked_of, form_of
from guildhall.opportunities.choosing import Asked
from guildhall.opportunities.objective import POINTS, UNVALUED_LABELS, Unvalued
from guildhall.opportunities.portfolio import SOLVED_LABELS, Constraints
from guildhall.opportunities.roles import CHANGERS, OVERRULERS
from guildhall.opportunities.scoring import HEAD_LABELS, Head
from guildhall.opportunities.tables import PORTFOLIO_COLUMNS, portfolio_rows
from guildhall.storage.learning_jobs import FAILED
from guildhall.storage.portfolio_runs import KeptRun
from guildhall.vocabulary.benefits import COLUMN_LABELS, Column
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.sentences import capitalised
from guildhall.web.console.next.answers import as_csv
from guildhall.web.console.next.run_view import run_values
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import WITH_VALUE, Group, Paper, Section
from guildhall.web.console.visit import Visit

PATH = "/console/next/portfolio"
ONE = PATH + "/{run}"


def add_routes(routes: Routes) -> None:
    """`/console/next/portfolio`: the runs, a new one, and one of them."""

    @routes.reads(PATH)
    def portfolio(visit: Visit) -> Response:
        return _page(visit)

    @routes.acts(PATH, CHANGERS)
    def run(visit: Visit) -> Response:
        asked, wrong = asked_of(visit.form, visit.console.opportunities.haircut_percent)
        name = " ".join(visit.form.get("name", "").split())[:120]
        if not name:
            wrong = {"name": "Enter a name for this run"} | wrong
        if asked is None or wrong:
            return _page(visit, 400, wrong)
        visit.console.opportunities.begin(name, asked, str(visit.member.id))
        return visit.go_to(PATH, "run", begun="1")

    @routes.reads(ONE)
    def one(visit: Visit) -> Response:
        kept = _kept(visit)
        return _show(visit, kept) if kept else visit.missing("Portfolio")

    @routes.reads(ONE + "/chosen.csv")
    def file(visit: Visit) -> Response:
        kept = _kept(visit)
        if kept is None:
            return visit.missing("Portfolio")
        rows = portfolio_rows(kept.result, kept.chosen, visit.console.opportunities.titles(), kept.judged, kept.asked)
        return as_csv("portfolio", PORTFOLIO_COLUMNS, rows)

    @routes.acts(ONE + "/overrule", OVERRULERS)
    def overrule(visit: Visit) -> Response:
        kept, form = _kept(visit), visit.form
        if kept is None:
            return visit.missing("Portfolio")
        runs = visit.console.opportunities.runs
        try:
            runs.overrule(
                kept.id, form.get("what", ""), form.get("opportunity", ""), form.get("why", ""), str(visit.member.id), visit.now()
            )
        except RefusedError as error:
            return _show(visit, kept, 400, {error.field or "opportunity": capitalised(str(error)).rstrip(".")})
        return visit.go_to(f"{PATH}/{kept.id}", "overruled", saved="1")

    @routes.acts(ONE + "/benefits", CHANGERS)
    def benefits(visit: Visit) -> Response:
        kept = _kept(visit)
        if kept is None:
            return visit.missing("Portfolio")
        try:
            made = visit.console.opportunities.make_benefits(kept.id, visit.member)
        except RefusedError as error:
            return _show(visit, kept, 400, {"benefits": capitalised(str(error)).rstrip(".")})
        return visit.go_to(f"{PATH}/{kept.id}", "benefits", made=str(len(made)))


def _kept(visit: Visit) -> KeptRun | None:
    try:
        return visit.console.opportunities.runs.get(visit.path("run"))
    except NotFoundError:
        return None


def _page(visit: Visit, status: int = 200, troubles: Mapping[str, str] | None = None) -> Response:
    opportunities = visit.console.opportunities
    runs = opportunities.runs.all()
    last = runs[0].asked if runs else Asked(Constraints(), {head: float(weight) for head, weight in DEFAULT_WEIGHTS.items()})
    form = dict(visit.form) if visit.form else {"name": ""} | form_of(last)
    form |= {name: visit.query[name] for name in (f"weight_{head.value}" for head in Head) if not visit.form and name in visit.query}
    judged, out = opportunities.candidates()
    job, now = opportunities.running(), visit.now()
    values: dict[str, Any] = {"runs": runs, "form": form, "troubles": troubles or {}, "candidates": len(judged), "barred": len(out)}
    values |= {
        "job": job,
        "running": bool(job and job.runs(now)),
        "died": bool(job and job.died(now)),
        "failed": bool(job and job.state == FAILED),
    }
    directorates = sorted({each.candidate.directorate for each in judged if each.candidate.directorate})
    teams = sorted({team for each in judged for team in each.candidate.team_days})
    labels = {
        "heads": [(head.value, *HEAD_LABELS[head]) for head in Head],
        "solved": SOLVED_LABELS,
        "directorates": directorates,
        "teams": teams,
        "objectives": [
            (POINTS, "Points of the scores", "What people said of it, by the weights of the heads."),
            *((column.value, *COLUMN_LABELS[column]) for column in Column),
        ],
        "unvalued_ways": [(way.value, *UNVALUED_LABELS[way]) for way in Unvalued],
        "unvalued": sum(each.pounds is None for each in judged),
        "haircut": opportunities.haircut_percent,
        "column_labels": {column.value: COLUMN_LABELS[column][0] for column in Column},
    }
    return visit.show("next/portfolio.html", status, may_change=visit.may(CHANGERS), **values, **labels)


def _show(visit: Visit, kept: KeptRun, status: int = 200, troubles: Mapping[str, str] | None = None) -> Response:
    opportunities = visit.console.opportunities
    values = run_values(kept, opportunities.titles(), visit.query, f"{PATH}/{kept.id}")
    may = {"may_overrule": visit.may(OVERRULERS), "may_make": visit.may(CHANGERS) and opportunities.ledger is not None}
    return visit.show("next/run.html", status, troubles=troubles or {}, form=visit.form, **values, **may)


def paper(console: Console, _since: datetime) -> Paper:
    """The newest run as it stands: what it comes to, how sure it is, what the board overruled, and what gates keep out."""
    runs = console.opportunities.runs
    newest = next(iter(runs.all()), None)
    if newest is None:
        return Paper("portfolio.html", {"kept": None})
    kept = runs.get(newest.id)
    values = run_values(kept, console.opportunities.titles(), {}, f"{PATH}/{kept.id}")
    wanted = (
        "kept",
        "titles",
        "chosen",
        "contested",
        "robust",
        "sums",
        "columns",
        "money",
        "explained",
        "broken",
        "demo",
        "unvalued",
        "unvalued_label",
        "solved",
    )
    return Paper("portfolio.html", {name: values[name] for name in wanted} | {"path": f"{PATH}/{kept.id}"})


SECTION = Section(
    PATH, "Portfolio", "Which opportunities to choose within budget and rules, how sure each choice is, and what the board overruled.",
    Group.NEXT, add_routes, readers=WITH_VALUE, paper=paper, called_in_pack="What next",
)  # fmt: skip
