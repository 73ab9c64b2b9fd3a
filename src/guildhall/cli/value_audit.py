"""`guildhall value audit draw|list|results`: samples of turns for people to mark. They are marked in the console, where words are read."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings

if TYPE_CHECKING:
    from guildhall.value.auditing.estimating import Figure, Results
    from guildhall.value.auditing.marking import Draw

by_option = click.option(
    "--as", "by", required=True, help="Your name, as `guildhall staff list` prints it. You need the role of programme lead or board chair."
)
day_type = click.DateTime(["%Y-%m-%d"])
json_option = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.group()
def audit() -> None:
    """Find out how often answers were right, from samples that people who know the services mark."""


@audit.command()
@click.option("--since", type=day_type, required=True, help="The first day of the period.")
@click.option("--until", type=day_type, required=True, help="The last day of the period. It has to have ended.")
@click.option("--size", type=int, default=200, show_default=True, help="How many turns people will mark.")
@click.option("--floor", type=int, default=10, show_default=True, help="The fewest turns of each kind.")
@click.option("--double", type=int, default=20, show_default=True, help="How many turns in 100 are marked by two people.")
@by_option
@council_option
@json_option
@explains_errors
def draw(since: datetime, until: datetime, size: int, floor: int, double: int, by: str, council: str, as_json: bool) -> None:
    """Draw a sample of turns from a period that has ended. Chance chooses the turns, and nobody can draw again until they like the sample."""
    from guildhall.bootstrap.auditing import opened_audits

    with opened_audits(Settings(), council) as audits:
        made = audits.store.draw(since.date(), until.date(), audits.staff.by_name(by), size, floor, double)
    if as_json:
        click.echo(json.dumps(_plain(made)))
        return
    click.echo(f"{made.id}: {len(made.in_order)} of {sum(one.size for one in made.strata):,} turns, seed {made.seed}.")
    for one in made.strata:
        click.echo(f"  {one.key}: {one.drawn} of {one.size:,}, each stands for {one.weight:.1f}")
    click.echo("They are marked in the console, under Value, Audited samples.")


@audit.command("list")
@council_option
@json_option
@explains_errors
def list_(council: str, as_json: bool) -> None:
    """List the samples, the newest first, with how many of their marks are in."""
    from guildhall.bootstrap.auditing import opened_audits

    with opened_audits(Settings(), council) as audits:
        draws = audits.store.all()
    if as_json:
        click.echo(json.dumps([_plain(one) for one in draws]))
        return
    for one in draws:
        status = (
            f"withdrawn: {one.withdrawn_why}"
            if one.withdrawn_at
            else f"closed early: {one.closed_why}"
            if one.closed_at
            else "finished"
            if one.finished
            else "being marked"
        )
        click.echo(f"{one.id}  {one.since} to {one.until}, {one.given} of {one.wanted} marks; {status}")
    if not draws:
        click.echo("No sample has been drawn yet.")


@audit.command("close")
@click.argument("sample")
@click.option("--why", required=True, help="Why the missing marks will not come. Everybody who reads the results can see it.")
@by_option
@council_option
@explains_errors
def close_(sample: str, why: str, by: str, council: str) -> None:
    """Close SAMPLE before all its marks are in, because the missing ones will not come.

    Turns that nobody decided are counted both ways, once as right and once as wrong, so the intervals get wider.
    """
    from guildhall.bootstrap.auditing import opened_audits

    with opened_audits(Settings(), council) as audits:
        made = audits.store.close(sample, why, audits.staff.by_name(by))
    click.echo(f"{made.id} is closed. Nobody decided {len(made.undecided)} of {len(made.in_order)} turns, so they are counted both ways.")


@audit.command("results")
@click.argument("sample")
@council_option
@json_option
@explains_errors
def results_(sample: str, council: str, as_json: bool) -> None:
    """Show the results of SAMPLE. Nobody sees them until the last mark is in or the sample is closed, so that nobody who is still marking is influenced."""
    from guildhall.bootstrap.auditing import opened_audits
    from guildhall.value.auditing.estimating import results
    from guildhall.vocabulary.errors import RefusedError

    with opened_audits(Settings(), council) as audits:
        one = audits.store.get(sample)
    if not one.finished:
        why = (
            f"it was withdrawn: {one.withdrawn_why}"
            if one.withdrawn_at
            else f"{one.given} of {one.wanted} marks are in; what they say is shown once all are."
        )
        raise RefusedError(why)
    found = results(one)
    click.echo(json.dumps(_plain(one) | _figures(found)) if as_json else _told(one, found))


def _plain(one: "Draw") -> dict[str, Any]:
    return {
        "id": one.id, "since": one.since.isoformat(), "until": one.until.isoformat(), "seed": one.seed, "floor": one.floor,
        "double_percent": one.double_percent, "drawn_by": one.by, "drawn_at": one.at.isoformat(), "simulated": one.simulated,
        "turns": len(one.in_order), "marks": one.given, "marks_wanted": one.wanted, "erased": one.dropped, "finished": one.finished,
        "closed": one.closed_why, "undecided": len(one.undecided),
        "withdrawn": one.withdrawn_why, "strata": [{"kind": s.key, "size": s.size, "drawn": s.drawn} for s in one.strata],
    }  # fmt: skip


def _figures(found: "Results") -> dict[str, Any]:
    def plain(one: "Figure") -> dict[str, Any]:
        made = one.estimate
        return {"value": made.value, "low": made.low, "high": made.high, "judged": one.n - one.undecided, "stands_for": one.stands_for,
                "undecided": one.undecided, "lowest": one.lowest, "highest": one.highest}  # fmt: skip

    agreed = found.agreement
    return {
        "right": plain(found.accuracy), "rightly_declined": plain(found.declined_rightly), "should_have_declined": plain(found.should_have_declined),
        "agreement": {"pairs": agreed.pairs, "same": agreed.same, "kappa": agreed.kappa, "low": agreed.low, "high": agreed.high},
        "faults": [{"fault": fault.value, "judged": n, "stands_for": weight} for fault, n, weight in found.faults],
        "cannot_tell": found.cannot_tell,
    }  # fmt: skip


def _told(one: "Draw", found: "Results") -> str:
    from guildhall.vocabulary.auditing import FAULT_LABELS

    lines = [f"Audited sample of {one.since} to {one.until}{', of simulated turns' if one.simulated else ''}"]
    figures = (("Right in every part, of answers", found.accuracy), ("Rightly declined, of turns that declined", found.declined_rightly),
               ("Should have declined, of answers", found.should_have_declined))  # fmt: skip
    lines += [f"  {label}: {_said(figure)}" for label, figure in figures]
    lines += [f"  {FAULT_LABELS[fault][0]}: {n} judged so, who stand for {weight:,.0f}" for fault, n, weight in found.faults]
    agreed = found.agreement
    kappa = f", kappa {agreed.kappa:.2f}" if agreed.kappa is not None else ""
    lines.append(f"  Marked by two people: {agreed.pairs}, alike {agreed.same}{kappa}.")
    lines.append(f"  Could not be judged: {found.cannot_tell}. Words erased before marking: {found.dropped}.")
    return "\n".join(lines)


def _said(figure: "Figure") -> str:
    made = figure.estimate
    if made.value is None or made.low is None or made.high is None:
        return "not known, none was judged"
    if figure.undecided and figure.lowest is not None and figure.highest is not None:
        return (
            f"between {100 * figure.lowest:.1f}% and {100 * figure.highest:.1f}%, because nobody decided {figure.undecided} of {figure.n} turns; "
            f"with chance, {100 * made.low:.1f}% to {100 * made.high:.1f}% (95% interval)"
        )
    return f"{100 * made.value:.1f}% (95% interval {100 * made.low:.1f}% to {100 * made.high:.1f}%), {figure.n} judged, who stand for {figure.stands_for:,.0f}"
