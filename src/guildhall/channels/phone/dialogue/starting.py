"""A dialogue for each call of a council."""

from collections.abc import Callable

from guildhall.channels.phone.dialogue.dialogue import CallDialogue
from guildhall.channels.phone.dialogue.directed import DirectedDialogue
from guildhall.channels.phone.dialogue.open import OpenDialogue
from guildhall.channels.phone.dialogue.phrases import Vocabulary
from guildhall.channels.phone.dialogue.words import CallCouncil
from guildhall.channels.phone.ports import CallLeg


def dialogues(council: CallCouncil, transcribed_outside: bool = False) -> Callable[[CallLeg], CallDialogue]:
    """What makes the dialogue of a call: open where any English words can be heard, else by menus."""
    vocabulary = Vocabulary(council)

    def dialogue(leg: CallLeg) -> CallDialogue:
        kind = OpenDialogue if "en" in council.open_languages else DirectedDialogue
        return kind(council, vocabulary, leg.caller_number, transcribed_outside)

    return dialogue
