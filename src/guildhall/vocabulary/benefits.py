"""The words of the benefits ledger: a benefit's class, its stage, its level of evidence, its kinds of worth, and who bears its cost.

Classes and types are those of the Government Efficiency Framework. An amount is a whole number of pence in exactly one of four columns,
and no two columns are ever added.
"""

from enum import StrEnum
from typing import Final

Labels = tuple[str, str]


class GefClass(StrEnum):
    """What kind of benefit it is. Only the first can be taken out of a budget."""

    CASH_RELEASING = "cash_releasing"
    NON_CASH_MONETISABLE = "non_cash_monetisable"
    NON_EFFICIENCY_SAVING = "non_efficiency_saving"
    INCOME_GAIN = "income_gain"
    COST_AVOIDANCE = "cost_avoidance"
    QUALITY_ONLY = "quality_only"


GEF_CLASS_LABELS: Final[dict[GefClass, Labels]] = {
    GefClass.CASH_RELEASING: (
        "Cash-releasing efficiency",
        "The council does the same or more for less, and a named act reduces a budget.",
    ),
    GefClass.NON_CASH_MONETISABLE: (
        "Efficiency without cash",
        "It releases time or capacity that can be valued in pounds. No budget is reduced.",
    ),
    GefClass.NON_EFFICIENCY_SAVING: (
        "Saving that is not an efficiency",
        "The council spends less because it does less, or because others pay.",
    ),
    GefClass.INCOME_GAIN: ("Income gain", "More money comes in. Somebody pays it."),
    GefClass.COST_AVOIDANCE: ("Cost avoidance", "The council avoids a cost that it would have had. No budget is reduced."),
    GefClass.QUALITY_ONLY: ("Quality only", "Something gets better for residents or staff. It is not valued in money."),
}


class GefType(StrEnum):
    """Technical: the same output for less. Allocative: money goes where it does more."""

    TECHNICAL = "technical"
    ALLOCATIVE = "allocative"


GEF_TYPE_LABELS: Final[dict[GefType, Labels]] = {
    GefType.TECHNICAL: ("Technical", "The same output for less input."),
    GefType.ALLOCATIVE: ("Allocative", "Money moves to where it achieves more."),
}


class Recurrence(StrEnum):
    """Whether it comes again every year."""

    ONE_OFF = "one_off"
    RECURRING = "recurring"


RECURRENCE_LABELS: Final[dict[Recurrence, Labels]] = {
    Recurrence.ONE_OFF: ("One-off", "It comes once. Amounts are the whole benefit."),
    Recurrence.RECURRING: ("Recurring", "It comes every year. Amounts are for one full year."),
}


class Stage(StrEnum):
    """How far a benefit is. One row moves from stage to stage and is never copied."""

    IDEA = "idea"
    IDENTIFIED = "identified"
    BASELINED = "baselined"
    APPROVED = "approved"
    IN_DELIVERY = "in_delivery"
    MEASURED = "measured"
    FINANCE_VALIDATED = "finance_validated"
    BUDGET_TAKEN = "budget_taken"
    SUSTAINED = "sustained"
    REVERSED = "reversed"
    SUBSTITUTED = "substituted"


STAGE_LABELS: Final[dict[Stage, Labels]] = {
    Stage.IDEA: ("Idea", "Somebody thinks that there may be a benefit."),
    Stage.IDENTIFIED: ("Identified", "It has a class, an amount and a measure, and it says who bears the cost. Nothing is proved yet."),
    Stage.BASELINED: ("Baselined", "A frozen baseline shows how things were before, or the entry says that there is no comparison."),
    Stage.APPROVED: ("Approved", "It has an owner, a finance partner and a budget code, and it says how small a change could be seen."),
    Stage.IN_DELIVERY: ("In delivery", "The council is making the change."),
    Stage.MEASURED: ("Measured", "The result has been measured. The entry says how strong the evidence is."),
    Stage.FINANCE_VALIDATED: (
        "Finance-validated",
        "A finance partner agrees with the measured amount. It is not the person who measured it.",
    ),
    Stage.BUDGET_TAKEN: ("Budget taken", "The chief finance officer has taken it out of a budget."),
    Stage.SUSTAINED: ("Sustained", "It was tested again later, and the benefit is still there."),
    Stage.REVERSED: ("Reversed", "The benefit did not come, or did not last. Its claims are taken back."),
    Stage.SUBSTITUTED: (
        "Substituted",
        "Something else delivered it. The money is counted there, and none of it is attributed to this change.",
    ),
}


