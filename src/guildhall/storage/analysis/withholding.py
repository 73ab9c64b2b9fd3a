"""Whether a figure of some contacts may be said: not of few people, and not where a smaller group could be worked out from it and the whole."""

from collections.abc import Mapping
from datetime import date

from guildhall.storage.analysis.measuring import Measuring
from guildhall.value.measures.suppression import HIDDEN
from guildhall.vocabulary.errors import RefusedError


def refuse_few(measuring: Measuring, key: str, since: date, until: date, where: Mapping[str, str]) -> None:
    """Raise RefusedError where any filter, with the others as they are, singles out a group that a figure split by it would not show."""
    for name, wanted in where.items():
        others = {other: value for other, value in where.items() if other != name}
        try:
            split = measuring.compute(key, since, until, name, others, beside=False)
        except RefusedError:  # a figure that cannot be split by it, such as the gap between its groups
            continue
        for row in split.rows:
            if row.group == wanted and row.suppressed:
                few = "the figure rests on so few people that it is not shown; publish a larger group or a longer period."
                told = "this group is not shown, so that a smaller one cannot be worked out from the whole; publish a larger group or a longer period."
                raise RefusedError(few if row.note == HIDDEN else told)
