"""`guildhall notifications`: what is in the outbox, sending it now, and trying again what failed. No words and no contacts are shown."""

import json
from dataclasses import asdict
from datetime import datetime

import click

from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings


@click.group()
def notifications() -> None:
    """Messages to residents and alerts to staff."""


@notifications.command("list")
@council_option
@click.option("--status", type=click.Choice(["waiting", "sent", "failed", "withheld"]), default=None, help="Only those that stand so.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def listing(council: str, status: str | None, as_json: bool) -> None:
    """List the outbox, newest first: references and how each message stands, never words or whom they go to."""
    from guildhall.bootstrap.after import open_after_alone
    from guildhall.storage.after_schema import notifications as table

    after = open_after_alone(Settings(), council)
    found = after.messages.listed(*([table.c.status == status] if status else []))
    after.close()
    if as_json:
        rows = [{k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(message).items()} for message in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo("The outbox is empty.")
    for message in found:
        doubt = ", perhaps sent" if message.uncertain and message.status == "waiting" else ""
        why = f"  {message.why}" if message.why else ""
        click.echo(f"{message.made_at:%Y-%m-%d %H:%M}  {message.reference}  {message.kind} {message.channel}  {message.status}{doubt}{why}")


@notifications.command()
@council_option
@explains_errors
def send(council: str) -> None:
    """Do once what a running server does every second: tell whoever is due and send what waits."""
    from guildhall.bootstrap.after import open_after_alone
    from guildhall.bootstrap.identifiers import Clock

    settings = Settings()
    after = open_after_alone(settings, council)
    tally = after.tick_and_wait(Clock(settings.today)())
    after.close()
    click.echo(f"{tally.sent} sent, {tally.put_off} put off, {tally.failed} failed.")


@notifications.command()
@council_option
@click.argument("reference")
@explains_errors
def retry(council: str, reference: str) -> None:
    """Try a failed message again, after what was wrong was put right."""
    from guildhall.bootstrap.after import open_after_alone
    from guildhall.bootstrap.identifiers import Clock

    settings = Settings()
    after = open_after_alone(settings, council)
    found = after.messages.retry(reference, Clock(settings.today)())
    after.close()
    click.echo(f"{found.reference} waits again. A running server sends it within seconds; `guildhall notifications send` sends it now.")
