"""The kinds of figures, and what two of them give with a sign between. Money over seconds, or a share plus a count, mean nothing."""

from enum import StrEnum
from typing import Final

from guildhall.value.measures.mistakes import DefinitionError


class Unit(StrEnum):
    """What a measure's figure is, as it is shown."""

    COUNT = "count"
    SHARE = "share"
    POINTS = "points"
    SECONDS = "seconds"
    PENCE = "pence"
    SCORE = "score"
    RATIO = "ratio"


class Kind(StrEnum):
    """What a part of a formula is."""

    NUMBER = "a plain number"
    COUNT = "a count"
    SHARE = "a share"
    SECONDS = "seconds"
    PENCE = "money"
    EACH = "money for one"
    RATE = "money for a second"
    SCORE = "a score"


UNITS_OF: Final[dict[Kind, tuple[Unit, ...]]] = {
    Kind.NUMBER: (Unit.RATIO, Unit.SHARE),
    Kind.COUNT: (Unit.COUNT,),
    Kind.SHARE: (Unit.SHARE,),
    Kind.SECONDS: (Unit.SECONDS,),
    Kind.PENCE: (Unit.PENCE,),
    Kind.EACH: (Unit.PENCE,),
    Kind.RATE: (),
    Kind.SCORE: (Unit.SCORE,),
}
UNIT_LABELS: Final[dict[Unit, str]] = {
    Unit.COUNT: "number",
    Unit.SHARE: "share, as a percentage",
    Unit.POINTS: "percentage points",
    Unit.SECONDS: "time",
    Unit.PENCE: "pounds",
    Unit.SCORE: "score",
    Unit.RATIO: "ratio",
}
MONEY: Final = (Kind.PENCE, Kind.EACH, Kind.RATE)
TIMES: Final[dict[frozenset[Kind], Kind]] = {
    frozenset({Kind.COUNT, Kind.EACH}): Kind.PENCE,
    frozenset({Kind.COUNT, Kind.SHARE}): Kind.COUNT,
    frozenset({Kind.COUNT, Kind.SECONDS}): Kind.SECONDS,
    frozenset({Kind.SHARE}): Kind.SHARE,
    frozenset({Kind.SHARE, Kind.PENCE}): Kind.PENCE,
    frozenset({Kind.SHARE, Kind.EACH}): Kind.EACH,
    frozenset({Kind.SHARE, Kind.SECONDS}): Kind.SECONDS,
    frozenset({Kind.SECONDS, Kind.RATE}): Kind.PENCE,
}
OVER: Final[dict[tuple[Kind, Kind], Kind]] = {
    (Kind.PENCE, Kind.COUNT): Kind.EACH,
    (Kind.SECONDS, Kind.COUNT): Kind.SECONDS,
}


def together(sign: str, left: Kind, right: Kind) -> Kind:
    """What comes of two parts with a sign between. Raises DefinitionError when it means nothing."""
    found = {"+": _added, "-": _added, "*": _multiplied, "/": _divided}[sign](left, right)
    if found is not None:
        return found
    if sign == "/":
        if left in MONEY:
            raise DefinitionError(
                f"{left.value} is divided by {right.value}, which means nothing.", "Divide money by a count, a number or money."
            )
        raise DefinitionError(
            f"{left.value} is divided by {right.value}, which means nothing.", "Divide it by its own kind, or by a number."
        )
    if sign == "*":
        raise DefinitionError(
            f"{left.value} is multiplied by {right.value}, which means nothing.",
            "Multiply money for one by a count, or anything by a number.",
        )
    raise DefinitionError(
        f"{left.value} and {right.value} are {'added' if sign == '+' else 'subtracted'}, which means nothing.", "Use two parts of one kind."
    )


def _added(left: Kind, right: Kind) -> Kind | None:
    if left == right and left != Kind.SCORE:
        return left
    for one, other in ((left, right), (right, left)):
        if one == Kind.NUMBER and other in (Kind.COUNT, Kind.SHARE):
            return other
    return None


def _multiplied(left: Kind, right: Kind) -> Kind | None:
    if Kind.NUMBER in (left, right):
        return right if left == Kind.NUMBER else left
    return TIMES.get(frozenset({left, right})) if left != right or left == Kind.SHARE else None


def _divided(left: Kind, right: Kind) -> Kind | None:
    if right == Kind.NUMBER:
        return left
    if left == right and left not in (Kind.SCORE, Kind.RATE):
        return Kind.NUMBER
    return OVER.get((left, right))
