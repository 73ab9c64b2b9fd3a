"""Any words, where a provider hears them: they go to the house as any channel's do. A key brings the menus."""

from guildhall.channels.phone.dialogue.dialogue import CallDialogue
from guildhall.channels.phone.dialogue.questions import Choice, Question
from guildhall.channels.phone.moves import Move, Spoken
from guildhall.channels.phone.states import CallState
from guildhall.channels.phone.turn_taking import Patience


class OpenDialogue(CallDialogue):
    """Open conversation."""

    open = True

    def home(self, *before: Spoken) -> Move:
        """What the caller wants, in their own words; by menus while no such words can be heard."""
        talk = self.talk
        if self.menus.usable and not talk.hears_freely(talk.words.language):
            return self.menus.main(*before)
        else_asked = bool(before) and before[-1].wording == "phone.what_else"
        said = talk.words.say("phone.ask_else" if else_asked else "phone.ask")
        menus = self.menus.usable
        choices = (Choice("1", "menu", self.menus.main, talk.council.phone.said("menu")),) if menus else ()
        question = Question(
            "ask", (said,), CallState.OPEN, choices, words=lambda _: None, patience=Patience.OPEN, simpler=self.menus.main if menus else None
        )  # fmt: skip
        return talk.put(question, *(before[:-1] if else_asked else before))
