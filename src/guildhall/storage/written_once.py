"""Rows that are written once: the database itself refuses to change or delete them.

The migrations that make such a table hold their own copy of the statements: what a migration does never changes.
"""

from collections.abc import Sequence

from sqlalchemy import DDL, Table, event


def written_once(table: Table, said: str, function: str, acts: Sequence[str] = ("UPDATE", "DELETE")) -> None:
    """Guard a table that is made without migrations, as in tests: whoever tries one of these acts is told what is `said`.

    `function` is the name of PostgreSQL's function that refuses; tables of one kind share it.
    """
    raises = f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{said}'; END $$"
    does = {"sqlite": f"BEGIN SELECT RAISE(ABORT, '{said}'); END", "postgresql": f"FOR EACH ROW EXECUTE FUNCTION {function}()"}
    _after_create(table, "postgresql", raises)
    for act in acts:
        for dialect, doing in does.items():
            _after_create(table, dialect, f"CREATE TRIGGER {table.name}_no_{act.lower()} BEFORE {act} ON {table.name} {doing}")


def _after_create(table: Table, dialect: str, statement: str) -> None:
    event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
