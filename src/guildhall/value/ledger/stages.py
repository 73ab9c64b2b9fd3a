"""The moves between stages: which role signs each move, and which two moves the same person may not sign."""

from dataclasses import dataclass
from typing import Final

from guildhall.vocabulary.benefits import STAGE_LABELS, GefClass, Stage
from guildhall.vocabulary.roles import Role

LEAD, PARTNER, OFFICER = Role.PROGRAMME_LEAD, Role.FINANCE_PARTNER, Role.CHIEF_FINANCE_OFFICER
MAY_ADD: Final = frozenset({LEAD, PARTNER})
MAY_CLAIM: Final = frozenset({PARTNER})
MAY_SIGN_CLAIMS: Final = frozenset({OFFICER})
MAY_REVERSE: Final = frozenset({PARTNER, OFFICER})
CASH: Final = frozenset({GefClass.CASH_RELEASING})


@dataclass(frozen=True, slots=True)
class Move:
    """One step. `apart_from`: who signed one of these stages may not sign this one. `only` names the classes it is for; empty is all."""

    was: Stage
    to: Stage
    roles: frozenset[Role]
    apart_from: frozenset[Stage] = frozenset()
    only: frozenset[GefClass] = frozenset()

    def is_for(self, gef_class: GefClass | None) -> bool:
        """Whether a benefit of that class may go this way."""
        return not self.only or gef_class in self.only

    @property
    def name(self) -> str:
        """The stage it leads to."""
        return STAGE_LABELS[self.to][0]


def _move(was: Stage, to: Stage, *roles: Role, apart: tuple[Stage, ...] = (), only: frozenset[GefClass] = frozenset()) -> Move:
    return Move(was, to, frozenset(roles), frozenset(apart), only)


_FORWARD: Final = (
    _move(Stage.IDEA, Stage.IDENTIFIED, LEAD),
    _move(Stage.IDENTIFIED, Stage.BASELINED, PARTNER),
    _move(Stage.BASELINED, Stage.APPROVED, PARTNER, apart=(Stage.IDENTIFIED,)),
    _move(Stage.APPROVED, Stage.IN_DELIVERY, LEAD),
    _move(Stage.IN_DELIVERY, Stage.MEASURED, LEAD),
    _move(Stage.MEASURED, Stage.IN_DELIVERY, LEAD, PARTNER),  # it has to be measured again
    _move(Stage.MEASURED, Stage.FINANCE_VALIDATED, PARTNER, apart=(Stage.MEASURED,)),
    _move(Stage.FINANCE_VALIDATED, Stage.BUDGET_TAKEN, OFFICER, apart=(Stage.MEASURED, Stage.FINANCE_VALIDATED), only=CASH),
    _move(Stage.FINANCE_VALIDATED, Stage.SUSTAINED, PARTNER, apart=(Stage.MEASURED,), only=frozenset(GefClass) - CASH),
    _move(Stage.BUDGET_TAKEN, Stage.SUSTAINED, PARTNER, apart=(Stage.MEASURED, Stage.BUDGET_TAKEN)),
    _move(Stage.SUSTAINED, Stage.SUSTAINED, PARTNER, apart=(Stage.MEASURED, Stage.BUDGET_TAKEN)),
)
_SAYS_NO: Final = frozenset({Stage.REVERSED, Stage.SUBSTITUTED})
_TAKEN: Final = frozenset({Stage.FINANCE_VALIDATED, Stage.BUDGET_TAKEN, Stage.SUSTAINED})
_ENDS: Final = tuple(
    _move(was, to, *((PARTNER, OFFICER) if was in _TAKEN else (LEAD, PARTNER, OFFICER)))
    for was in Stage
    if was not in _SAYS_NO
    for to in (Stage.REVERSED, Stage.SUBSTITUTED)
    if not (to == Stage.SUBSTITUTED and was in (Stage.IDEA, Stage.IDENTIFIED, Stage.BASELINED))
)
MOVES: Final[dict[tuple[Stage, Stage], Move]] = {(move.was, move.to): move for move in (*_FORWARD, *_ENDS)}
"""Every move there is. What is not here cannot be done."""


def moves_from(stage: Stage, gef_class: GefClass | None) -> tuple[Move, ...]:
    """The moves that a benefit of a class may make from a stage, forward ones first."""
    return tuple(move for move in MOVES.values() if move.was == stage and move.is_for(gef_class))
