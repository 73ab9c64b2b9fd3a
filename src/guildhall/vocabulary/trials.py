"""A randomised trial as the turn knows it: what may differ between its two ways, and which way a conversation goes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class NewWay(StrEnum):
    """All that a trial may change. Each is something that the product does elsewhere anyway, and none touches safety, a person or a rule."""

    SHORT_ANSWERS = "short_answers"
    """Answers on the page as short as on the phone."""
    QUOTED_ANSWERS = "quoted_answers"
    """The council's own sentences, and no model."""


NEW_WAY_LABELS: Final[dict[NewWay, tuple[str, str]]] = {
    NewWay.SHORT_ANSWERS: ("Short answers", "An answer on the page is as short as on the phone: 60 words for each question, not 120."),
    NewWay.QUOTED_ANSWERS: ("Quoted answers", "Answers are the council's own sentences. The model is not asked."),
}
USUAL_LABEL: Final = ("The usual way", "What everybody gets who is not in the trial.")
USUAL: Final = "usual"
NEW: Final = "new"


@dataclass(frozen=True, slots=True)
class Assigned:
    """Which way chance gave a conversation whose resident agreed. `digest` is that of the plan which was started."""

    trial: str
    new: bool
    digest: str

    @property
    def arm(self) -> str:
        """As the export and the record of a turn name it, such as `short_answers_winter:new`."""
        return arm_name(self.trial, self.new)


def arm_name(trial: str, new: bool) -> str:
    """The name of one way of a trial."""
    return f"{trial}:{NEW if new else USUAL}"
