"""The views over a handful of rows, in a DuckDB of the test's own: what the engine gives, without an export."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from guildhall.value.measures.views import VIEWS, Holds

TYPES = {Holds.TEXT: "VARCHAR", Holds.YES_NO: "BOOLEAN", Holds.NUMBER: "DOUBLE", Holds.SECONDS: "DOUBLE", Holds.SCORE: "DOUBLE"}
TIMES = {"contacts": ("started_at", "ended_at"), "turns": ("at",), "waits": ("asked_at",), "audits": ("at",)}
DAY = date(2026, 9, 7)


class SmallViews:
    """Tables with the columns of the views; what a row leaves out is null, and its times are noon of its day."""

    def __init__(self, **views: Sequence[Mapping[str, Any]]) -> None:
        self._connection = duckdb.connect(":memory:")
        for view, columns in VIEWS.items():
            types = {"contact": "VARCHAR", "day": "DATE"} | dict.fromkeys(TIMES[view], "TIMESTAMP")
            types |= {name: TYPES[column.holds] for name, column in columns.items()}
            defined = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
            self._connection.execute(f"CREATE TABLE {view} ({defined})")
            for number, row in enumerate(views.get(view, ())):
                filled: dict[str, Any] = {"contact": f"c{number}", "day": DAY} | dict(row)
                for name in TIMES[view]:
                    filled.setdefault(name, datetime.combine(filled["day"], datetime.min.time()).replace(hour=12))
                marks, names = ", ".join("?" * len(filled)), ", ".join(f'"{name}"' for name in filled)
                self._connection.execute(f"INSERT INTO {view} ({names}) VALUES ({marks})", list(filled.values()))

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return self._connection.cursor().execute(sql, list(values)).fetchall()

    def arrays(self, sql: str, values: Sequence[object] = ()) -> list[NDArray[Any]]:
        return [np.asarray(column) for column in self._connection.cursor().execute(sql, list(values)).fetchnumpy().values()]
