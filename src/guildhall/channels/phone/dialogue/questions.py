"""A question of the phone: what is said, which key and which words answer it. No question is without keys."""

from collections.abc import Callable
from dataclasses import dataclass

from guildhall.channels.phone.moves import Collect, Move, Spoken
from guildhall.channels.phone.speech import Heard
from guildhall.channels.phone.states import CallState
from guildhall.channels.phone.turn_taking import Patience

Act = Callable[[], Move]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question: its key, its words, and what follows. `means` names it in the grammar."""

    key: str
    means: str
    act: Act
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked now. With `collect` keys are gathered and go to `take`; `words` hears what no phrase of the grammar is."""

    name: str
    say: tuple[Spoken, ...]
    state: CallState
    choices: tuple[Choice, ...] = ()
    collect: Collect | None = None
    take: Callable[[str], Move] | None = None
    words: Callable[[Heard], Move | None] | None = None
    patience: Patience = Patience.SHORT
    slot: str = "choice"
    services: bool = False
    """Whether every service of the council can be named here."""
    simpler: Act | None = None
    """What is asked instead when the caller stays silent a second time; None: the same again."""
    alone: Act | None = None
    """What is done when the caller says nothing at all to it; None: silence is asked after, and then a person comes."""
    person: Move | None = None
    """Where a person must come, whatever else is done than a choice: how they are asked for. Then nothing is asked twice."""
