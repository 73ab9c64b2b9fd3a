"""The commands of `guildhall policy` by which people decide: sign, put in force, take back, tighten at once, turn a knob."""

import base64
from pathlib import Path

import click

from guildhall.bootstrap.governance import open_office
from guildhall.cli.opening import council_option, explains_errors
from guildhall.cli.policy_display import say_opening
from guildhall.cli.signing_options import as_option, key_option, opened, why_option
from guildhall.governance.activating import end_emergency, enforce, roll_back, tighten_at_once, turn_knob
from guildhall.governance.activating import ratify as ratify_change
from guildhall.governance.activating import withdraw as withdraw_change
from guildhall.governance.approving import HOLDS_FOR, accept_signature, sign_change, standing
from guildhall.governance.approving import statement as statement_of
from guildhall.governance.changes import open_change
from guildhall.governance.packs import SHORT
from guildhall.governance.proposing import onto_next_share
from guildhall.settings import Settings


@click.command()
@click.argument("change")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_option
@council_option
@explains_errors
def statement(change: str, file: Path, name: str, council: str) -> None:
    """Write the exact text to sign for CHANGE into FILE, to be signed where your key is (Ed25519 over every byte)."""
    office = open_office(Settings(), council)
    text = statement_of(open_change(office, office.store.proposal(change)), office.member(name), office.clock())
    file.write_text(text, "utf-8")
    click.echo(f"Sign every byte of {file}, then: guildhall policy sign {change} --as {name!r} --statement {file} --signature FILE")


@click.command()
@click.argument("change")
@as_option
@click.option("--key", "key_file", type=click.Path(dir_okay=False, path_type=Path), help="Your private key file.")
@click.option("--statement", "text", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The text you signed elsewhere.")
@click.option("--signature", "made", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The 64 bytes of your signature.")
@council_option
@explains_errors
def sign(change: str, name: str, key_file: Path | None, text: Path | None, made: Path | None, council: str) -> None:
    """Sign CHANGE with what was tested and replayed, by key file or by a signature made elsewhere. An author never signs their own."""
    office = open_office(Settings(), council)
    opened_change = open_change(office, office.store.proposal(change))
    if key_file is not None and text is None and made is None:
        signature = sign_change(opened_change, name, opened(key_file))
    elif text is not None and made is not None and key_file is None:
        signature = accept_signature(opened_change, name, text.read_text("utf-8"), base64.b64encode(made.read_bytes()).decode())
    else:
        raise click.UsageError("give --key, or --statement and --signature")
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
@click.option("--emergency", "change", default="", metavar="CHANGE", help="End this emergency before its time instead.")
@council_option
@explains_errors
def rollback(name: str, key_file: Path, why: str, change: str, council: str) -> None:
    """Take back the canary that is running, or else go back to the rules in force before."""
    office = open_office(Settings(), council)
    if change:
        end_emergency(office.store.proposal(change), office, name, opened(key_file), why)
        click.echo(f"{change} is no longer in force.")
        return
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
