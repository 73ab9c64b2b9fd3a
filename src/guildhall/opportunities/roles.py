"""Who may do what with opportunities."""

from typing import Final

from guildhall.opportunities.gates import Gate
from guildhall.vocabulary.roles import GOVERNING_ROLES, VALUE_ROLES, Role

CHANGERS: Final = frozenset({Role.PROGRAMME_LEAD})
"""People who may record workshops, accept, refuse, change and merge opportunities, and run the portfolio."""
SCORERS: Final = (GOVERNING_ROLES | VALUE_ROLES) - {Role.AUDITOR}
OVERRULERS: Final = frozenset({Role.BOARD_CHAIR})
KEEPERS: Final[dict[Gate, frozenset[Role]]] = {
    Gate.LEGAL: frozenset({Role.DATA_PROTECTION_OFFICER}),
    Gate.SAFEGUARDING: frozenset({Role.SAFEGUARDING_LEAD}),
}
"""Who opens and closes each gate."""
