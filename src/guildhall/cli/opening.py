"""Opens the house for a command, and turns our errors into messages rather than tracebacks."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from guildhall.bootstrap.house import Guildhall, open_guildhall
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.vocabulary.errors import GuildhallError

P = ParamSpec("P")
R = TypeVar("R")

council_option = click.option("--council", default="", help="Council to use; the deployment's own when left out.")


def explains_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Show a GuildhallError as one readable message, exit code 1."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except GuildhallError as error:
            raise click.ClickException(str(error)) from error

    return wrapped


def open_for(council: str, record_into: Database | None = None) -> Guildhall:
    """The house of a council with the deployment's settings."""
    return open_guildhall(Settings(), council, record_into)
