"""A question that leans on earlier turns, made to stand alone without inventing anything.

The words of earlier turns are put beside the question, never into it, and count for less the older they are. No word appears
that neither the resident nor the assistant said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

FADE: Final = 0.8
"""What each step back in the conversation leaves of a turn's weight."""
MOST_TURNS: Final = 8
_MOST_CHARACTERS: Final = 2000


@dataclass(frozen=True, slots=True)
class Context:
    """An earlier turn's words and what they count for, from 0 to 1."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Standalone:
    """The question in the resident's own words, and what was said before it, newest first."""

    question: str
    context: tuple[Context, ...] = ()

    @property
    def text(self) -> str:
        """All of it as one text: the question first, then the earlier turns, newest first."""
        return " ".join([self.question, *(c.text for c in self.context)])


def standalone(question: str, history: Sequence[str] = ()) -> Standalone:
    """The weighted query of a question and the utterances and replies before it, newest first."""
    said = [(step, text[:_MOST_CHARACTERS]) for step, text in enumerate(history[:MOST_TURNS]) if text.strip()]
    return Standalone(question, tuple(Context(text, FADE**step) for step, text in said))
