"""Yes or no, by word and by key."""

from typing import Final

from guildhall.channels.phone.dialogue.questions import Act, Choice
from guildhall.channels.phone.dialogue.talk import Talk

YES: Final = "1"
NO: Final = "2"


def yes_no(talk: Talk, yes: Act, no: Act) -> tuple[Choice, ...]:
    """The two choices; the question itself names the keys."""
    says = talk.council.phone.said
    return (Choice(YES, "yes", yes, says("yes")), Choice(NO, "no", no, says("no")))
