"""`guildhall value trial`: randomised trials of contacts - planned, approved by two people, stopped by one, and what came of them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from guildhall.cli.deciding import who_acts
from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.roles import VALUE_ROLES

if TYPE_CHECKING:
    from guildhall.bootstrap.trials import Trials
    from guildhall.storage.staff import StaffStore
    from guildhall.value.trials.plan import TrialPlan
    from guildhall.value.trials.result import Counts, TrialResult
    from guildhall.value.trials.standing import Standing

by_option = click.option(
    "--as", "by", required=True, help="Your name, as `guildhall staff list` prints it. You need the role that the step asks for."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.group()
def trial() -> None:
    """Randomised trials of contacts, among residents who agreed to take part."""


@trial.command("list")
@council_option
@json_option
@explains_errors
def list_(council: str, as_json: bool) -> None:
    """List the trials of trials.yaml, what each changes, how it stands, and how many take part."""
    with _opened(council) as (trials, _):
        found = [(plan, trials.standing(name), trials.counts(name)) for name, plan in trials.profile.trials.items()]
    if as_json:
        click.echo(json.dumps([_plain(*one) for one in found], ensure_ascii=False, indent=2))
    elif not found:
        click.echo("No trial is planned. docs/howto/run-a-trial.md says how one is written.")
    else:
        click.echo("\n\n".join(_listed(*one) for one in found))


@trial.command()
@click.argument("name", metavar="TRIAL")
@council_option
@explains_errors
def power(name: str, council: str) -> None:
    """Say what TRIAL could see with the contacts it is planned for. It may not start while that is less than what would matter."""
    from guildhall.value.trials.power import power_of

    with _opened(council) as (trials, _):
        click.echo(power_of(trials.plan(name)).sentence)


@trial.command()
@click.argument("name", metavar="TRIAL")
@by_option
@council_option
@explains_errors
def start(name: str, by: str, council: str) -> None:
    """Approve TRIAL. It starts with the second approval: one of a programme lead, one of a data protection officer or board chair."""
    from guildhall.value.trials.power import power_of

    with _opened(council) as (trials, staff):
        now = trials.approve(name, staff.by_name(by))
        click.echo(power_of(trials.plan(name)).sentence)
    if now.runs:
        click.echo(f"{name} runs. Residents are asked on the page, from its first day to its last.")
    else:
        click.echo(f"{name} is approved by {by}. It starts once the other of the two has approved it too.")


@trial.command()
@click.argument("name", metavar="TRIAL")
@click.option("--why", required=True, help="Why, in a sentence that others will understand later.")
@by_option
@council_option
@explains_errors
def stop(name: str, why: str, by: str, council: str) -> None:
    """Stop TRIAL at once and for good. From the next turn on everybody gets the usual way."""
    with _opened(council) as (trials, staff):
        trials.stop(name, staff.by_name(by), why)
    click.echo(f"{name} is stopped. Nobody is asked any more, and everybody gets the usual way.")


@trial.command()
@click.argument("name", metavar="TRIAL")
@click.option(
    "--keep", "kept_as", default="", metavar="NAME", help="Save the result under this name, so that a benefit can use it as evidence."
)
@click.option("--as", "who", default="", help="Your name. You need it to save the result.")
@council_option
@json_option
@explains_errors
def result(name: str, kept_as: str, who: str, council: str, as_json: bool) -> None:
    """Print what came of TRIAL, once it is over; only counts before. The exit code is 1 while there is no result."""
    from guildhall.bootstrap.value_taking import snapshot_alone
    from guildhall.value.trials.result import beside

    by = who_acts(who, VALUE_ROLES, "keep an evaluation") if kept_as else None
    with snapshot_alone(Settings(), council) as (_, snapshot), _opened(council) as (trials, _staff):
        plan = trials.plan(name)
        found = trials.result(name, snapshot)
        if by and snapshot.simulated:
            raise RefusedError("every contact counted was made up, so that it is no evidence of anything; nothing is kept.")
    kept = _kept(plan, found, kept_as, by.id, council) if by and found.effect else ""
    if as_json:
        told = {"trial": name, "finding": found.finding(plan), "beside": list(beside(plan, found)), "balance": found.balance}
        told |= {"kept": kept} if kept else {}
        told |= {"counts": asdict(found.counts), "effect": asdict(found.effect) if found.effect else None}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        simulated = ["SIMULATED: every contact counted here was made up."] if snapshot.simulated else []
        click.echo(
            "\n".join(
                [*simulated, plan.question, *_counted(found.counts), found.finding(plan), *(beside(plan, found) if found.effect else ())]
            )
        )
        if kept:
            click.echo(f"Kept as {kept}.")
    if found.effect is None:
        raise SystemExit(1)


def _kept(plan: "TrialPlan", found: "TrialResult", name: str, by: str, council: str) -> str:
    """The reference of a trial's result that is kept: its plan by its digest, and who was counted, are what it was asked of."""
    from guildhall.bootstrap.ledger import open_ledger
    from guildhall.value.evaluation.keeping import Input, result_of, sha256_of
    from guildhall.value.trials.result import beside

    assert found.effect is not None
    result = result_of(found.effect, found.finding(plan), beside(plan, found))
    inputs = [Input("trial", plan.id, plan.digest), Input("counts", "", sha256_of(asdict(found.counts)))]
    asked = {"design": "trial", "trial": plan.id, "measure": plan.measure}
    effect, shows = found.effect, found.effect.found and not found.lopsided
    return f"evaluation:{open_ledger(Settings(), council).evidence.keep(name, asked, inputs, effect.evidence, shows, result, by).id}"


