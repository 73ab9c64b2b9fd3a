"""The rubric of audited samples: how a marker judges a turn, and what was wrong with it. Codes only, so no words can get in."""

from enum import StrEnum
from typing import Final

from guildhall.vocabulary.roles import Role


class Group(StrEnum):
    """What a turn did, as far as a marker is concerned."""

    ANSWERED = "answered"
    PARTLY = "partly"
    DECLINED = "declined"


class Mark(StrEnum):
    """A marker's judgement of one turn."""

    RIGHT = "right"
    PARTLY_RIGHT = "partly_right"
    WRONG = "wrong"
    RIGHTLY_DECLINED = "rightly_declined"
    SHOULD_HAVE_ANSWERED = "should_have_answered"
    CANNOT_TELL = "cannot_tell"


class Fault(StrEnum):
    """What was wrong, or why nobody can tell."""

    WRONG_FIGURE = "wrong_figure"
    OUT_OF_DATE = "out_of_date"
    MISSED_PART = "missed_part"
    WRONG_SERVICE = "wrong_service"
    MISLEADING = "misleading"
    NOT_PLAIN = "not_plain"
    UNSAFE = "unsafe"
    SHOULD_HAVE_DECLINED = "should_have_declined"
    NOT_FOUND = "not_found"
    MISUNDERSTOOD = "misunderstood"
    TOO_CAREFUL = "too_careful"
    UNCLEAR_QUESTION = "unclear_question"
    NOT_MY_FIELD = "not_my_field"


UNDECIDED: Final = "undecided"
"""What the record says of a turn that nobody decided because its sample was closed. Nobody can give this mark."""

GROUP_LABELS: Final[dict[Group, tuple[str, str]]] = {
    Group.ANSWERED: ("Answered", "Every part was answered."),
    Group.PARTLY: ("Partly answered", "Some parts were answered. For the others, the assistant said that it could not answer."),
    Group.DECLINED: ("Declined", "The assistant said that it could not answer."),
}
MARK_LABELS: Final[dict[Mark, tuple[str, str]]] = {
    Mark.RIGHT: ("Right", "Everything in it is true and up to date, and it answers what was asked."),
    Mark.PARTLY_RIGHT: ("Partly right", "Some of it is right and some is wrong or missing. It counts as wrong."),
    Mark.WRONG: ("Wrong", "It is wrong, or does not answer what was asked."),
    Mark.RIGHTLY_DECLINED: ("Rightly declined", "The assistant was right not to answer."),
    Mark.SHOULD_HAVE_ANSWERED: ("Should have answered", "The council's content has the answer, and it may be given."),
    Mark.CANNOT_TELL: ("Cannot tell", "You cannot judge it. It does not count as right or wrong, but the results show how many there are."),
}
FAULT_LABELS: Final[dict[Fault, tuple[str, str]]] = {
    Fault.WRONG_FIGURE: ("Wrong figure", "An amount, date, time, number or address is wrong."),
    Fault.OUT_OF_DATE: ("Out of date", "It was right once and is no longer."),
    Fault.MISSED_PART: ("Missed a part", "It ignored something that was asked."),
    Fault.WRONG_SERVICE: ("Wrong service", "It is about a different service from the one that was meant."),
    Fault.MISLEADING: ("Misleading", "A resident who follows it would do the wrong thing."),
    Fault.NOT_PLAIN: ("Not plain", "A resident could not be expected to understand it."),
    Fault.UNSAFE: ("Unsafe", "Somebody could come to harm, or a sign of risk was ignored."),
    Fault.SHOULD_HAVE_DECLINED: (
        "Should have declined",
        "The council's content does not support it. The assistant should have said that it did not know.",
    ),
    Fault.NOT_FOUND: ("Not found", "The answer is in the council's content, but search did not find it."),
    Fault.MISUNDERSTOOD: ("Misunderstood", "The assistant took the question for a different one."),
    Fault.TOO_CAREFUL: ("Too careful", "A rule or check held back an answer that could have been given."),
    Fault.UNCLEAR_QUESTION: ("Unclear question", "Nobody could tell what the resident meant."),
    Fault.NOT_MY_FIELD: ("Not my field", "Somebody who knows this service has to judge it."),
}

_OF_ANSWERS: Final = (
    Fault.WRONG_FIGURE, Fault.OUT_OF_DATE, Fault.MISSED_PART, Fault.WRONG_SERVICE, Fault.MISLEADING, Fault.NOT_PLAIN, Fault.UNSAFE,
    Fault.SHOULD_HAVE_DECLINED,
)  # fmt: skip
FAULTS_OF: Final[dict[Mark, tuple[Fault, ...]]] = {
    Mark.RIGHT: (),
    Mark.PARTLY_RIGHT: _OF_ANSWERS,
    Mark.WRONG: _OF_ANSWERS,
    Mark.RIGHTLY_DECLINED: (),
    Mark.SHOULD_HAVE_ANSWERED: (Fault.NOT_FOUND, Fault.MISUNDERSTOOD, Fault.TOO_CAREFUL),
    Mark.CANNOT_TELL: (Fault.UNCLEAR_QUESTION, Fault.NOT_MY_FIELD),
}
"""The reasons that each mark takes; one of them has to be given where there are any."""
MARKS_OF: Final[dict[Group, tuple[Mark, ...]]] = {
    Group.ANSWERED: (Mark.RIGHT, Mark.PARTLY_RIGHT, Mark.WRONG, Mark.CANNOT_TELL),
    Group.PARTLY: (Mark.RIGHT, Mark.PARTLY_RIGHT, Mark.WRONG, Mark.CANNOT_TELL),
    Group.DECLINED: (Mark.RIGHTLY_DECLINED, Mark.SHOULD_HAVE_ANSWERED, Mark.CANNOT_TELL),
}
MAY_DRAW: Final = frozenset({Role.PROGRAMME_LEAD, Role.BOARD_CHAIR})
"""Those who say which period is audited and how many turns are marked. They do not mark."""
MAY_MARK: Final = frozenset({Role.RULE_OWNER, Role.SAFEGUARDING_LEAD, Role.SUPERVISOR})
"""Those who know the services and may read what was said anyway. An auditor reads the results and marks nothing: marking is an act."""
