"""Small numbers: a group of very few people is not shown, and nobody can work it out from the other groups."""

from collections.abc import Sequence

from guildhall.value.measures.result import Row

HIDDEN = "Too few to show without singling somebody out."
HIDDEN_TOO = "Not shown, so that a smaller group cannot be worked out from the total."


def suppressed(rows: Sequence[Row], small: int, *, whole_split: bool, about_people: bool) -> tuple[Row, ...]:
    """The rows with those of fewer than `small` emptied, where they are about groups of people.

    If just one group of a whole that is `whole_split` would be hidden, the next smallest is hidden with it.
    """
    if not about_people:
        return tuple(rows)
    few = {at for at, row in enumerate(rows) if 0 < row.n < small}
    others = [at for at, row in enumerate(rows) if at not in few and row.n > 0]
    more = {min(others, key=lambda at: (rows[at].n, rows[at].group))} if whole_split and len(few) == 1 and others else set()
    return tuple(
        Row(row.group, None, None, None, 0, None, True, HIDDEN if at in few else HIDDEN_TOO) if at in few | more else row
        for at, row in enumerate(rows)
    )
