"""`guildhall phone serve`: answers calls until stopped."""

import click

from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings


@click.command()
@click.option("--stand-by", is_flag=True, help="Wait while another one has the port, and take over when it ends: for service managers.")
@council_option
@explains_errors
def serve(stand_by: bool, council: str) -> None:
    """Answer calls until stopped. The web server has to run: what is asked on the phone is answered there."""
    from guildhall.bootstrap import phone_guard

    settings = Settings()
    config = phone_guard.guard_config(settings, council)
    if settings.phone_gateway != "embedded":
        phone_guard.become_guard(None, config)
    waits = "Another one answers the phone: standing by."
    sip = phone_guard.stand_by(settings, lambda: click.echo(waits)) if stand_by else phone_guard.open_sip(settings)
    click.echo(f"The phone answers at {phone_guard.ring_at(sip)}. Press Ctrl+C to stop.")
    phone_guard.become_guard(sip, config)