@trial.command()
@click.argument("name", metavar="TRIAL")
@council_option
@explains_errors
def check(name: str, council: str) -> None:
    """Work out again, from the key, which way chance gave each contact of TRIAL. The exit code is 1 when one does not match."""
    with _opened(council) as (trials, _):
        members = trials.check(name)
    wrong = [one for one in members if not one.right]
    if wrong:
        raise click.ClickException(
            f"{len(wrong):,} of {len(members):,} assignments are not what the key gives: the key was destroyed, or somebody steered them."
        )
    click.echo(f"{len(members):,} assignments worked out again; all of them match.")


@contextmanager
def _opened(council: str) -> "Iterator[tuple[Trials, StaffStore]]":
    from guildhall.bootstrap.trials import open_trials_alone

    with open_trials_alone(Settings(), council) as found:
        yield found


def _listed(plan: "TrialPlan", now: "Standing", counts: "Counts") -> str:
    from guildhall.value.trials.standing import stands
    from guildhall.vocabulary.trials import NEW_WAY_LABELS

    label, about = NEW_WAY_LABELS[plan.new_way]
    lines = [
        f"{plan.id}: {plan.question}",
        f"  The new way, for {plan.share:.0%}: {label.lower()}. {about}",
        f"  From {plan.since:%d %B %Y} to {plan.until:%d %B %Y}, {plan.contacts:,} contacts, decided by `{plan.measure}`. Answers for it: {plan.owner}.",
        f"  {stands(now, plan)}",
    ]
    return "\n".join([*lines, *(f"  {line}" for line in _counted(counts))])


def _counted(counts: "Counts") -> tuple[str, str]:
    ways = (f"{arm.joined:,} in the {arm.name} way ({arm.left:,} took it back)" for arm in (counts.usual, counts.new))
    return (
        f"{counts.joined:,} agreed: {', '.join(ways)}.",
        f"{counts.others:,} others began on the web meanwhile; they are not counted in the trial.",
    )


def _plain(plan: "TrialPlan", now: "Standing", counts: "Counts") -> dict[str, Any]:
    from guildhall.value.trials.standing import stands

    told: dict[str, Any] = {"trial": plan.id, "question": plan.question, "new_way": plan.new_way.value, "share": plan.share}
    told |= {"from": plan.since.isoformat(), "until": plan.until.isoformat(), "measure": plan.measure, "contacts": plan.contacts}
    return told | {"stands": stands(now, plan), "runs": now.runs, "counts": asdict(counts)}
