"""What the kinds of evidence are called when a person reads them."""

from typing import Final

from guildhall.vocabulary.signals import Category

CATEGORY_NAMES: Final[dict[Category, str]] = {
    Category.DANGER_TO_LIFE: "danger to life",
    Category.SUICIDE_SELF_HARM: "suicide or self-harm",
    Category.ADULT_ABUSE_OR_NEGLECT: "abuse or neglect of an adult",
    Category.CHILD_AT_RISK: "a child at risk",
    Category.DOMESTIC_ABUSE: "domestic abuse",
    Category.HOMELESS_TONIGHT: "nowhere to sleep tonight",
    Category.FINANCIAL_HARDSHIP: "financial hardship",
    Category.BEREAVEMENT: "bereavement",
    Category.HATE_CRIME_OR_HARASSMENT: "hate crime or harassment",
    Category.THREAT_TO_OTHERS: "a threat to others",
    Category.EXPLOITATION: "exploitation",
    Category.CONFUSION_OR_SCAM: "confusion, or a scam in progress",
    Category.CHILD_USER: "a child using the service",
    Category.STAFF_DISTRESS: "a member of staff in distress",
    Category.HAZARD_GAS: "a gas leak",
    Category.HAZARD_WATER: "dangerous water",
    Category.HAZARD_ELECTRIC: "an electrical hazard",
    Category.HAZARD_WIRES: "fallen wires",
    Category.HAZARD_TREE: "a dangerous tree",
    Category.HAZARD_FIRE: "a fire",
    Category.HAZARD_STRUCTURE: "a dangerous building",
    Category.HAZARD_ROAD: "danger on a road",
    Category.PERSON_REQUEST: "a request for a person",
    Category.ABUSE_OF_SERVICE: "abuse of the service",
    Category.ATTACK: "an attack on the service",
    Category.PERSONAL_DATA: "personal data",
    Category.COMPLAINT_ABOUT_ASSISTANT: "a complaint about the assistant",
    Category.ASKS_IF_HUMAN: "a question whether this is a human",
    Category.LEGAL_CONSEQUENCE: "a matter with legal consequences",
    Category.GREETING: "a greeting",
    Category.THANKS: "thanks",
    Category.CHASE: "a matter that was asked about before",
}


def category_name(code: str) -> str:
    """The name of a category by its code; an unknown code with its underscores taken out."""
    try:
        return CATEGORY_NAMES[Category(code)]
    except ValueError:
        return code.replace("_", " ")
