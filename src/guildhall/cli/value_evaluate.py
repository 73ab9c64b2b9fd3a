"""`guildhall value evaluate` and `guildhall value power`: what a change made of a measure, and what could be seen at all, asked before."""

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from guildhall.cli.deciding import who_acts
from guildhall.cli.opening import council_option, explains_errors
from guildhall.cli.value_baselines import opened
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.roles import VALUE_ROLES

if TYPE_CHECKING:
    from guildhall.value.evaluation.asking import Answer

MONTH = click.DateTime(["%Y-%m", "%Y-%m-%d"])
json_option = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
measure_option = click.option(
    "--measure", required=True, help="The measure of the baseline, such as `abandonment`. `baseline show` lists them."
)
queue_option = click.option("--queue", default="", help="Only this queue. Without it, all contacts are counted.")


@click.command()
@click.argument("baseline_id", metavar="BASELINE")
@measure_option
@queue_option
@click.option("--launch", type=MONTH, required=True, help="The first month with the change, such as 2026-04.")
@click.option(
    "--design",
    type=click.Choice(["before_after", "interrupted", "comparator", "staggered"]),
    default="interrupted",
    show_default=True,
    help="How before and after are compared.",
)
@click.option(
    "--after",
    default="",
    metavar="BASELINE",
    help="Another baseline that has the months after the launch. Without it, they are taken from the same one.",
)
@click.option("--comparator", default="", metavar="QUEUE", help="For the design `comparator`: a queue that the change did not reach.")
@click.option(
    "--began",
    multiple=True,
    metavar="QUEUE=MONTH",
    help="For the design `staggered`: the month in which a queue began. Use this option once for each queue.",
)
@click.option(
    "--drawn", is_flag=True, help="For the design `staggered`: the order of the queues was drawn by lot before any of them began."
)
@click.option(
    "--keep", "name", default="", metavar="NAME", help="Save the result under this name, so that a benefit can use it as evidence."
)
@click.option("--as", "who", default="", help="Your name. You need it to save the result.")
@council_option
@json_option
@explains_errors
def evaluate(baseline_id: str, measure: str, queue: str, launch: datetime, design: str, after: str, comparator: str, began: tuple[str, ...], drawn: bool, name: str, who: str, council: str, as_json: bool) -> None:  # fmt: skip
    """Say how much a change has moved a measure, with the level of evidence and what has to be said with it. The exit code is 1 if nothing can be said."""
    from guildhall.bootstrap.baselines import Asked
    from guildhall.value.evaluation.designs import Design

    by = who_acts(who, VALUE_ROLES, "keep an evaluation") if name else None
    started = dict(_began(each) for each in began)
    asked = Asked(baseline_id, measure, Design(design), launch.date(), queue, after, comparator, started, drawn)
    with opened(council) as baselines:
        found = baselines.evaluate(asked)
        kept = baselines.keep(asked, name, by.id) if by and found.effect is not None else None
    told = as_data(found) | ({"kept": f"evaluation:{kept.id}"} if kept else {})
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else "\n".join(in_words(found)))
    if kept and not as_json:
        carries = f"It carries {kept.evidence}" if kept.found else "It found no change, so it carries no level of evidence"
        click.echo(f"Kept as evaluation:{kept.id}. {carries}.")
    if found.effect is None:
        raise SystemExit(1)


@click.command()
@click.argument("baseline_id", metavar="BASELINE")
@measure_option
@queue_option
@council_option
@json_option
@explains_errors
def power(baseline_id: str, measure: str, queue: str, council: str, as_json: bool) -> None:
    """Say how small a saving the months of BASELINE could show. Ask this before you approve a plan."""
    from guildhall.value.evaluation.asking import before_launch, seeable_sentences
    from guildhall.value.evaluation.effects import EvaluationError

    with opened(council) as baselines:
        series = baselines.series(baselines.store.get(baseline_id), measure, queue)
    try:
        found = before_launch([(point.month, point.value) for point in series.points])
    except EvaluationError as error:
        raise RefusedError(f"it cannot be said what could be seen: {error}.") from error
    if as_json:
        click.echo(json.dumps([{"months_after": each.after, "smallest": each.smallest, "seen": list(each.seen)} for each in found]))
        return
    click.echo(f"{series.label}: {len(series.points)} months before.")
    for sentence in seeable_sentences(found):
        click.echo(sentence)


def as_data(found: "Answer") -> dict[str, Any]:
    """An answer as plain JSON."""
    effect = found.effect
    told: dict[str, Any] = {
        "measure": found.question.label,
        "design": found.question.design.value,
        "launch": f"{found.question.launch:%Y-%m}",
    }
    told |= {"finding": found.finding, "refused": found.refused, "beside": list(found.beside), "false_alarms": found.false_alarms}
    if effect:
        told |= {
            "method": effect.method, "evidence": effect.evidence.value, "estimate": effect.estimate, "low": effect.low, "high": effect.high, "p": effect.p,
            "before": effect.before, "share": effect.share, "found": effect.found,
        }  # fmt: skip
    told["placebo"] = {"tried": len(found.tried), "found": found.alarms}
    told["seeable"] = [{"months_after": each.after, "smallest": each.smallest} for each in found.seeable]
    return told


def in_words(found: "Answer") -> list[str]:
    """An answer in sentences."""
    from guildhall.value.evaluation.asking import confidence, seeable_sentences
    from guildhall.value.evaluation.effects import EVIDENCE_LABELS

    said = [found.finding]
    if effect := found.effect:
        label, about = EVIDENCE_LABELS[effect.evidence]
        said.append(f"Evidence {effect.evidence}, {label.lower()}: {about}")
        of_before = "" if effect.share is None else f", {effect.share:+.1%} of the level before"
        said.append(f"{effect.method}: {effect.estimate:+.4g} from {effect.before:.4g}{of_before} ({confidence()}% interval {effect.low:.4g} to {effect.high:.4g}, p {effect.p:.3f}).")  # fmt: skip
    return [*said, *found.beside, *seeable_sentences(found.seeable, found.question.launch)]


def _began(text: str) -> tuple[str, date]:
    queue, _, month = text.rpartition("=")
    try:
        return queue, datetime.strptime(month, "%Y-%m").date()
    except ValueError:
        raise click.BadParameter(f"`{text}` is not QUEUE=MONTH, such as Bins=2026-04", param_hint="--began") from None
