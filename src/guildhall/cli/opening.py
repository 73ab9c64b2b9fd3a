"""Opens the house for a command, and turns our errors into messages rather than tracebacks."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from guildhall.settings import Settings
from guildhall.vocabulary.errors import GuildhallError

if TYPE_CHECKING:  # a command that needs no house must not wait for one to be imported
    from guildhall.bootstrap.house import Guildhall
    from guildhall.storage.database import Database

P = ParamSpec("P")
R = TypeVar("R")

council_option = click.option("--council", default="", help="Council to use; the deployment's own when left out.")


def explains_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Show a GuildhallError, a setting or file that cannot be used or a database that does not answer as one readable message, exit code 1."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except GuildhallError as error:
            raise click.ClickException(str(error)) from error
        except OperationalError as error:
            fix = "Check that it runs and may be written, and GUILDHALL_DATABASE_URL."
            raise click.ClickException(f"the database cannot be used: {str(error.orig).strip()}. {fix}") from error
        except ValidationError as error:
            if error.title != Settings.__name__:
                raise
            raise click.ClickException(_settings_that_cannot_be(error)) from error
        except OSError as error:
            raise click.ClickException(f"{error.filename or 'a file'}: {error.strerror or error}.") from error

    return wrapped


def _settings_that_cannot_be(error: ValidationError) -> str:
    """Which settings cannot be used and why; their values stay out, for some are secret."""
    prefix = Settings.model_config.get("env_prefix", "")
    return " ".join(
        f"{prefix}{'_'.join(map(str, one['loc']))}".upper() + f": {one['msg'][0].lower()}{one['msg'][1:]}." for one in error.errors()
    )


def open_for(council: str, record_into: "Database | None" = None) -> "Guildhall":
    """The house of a council with the deployment's settings, made ready first where it is not (a moment when it is)."""
    from guildhall.bootstrap.house import open_guildhall
    from guildhall.bootstrap.knowledge import say_to_terminal
    from guildhall.bootstrap.prepare import prepare

    settings = Settings()
    prepare(settings, council, say_to_terminal)
    return open_guildhall(settings, council, record_into)
