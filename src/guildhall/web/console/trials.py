"""Randomised trials on the console: the plan, who takes part, the two approvals that start it, the stop, and the result when it is over."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.value.baselines.exporting import as_csv
from guildhall.value.evaluation.effects import EVIDENCE_LABELS, Evidence
from guildhall.value.trials.plan import TrialPlan
from guildhall.value.trials.power import power_of
from guildhall.value.trials.result import Counts, TrialResult, beside
from guildhall.value.trials.standing import APPROVES, LEAST_REASON, STOPS, stands
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.trials import NEW_WAY_LABELS, USUAL_LABEL
from guildhall.web.console.baselines import as_file
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import WITH_VALUE, Group, Notice, Section
from guildhall.web.console.visit import Visit

PATH: Final = "/console/value/trials"


def add_routes(routes: Routes) -> None:
    """`/console/value/trials`, one page a trial, its counts as CSV, and the two acts."""

    @routes.reads(PATH)
    def trials(visit: Visit) -> Response:
        ours = visit.console.guildhall.trials
        rows = [(plan, stands(ours.standing(name), plan), ours.counts(name)) for name, plan in ours.profile.trials.items()]
        return visit.show("trials.html", rows=rows, ways=NEW_WAY_LABELS)

    @routes.reads(PATH + "/{trial}.csv")
    def counted(visit: Visit) -> Response:
        plan = _plan(visit)
        if plan is None:
            return visit.missing("Trial")
        counts = visit.console.guildhall.trials.counts(plan.id)
        rows = [(arm.name, arm.joined, arm.left) for arm in (counts.usual, counts.new)] + [("not in the trial", counts.others, "")]
        return as_file(as_csv(("way", "agreed", "took_back"), rows), f"{plan.id}.csv")

    @routes.reads(PATH + "/{trial}")
    def trial(visit: Visit) -> Response:
        return _page(visit)

    @routes.acts(PATH + "/{trial}/approve", APPROVES)
    def approve(visit: Visit) -> Response:
        return _act(visit, "approved", "approve")

    @routes.acts(PATH + "/{trial}/stop", STOPS)
    def stop(visit: Visit) -> Response:
        return _act(visit, "stopped", "reason")


def _plan(visit: Visit) -> TrialPlan | None:
    return visit.console.guildhall.trials.profile.trials.get(visit.path("trial"))


def _act(visit: Visit, done: str, field: str) -> Response:
    plan, ours = _plan(visit), visit.console.guildhall.trials
    if plan is None:
        return visit.missing("Trial")
    try:
        if done == "approved":
            ours.approve(plan.id, visit.member)
        else:
            ours.stop(plan.id, visit.member, visit.form.get("reason", ""))
    except RefusedError as error:
        said = str(error)
        return _page(visit, 400, {field: said[:1].upper() + said[1:]})
    return visit.go_to(f"{PATH}/{plan.id}", done=done)


def _page(visit: Visit, status: int = 200, troubles: Mapping[str, str] | None = None) -> Response:
    plan, ours = _plan(visit), visit.console.guildhall.trials
    if plan is None:
        return visit.missing("Trial")
    now, counts = ours.standing(plan.id), ours.counts(plan.id)
    snapshot = visit.console.value_pages.snapshot() if now.started_at else None
    result = ours.result(plan.id, snapshot) if snapshot else None
    names = visit.console.door.staff.names()
    waits = now.started_at is None and not (now.digest == plan.digest and any(one.by == visit.member.id for one in now.approvals))
    values: dict[str, Any] = {
        "plan": plan, "now": now, "state": stands(now, plan), "counts": counts, "power": power_of(plan), "names": names,
        "measure": ours.profile.value.measures[plan.measure], "way": NEW_WAY_LABELS[plan.new_way], "usual": USUAL_LABEL, "result": result,
        "rows": _rows(result), "beside": beside(plan, result) if result and result.effect else (), "least": LEAST_REASON,
        "simulated": bool(snapshot and snapshot.simulated), "balance": _balance(counts, plan), "evidence_about": EVIDENCE_LABELS[Evidence.E4][1], "troubles": dict(troubles or {}),
        "may_approve": visit.may(APPROVES) and waits, "may_stop": visit.may(STOPS) and now.runs, "reason": visit.form.get("reason", ""),
    }  # fmt: skip
    return visit.show("trial.html", status, **values)


def _rows(result: TrialResult | None) -> Sequence[tuple[str, int, int]]:
    """Of a result: each way, its contacts, and how many of them met the measure."""
    if result is None or result.effect is None or result.usual is None or result.new is None:
        return ()
    return [(arm.name, arm.contacts, arm.successes) for arm in (result.usual, result.new)]


def _balance(counts: Counts, plan: TrialPlan) -> str:
    if not counts.joined:
        return ""
    chance = counts.balance(plan.share)
    return f"{counts.new.joined / counts.joined:.1%} of those who agreed got the new way. {plan.share:.0%} was planned. The chance of a split at least as uneven is {chance:.3f}."


def notices(console: Console) -> Sequence[Notice]:
    """A trial that waits for the second of two people, and one whose plan was changed after it began."""
    ours, found = console.guildhall.trials, []
    for name, plan in ours.profile.trials.items():
        now = ours.standing(name)
        if now.runs and now.digest != plan.digest and ours.today <= plan.until:
            found.append(
                Notice(f"The plan of the trial {name} was changed after it was approved, so it includes nobody now", f"{PATH}/{name}")
            )
        elif not now.started_at and now.approvals and now.digest == plan.digest:
            found.append(Notice(f"The trial {name} is waiting for a second person to approve it", f"{PATH}/{name}"))
    return found


SECTION: Final = Section(
    PATH, "Trials", "Randomised trials of how questions are answered, among residents who agreed. See who takes part, and the result of each.",
    Group.VALUE, add_routes, readers=WITH_VALUE, notices=notices,
)  # fmt: skip
