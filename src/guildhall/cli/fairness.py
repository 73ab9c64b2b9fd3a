"""`guildhall fairness`: ask the same thing in many ways, see whether anybody is served worse, and block a release where they are."""

import json
from datetime import date, datetime
from pathlib import Path

import click

from guildhall.cli.looking import named_option
from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings


@click.group()
def fairness() -> None:
    """Probe whether anybody is served worse for how they speak or who they are."""


@fairness.command()
@council_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@explains_errors
def run(council: str, as_json: bool) -> None:
    """Ask every probe through the whole turn, keep the result and print it. Exits 1 when a breach is not waived."""
    from rich.console import Console
    from rich.progress import Progress

    from guildhall.bootstrap.fairness import open_fairness
    from guildhall.bootstrap.knowledge import say_to_terminal
    from guildhall.bootstrap.prepare import prepare

    settings = Settings()
    prepare(settings, council, say_to_terminal)
    opened = open_fairness(settings, council)
    with Progress(console=Console(stderr=True), disable=as_json) as progress:
        bar = progress.add_task("Asking", total=None)
        opened.run(lambda count: progress.update(bar, total=count), lambda: progress.advance(bar))
    _show(opened, as_json)
    blocked = bool(opened.blocking())
    opened.close()
    if blocked:
        raise SystemExit(1)


@fairness.command()
@council_option
@click.option("--json", "as_json", is_flag=True, help="Print the last run as JSON.")
@explains_errors
def show(council: str, as_json: bool) -> None:
    """Print the last run: the gaps, the worst, the breaches, what could have been seen, and the waivers."""
    from guildhall.bootstrap.fairness import open_fairness

    opened = open_fairness(Settings(), council)
    _show(opened, as_json)
    opened.close()


@fairness.command()
@council_option
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def check(council: str, as_json: bool) -> None:
    """Exit 1 when a release is blocked: a breach that no standing waiver covers, or probes that were never run or are overdue."""
    from guildhall.bootstrap.fairness import open_fairness
    from guildhall.cli.fairness_display import breach_in_words
    from guildhall.evaluation.fairness import languages_to_protect

    opened = open_fairness(Settings(), council)
    blocking, overdue, last = opened.blocking(), opened.overdue(), opened.last()
    opened.close()
    protected = languages_to_protect(last[1], blocking) if last else {}
    if as_json:
        rows = [{"slice": b.slice, "measure": b.measure, "points": b.points, "pairs": b.pairs, "language": b.language} for b in blocking]
        body = {"blocked": bool(blocking or overdue), "breaches": rows, "languages_to_protect": protected, "overdue": overdue}
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    else:
        for breach in blocking:
            click.echo(breach_in_words(breach))
        if protected:
            click.echo(f"A person should take over these languages until then: {', '.join(protected)}.")
        if overdue or not blocking:
            click.echo(overdue or "Nothing about fairness blocks a release.")
    if blocking or overdue:
        raise SystemExit(1)


@fairness.command()
@council_option
@named_option
@explains_errors
def protect(council: str, who: str) -> None:
    """Let a person take over the languages that are served worse, until the breach is mended or waived; `guildhall switch on` ends it."""
    from guildhall.bootstrap.fairness import open_fairness
    from guildhall.bootstrap.switches import open_switches
    from guildhall.evaluation.waivers import protect as protect_languages

    opened = open_fairness(Settings(), council)
    blocking, last = opened.blocking(), opened.last()
    opened.close()
    switched = protect_languages(last[1], blocking, open_switches(Settings(), council), who) if last else {}
    for language, why in switched.items():
        click.echo(f"A person answers in {language} from now on. {why}.")
    if not switched:
        click.echo("No language is served worse without a waiver that a person has not taken over already.")


@fairness.command()
@click.argument("slice_name", metavar="SLICE")
@click.option("--measure", type=click.Choice(["served", "heard", "not_refused"]), required=True, help="The measure that is breached.")
@click.option("--points", type=click.FloatRange(0, 100), required=True, help="The widest gap that is accepted, in percentage points.")
@click.option("--by", "by", required=True, help="Name of the board chair who signs.")
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, help="The signer's private key file.")
@click.option("--passphrase", default="", envvar="GUILDHALL_KEY_PASSPHRASE", help="Passphrase of the key file, if it has one.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Last day of the waiver, at most 92 days from now.")
@click.option("--reason", required=True, help="Why the breach is accepted, and what is done about it.")
@click.option("--minute", required=True, help="The board minute in which it was agreed.")
@council_option
@explains_errors
def waive(
    slice_name: str,
    measure: str,
    points: float,
    by: str,
    key: Path,
    passphrase: str,
    until: datetime,
    reason: str,
    minute: str,
    council: str,
) -> None:
    """Sign a waiver for the breach of SLICE, such as `language.ps`, until a date."""
    from dataclasses import replace

    from guildhall.bootstrap.fairness import open_fairness
    from guildhall.evaluation.waivers import sign_waiver
    from guildhall.governance.signing import read_key
    from guildhall.vocabulary.fairness import Waiver

    opened = open_fairness(Settings(), council)
    waiver = Waiver(opened.council, slice_name, measure, points, by, reason, minute, opened.clock(), _day(until))
    kept = opened.waive(replace(waiver, signature=sign_waiver(waiver, read_key(key, passphrase))))
    opened.close()
    click.echo(f"Waiver {kept}: {slice_name}, {measure}, up to {points:g} points until {waiver.until:%d %B %Y}, signed by {by}.")


def _day(moment: datetime) -> date:
    return moment.date()


def _show(opened: object, as_json: bool) -> None:
    from guildhall.bootstrap.fairness import Fairness
    from guildhall.cli.fairness_display import as_data, in_words

    assert isinstance(opened, Fairness)
    last = opened.last()
    if last is None:
        click.echo(json.dumps({"run": None}) if as_json else opened.overdue())
        return
    kept, found = last
    if as_json:
        click.echo(json.dumps(as_data(kept, found, opened.blocking(), opened.overdue()), ensure_ascii=False, indent=2))
    else:
        click.echo(in_words(kept, found, opened.blocking(), opened.waivers(), opened.overdue()))
