"""The commands of `guildhall policy` by which people decide: sign, put in force, take back, tighten at once, turn a knob."""

from pathlib import Path

import click

from guildhall.bootstrap.governance import open_office
from guildhall.cli.opening import council_option, explains_errors
from guildhall.cli.policy_display import say_opening
from guildhall.cli.signing_options import as_option, key_option, opened, why_option
from guildhall.governance.activating import enforce, roll_back, tighten_at_once, turn_knob
from guildhall.governance.activating import ratify as ratify_change
from guildhall.governance.activating import withdraw as withdraw_change
from guildhall.governance.approving import HOLDS_FOR, sign_change, standing
from guildhall.governance.changes import open_change
from guildhall.governance.packs import SHORT
from guildhall.governance.proposing import onto_next_share
from guildhall.settings import Settings


@click.command()
@click.argument("change")
@as_option
@key_option
@council_option
@explains_errors
def sign(change: str, name: str, key_file: Path, council: str) -> None:
    """Sign CHANGE with what was tested and replayed. An author never signs their own change."""
    office = open_office(Settings(), council)
    opened_change = open_change(office, office.store.proposal(change))
    signature = sign_change(opened_change, name, opened(key_file))
    click.echo(f"{signature.name} signed {change}. The signature holds until {signature.at + HOLDS_FOR:%d %B %Y}.")
    missing = standing(opened_change).missing
    click.echo(f"Still missing: {'; '.join(need.label for need in missing)}." if missing else "Everybody who must sign has signed.")


@click.command()
@click.argument("change")
@as_option
@council_option
@explains_errors
def canary(change: str, name: str, council: str) -> None:
    """Try a signed CHANGE on the first share of new conversations, or on the next larger one. Out of its limits it rolls itself back."""
    office = open_office(Settings(), council)
    office.member(name)
    proposal = onto_next_share(open_change(office, office.store.proposal(change)))
    click.echo(f"{proposal.id} judges {proposal.share}% of new conversations from now on.")


@click.command()
@click.argument("change")
@as_option
@council_option
@explains_errors
def activate(change: str, name: str, council: str) -> None:
    """Put CHANGE in force for every new conversation, once every gate has passed."""
    office = open_office(Settings(), council)
    office.member(name)
    proposal = office.store.proposal(change)
    enforce(open_change(office, proposal), name)
    click.echo(f"{change} is in force: pack {proposal.pack[:SHORT]}. Conversations under way keep the rules they began with.")


@click.command()
@as_option
@key_option
@why_option
@council_option
@explains_errors
def rollback(name: str, key_file: Path, why: str, council: str) -> None:
    """Take back the canary that is running, or else go back to the rules in force before."""
    office = open_office(Settings(), council)
    click.echo(roll_back(office, name, opened(key_file), why))


@click.command()
@as_option
@key_option
@why_option
@council_option
@explains_errors
def emergency(name: str, key_file: Path, why: str, council: str) -> None:
    """Put the folder's rules in force at once, by one person, if it is proved that they only tighten. Lapses in 72 hours unless ratified."""
    office = open_office(Settings(), council)
    say_opening()
    proposal = tighten_at_once(office, name, opened(key_file), why)
    click.echo(f"{proposal.id} is in force at once, for conversations under way too. The more protective of the rules counts.")
    if proposal.lapses_at:
        click.echo(
            f"It lapses at {proposal.lapses_at:%H:%M} UTC on {proposal.lapses_at:%d %B %Y} unless it is ratified: check, replay, sign, ratify."
        )


@click.command()
@click.argument("change")
@as_option
@council_option
@explains_errors
def ratify(change: str, name: str, council: str) -> None:
    """Let the emergency CHANGE stay, once it is tested, replayed and signed."""
    office = open_office(Settings(), council)
    office.member(name)
    ratify_change(open_change(office, office.store.proposal(change)), name)
    click.echo(f"{change} is ratified and in force for good.")


@click.command()
@click.argument("change")
@as_option
@key_option
@why_option
@council_option
@explains_errors
def withdraw(change: str, name: str, key_file: Path, why: str, council: str) -> None:
    """Take CHANGE back before it is in force."""
    office = open_office(Settings(), council)
    withdraw_change(open_change(office, office.store.proposal(change)), name, opened(key_file), why)
    click.echo(f"{change} is withdrawn.")


@click.command("set")
@click.argument("knob", metavar="RULE.PARAMETER")
@click.argument("value", type=float)
@as_option
@key_option
@council_option
@explains_errors
def set_knob(knob: str, value: float, name: str, key_file: Path, council: str) -> None:
    """Turn a knob that a rule declares to VALUE, within its bounds. It holds for new conversations at once."""
    rule_id, _, parameter = knob.rpartition(".")
    if not rule_id:
        raise click.UsageError("say which rule and which of its parameters, such as safeguarding.bereavement.sure_from")
    pack = turn_knob(open_office(Settings(), council), name, opened(key_file), rule_id, parameter, value)
    click.echo(f"{knob} stands at {value:g}. The rules in force are now pack {pack[:SHORT]}.")
