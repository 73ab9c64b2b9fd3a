"""Totals of the ledger: one for each column, stage and class, each with its rows. Amounts that must not be added are never added."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from guildhall.value.ledger.claims import Account
from guildhall.value.ledger.headline import SUGGESTED, Haircuts, headlines
from guildhall.vocabulary.benefits import COLUMN_LABELS, STANDING_LABELS, STANDING_OF, Column, GefClass, Stage, Standing
from guildhall.vocabulary.errors import RefusedError


@dataclass(frozen=True, slots=True)
class Total:
    """Pence of one column at one stage, of one class (None: not said yet). `rows` are the benefits it is of."""

    column: Column
    stage: Stage
    gef_class: GefClass | None
    pence: int
    attributed_pence: int
    after_haircut_pence: int
    rows: tuple[str, ...]

    @property
    def standing(self) -> Standing:
        """What its stage says of it."""
        return STANDING_OF[self.stage]


def totals(accounts: Sequence[Account], as_at: date, haircuts: Haircuts = SUGGESTED) -> tuple[Total, ...]:
    """A total for each column, stage and class that has rows, in the order of stages."""
    cells: dict[tuple[Stage, Column, GefClass | None], Total] = {}
    for account in accounts:
        gef_class = account.benefit.facts.gef_class
        for one in headlines(account, as_at, haircuts):
            key = one.stage, one.column, gef_class
            was = cells.get(key, Total(one.column, one.stage, gef_class, 0, 0, 0, ()))
            cells[key] = Total(
                one.column, one.stage, gef_class, was.pence + one.pence, was.attributed_pence + one.attributed_pence,
                was.after_haircut_pence + one.after_haircut_pence, (*was.rows, one.benefit_id),
            )  # fmt: skip
    stages, columns, classes = list(Stage), list(Column), [None, *GefClass]
    return tuple(cells[key] for key in sorted(cells, key=lambda k: (stages.index(k[0]), columns.index(k[1]), classes.index(k[2]))))


@dataclass(frozen=True, slots=True)
class Summed:
    """Pence of one column and one standing, over stages and classes. `rows` are the benefits it is of."""

    column: Column
    standing: Standing
    pence: int
    attributed_pence: int
    after_haircut_pence: int
    rows: tuple[str, ...]


def together(some: Iterable[Total]) -> Summed:
    """Totals added. Raises RefusedError where columns differ, or what their stages say: hopes and money are not one sum."""
    given = tuple(some)
    columns, standings = {one.column for one in given}, {one.standing for one in given}
    if len(columns) != 1:
        names = " and ".join(COLUMN_LABELS[column][0].lower() for column in Column if column in columns) or "nothing"
        raise RefusedError(f"columns are not added: {names}")
    if len(standings) != 1:
        names = " and ".join(STANDING_LABELS[standing][0].lower() for standing in Standing if standing in standings)
        raise RefusedError(f"stages that say different things are not added: {names}")
    rows = tuple(dict.fromkeys(row for one in given for row in one.rows))
    pence, attributed, cut = (sum(getattr(one, name) for one in given) for name in ("pence", "attributed_pence", "after_haircut_pence"))
    return Summed(given[0].column, given[0].standing, pence, attributed, cut, rows)


def summed(accounts: Sequence[Account], as_at: date, haircuts: Haircuts = SUGGESTED) -> tuple[Summed, ...]:
    """What the ledger says in each standing and column, one beside the other."""
    cells = totals(accounts, as_at, haircuts)
    keys = dict.fromkeys((one.standing, one.column) for one in cells)
    ordered = sorted(keys, key=lambda key: (list(Standing).index(key[0]), list(Column).index(key[1])))
    return tuple(together(one for one in cells if (one.standing, one.column) == key) for key in ordered)
