"""What an opportunity may turn out to be: the first question about it, asked before anything is scored."""

from enum import StrEnum
from typing import Final


class Answer(StrEnum):
    """What would meet the need. Only one of them is AI, and one of them is to stop doing it."""

    FORM = "form"
    RULE = "rule"
    CONTENT_FIX = "content_fix"
    INTEGRATION = "integration"
    AI = "ai"
    STOP = "stop"


ANSWER_LABELS: Final[dict[Answer, tuple[str, str]]] = {
    Answer.FORM: ("A form", "A better form would do."),
    Answer.RULE: ("A rule", "A fixed rule would do; nothing has to be understood."),
    Answer.CONTENT_FIX: ("A content fix", "A page that says it plainly would do."),
    Answer.INTEGRATION: ("An integration", "Two systems that know of each other would do."),
    Answer.AI: ("AI", "It needs understanding or writing that no form, rule, page or integration gives."),
    Answer.STOP: ("Stop", "Nobody needs it done any more."),
}
