"""Who of the staff runs a command, and what for. Looking at personal data is recorded; deciding needs a name that somebody gave."""

import getpass
from collections.abc import Callable
from typing import Any

import click

from guildhall.vocabulary.rights import Looker

as_option = click.option("--as", "who", default="", help="Your name, as it will stand in the record; the computer account when left out.")
named_option = click.option("--as", "who", required=True, help="Name of who decides, as it will stand in the record.")
reason_option = click.option("--reason", required=True, help="Why, in a sentence, without anybody's personal details.")


def purpose_option(default: str) -> Callable[[Any], Any]:
    """`--purpose`, with what the command is usually for."""
    return click.option("--purpose", default=default, show_default=True, help="What you look at it for, as it will stand in the record.")


def looker(who: str, purpose: str) -> Looker:
    """Who looks, by the name given or the computer account."""
    return Looker(who.strip(), purpose) if who.strip() else Looker(_account(), purpose, account=True)


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown account"
