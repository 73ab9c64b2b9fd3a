"""Choices by word and key, for where the caller's words cannot be heard freely: what is chosen becomes a plain question to the same turn."""

from guildhall.channels.phone.dialogue.dialogue import CallDialogue
from guildhall.channels.phone.moves import Move, Spoken


class DirectedDialogue(CallDialogue):
    """Menus of four, three levels at most, every choice by key, by word, and every service by name."""

    def home(self, *before: Spoken) -> Move:
        """The first menu."""
        return self.menus.main(*before)
