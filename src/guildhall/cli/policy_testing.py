"""The commands of `guildhall policy` that propose and test a change."""

import json
from pathlib import Path

import click

from guildhall.bootstrap.governance import open_office
from guildhall.cli.knowledge_display import progress_bar
from guildhall.cli.opening import council_option, explains_errors
from guildhall.cli.policy_display import echo_gate, echo_lines, say_opening
from guildhall.cli.policy_reading import json_option
from guildhall.cli.signing_options import as_option, key_option, opened, why_option
from guildhall.governance.changes import open_change
from guildhall.governance.observing import Disagreement, disagreements
from guildhall.governance.office import Office
from guildhall.governance.page import page_of
from guildhall.governance.proposing import check as check_change
from guildhall.governance.proposing import into_shadow, replay_change
from guildhall.governance.proposing import propose as propose_change
from guildhall.governance.rollout import shadow as shadow_gate
from guildhall.settings import Settings
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.governance import Phase, Proposal


@click.command()
@as_option
@key_option
@why_option
@click.option("--loosens", is_flag=True, help="Say that the change loosens something; the board's chair must then sign too.")
@council_option
@explains_errors
def propose(name: str, key_file: Path, why: str, loosens: bool, council: str) -> None:
    """Make the rules in the council's folder a proposed change, and show it as a page to read."""
    office = open_office(Settings(), council)
    change = propose_change(office, name, opened(key_file), why, loosens)
    say_opening()
    echo_lines(page_of(change))
    click.echo(f"\nNext: guildhall policy check {change.proposal.id}")


@click.command()
@click.argument("change")
@json_option
@council_option
@explains_errors
def check(change: str, as_json: bool, council: str) -> None:
    """Ask every test gate about CHANGE, with the real detectors, and keep the report."""
    office = open_office(Settings(), council)
    say_opening()
    results = check_change(open_change(office, office.store.proposal(change)), (lambda _result: None) if as_json else echo_gate)
    if as_json:
        click.echo(json.dumps([result.as_json() for result in results], ensure_ascii=False, indent=2))
    if refused := [result for result in results if not result.passed]:
        raise RefusedError(f"{len(refused)} of {len(results)} gates refuse {change}. Change the files and propose again.")
    if not as_json:
        click.echo(f"\nNext: guildhall policy replay {change}")


@click.command()
@click.argument("change")
@click.option("--days", type=click.IntRange(1, 730), default=None, help="How far back; at least as far as the changed rules say.")
@click.option(
    "--full", is_flag=True, help="Hear words that are still kept again, with the detectors of today. Recorded as reading personal data."
)
@json_option
@council_option
@explains_errors
def replay(change: str, days: int | None, full: bool, as_json: bool, council: str) -> None:
    """Judge past decisions again by the rules of CHANGE, and keep the report. Nothing else happens: nobody is asked or told anything."""
    office = open_office(Settings(), council)
    opened_change = open_change(office, office.store.proposal(change))
    if full:
        office.store.words_read(office.clock(), {"purpose": "full replay of a rule change", "proposal": change, "days": days or 0})
    with progress_bar("Replaying") as progress:
        result = replay_change(opened_change, days or 0, full, progress)
    if as_json:
        click.echo(json.dumps(result.as_json(), ensure_ascii=False, indent=2))
    else:
        echo_gate(result)
    if not result.passed:
        raise RefusedError(f"the replay refuses {change}.")
    if not as_json:
        emergency = opened_change.proposal.phase == Phase.EMERGENCY
        click.echo(f"\nNext: guildhall policy {f'sign {change} --as NAME --key FILE' if emergency else f'shadow {change} --start'}")


@click.command()
@click.argument("change", default="")
@click.option("--start", is_flag=True, help="Start judging CHANGE beside the rules in force, without effect.")
@click.option("--most", type=click.IntRange(1), default=20, show_default=True, help="How many disagreements to list.")
@json_option
@council_option
@explains_errors
def shadow(change: str, start: bool, most: int, as_json: bool, council: str) -> None:
    """Start CHANGE in shadow, or list where the changes in shadow disagree with the rules in force."""
    office = open_office(Settings(), council)
    if start:
        proposal = into_shadow(open_change(office, office.store.proposal(change)))
        click.echo(f"{proposal.id} is in shadow: it is judged beside the rules in force, and nothing is done about it.")
        click.echo(f"Next, when enough was seen: guildhall policy sign {proposal.id} --as NAME --key FILE")
        return
    watched = [office.store.proposal(change)] if change else list(office.in_force().shadow)
    if not watched and not as_json:
        click.echo("No change is in shadow.")
    for proposal in watched:
        _list_disagreements(office, proposal, most, as_json)


def _list_disagreements(office: Office, proposal: Proposal, most: int, as_json: bool) -> None:
    found: list[Disagreement] = []
    total = office.past.count(proposal.proposed_at)
    with progress_bar("Comparing") as progress:
        for number, turn in enumerate(office.past.since(proposal.proposed_at), start=1):
            found += disagreements(turn.turn_id, turn.facts, proposal.pack)
            if number % 1000 == 0:
                progress(number, total)
    if as_json:
        plain = [{"turn": d.turn_id, "stage": d.stage, "language": d.language, "was": d.was, "now": d.now} for d in found]
        click.echo(json.dumps({"change": proposal.id, "disagreements": plain}, ensure_ascii=False))
        return
    result = shadow_gate(open_change(office, proposal))
    click.echo(f"{proposal.id}: {result.reason}")
    found.sort(key=lambda item: not item.less_protective)
    for item in found[:most]:
        less = " LESS" if item.less_protective else ""
        rules = ", ".join(sorted({rule.partition("#")[0] for rule in item.rules_were + item.rules_now}))
        click.echo(
            f"  turn {item.turn_id} ({item.language}, {item.stage.replace('_', ' ')}): {item.was}, would be {item.now}{less} ({rules})"
        )
    if len(found) > most:
        click.echo(f"  … and {len(found) - most} more; --most lists them")
