"""Rows of single contacts, without what tells a small group apart: a list of rows is a table of every combination of their columns.

A row's channel, service, language, ward and queue are shown in this order, each only as long as at least so many contacts of the list have the same of it
and of all before it. The rest say that they are too few. What this does not prevent: who knows when somebody was in touch may know them by day and hour.
"""

from collections.abc import Sequence
from typing import Final

IN_ORDER: Final = ("channel", "service", "language", "ward", "queue")
WITH_SERVICE: Final = "lgsl"
"""A number that says the same as the service."""
HIDDEN_VALUE: Final = "too few to show"


def masked(names: Sequence[str], chosen: str, picks: str, small: int) -> str:
    """SQL for the columns `names` of the rows that `picks` picks from the rows of the query `chosen`, both with `contact` among them.

    `picks` is a query in which those rows are called `chosen`. `small` is the fewest contacts of which something is shown.
    """
    telling = [name for name in IN_ORDER if name in names]
    levels = [telling[: at + 1] for at in range(len(telling))]
    sizes = [
        f"size_{level[-1]} AS (SELECT {', '.join(level)}, count(DISTINCT contact) AS size_{level[-1]} FROM chosen GROUP BY ALL)"
        for level in levels
    ]
    joins = " ".join(f"JOIN size_{level[-1]} USING ({', '.join(level)})" for level in levels)
    shown = ", ".join(_shown(name, telling, int(small)) for name in names)
    with_all = ", ".join([f"chosen AS ({chosen})", f"picked AS (SELECT *, row_number() OVER () AS place FROM ({picks}))", *sizes])
    return f"WITH {with_all} SELECT {shown} FROM picked {joins} ORDER BY place"


def _shown(name: str, telling: Sequence[str], small: int) -> str:
    if name in telling:
        return f"CASE WHEN size_{name} >= {small} THEN {name} ELSE '{HIDDEN_VALUE}' END AS {name}"
    if name == WITH_SERVICE and "service" in telling:
        return f"CASE WHEN size_service >= {small} THEN {name} END AS {name}"
    return name