class Standing(StrEnum):
    """Stages that say the same of an amount. Amounts of two of them are never added."""

    HOPED = "hoped"
    SHOWN = "shown"
    DELIVERED = "delivered"
    ELSEWHERE = "elsewhere"
    GONE = "gone"


STANDING_LABELS: Final[dict[Standing, Labels]] = {
    Standing.HOPED: ("Hoped for", "An estimate, at any stage from idea to in delivery."),
    Standing.SHOWN: ("Shown", "Measured, or validated by finance, but not taken out of a budget."),
    Standing.DELIVERED: ("Delivered", "Taken out of a budget, or sustained at a re-test."),
    Standing.ELSEWHERE: ("Delivered by something else", "The money is real, but this change did not release it."),
    Standing.GONE: ("Reversed", "The benefit did not come, or did not last."),
}
STANDING_OF: Final[dict[Stage, Standing]] = {
    Stage.IDEA: Standing.HOPED,
    Stage.IDENTIFIED: Standing.HOPED,
    Stage.BASELINED: Standing.HOPED,
    Stage.APPROVED: Standing.HOPED,
    Stage.IN_DELIVERY: Standing.HOPED,
    Stage.MEASURED: Standing.SHOWN,
    Stage.FINANCE_VALIDATED: Standing.SHOWN,
    Stage.BUDGET_TAKEN: Standing.DELIVERED,
    Stage.SUSTAINED: Standing.DELIVERED,
    Stage.REVERSED: Standing.GONE,
    Stage.SUBSTITUTED: Standing.ELSEWHERE,
}


class EvidenceLevel(StrEnum):
    """How an amount is shown, from the weakest."""

    E0 = "e0"
    E1 = "e1"
    E2 = "e2"
    E3 = "e3"
    E4 = "e4"

    @property
    def rank(self) -> int:
        """0 for the weakest to 4."""
        return int(self.value[1])


EVIDENCE_LABELS: Final[dict[EvidenceLevel, Labels]] = {
    EvidenceLevel.E0: ("E0", "An estimate by a supplier or an expert."),
    EvidenceLevel.E1: ("E1", "What people report about themselves, with no comparison."),
    EvidenceLevel.E2: ("E2", "Before compared with after. It mistakes most trends that were there anyway for a saving."),
    EvidenceLevel.E3: ("E3", "An interrupted time series, or a matched comparison."),
    EvidenceLevel.E4: ("E4", "Randomised, or rolled out team by team."),
}


class Assurance(StrEnum):
    """What internal audit says of it."""

    NONE_YET = "none_yet"
    SUBSTANTIAL = "substantial"
    MODERATE = "moderate"
    LIMITED = "limited"
    UNSATISFACTORY = "unsatisfactory"


ASSURANCE_LABELS: Final[dict[Assurance, Labels]] = {
    Assurance.NONE_YET: ("No opinion yet", "Internal audit has not looked at it yet."),
    Assurance.SUBSTANTIAL: ("Substantial", "Internal audit found good support for what was claimed."),
    Assurance.MODERATE: ("Moderate", "Most of it is supported, with something to put right."),
    Assurance.LIMITED: ("Limited", "Important parts of it are not supported."),
    Assurance.UNSATISFACTORY: ("Unsatisfactory", "What was claimed is not supported."),
}


class CashAct(StrEnum):
    """The act by which money stays in the council. Time saved is never cash without one."""

    POST_DELETED = "post_deleted"
    AGENCY_SHIFT_NOT_BOOKED = "agency_shift_not_booked"
    OVERTIME_CUT = "overtime_cut"
    CONTRACT_REDUCED = "contract_reduced"
    DEMAND_GROWTH_ABSORBED = "demand_growth_absorbed"


CASH_ACT_LABELS: Final[dict[CashAct, Labels]] = {
    CashAct.POST_DELETED: ("Post deleted", "The council removed a post from its establishment."),
    CashAct.AGENCY_SHIFT_NOT_BOOKED: ("Agency shift not booked", "The council did not book a shift that it used to buy."),
    CashAct.OVERTIME_CUT: ("Overtime cut", "The council did not pay overtime that it used to pay."),
    CashAct.CONTRACT_REDUCED: ("Contract reduced", "The council ended a contract, or its price fell."),
    CashAct.DEMAND_GROWTH_ABSORBED: (
        "Growth in demand absorbed",
        "The council did more with the same staff and money. This avoids a cost. It is never cash.",
    ),
}
CASH_ACTS: Final = frozenset(CashAct) - {CashAct.DEMAND_GROWTH_ABSORBED}
"""The acts that release cash."""


