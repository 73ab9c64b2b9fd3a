"""Evaluations on the console: whether a change made a measure better or worse, by a chosen design, and what that design cannot show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from guildhall.bootstrap.baselines import RECORD, Asked, Baselines
from guildhall.value.baselines.exporting import as_csv
from guildhall.value.baselines.frozen import Baseline, months_said, why_no_comparison
from guildhall.value.baselines.months import MonthSeries, Point
from guildhall.value.evaluation.asking import Answer, before_launch, confidence, seeable_sentences
from guildhall.value.evaluation.designs import DESIGNS, Design
from guildhall.value.evaluation.effects import EVIDENCE_LABELS, EvaluationError
from guildhall.vocabulary.errors import GuildhallError
from guildhall.vocabulary.roles import VALUE_ROLES
from guildhall.vocabulary.sentences import capitalised
from guildhall.web.charts import say
from guildhall.web.console.baselines import as_file
from guildhall.web.console.month_charts import chart_of, unit_of
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import WITH_VALUE, Group, Section
from guildhall.web.console.visit import Visit

PATH: Final = "/console/value/evaluations"
EVIDENCE: Final = "/console/value/evidence"
FIELDS: Final = ("baseline", "measure", "queue", "launch", "design", "after", "comparator", "began", "drawn")
"""What an evaluation is asked with."""


@dataclass
class Shown:
    """What a page has found out for its query. `troubles` are what is wrong, by field."""

    asked: Asked | None = None
    answer: Answer | None = None
    series: MonthSeries | None = None
    powers: tuple[str, ...] = ()
    why_not: str = ""
    troubles: dict[str, str] = field(default_factory=dict)


def add_routes(routes: Routes) -> None:
    """`/console/value/evaluations`, and the same as a CSV file."""

    @routes.reads(PATH)
    def ask(visit: Visit) -> Response:
        return _show(visit, visit.query)

    @routes.reads(PATH + "/months.csv")
    def months(visit: Visit) -> Response:
        found = _found(visit.console.baselines, visit.query)
        if found.answer is None or found.asked is None:
            return visit.missing("Evaluation")
        return as_file(_csv(found.asked, found.answer), "evaluation.csv")

    @routes.acts(PATH + "/keep", VALUE_ROLES)
    def keep(visit: Visit) -> Response:
        return _keep(visit)


def _keep(visit: Visit) -> Response:
    """Keep an evaluation that a page showed: it is asked again, so that what is kept is what the baselines say and not what a form does."""
    found = _found(visit.console.baselines, visit.form)
    if found.asked is None or found.answer is None or found.answer.effect is None:
        return visit.missing("Evaluation")
    try:
        kept = visit.console.baselines.keep(found.asked, visit.form.get("name", ""), str(visit.member.id))
    except GuildhallError as error:
        return _show(visit, visit.form, {"name": capitalised(str(error))})
    return visit.go_to(EVIDENCE, kept.id)


def _show(visit: Visit, query: Mapping[str, str], wrong: Mapping[str, str] | None = None) -> Response:
    baselines = visit.console.baselines
    standing = [each for each in baselines.store.all() if each.in_force]
    found = _found(baselines, query)
    found.troubles |= wrong or {}
    chosen = next((each for each in standing if each.id == query.get("baseline")), None)
    measures = list({each.measure: each.label for each in chosen.contents.series}.items()) if chosen else []
    queues = sorted({each.queue for each in chosen.contents.series if each.queue}) if chosen else []
    link = urlencode({name: query[name] for name in FIELDS if query.get(name)})
    return visit.show(
        "evaluations.html", 400 if found.troubles else 200, found=found, standing=[(each.id, each.about.name) for each in standing], measures=measures,
        queues=[(queue, queue) for queue in queues], designs=[(design.value, each.label, f"{each.evidence}. {each.about}") for design, each in DESIGNS.items()],
        afters=_afters(baselines, standing),
        why_not=why_no_comparison(standing, query.get("measure", "")) if not standing else found.why_not, result=_result(found) if found.answer else None,
        chart=chart_of(found.series, launch=query.get("launch", "")) if found.series else None, csv=f"{PATH}/months.csv?{link}",
        query=query, fields=FIELDS, may=visit.may(VALUE_ROLES),
    )  # fmt: skip


def _afters(baselines: Baselines, standing: Sequence[Baseline]) -> list[tuple[str, str]]:
    """Where the months after a launch may come from: another import, or a measure of the record."""
    measures = baselines.profile.value.measures
    return [(each.id, each.about.name) for each in standing] + [
        (f"{RECORD}{key}", f"The record: {each.label}") for key, each in measures.items()
    ]


def _found(baselines: Baselines, query: Mapping[str, str]) -> Shown:
    if not query.get("baseline") or not query.get("measure"):
        return Shown()
    shown = Shown()
    try:
        baseline = baselines.store.get(query["baseline"])
        shown.series = baselines.series(baseline, query["measure"], query.get("queue", ""))
    except GuildhallError as error:
        shown.troubles["measure"] = capitalised(str(error))
        return shown
    if not query.get("launch"):
        return _before(shown)
    launch = _month(query["launch"])
    if launch is None:
        shown.troubles["launch"] = "Enter the month as a year and a month, such as 2026-04"
        return shown
    design = query.get("design", Design.INTERRUPTED.value)
    if design not in set(Design):
        shown.troubles["design"] = "Choose a design"
        return shown
    return _answered(baselines, baseline, shown, query, launch, Design(design))


def _before(shown: Shown) -> Shown:
    """Nothing is launched yet: what could be seen."""
    try:
        powers = before_launch([(point.month, point.value) for point in shown.series.points] if shown.series else [])
        shown.powers = seeable_sentences(powers)
    except EvaluationError as error:
        shown.powers = (f"Guildhall cannot say how small a change could be seen: {error}.",)
    return shown


def _answered(baselines: Baselines, baseline: Baseline, shown: Shown, query: Mapping[str, str], launch: date, design: Design) -> Shown:
    measure, queue = query["measure"], query.get("queue", "")
    shown.why_not = why_no_comparison([baseline], measure, launch, queue)
    if shown.why_not:
        return shown
    if design == Design.COMPARATOR and not query.get("comparator"):
        shown.troubles["comparator"] = "Choose the queue that was left alone"
        return shown
    began, wrong = _began(query.get("began", ""))
    if design == Design.STAGGERED and (wrong or not began):
        shown.troubles["began"] = "Enter each queue with its first month, such as Bins=2026-04, Parking=2026-06"
        return shown
    comparator, drawn = query.get("comparator", ""), query.get("drawn") == "1"
    shown.asked = Asked(baseline.id, measure, design, launch, queue, query.get("after", ""), comparator, began, drawn)
    try:
        shown.answer = baselines.evaluate(shown.asked)
    except GuildhallError as error:
        shown.troubles["measure"] = capitalised(str(error))
        return shown
    ours = shown.answer.question.ours
    if shown.series and ours:
        points = tuple(Point(month, value, 0) for month, value in ours)
        shown.series = MonthSeries(shown.series.measure, shown.series.label, shown.series.unit, queue, points)
    return shown


def _result(found: Shown) -> dict[str, Any]:
    answer = found.answer
    if answer is None:
        return {}
    told: dict[str, Any] = {
        "finding": answer.finding, "refused": answer.refused, "beside": answer.beside, "rows": [],
        "seeable": seeable_sentences(answer.seeable, answer.question.launch), "cannot": DESIGNS[answer.question.design].cannot,
    }  # fmt: skip
    if (effect := answer.effect) and found.series:
        unit = unit_of(found.series)
        label, about = EVIDENCE_LABELS[effect.evidence]
        few = [say(value, unit) for value in (effect.estimate, effect.low, effect.high, effect.before)]
        told |= {"evidence": effect.evidence.value, "evidence_label": label, "evidence_about": about, "months": months_said(found.series)}
        told["rows"] = [
            ("Design", effect.method),
            ("Change", few[0] + (f", {effect.share:+.1%} of the level before" if effect.share is not None else "")),
            (f"{confidence()}% interval", f"{few[1]} to {few[2]}"),
            ("Level before", few[3]),
            ("Chance of a change this large if nothing had changed", f"{effect.p:.3f}"),
            ("Months", str(effect.observations)),
        ]
        if answer.tried:
            told["rows"].append(("Pretended launches where an effect was found", f"{answer.alarms} of {len(answer.tried)}"))
        if answer.false_alarms is not None:
            told["rows"].append(
                (
                    "How often this design finds a change that nobody made, on months like yours",
                    f"{round(100 * answer.false_alarms)} of 100",
                )
            )
    return told


def _csv(asked: Asked, answer: Answer) -> str:
    rows: list[tuple[Any, ...]] = [("finding", answer.finding), ("design", asked.design.value), ("launch", f"{asked.launch:%Y-%m}")]
    if effect := answer.effect:
        rows += [
            ("evidence", effect.evidence.value),
            ("estimate", effect.estimate),
            ("low", effect.low),
            ("high", effect.high),
            ("p", effect.p),
        ]
    rows += [("beside", said) for said in answer.beside]
    rows += [(month.isoformat(), value) for month, value in answer.question.ours]
    return as_csv(("what", "value"), rows)


def _began(text: str) -> tuple[dict[str, date], bool]:
    found: dict[str, date] = {}
    for part in filter(None, (part.strip() for part in text.replace("\n", ",").split(","))):
        queue, _, month = part.rpartition("=")
        day = _month(month.strip())
        if not queue.strip() or day is None:
            return {}, True
        found[queue.strip()] = day
    return found, False


def _month(text: str) -> date | None:
    for written in ("%Y-%m", "%Y-%m-%d", "%m/%Y", "%B %Y", "%b %Y"):
        try:
            return datetime.strptime(text, written).date().replace(day=1)
        except ValueError:
            continue
    return None


SECTION = Section(
    PATH, "Evaluations", "Whether a change made a measure better or worse, how sure that is, and how small a change could be seen.", Group.VALUE, add_routes,
    readers=WITH_VALUE,
)  # fmt: skip
