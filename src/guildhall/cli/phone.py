"""`guildhall phone`: answers calls, tries one without a telephone, and says what is missing."""

import click

from guildhall.cli.phone_checking import check
from guildhall.cli.phone_prompts import languages, prompts
from guildhall.cli.phone_serving import serve
from guildhall.cli.phone_trying import try_


@click.group()
def phone() -> None:
    """Answer the phone, try a call, and see what is missing."""


for command in (check, languages, prompts, serve, try_):
    phone.add_command(command)
