"""Who on the council's side may do what, in governance and at the desk."""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a member of staff is. One person may hold several, but never signs a change twice."""

    BOARD_CHAIR = "board_chair"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    RULE_OWNER = "rule_owner"
    SERVICE_MANAGER = "service_manager"
    AUDITOR = "auditor"
    ADVISER = "adviser"
    SUPERVISOR = "supervisor"
    PROGRAMME_LEAD = "programme_lead"
    FINANCE_PARTNER = "finance_partner"
    CHIEF_FINANCE_OFFICER = "chief_finance_officer"


ROLE_LABELS: Final[dict[Role, tuple[str, str]]] = {
    Role.BOARD_CHAIR: ("Board chair", "Chairs the AI governance board; signs what loosens a rule."),
    Role.DATA_PROTECTION_OFFICER: ("Data protection officer", "Answers for personal data; decides rights requests and holds."),
    Role.SAFEGUARDING_LEAD: ("Safeguarding lead", "Answers for the rules about people at risk."),
    Role.RULE_OWNER: ("Rule owner", "Answers for rules and proposes changes to them."),
    Role.SERVICE_MANAGER: ("Service manager", "Turns the knobs that a rule declares, within its bounds."),
    Role.AUDITOR: ("Auditor", "Reads everything, changes nothing."),
    Role.ADVISER: ("Adviser", "Talks with residents at the desk."),
    Role.SUPERVISOR: ("Supervisor", "Runs the desk: who serves which queue, what waits too long, what the assistant may answer alone."),
    Role.PROGRAMME_LEAD: ("Programme lead", "Runs the workshops and keeps the opportunities, the portfolio and the benefits moving."),
    Role.FINANCE_PARTNER: ("Finance partner", "Checks what a benefit was worth and signs it; answers for baselines and unit costs."),
    Role.CHIEF_FINANCE_OFFICER: (
        "Chief finance officer",
        "The officer under section 151 of the Local Government Act 1972; alone may take a benefit out of a budget.",
    ),
}

DESK_ROLES: Final = frozenset({Role.ADVISER, Role.SUPERVISOR})
"""Those who work at the desk. They see nothing of governance unless they hold another role too."""
VALUE_ROLES: Final = frozenset({Role.PROGRAMME_LEAD, Role.FINANCE_PARTNER, Role.CHIEF_FINANCE_OFFICER})
"""Those who answer for money and for what is done next. They see counts, never what a resident said."""
GOVERNING_ROLES: Final = frozenset(Role) - DESK_ROLES - VALUE_ROLES