class Bearer(StrEnum):
    """Who bears the cost of a benefit. The ledger shows it on the same line as the amount."""

    NOBODY = "nobody"
    CARE_RECIPIENTS = "care_recipients"
    RESIDENTS_WHO_PAY = "residents_who_pay"
    RESIDENTS_WHO_WAIT = "residents_who_wait"
    UNPAID_CARERS = "unpaid_carers"
    STAFF = "staff"
    ANOTHER_SERVICE = "another_service"
    PARTNERS = "partners"


BEARER_LABELS: Final[dict[Bearer, Labels]] = {
    Bearer.NOBODY: ("Nobody", "Somebody looked, and found nobody who bears a cost."),
    Bearer.CARE_RECIPIENTS: ("People who receive care", "They get less care, or pay more for it."),
    Bearer.RESIDENTS_WHO_PAY: ("Residents who pay a fee or charge", "They pay what the council gains."),
    Bearer.RESIDENTS_WHO_WAIT: ("Residents who wait or travel", "They spend the time that the council saves."),
    Bearer.UNPAID_CARERS: ("Unpaid carers", "Families and friends do what the council used to do."),
    Bearer.STAFF: ("Staff", "They lose hours, pay or posts, or work harder."),
    Bearer.ANOTHER_SERVICE: ("Another service of the council", "The cost moves to another budget."),
    Bearer.PARTNERS: ("Another public body", "The cost moves to health, police or another council."),
}


class Column(StrEnum):
    """The four kinds of worth. They stand beside each other and are never added."""

    COUNCIL_CASH = "council_cash"
    AVOIDED_COST = "avoided_cost"
    REINVESTED_CAPACITY = "reinvested_capacity"
    RESIDENT_BENEFIT = "resident_benefit"


COLUMN_LABELS: Final[dict[Column, Labels]] = {
    Column.COUNCIL_CASH: ("Council cash", "Money that the council no longer spends, or extra money that it receives."),
    Column.AVOIDED_COST: ("Avoided cost", "Money that the council would otherwise have had to spend."),
    Column.REINVESTED_CAPACITY: ("Reinvested capacity", "Staff time that went to other work, valued at what it costs."),
    Column.RESIDENT_BENEFIT: ("Resident benefit", "What residents no longer have to pay, or get sooner."),
}
COLUMNS_OF: Final[dict[GefClass, frozenset[Column]]] = {
    GefClass.CASH_RELEASING: frozenset(Column),
    GefClass.NON_CASH_MONETISABLE: frozenset(Column) - {Column.COUNCIL_CASH},
    GefClass.NON_EFFICIENCY_SAVING: frozenset(Column),
    GefClass.INCOME_GAIN: frozenset({Column.COUNCIL_CASH}),
    GefClass.COST_AVOIDANCE: frozenset(Column) - {Column.COUNCIL_CASH},
    GefClass.QUALITY_ONLY: frozenset({Column.RESIDENT_BENEFIT}),
}
"""In which columns a benefit of each class may have an amount."""


class HoursWent(StrEnum):
    """Where released hours went. Hours that went nowhere known are not a benefit yet."""

    BACKLOG = "backlog"
    QUALITY = "quality"
    VISITS = "visits"
    LEAVER_NOT_REPLACED = "leaver_not_replaced"
    POST_DELETED = "post_deleted"
    NOT_KNOWN = "not_known"


HOURS_WENT_LABELS: Final[dict[HoursWent, Labels]] = {
    HoursWent.BACKLOG: ("Backlog", "Work that was waiting."),
    HoursWent.QUALITY: ("Quality", "Staff did the same work, but better."),
    HoursWent.VISITS: ("Visits and time with people", "Staff spent more time with residents."),
    HoursWent.LEAVER_NOT_REPLACED: ("A leaver was not replaced", "Somebody left, and the work went on without a replacement."),
    HoursWent.POST_DELETED: ("A post was deleted", "The hours left the council."),
    HoursWent.NOT_KNOWN: ("Not known", "Nobody knows where they went."),
}
