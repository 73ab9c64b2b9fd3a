"""The record as an export to compute measures from, and the engine that does: DuckDB over Parquet files, in this process.

`rows.py` says what of an event is exported, `export.py` keeps the files up to date, `engine.py` makes the views `contacts`, `turns`,
`waits` and `audits` of `sql/`. Nothing here writes a record, and nothing of it leaves the machine.
"""
