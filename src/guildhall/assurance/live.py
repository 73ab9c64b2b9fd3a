"""What is live at one moment: facts by name, tables by name, models, and the forms to fill. Collected by `bootstrap/assurance.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from guildhall.assurance.config import FormFile, PaperKind, Statement
from guildhall.assurance.facts import Fact, Known


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, under a key that stays the same from draft to draft."""

    key: str
    cells: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Facts in rows."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class LiveModel:
    """A model that is loaded: its facts by name (`model.name`, `model.files` …) and its tables (`model.results` …)."""

    id: str
    name: str
    facts: Mapping[str, Known]
    tables: Mapping[str, Table] = field(default_factory=dict)


@dataclass(frozen=True)
class Live:
    """Everything a paper may be filled from."""

    council: str
    slug: str
    drafted_at: datetime
    pack: Fact
    facts: Mapping[str, Known]
    """By name: `council.name`, `pack.rules`, `figures.turns`; answers as `ask.<question>`. Optional parts of the system add their own."""
    tables: Mapping[str, Table]
    models: tuple[LiveModel, ...]
    statements: Mapping[str, Statement]
    forms: Mapping[PaperKind, FormFile]
