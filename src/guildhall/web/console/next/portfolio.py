"""The portfolio: rules and weights in, the best set out, with how sure that is, what the board overruled, and rows of the ledger made of it."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from guildhall.opportunities.asking import DEFAULT_WEIGHTS, asked_of, form_of
from guildhall.opportunities.choosing import Asked
from guildhall.opportunities.portfolio import SOLVED_LABELS, Constraints
from guildhall.opportunities.roles import CHANGERS, OVERRULERS
from guildhall.opportunities.scoring import HEAD_LABELS, Head
from guildhall.opportunities.tables import portfolio_rows, what_would_have_to_be_true
from guildhall.storage.learning_jobs import FAILED
from guildhall.storage.portfolio_runs import KeptRun
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.web.console.next.answers import as_csv
from guildhall.web.console.next.portfolio_charts import frontier_chart, inclusion_chart
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import WITH_VALUE, Group, Section
from guildhall.web.console.visit import Visit

PATH = "/console/next/portfolio"
ONE = PATH + "/{run}"
CSV_COLUMNS = ("id", "title", "directorate", "chosen", "by_optimiser", "inclusion", "robust", "contested", "turning_factor", "cost_pence")


def add_routes(routes: Routes) -> None:
    """`/console/next/portfolio`: the runs, a new one, and one of them."""

    @routes.reads(PATH)
    def portfolio(visit: Visit) -> Response:
        return _page(visit)

    @routes.acts(PATH, CHANGERS)
    def run(visit: Visit) -> Response:
        asked, wrong = asked_of(visit.form)
        name = " ".join(visit.form.get("name", "").split())[:120]
        if not name:
            wrong = {"name": "Say what to call this run"} | wrong
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
        return as_csv("portfolio", CSV_COLUMNS, portfolio_rows(kept.result, kept.chosen, visit.console.opportunities.titles()))

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
            field = "why" if "say why" in str(error) else "opportunity"
            return _show(visit, kept, 400, {field: str(error)[:1].upper() + str(error)[1:].rstrip(".")})
        return visit.go_to(f"{PATH}/{kept.id}", "overruled", saved="1")

    @routes.acts(ONE + "/benefits", CHANGERS)
    def benefits(visit: Visit) -> Response:
        kept = _kept(visit)
        if kept is None:
            return visit.missing("Portfolio")
        try:
            made = visit.console.opportunities.make_benefits(kept.id, visit.member)
        except RefusedError as error:
            return _show(visit, kept, 400, {"benefits": str(error)[:1].upper() + str(error)[1:].rstrip(".")})
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
    }
    return visit.show("next/portfolio.html", status, may_change=visit.may(CHANGERS), **values, **labels)


def _show(visit: Visit, kept: KeptRun, status: int = 200, troubles: Mapping[str, str] | None = None) -> Response:
    opportunities = visit.console.opportunities
    titles = opportunities.titles()
    rows = portfolio_rows(kept.result, kept.chosen, titles)
    chosen = [row for row in rows if row["chosen"]]
    values: dict[str, Any] = {
        "kept": kept, "titles": titles, "chosen": chosen, "contested": [row | {"true": what_would_have_to_be_true(row)} for row in rows if row["contested"]],
        "left": [row for row in rows if not row["chosen"]], "solved": SOLVED_LABELS[kept.solved], "asked": form_of(kept.asked),
        "cost": sum(row["cost_pence"] for row in chosen), "robust": sum(row["robust"] for row in rows), "demo": any(each.demo for each in titles.values()),
        "charts_of": [frontier_chart(kept), inclusion_chart(kept, rows, f"{PATH}/{kept.id}/chosen.csv")] if kept.result["chosen"] else [],
    }  # fmt: skip
    may = {"may_overrule": visit.may(OVERRULERS), "may_make": visit.may(CHANGERS) and opportunities.ledger is not None}
    heads = [(head.value, HEAD_LABELS[head][0]) for head in Head]
    return visit.show("next/run.html", status, troubles=troubles or {}, form=visit.form, heads=heads, **values, **may)


SECTION = Section(
    PATH, "Portfolio", "What to do within budget and rules, what of it is robust and what contested, and what the board overruled.",
    Group.NEXT, add_routes, readers=WITH_VALUE,
)  # fmt: skip
