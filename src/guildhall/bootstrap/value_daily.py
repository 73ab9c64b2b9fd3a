"""What a running server does about value once a day: check kept evaluations against the record, and settle who came again."""

from collections.abc import Callable
from typing import Final

import duckdb
from sqlalchemy.exc import SQLAlchemyError

from guildhall.bootstrap.baselines import open_baselines
from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.knowledge import say_to_terminal
from guildhall.bootstrap.value import open_value
from guildhall.vocabulary.errors import GuildhallError

BY: Final = "the daily check"


def daily_value(guildhall: Guildhall, say: Callable[[str], None] = say_to_terminal) -> Callable[[], object]:
    """The day's work, to be done before anything is forgotten. Where evaluations cannot be checked, that is said and the rest is done."""
    value = open_value(guildhall)

    def work() -> object:
        try:
            open_baselines(guildhall).check_kept(BY)
        except (GuildhallError, SQLAlchemyError, duckdb.Error, OSError) as error:
            say(f"Kept evaluations could not be checked: {error if isinstance(error, GuildhallError) else type(error).__name__}")
        return value.before_forgetting()

    return work
