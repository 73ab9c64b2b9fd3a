"""The layout of the export that measures are computed from: tables of facts as Parquet files, without words and without personal data.

`contact` is a pseudonym that stands for one conversation; `local_at` is the time on the council's own clocks, so that nobody who reads
the files needs to know about summer time. Times without a zone are UTC.
"""

from typing import Final

STARTS: Final = "starts"
TURNS: Final = "turns"
STEPS: Final = "steps"
ARMS: Final = "arms"
AUDITS: Final = "audits"
KNOWN: Final = "known"

_PLACED: Final = {"seq": "BIGINT", "contact": "VARCHAR", "happened_at": "TIMESTAMP", "local_at": "TIMESTAMP"}

LAYOUT: Final[dict[str, dict[str, str]]] = {
    STARTS: {
        **_PLACED,
        "council": "VARCHAR",
        "channel": "VARCHAR",
        "language": "VARCHAR",
        "simulated": "BOOLEAN",
        "failed": "VARCHAR",
    },
    TURNS: {
        **_PLACED,
        "turn": "VARCHAR",
        "number": "INTEGER",
        "channel": "VARCHAR",
        "language": "VARCHAR",
        "service": "VARCHAR",
        "lgsl": "INTEGER",
        "ward": "VARCHAR",
        "outcome": "VARCHAR",
        "reason": "VARCHAR",
        "person": "VARCHAR",
        "composer": "VARCHAR",
        "parts_asked": "INTEGER",
        "parts_answered": "INTEGER",
        "milliseconds": "DOUBLE",
        "distress": "BOOLEAN",
        "grounded": "BOOLEAN",
        "fixed": "BOOLEAN",
        "receipt": "BOOLEAN",
    },
    STEPS: {
        **_PLACED,
        "kind": "VARCHAR",
        "turn": "VARCHAR",
        "reference": "VARCHAR",
        "queue": "VARCHAR",
        "lane": "VARCHAR",
        "reason": "VARCHAR",
        "category": "VARCHAR",
        "code": "VARCHAR",
        "flag": "BOOLEAN",
        "number": "DOUBLE",
        "in_hours": "BOOLEAN",
    },
    ARMS: {**_PLACED, "trial": "VARCHAR", "arm": "VARCHAR", "until": "VARCHAR", "planned": "INTEGER", "stops": "BOOLEAN"},
    AUDITS: {
        "seq": "BIGINT",
        "item": "VARCHAR",
        "happened_at": "TIMESTAMP",
        "local_at": "TIMESTAMP",
        "stratum": "VARCHAR",
        "did": "VARCHAR",
        "mark": "VARCHAR",
        "fault": "VARCHAR",
        "weight": "DOUBLE",
        "channel": "VARCHAR",
        "language": "VARCHAR",
        "service": "VARCHAR",
        "ward": "VARCHAR",
        "simulated": "BOOLEAN",
    },
    KNOWN: {"contact": "VARCHAR", "resident": "VARCHAR", "service": "VARCHAR", "queue": "VARCHAR"},
}
"""Columns of each table with their DuckDB types.

`starts`: one row for each conversation that began, and one for each request that failed before one could (`failed` says how).
`turns`: one row for each turn that ended. `fixed`: every answer was quoted, looked up or a card of facts, with its figures verified.
`steps`: one row for each other event that says how a contact went on; `code` and `flag` are what its kind says (storage/analysis/rows.py), and
`category` of a closing is the queue that it was for, where the adviser named one.
`arms`: one row for each contact whose resident agreed to take part in a trial, such as `short_answers_winter:new`; of whoever
takes it back the arm is empty. A row that `stops` says that the trial was stopped. Views show no arm before its trial is over: stopped, full or past `until`.
`audits`: one row each time that a turn of a finished audited sample came to count, or came to count otherwise; it names no contact.
`known`: who agreed to be recognised, as it stands now: it is written anew each time, so whoever takes it back is in it no more.
"""

GROWING: Final = (STARTS, TURNS, STEPS, ARMS, AUDITS)
"""Tables that only grow, by the number of the event (`seq`)."""
MANIFEST: Final = "manifest.json"
"""The file that names every file of the export; what it does not name is not part of it."""
